"""What the buttons of one comment do. A decision carries the state that the moderator saw; a stale one is refused."""

import uuid

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import translation
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from blog import sanitize
from blog.difference import difference
from blog.fields import WordsField
from comments import moderation
from comments.admin import words
from comments.admin.cases import cases_of
from comments.admin.desk import Desk, seen_in, told_in, why_not
from comments.models import BulkDecision, Comment, ModerationEvent
from comments.models.comment import MAX_LENGTH
from comments.moderation import AT_ONCE, Stale, Verb

TELL_LENGTH = 500
NAMED = 20  # comments that a message names

# Ready to be sent to the writer, and so in the language of the site.
READY_REASONS = [
    gettext_lazy("Please stay with the subject of the post."),
    gettext_lazy("Please be kind to other readers."),
    gettext_lazy("Advertising is not shown here."),
    gettext_lazy("This has been said here before."),
]


class WordsForm(forms.Form):
    """A moderator's reply, or a comment's words as a moderator changed them."""

    text = WordsField(
        label=gettext_lazy("Comment"),
        max_length=MAX_LENGTH,
        rows=8,
        error_messages={"required": gettext_lazy("Write something first.")},
    )

    def clean_text(self) -> str:
        text = self.cleaned_data["text"].replace("\r\n", "\n")
        if not sanitize.plain_text(sanitize.clean_comment(text)).strip():
            raise ValidationError(_("There are no words in this yet."))
        return text


