"""What the pages of the moderation queue have in common: who may come in, their frame, and the ways back."""

import uuid
from dataclasses import replace

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from blog.models import Post
from comments import moderation
from comments.admin import queue, words
from comments.models import Comment
from comments.models.comment import CommentQuerySet
from comments.moderation import Verb

DECISIONS = "decisions"  # in the session: this moderator's latest, newest last; undo is offered for the last of them
REMEMBERED = 10


class Desk(admin.ModelAdmin):
    def get_queryset(self, request: HttpRequest) -> CommentQuerySet:
        """What Comment.objects.moderated_by(user) is, put so that an author's queue too is read from an index."""
        user = request.user
        if user.has_perm("comments.moderate_any_comment") or not user.has_perm("comments.moderate_own_comment"):
            return Comment.objects.moderated_by(user)
        return queue.under(Comment.objects.all(), Post.objects.filter(author=user.pk))

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
        return request.user.is_superuser

    def get_comment(self, request: HttpRequest, pk: int | str) -> Comment:
        """The comment. Http404 if there is none, PermissionDenied if it is not this user's to decide on."""
        try:
            comment = Comment.objects.select_related("post", "parent", "user__commenter", "commenter").get(pk=pk)
        except (Comment.DoesNotExist, ValueError, OverflowError):
            raise Http404(_("There is no such comment.")) from None
        if not self.has_view_permission(request, comment):
            raise PermissionDenied(_("This comment is not yours to decide on."))
        return comment

    def address(self, comment: Comment) -> str:
        return reverse("admin:comments_comment_change", args=[comment.pk])

    def show(self, request: HttpRequest, template: str, context: dict, status: int = 200) -> HttpResponse:
        request.current_app = self.admin_site.name
        said = list(messages.get_messages(request))
        context = {
            "opts": self.opts,
            "media": self.media,
            "said": said,
            # A message about a decision has the button itself.
            "last_decision": None if any(one.extra_tags for one in said) else self.last_decision(request),
            "here": request.get_full_path(),
        } | context
        context = self.admin_site.each_context(request) | context
        return TemplateResponse(request, f"admin/comments/{template}", context, status=status)

    def refuse_get(self, request: HttpRequest) -> HttpResponse:
        """A verb's address opened like a page, as after logging in again: says so, changes nothing."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        response = self.show(request, "only_post.html", {"title": _("Nothing was changed")}, status=405)
        response.headers["Allow"] = "POST"
        return response

    def say(self, request: HttpRequest, level: int, text: str) -> None:
        messages.add_message(request, level, text, fail_silently=True)

    def say_done(self, request: HttpRequest, batch: uuid.UUID, text: str, link: str = "") -> None:
        """Says what was decided, with a link to it, and offers to take it back: now, and on the pages that follow."""
        self.offer_undo(request, batch, text)
        said = format_html("{} {}", text, link) if link else text
        messages.success(request, said, extra_tags=str(batch), fail_silently=True)

    def offer_undo(self, request: HttpRequest, batch: uuid.UUID, text: str) -> None:
        before = request.session.get(DECISIONS, [])
        request.session[DECISIONS] = [*before, {"batch": str(batch), "text": text}][-REMEMBERED:]

    def forget(self, request: HttpRequest, batch: uuid.UUID) -> None:
        """Of a decision that is taken back: the one before it is offered next."""
        before = request.session.get(DECISIONS, [])
        request.session[DECISIONS] = [one for one in before if one["batch"] != str(batch)]

    def last_decision(self, request: HttpRequest) -> dict | None:
        return next(reversed(request.session.get(DECISIONS, [])), None)

    def not_done(self, request: HttpRequest, problem: str, typed: str, status: int) -> HttpResponse:
        """The page for what cannot be done at all: says why, and gives back what was typed."""
        context = {"title": _("Nothing was changed"), "problem": problem, "typed": typed}
        return self.show(request, "not_done.html", context, status)

    def back(self, request: HttpRequest, decided: list[Comment] | None = None, on: int | None = None) -> HttpResponse:
        """To the page that the form named; or to the place in the queue where it stood, at the comment `on`, or at
        what follows the decided ones."""
        target = request.POST.get("next", "")
        if url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure()):
            return HttpResponseRedirect(target)
        # What has come in since is shown again.
        place = replace(queue.Place.parse(request.POST.get("place", "")), newest=0)
        target = reverse("admin:comments_comment_changelist") + place.query()
        if decided:
            on = queue.neighbour(queue.selected(self.get_queryset(request), place), place, decided)
        return HttpResponseRedirect(f"{target}#comment-{on}" if on else target)


def seen_in(request: HttpRequest, pk: int) -> str:
    """The state in which the sender's page showed a comment. Without one, a decision is refused like a stale one."""
    return request.POST.get(f"seen-{pk}", "")[:60]


def told_in(request: HttpRequest, verb: str) -> str:
    """What a rejection is to tell the writer, on one line."""
    if verb != Verb.REJECT:
        return ""
    return " ".join(request.POST.get("tell", "").replace("\0", "").split())


def why_not(pk: int, seen: str) -> str:
    """In words, how a comment has changed since somebody saw it in the state `seen`."""
    comment = Comment.objects.filter(pk=pk).only("status").first()
    return words.stale(comment, seen, moderation.what_happened(pk))
