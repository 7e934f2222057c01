"""The moderation queue, in place of the admin's list of comments, and the page of one comment with its log."""

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect, QueryDict
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from comments.admin import queue
from comments.models import Comment, ModerationEvent
from comments.models.comment import CommentQuerySet
from comments.moderation import BATCH_LIMIT, FUNCTIONS, Verb, decide
from comments.policy import reason_text


@admin.register(Comment)
class CommentAdmin(admin.ModelAdmin):
    """Nothing is added, edited or deleted here: comments are written on the site, and decided on by verbs."""

    def get_queryset(self, request: HttpRequest) -> CommentQuerySet:
        return Comment.objects.moderated_by(request.user)

    def has_view_permission(self, request: HttpRequest, obj: Comment | None = None) -> bool:
        user = request.user
        if user.has_perm("comments.moderate_any_comment"):
            return True
        return user.has_perm("comments.moderate_own_comment") and (obj is None or obj.post.author_id == user.pk)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Comment | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Comment | None = None) -> bool:
        return False

    def get_urls(self) -> list:
        one_url_per_verb = []
        for verb in Verb:
            one_url_per_verb += [
                path(
                    f"{verb}/",
                    self.admin_site.admin_view(self.decide_selected),
                    {"verb": verb},
                    name=f"comments_comment_{verb}_selected",
                ),
                path(
                    f"<int:pk>/{verb}/",
                    self.admin_site.admin_view(self.decide_one),
                    {"verb": verb},
                    name=f"comments_comment_{verb}",
                ),
            ]
        return one_url_per_verb + super().get_urls()

    # Pages

    def changelist_view(self, request: HttpRequest, extra_context: dict | None = None) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        if request.method not in ("GET", "HEAD"):
            return HttpResponseNotAllowed(["GET"])
        place = queue.Place.read(request.GET)
        mine = self.get_queryset(request)
        matching = queue.matching(mine, place)
        page = queue.page(matching, place)
        queue.add_records(page.comments, mine)
        tabs = queue.tabs(matching, place)
        context = {
            "title": _("Comments"),
            "place": place,
            "tabs": tabs,
            "tab": next(tab for tab in tabs if tab.current),
            "page": page,
            "cases": [self._case(request, comment) for comment in page.comments],
            "bulk_verbs": self._verbs(place.status, "comments_comment_{}_selected"),
            "select_all": request.GET.get("select") == "all",
            "may_read_log": request.user.has_perm("comments.view_moderationevent"),
            "may_change_settings": request.user.has_perm("comments.change_commentsettings"),
        }
        return self._page(request, "queue.html", context | (extra_context or {}))

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict | None = None
    ) -> HttpResponse:
        comment = self._get(request, object_id)
        if request.method not in ("GET", "HEAD"):
            raise PermissionDenied(_("A comment's words are its writer's: nothing is changed here but its status."))
        queue.add_records([comment], self.get_queryset(request))
        events = list(ModerationEvent.objects.filter(comment_id=comment.pk).select_related("actor").order_by("pk"))
        for event in events:
            event.reason_text = reason_text(event.reason)
            event.rule_text = reason_text(event.rule)
        context = {
            "title": _("Comment by %(name)s") % {"name": comment.author_name},
            "case": self._case(request, comment),
            "comment": comment,
            "events": events,
        }
        return self._page(request, "comment.html", context | (extra_context or {}))

    def history_view(self, request: HttpRequest, object_id: str, extra_context: dict | None = None) -> HttpResponse:
        return HttpResponseRedirect(self._address(self._get(request, object_id)))

    # Verbs

    def decide_one(self, request: HttpRequest, pk: int, verb: Verb) -> HttpResponse:
        if request.method != "POST":
            return self._only_post(request)
        comment = self._get(request, pk)
        if FUNCTIONS[verb](comment, actor=request.user):
            link = format_html('<a href="{}">{}</a>', self._address(comment), _("Show it"))
            self._say(request, messages.SUCCESS, format_html("{} {}", _done(verb, 1), link))
        else:
            self._say(request, messages.INFO, _("Nothing changed: somebody had decided on this comment before you."))
        if request.POST.get("on") == "comment":
            return HttpResponseRedirect(self._address(comment))
        return self._back(request, comment)

    def decide_selected(self, request: HttpRequest, verb: Verb) -> HttpResponse:
        if request.method != "POST":
            return self._only_post(request)
        if not self.has_view_permission(request):
            raise PermissionDenied
        selected = [int(text) for text in request.POST.getlist("selected") if text.isdecimal() and len(text) < 19]
        if not selected:
            self._say(request, messages.WARNING, _("Tick at least one comment first."))
            return self._back(request)
        if len(set(selected)) > BATCH_LIMIT:
            self._say(request, messages.ERROR, _("Nothing changed: tick at most %d comments.") % BATCH_LIMIT)
            return self._back(request)
        mine = self.get_queryset(request).filter(pk__in=selected)
        if Comment.objects.filter(pk__in=selected).exclude(pk__in=mine.values("pk")).exists():
            raise PermissionDenied(_("Nothing changed: one of these comments is not yours to decide on."))
        batch = decide(mine.only("pk"), verb, actor=request.user)
        if batch.changed:
            self._say(request, messages.SUCCESS, _done(verb, batch.changed))
        if batch.left:
            left = ngettext(
                "%d comment was left as it was: somebody had decided on it before you.",
                "%d comments were left as they were: somebody had decided on them before you.",
                batch.left,
            )
            self._say(request, messages.INFO, left % batch.left)
        return self._back(request)

    # Parts

    def _get(self, request: HttpRequest, pk: int | str) -> Comment:
        """The comment. Http404 if there is none, PermissionDenied if it is not this user's to decide on."""
        try:
            comment = Comment.objects.select_related("post", "parent", "user").get(pk=pk)
        except (Comment.DoesNotExist, ValueError, OverflowError):
            raise Http404(_("There is no such comment.")) from None
        if not self.has_view_permission(request, comment):
            raise PermissionDenied(_("This comment is not yours to decide on."))
        return comment

    def _case(self, request: HttpRequest, comment: Comment) -> dict:
        post, user = comment.post, request.user
        may_edit = post.may_change(user) and user.has_perm(f"blog.change_{post.kind}")
        return {
            "comment": comment,
            "address": self._address(comment),
            "reasons": [reason_text(code) for code in comment.reasons],
            "post_is_public": post.is_public(),
            "edit_post": reverse(f"admin:blog_{post.kind}_change", args=[post.pk]) if may_edit else "",
            "answered": self._address(comment.parent) if comment.parent else "",
            "website_is_link": comment.author_url.startswith(("http://", "https://")),
            "by": queue.Place(status=comment.status, by=comment.pk).query(),
            "verbs": self._verbs(comment.status, "comments_comment_{}", comment.pk),
        }

    def _verbs(self, status: str, url_name: str, *args) -> list[dict]:
        return [
            {"verb": verb, "label": verb.label, "url": reverse(f"admin:{url_name.format(verb)}", args=args)}
            for verb in Verb
            if verb.applies_to(status)
        ]

    def _address(self, comment: Comment) -> str:
        return reverse("admin:comments_comment_change", args=[comment.pk])

    def _page(self, request: HttpRequest, template: str, context: dict, status: int = 200) -> HttpResponse:
        request.current_app = self.admin_site.name
        context = self.admin_site.each_context(request) | {"opts": self.opts, "media": self.media} | context
        return TemplateResponse(request, f"admin/comments/{template}", context, status=status)

    def _only_post(self, request: HttpRequest) -> HttpResponse:
        """A verb's address opened like a page, as after logging in again: says so, changes nothing."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        response = self._page(request, "only_post.html", {"title": _("Nothing was changed")}, status=405)
        response.headers["Allow"] = "POST"
        return response

    def _back(self, request: HttpRequest, decided: Comment | None = None) -> HttpResponse:
        """To the place in the queue where the form stood, at the comment after the decided one."""
        place = queue.Place.read(QueryDict(request.POST.get("place", "")[:500].lstrip("?")))
        target = reverse("admin:comments_comment_changelist") + place.query()
        if decided:
            after = queue.following(queue.matching(self.get_queryset(request), place), place, decided)
            target += f"#comment-{after.pk}" if after else ""
        return HttpResponseRedirect(target)

    def _say(self, request: HttpRequest, level: int, text: str) -> None:
        messages.add_message(request, level, text, fail_silently=True)


def _done(verb: Verb, count: int) -> str:
    said = {
        Verb.APPROVE: ngettext("%d comment approved.", "%d comments approved.", count),
        Verb.REJECT: ngettext("%d comment rejected.", "%d comments rejected.", count),
        Verb.SPAM: ngettext("%d comment marked as spam.", "%d comments marked as spam.", count),
        Verb.REMOVE: ngettext("%d comment removed.", "%d comments removed.", count),
        Verb.RESTORE: ngettext("%d comment put back in the queue.", "%d comments put back in the queue.", count),
    }
    return said[verb] % count
