"""“How good is the filter?”: what it has learnt, where it was right and wrong, and what the owner can do with it."""

import uuid
from dataclasses import dataclass

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from blog.admin.bounded import in_words
from comments.admin.cases import buttons
from comments.admin.desk import Desk
from comments.admin.opinions import Opinion
from comments.admin.spamcharts import advice, charts, tables
from comments.models import Comment, CommentSettings, Job, SpamSample
from comments.moderation import Verb
from comments.spam import figures, forgotten, retraining, seed, store, transfer
from comments.spam.model import Model

LISTED = 50  # mistakes
CORRECTS = {True: (Verb.APPROVE,), False: (Verb.SPAM, Verb.REJECT)}  # by whether people said spam


def may_see_filter(user) -> bool:
    return user.has_perm("comments.moderate_any_comment") or may_change_filter(user)


def may_change_filter(user) -> bool:
    return user.has_perm("comments.change_commentsettings")


class ImportForm(forms.Form):
    file = forms.FileField(label=gettext_lazy("A file that was exported here or on another site"))
    sure = forms.BooleanField(
        label=gettext_lazy("Replace what the filter has learnt here by what is in the file"),
        error_messages={"required": gettext_lazy("Say that this is meant: what it has learnt here goes.")},
    )

    def clean_file(self) -> transfer.Brought:
        file = self.cleaned_data["file"]
        try:
            if file.size > transfer.LARGEST:
                raise transfer.Problem(transfer.too_large())
            return transfer.load(file.read())
        except transfer.Problem as problem:
            raise ValidationError(str(problem)) from None


@dataclass
class Mistake:
    comment: Comment
    sample: SpamSample
    opinion: Opinion
    address: str
    buttons: list[dict]


