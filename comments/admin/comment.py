"""The moderation queue, in place of the admin's list of comments, and the page of one comment with its log."""

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.urls import path
from django.utils.translation import gettext as _

from blog.difference import difference
from comments.admin import queue, words
from comments.admin.bulk import Bulk, filter_in_words, newest_id
from comments.admin.cases import buttons, cases_of
from comments.admin.mail import Mails
from comments.admin.spamfilter import SpamFilter, may_see_filter
from comments.admin.verbs import Verbs, ready_reasons
from comments.models import Comment, ModerationEvent, ModerationNote, Report
from comments.models.event import WORDS_ONLY
from comments.moderation import Verb, undoable
from comments.policy import REASONS, reason_text

LOG_LENGTH = 200


@admin.register(Comment)
class CommentAdmin(Verbs, Bulk, Mails, SpamFilter):
    """Comments are written on the site, and decided on here by verbs."""

    def get_urls(self) -> list:
        def view(route: str, function, name: str, **options) -> object:
            return path(route, self.admin_site.admin_view(function), options, name=f"comments_comment_{name}")

        own = [
            view("mail/", self.mail_choice, "mail"),
            view("filter/", self.filter_page, "filter"),
            view("filter/reset/", self.filter_reset, "filter_reset"),
            view("filter/export/", self.filter_export, "filter_export"),
            view("filter/import/", self.filter_import, "filter_import"),
            view("filter/retrain/", self.filter_retrain, "filter_retrain"),
            view("filter/retrain/<uuid:job>/", self.filter_progress, "filter_progress"),
            view("filter/retrain/<uuid:job>/stop/", self.filter_stop, "filter_stop"),
            view("undo/<uuid:batch>/", self.undo_batch, "undo"),
            view("bulk/<uuid:batch>/", self.bulk_progress, "bulk"),
            view("<int:pk>/reply/", self.reply_to, "reply"),
            view("<int:pk>/edit/", self.edit_words, "edit"),
        ]
        for verb in Verb:
            own.append(view(f"{verb}/", self.decide_selected, f"{verb}_selected", verb=verb))
            own.append(view(f"<int:pk>/{verb}/", self.decide_one, verb, verb=verb))
        return own + super().get_urls()

    def changelist_view(self, request: HttpRequest, extra_context: dict | None = None) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        if request.method not in ("GET", "HEAD"):
            return HttpResponseNotAllowed(["GET"])
        place = queue.Place.read(request.GET)
        mine = self.get_queryset(request)
        matching = queue.selected(mine, place)
        page = queue.page(matching, place)
        tabs = queue.tabs(matching, place, self.counts(request))
        context = {
            "title": _("Comments"),
            "place": place,
            "tabs": tabs,
            "tab": next(tab for tab in tabs if tab.current),
            "oldest": queue.oldest_waiting(mine) if place.status == Comment.Status.PENDING else None,
            "page": page,
            "cases": cases_of(page.comments, request.user),
            "bulk_verbs": buttons(place.comment_status, place.status == queue.REPORTED),
            "newest": newest_id(),
            "select_all": request.GET.get("select") == "all",
            "filter": filter_in_words(place, mine) if place.filtered else [],
            "all_reasons": REASONS.items(),
            "all_labels": queue.labels_offered(),
            **self._links(request),
        }
        return self.show(request, "queue.html", context | (extra_context or {}))

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict | None = None
    ) -> HttpResponse:
        if request.method not in ("GET", "HEAD"):
            raise PermissionDenied(_("Nothing is changed here: every button has an address of its own."))
        return self.comment_page(request, object_id)

    def history_view(self, request: HttpRequest, object_id: str, extra_context: dict | None = None) -> HttpResponse:
        return HttpResponseRedirect(self.address(self.get_comment(request, object_id)))

    def comment_page(
        self,
        request: HttpRequest,
        pk: int | str,
        *,
        problem: str = "",
        panel: str = "",
        typed: str = "",
        status: int = 200,
    ) -> HttpResponse:
        """The page of one comment; with a `problem`, what was `typed` stands in the open `panel` (reply or reject)."""
        comment = self.get_comment(request, pk)
        case, log = cases_of([comment], request.user)[0], log_of(comment)
        if panel == "reply" and case.buttons:
            case.can_reply = True  # even if it was rejected meanwhile: what is typed can still be sent
        has_panel = case.can_reply if panel == "reply" else case.can_reject
        context = {
            "title": _("Comment by %(name)s") % {"name": comment.author_name},
            "case": case,
            "comment": comment,
            "problem": problem,
            "panel": panel,
            "typed": typed,
            "kept": "" if has_panel else typed,
            "log": log,
            "log_is_cut": len(log) == LOG_LENGTH,
            "reports": Report.objects.filter(comment=comment).order_by("-pk")[:LOG_LENGTH],
            "may_delete": self.has_delete_permission(request),
            **self._links(request),
        }
        return self.show(request, "comment.html", context, status)

    def _links(self, request: HttpRequest) -> dict:
        user = request.user
        return {
            "may_read_log": user.has_perm("comments.view_moderationevent"),
            "may_change_settings": user.has_perm("comments.change_commentsettings"),
            "may_see_rules": user.has_perm("comments.view_blockrule"),
            "may_see_writers": user.has_perm("comments.view_commenter"),
            "may_see_filter": may_see_filter(user),
            "ready_reasons": ready_reasons(request.site.language),
        }


def log_of(comment: Comment) -> list[dict]:
    """The comment's events, the newest first, as its page shows them: in words, and with what each edit changed."""
    events = ModerationEvent.objects.filter(comment_id=comment.pk).select_related("actor", "note").order_by("-pk")
    events = list(events[:LOG_LENGTH])
    undone = {event.undoes for event in events if event.undoes}
    after, lines, is_offered = comment.body, [], False
    for event in events:
        line = {"event": event, "is_undone": event.pk in undone, "told": words.told(event)}
        line["happened"] = words.happened(event) if event.from_status else ""
        line["why"] = "" if event.from_status else reason_text(event.reason or event.rule)
        note = getattr(event, "note", None)
        line["appeal"] = note.text if note and note.kind == ModerationNote.Kind.APPEAL else ""
        if note and note.kind == ModerationNote.Kind.BEFORE:
            line["difference"] = difference(note.text, after)
            after = note.text
        if not event.is_decision and not event.undoes and event.reason not in WORDS_ONLY:
            is_offered = True  # what its writer or a rule did since stands in the way
        if event.is_decision and event.pk not in undone and not is_offered:
            # Only the last decision that stands can be taken back: those before it are no longer what the comment is.
            is_offered = line["is_offered"] = True
            line["is_one_of_several"] = undoable(event.batch)[:2].count() > 1
        lines.append(line)
    return lines
