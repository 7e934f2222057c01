"""Settings tried on past comments before they are saved (comments/simulation/): asking for it, and what was found."""

import uuid
from datetime import datetime, timedelta

from django.core.exceptions import PermissionDenied
from django.db.models import Field
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from blog.admin.bounded import in_words
from blog.admin.settings import SingleRowAdmin
from blog.ids import number
from comments.models import BlockRule, Comment, CommentSettings, Job
from comments.reasons import reason_text
from comments.simulation import asking

CHANGE, TRY, TRIED = (f"admin:comments_commentsettings_{name}" for name in ("change", "try", "tried"))
LISTED = 200  # changed comments on a page
STUCK = timedelta(minutes=15)  # nobody waits for longer than this
VERDICTS = {
    "approved": gettext_lazy("published"),
    "pending": gettext_lazy("held"),
    "spam": gettext_lazy("spam"),
    "refused": gettext_lazy("refused"),
}


class Simulations(SingleRowAdmin):
    """On the page of the settings, for those who may change them."""

    def get_urls(self) -> list:
        view = self.admin_site.admin_view
        pages = [
            path("try/", view(self.try_view), name="comments_commentsettings_try"),
            path("try/<uuid:pk>/", view(self.tried_view), name="comments_commentsettings_tried"),
        ]
        return [*pages, *super().get_urls()]

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> CommentSettings | None:
        """To change what was tried, the form is opened with that. When it is sent it is compared with what is saved."""
        found = super().get_object(request, object_id, from_field)
        job = _job(request.GET.get("tried", "")) if request.method == "GET" else None
        return asking.settings_of(job) if found and job else found

    def change_view(self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict | None = None):
        mine = {"try_sizes": [(size, in_words(size)) for size in asking.SIZES]}
        return super().change_view(request, object_id, form_url, mine | (extra_context or {}))

    def try_view(self, request: HttpRequest) -> HttpResponse:
        """The form of the settings, sent here instead: nothing is saved."""
        if not self.has_change_permission(request):
            raise PermissionDenied
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        settings = CommentSettings.load()
        form = self.get_form(request, settings, change=True)(request.POST, instance=settings)
        if not form.is_valid():
            # Says what is wrong, and keeps all that was typed.
            return self.change_view(request, "1", form_url=reverse(CHANGE, args=[1]))
        size = number(request.POST.get("try", ""))
        job = asking.ask(request.user, form.instance, size if size in asking.SIZES else asking.SIZES[1])
        return HttpResponseRedirect(reverse(TRIED, args=[job.pk]), status=303)

    def tried_view(self, request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
        """How far it is, and then what was found."""
        if not self.has_change_permission(request):
            raise PermissionDenied
        if request.method not in ("GET", "HEAD"):
            return HttpResponseNotAllowed(["GET", "HEAD"])
        job = _job(str(pk))
        if job is None or (job.found and "saved" not in job.found):  # or of an earlier version
            raise Http404(_("There is no such trial; they are kept for a week."))
        settings = asking.settings_of(job)
        context = {
            "title": _("These settings on past comments"),
            "opts": self.opts,
            "media": self.media,
            "job": job,
            "waits": job.finished_at is None,
            "is_stuck": job.finished_at is None and job.created_at < timezone.now() - STUCK,
            "done": in_words(job.done),
            "total": in_words(job.total),
            "differences": [_difference(name, *values) for name, values in job.asked["changes"].items()],
            "is_saved": not asking.changes(CommentSettings.load(), settings),
            "form": self.get_form(request, settings, change=True)(instance=settings),
        }
        if job.found:
            context |= _what_was_found(job.found, settings, max(1, number(request.GET.get("page", "")) or 1))
        base = self.admin_site.each_context(request)
        return TemplateResponse(request, "admin/comments/simulation.html", base | context)


def _job(pk: str) -> Job | None:
    try:
        return Job.objects.filter(pk=uuid.UUID(pk), kind=Job.Kind.SIMULATE).first()
    except ValueError:
        return None


def _difference(name: str, was: str, becomes: str) -> tuple[str, str, str]:
    field = CommentSettings._meta.get_field(name)
    return str(field.verbose_name), _value(field, was), _value(field, becomes)


def _value(field: Field, text: str) -> str:
    value = field.to_python(text)
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return str(dict(field.choices or ()).get(value, value))


def _what_was_found(found: dict, settings: CommentSettings, page: int) -> dict:
    changed, end = len(found["changes"]), page * LISTED
    rows = found["changes"][end - LISTED : end]
    changes = _changes(rows)
    since = timezone.localtime(datetime.fromisoformat(found["since"])) if found["since"] else None
    counted = ((_("Then"), "then"), (_("As saved"), "saved"), (_("With these"), "now"))
    return {
        "looked_at": found["looked_at"],
        "looked_at_words": in_words(found["looked_at"]),
        "since": since,
        "verdicts": VERDICTS.values(),
        "rows": [(name, _counts(found[key])) for name, key in counted],
        "people": [said for group, say in PEOPLE.items() if (said := say(found["people"].get(group)))],
        "changed": changed,
        "changed_words": in_words(changed),
        "changes": changes,
        "first": in_words(end - LISTED + 1),
        "last": in_words(end - LISTED + len(rows)),
        "newer": page - 1 if page > 1 else None,
        "older": page + 1 if end < changed else None,
        "deleted": len(rows) - len(changes),
        "notes": list(_not_known(found, settings)),
    }


def _counts(by_verdict: dict) -> list[str]:
    return [in_words(by_verdict.get(verdict, 0)) for verdict in VERDICTS]


# What people decided, beside what the settings say: each gives a sentence, or None where nobody decided so.


def _approved(people: dict | None) -> str | None:
    said = ngettext(
        "Of %(of)s comment that moderators approved, %(held)s would have been held, %(spam)s put aside as spam and"
        " %(refused)s refused.",
        "Of %(of)s comments that moderators approved, %(held)s would have been held, %(spam)s put aside as spam and"
        " %(refused)s refused.",
        people["of"] if people else 0,
    )
    return people and said % _figures(people)


def _spam(people: dict | None) -> str | None:
    said = ngettext(
        "Of %(of)s comment that they called spam, %(caught)s would have been caught (%(was_caught)s then), of which"
        " %(held)s held; %(approved)s would have been published.",
        "Of %(of)s comments that they called spam, %(caught)s would have been caught (%(was_caught)s then), of which"
        " %(held)s held; %(approved)s would have been published.",
        people["of"] if people else 0,
    )
    return people and said % _figures(people)


def _refused(people: dict | None) -> str | None:
    said = ngettext(
        "Of %(of)s comment that they rejected or took down, %(approved)s would have been published (%(was_approved)s"
        " then).",
        "Of %(of)s comments that they rejected or took down, %(approved)s would have been published (%(was_approved)s"
        " then).",
        people["of"] if people else 0,
    )
    return people and said % _figures(people)


PEOPLE = {"approved": _approved, "spam": _spam, "refused": _refused}


def _figures(people: dict) -> dict[str, str]:
    now = {verdict: people["now"].get(verdict, 0) for verdict in VERDICTS}
    then = {f"was_{verdict}": people["then"].get(verdict, 0) for verdict in VERDICTS}
    figures = now | then | {"of": people["of"], "held": now["pending"]}
    figures |= {"caught": people["of"] - now["approved"], "was_caught": people["of"] - then["was_approved"]}
    return {name: in_words(figure) for name, figure in figures.items()}


def _changes(rows: list) -> list[dict]:
    """Those of them that are still there, with their words as they are now."""
    comments = Comment.objects.select_related("post").only(
        *("author_name", "body", "created_at", "post__title", "post__kind", "post__slug", "post__published_at")
    )
    there = comments.in_bulk([pk for pk, *_rest in rows])
    return [
        {
            "comment": there[pk],
            "address": reverse("admin:comments_comment_change", args=[pk]),
            "then": VERDICTS[then],
            "saved": VERDICTS[saved],
            "why_saved": [reason_text(reason) for reason in why_saved],
            "now": VERDICTS[now],
            "why_now": [reason_text(reason) for reason in why_now],
        }
        for pk, then, saved, why_saved, now, why_now in rows
        if pk in there
    ]


def _not_known(found: dict, settings: CommentSettings):
    """What the figures leave out, a sentence each."""
    if count := found["gone"]:
        yield ngettext(
            "%(count)s comment of that time is deleted by now, and left out.",
            "%(count)s comments of that time are deleted by now, and left out.",
            count,
        ) % {"count": in_words(count)}
    if count := found["wordless"]:
        yield ngettext(
            "The words of %(count)s comment are forgotten: it is left out.",
            "The words of %(count)s comments are forgotten: they are left out.",
            count,
        ) % {"count": in_words(count)}
    if (count := found["unscored"]) and settings.spam_mode == CommentSettings.SpamMode.ACT:
        yield ngettext(
            "%(count)s comment was never seen by the spam filter, which is taken to say nothing of it.",
            "%(count)s comments were never seen by the spam filter, which is taken to say nothing of them.",
            count,
        ) % {"count": in_words(count)}
    if count := found["unknown_rules"]:
        yield ngettext(
            "%(count)s block rule looks at browsers or wide networks, which are not kept: what it would have said is"
            " not known.",
            "%(count)s block rules look at browsers or wide networks, which are not kept: what they would have said is"
            " not known.",
            count,
        ) % {"count": in_words(count)}
    by_network = settings.flood_seconds or BlockRule.objects.filter(match=BlockRule.Match.NETWORK).exists()
    if (count := found["no_network"]) and by_network:
        yield ngettext(
            "The network of %(count)s comment is forgotten: neither floods from it nor rules for networks are known.",
            "The networks of %(count)s comments are forgotten: neither floods from them nor rules for networks are"
            " known.",
            count,
        ) % {"count": in_words(count)}