class SpamFilter(Desk):
    def filter_page(self, request: HttpRequest) -> HttpResponse:
        if refused := self._refused(request, "GET", "HEAD"):
            return refused
        settings, user = CommentSettings.load(), request.user
        record, lessons = figures.record(settings), store.model().lessons
        mistakes = _mistakes(record.mistakes, settings)
        context = {
            "title": _("How good is the filter?"),
            "settings": settings,
            "good": in_words(lessons[False]),
            "spam": in_words(lessons[True]),
            "since": _since(record),
            "record": record,
            "decided": in_words(record.whole.decided, record.whole.decided == figures.LOOKED_AT),
            "advice": advice(settings, lessons, record.whole),
            "charts": charts(record.groups, settings),
            "tables": tables(record),
            "mistakes": mistakes,
            "mistakes_in_all": len(record.mistakes),
            "gone": sum(sample.comment_id is None for sample in record.mistakes),
            "job": retraining.underway(),
            "may_change": may_change_filter(user),
            "may_moderate": self.has_view_permission(request),
        }
        return self.show(request, "filter.html", context)

    def filter_reset(self, request: HttpRequest) -> HttpResponse:
        """Asks first; nothing that was learnt remains, and every decision stays."""
        if refused := self._refused(request, "GET", "HEAD", "POST", changes=True):
            return refused
        if request.method == "POST":
            retraining.stop()
            store.replace(Model(seed=seed.load()), drops_forgotten="forgotten" in request.POST)
            self.say(request, messages.SUCCESS, _("The filter has forgotten all that it had learnt."))
            return HttpResponseRedirect(_page())
        good, spam = store.model().lessons
        context = {"title": _("Have the filter forget everything?"), "good": in_words(good), "spam": in_words(spam)}
        context["forgotten"] = sum(forgotten.read().model.lessons)
        return self.show(request, "filter_reset.html", context)

    def filter_export(self, request: HttpRequest) -> HttpResponse:
        if refused := self._refused(request, "GET", "HEAD", changes=True):
            return refused
        name = f"spam-filter-{timezone.localdate():%Y-%m-%d}.json"
        headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
        return HttpResponse(transfer.dump(), content_type="application/json", headers=headers)

    def filter_import(self, request: HttpRequest) -> HttpResponse:
        if refused := self._refused(request, "GET", "HEAD", "POST", changes=True):
            return refused
        form = ImportForm(request.POST, request.FILES) if request.method == "POST" else ImportForm()
        if form.is_bound and form.is_valid():
            brought = form.cleaned_data["file"]
            retraining.stop()
            store.replace(brought.model, is_brought=True)
            good, spam = brought.model.lessons
            said = _("The filter knows what is in the file: %(good)s good comments and %(spam)s spam.")
            self.say(request, messages.SUCCESS, said % {"good": in_words(good), "spam": in_words(spam)})
            return HttpResponseRedirect(_page())
        good, spam = store.model().lessons
        context = {"title": _("Import what a filter has learnt"), "form": form}
        context |= {"good": in_words(good), "spam": in_words(spam)}
        return self.show(request, "filter_import.html", context, status=422 if form.errors else 200)

    def filter_retrain(self, request: HttpRequest) -> HttpResponse:
        """Asks first: what no decision here has taught goes."""
        if refused := self._refused(request, "GET", "HEAD", "POST", changes=True):
            return refused
        if request.method == "POST":
            job = retraining.start(request.user)
            return HttpResponseRedirect(reverse("admin:comments_comment_filter_progress", args=[job.pk]))
        good, spam = store.model().lessons
        context = {"title": _("Retrain the filter from history?"), "good": in_words(good), "spam": in_words(spam)}
        context["lost"] = max(0, good + spam - retraining.within_reach())
        return self.show(request, "filter_retrain.html", context)

    def filter_progress(self, request: HttpRequest, job: uuid.UUID) -> HttpResponse:
        """How far retraining is."""
        if refused := self._refused(request, "GET", "HEAD"):
            return refused
        found = Job.objects.select_related("user").filter(pk=job, kind=Job.Kind.RETRAIN).first()
        if found is None:
            raise Http404(_("There is no such work, or it was done long ago."))
        context = {
            "title": _("Retraining the filter"),
            "job": found,
            "done": min(found.done, found.total),
            "done_words": in_words(min(found.done, found.total)),
            "total_words": in_words(found.total),
            "found": {name: in_words(number) for name, number in found.found.items()},
            "may_change": may_change_filter(request.user),
        }
        return self.show(request, "filter_progress.html", context)

    def filter_stop(self, request: HttpRequest, job: uuid.UUID) -> HttpResponse:
        if refused := self._refused(request, "POST", changes=True):
            return refused
        if not retraining.stop():
            self.say(request, messages.INFO, _("It had ended already."))
        return HttpResponseRedirect(reverse("admin:comments_comment_filter_progress", args=[job]))

    def _refused(self, request: HttpRequest, *methods: str, changes: bool = False) -> HttpResponse | None:
        if not (may_change_filter if changes else may_see_filter)(request.user):
            raise PermissionDenied
        if request.method in methods:
            return None
        # An address that only changes, opened like a page, as after logging in again.
        return self.refuse_get(request) if methods == ("POST",) else HttpResponseNotAllowed(methods)


def _page() -> str:
    return reverse("admin:comments_comment_filter")


def _since(record: figures.Record):
    """When the first comment was decided that it could learn from."""
    if record.whole.decided < figures.LOOKED_AT:
        return record.whole.first
    rows = SpamSample.objects.filter(decided_at__isnull=False).order_by("decided_at", "pk")
    return rows.values_list("decided_at", flat=True).first()


def _mistakes(samples: list[SpamSample], settings: CommentSettings) -> list[Mistake]:
    """The newest whose comment and words are there still; one query."""
    ids = [sample.pk for sample in samples if sample.comment_id][:LISTED]
    whole = SpamSample.objects.select_related("comment__post").defer("features", "likeness", "source").in_bulk(ids)
    found = (whole[pk] for pk in ids if pk in whole)
    return [_mistake(sample, settings) for sample in found if sample.comment and sample.comment.body]


def _mistake(sample: SpamSample, settings: CommentSettings) -> Mistake:
    comment = sample.comment
    verbs = [] if comment.withdrawn_at else buttons(comment.status, bool(comment.reported_at), comment.pk)
    return Mistake(
        comment=comment,
        sample=sample,
        opinion=Opinion.of(sample, settings),
        address=reverse("admin:comments_comment_change", args=[comment.pk]),
        buttons=[button for button in verbs if button["verb"] in CORRECTS[sample.is_spam]],
    )