class Verbs(Desk):
    def decide_one(self, request: HttpRequest, pk: int, verb: Verb) -> HttpResponse:
        if request.method != "POST":
            return self.refuse_get(request)
        tell = told_in(request, verb)
        comment = self.still_there(request, pk, tell)
        if isinstance(comment, HttpResponse):
            return comment
        if len(tell) > TELL_LENGTH:
            problem = _("Not done: what you tell the writer has more than %d characters.") % TELL_LENGTH
            return self.comment_page(request, pk, problem=problem, panel="reject", typed=tell, status=422)
        seen = seen_in(request, pk)
        decision = moderation.decide(
            [comment],
            verb,
            actor=request.user,
            seen={pk: seen},
            tell=tell,
            with_replies=verb is Verb.REMOVE and "replies" in request.POST,
        )
        if decision.stale and tell:
            return self.comment_page(request, pk, problem=why_not(pk, seen), panel="reject", typed=tell, status=409)
        link = format_html('<a href="{}">{}</a>', self.address(comment), _("Show it"))
        if decision.stale:
            name, why = comment.author_name, why_not(pk, seen)
            self.say(request, messages.WARNING, format_html("<bdi>{}</bdi>: {} {}", name, why, link))
        elif pk in decision.changed:
            said = words.done(verb, len(decision.changed), kept=bool(comment.reported_at))
            self.say_done(request, decision.batch, said, link)
        else:
            self.say(request, messages.INFO, words.left(1))
        return self.back(request, [comment])

    def reply_to(self, request: HttpRequest, pk: int) -> HttpResponse:
        if request.method != "POST":
            return self.refuse_get(request)
        typed = request.POST.get("text", "")
        comment = self.still_there(request, pk, typed)
        if isinstance(comment, HttpResponse):
            return comment
        form, seen = WordsForm(request.POST), seen_in(request, pk)
        if not form.is_valid():
            problem = form.errors["text"][0]
            return self.comment_page(request, pk, problem=problem, panel="reply", typed=typed, status=422)
        try:
            answer = moderation.reply(comment, form.cleaned_data["text"], actor=request.user, seen=seen)
        except Stale:
            return self.comment_page(request, pk, problem=why_not(pk, seen), panel="reply", typed=typed, status=409)
        batch = ModerationEvent.objects.values_list("batch", flat=True).get(comment_id=answer.pk)
        said = _("Answered.") if comment.status == Comment.Status.APPROVED else _("Approved and answered.")
        link = format_html('<a href="{}">{}</a>', self.address(answer), _("Show your answer"))
        self.say_done(request, batch, said, link)
        return self.back(request, [comment])

    def edit_words(self, request: HttpRequest, pk: int) -> HttpResponse:
        typed = request.POST.get("text", "")
        comment = self.still_there(request, pk, typed) if request.method == "POST" else self.get_comment(request, pk)
        if isinstance(comment, HttpResponse):
            return comment
        if request.method != "POST":
            return self._edit_page(request, comment, WordsForm({"text": comment.body}))
        form, seen = WordsForm(request.POST), seen_in(request, pk)
        if not form.is_valid():
            return self._edit_page(request, comment, form, problem=form.errors["text"][0], status=422)
        try:
            is_changed = moderation.edit(comment, form.cleaned_data["text"], actor=request.user, seen=seen)
        except Stale:
            return self._edit_page(request, comment, form, problem=why_not(pk, seen), status=409)
        if is_changed:
            self.say(request, messages.SUCCESS, _("The words are changed; those before are kept below."))
        else:
            self.say(request, messages.INFO, _("The words are the same as before: nothing was changed."))
        return HttpResponseRedirect(self.address(comment))

    def _edit_page(
        self, request: HttpRequest, comment: Comment, form: WordsForm, problem: str = "", status: int = 200
    ) -> HttpResponse:
        typed = form["text"].value()
        context = {
            "title": _("Edit the comment by %(name)s") % {"name": comment.author_name},
            "comment": comment,
            "address": self.address(comment),
            "form": form,
            "problem": problem,
            # What saving now would change, where others have changed it meanwhile.
            "difference": difference(comment.body, typed) if status == 409 else "",
        }
        return self.show(request, "edit.html", context, status)

    def delete_view(self, request: HttpRequest, object_id: str, extra_context: dict | None = None) -> HttpResponse:
        """Deleting for good is the owner's, asks first, and cannot be taken back."""
        if not self.has_delete_permission(request):
            raise PermissionDenied(_("Only the owner deletes comments for good. You can remove them."))
        comment = self.get_comment(request, object_id)
        if request.method != "POST":
            context = {
                "title": _("Delete the comment by %(name)s for good?") % {"name": comment.author_name},
                "case": cases_of([comment], request.user)[0],
                "comment": comment,
            }
            return self.show(request, "delete.html", context)
        moderation.delete(comment, actor=request.user)
        self.say(request, messages.SUCCESS, _("The comment is deleted for good."))
        return HttpResponseRedirect(reverse("admin:comments_comment_changelist"))

    def undo_batch(self, request: HttpRequest, batch: uuid.UUID) -> HttpResponse:
        if request.method != "POST":
            return self.refuse_get(request)
        if not self.has_view_permission(request):
            raise PermissionDenied
        if BulkDecision.objects.filter(pk=batch, finished_at=None).exists():
            self.say(request, messages.WARNING, _("This is still being done. Take it back when it is finished."))
            return HttpResponseRedirect(reverse("admin:comments_comment_bulk", args=[batch]))
        decided = moderation.undoable(batch).values("comment_id")
        if decided.exists() and not self.get_queryset(request).filter(pk__in=decided).exists():
            raise PermissionDenied(_("Nothing was taken back: these comments are not yours to decide on."))
        self.forget(request, batch)
        if moderation.undoable(batch)[: AT_ONCE + 1].count() > AT_ONCE:
            bulk = moderation.start_undo(request.user, batch)
            return HttpResponseRedirect(reverse("admin:comments_comment_bulk", args=[bulk.pk]))
        decision = moderation.undo(batch, actor=request.user, among=self.get_queryset(request))
        if decision.changed:
            self.say(request, messages.SUCCESS, words.undone(len(decision.changed)))
        if decision.left:
            self.say(request, messages.WARNING, self._left_by_undo(request, decision.left))
        if not decision.changed and not decision.left:
            self.say(request, messages.INFO, _("There is nothing in this to take back."))
        return self.back(request, on=decision.changed[0] if decision.changed else None)

    def _left_by_undo(self, request: HttpRequest, left: list[int]) -> str:
        """How many an undo left alone, naming those that this user may open."""
        named = self.get_queryset(request).filter(pk__in=left).order_by("pk")[:NAMED]
        links = format_html_join(
            ", ", '<a href="{}"><bdi>{}</bdi></a>', ((self.address(one), one.author_name) for one in named)
        )
        return format_html("{} {}", words.left_by_undo(len(left)), links)

    def still_there(self, request: HttpRequest, pk: int, typed: str) -> Comment | HttpResponse:
        """The comment; or, where it was deleted meanwhile, the page that says so and gives back what was typed."""
        try:
            return self.get_comment(request, pk)
        except Http404:
            event = moderation.what_happened(pk)
            if not event or event.to_status or not self.has_view_permission(request):
                raise
        return self.not_done(request, why_not(pk, seen_in(request, pk)), typed, status=404)


def ready_reasons(language: str) -> list[str]:
    with translation.override(language):
        return [str(reason) for reason in READY_REASONS]
