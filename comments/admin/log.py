"""What the moderation log's page shows: its filter, one page by keyset, and the whole of it as a spreadsheet."""

import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import MAXYEAR, MINYEAR, UTC, date, datetime, time
from urllib.parse import urlencode

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db.models import Exists, Max, OuterRef, Q, QuerySet
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _

from blog.models import User
from blog.paging import Cursor
from comments.admin import words
from comments.models import Comment, ModerationEvent
from comments.moderation import Verb
from comments.reasons import DECISIONS, REASONS, REFUSALS, RULES, reason_text

PAGE_SIZE = 50
LOOKED_AT = 10_000  # events that one page reads at most, to find those that all of its filter fits
ROWS_AT_ONCE = 1000
NEWEST = ("-at", "-pk")
COLUMNS = ("at", "who", "rule", "comment", "from", "to", "reason", "reason in words", "batch", "event", "undoes")

ARRIVED, A_RULE = "arrived", "rule"
# What happened where no verb says it: the log's reason does.
OTHERWISE = {
    name: DECISIONS[name]
    for name in ("edited", "rewritten", "undone", "proved", "withdrawn", "erased", "deleted", "expired")
}
WHAT = [(ARRIVED, _("Arrived")), *Verb.choices, *OTHERWISE.items()]
WHY = {code: text for code, text in (REASONS | DECISIONS).items() if code not in OTHERWISE}
OF_RULES = [(f"{A_RULE}:{code}", text) for code, text in RULES.items() if code not in REFUSALS]


class Day(forms.DateField):
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    # The first and the last day of all have no midnight in every zone.
    default_validators = [MinValueValidator(date(MINYEAR, 1, 2)), MaxValueValidator(date(MAXYEAR, 12, 30))]


class Filter(forms.Form):
    """Read from the address; a field that is not understood has an error and filters nothing."""

    what = forms.ChoiceField(label=_("What"), required=False)
    who = forms.ChoiceField(label=_("Who"), required=False)
    why = forms.ChoiceField(label=_("Why"), required=False)
    since = Day(label=_("From"), required=False)
    until = Day(label=_("To"), required=False)
    comment = forms.IntegerField(label=_("Comment"), required=False, min_value=1, max_value=2**63 - 1)
    batch = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, label_suffix="", **kwargs)
        anything = ("", _("Anything"))
        self.fields["what"].choices = [anything, *WHAT]
        self.fields["why"].choices = [anything, *WHY.items()]
        self.fields["who"].choices = [
            ("", _("Anybody")),
            *((str(user.pk), user.name) for user in people()),
            (A_RULE, _("Any rule")),
            (_("One rule"), OF_RULES),
        ]

    def said(self) -> dict:
        """The fields that were understood and say something."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value not in (None, "")}

    def query(self, **also: str) -> str:
        """This filter as a query string, with its question mark."""
        return "?" + urlencode({name: str(value) for name, value in (self.said() | also).items()})


def people() -> QuerySet:
    """Everybody who ever decided; they are few where the events are many."""
    decided = ModerationEvent.objects.filter(actor=OuterRef("pk")).order_by()
    return User.objects.filter(Exists(decided)).order_by("username")


@dataclass
class Line:
    event: ModerationEvent
    comment: Comment | None  # as far as it is there
    undone_by: ModerationEvent | None
    may_undo: bool

    @property
    def why(self) -> str:
        return reason_text(self.event.reason)

    @property
    def rule(self) -> str:
        return reason_text(self.event.rule)

    @property
    def told(self) -> str:
        return words.told(self.event)


@dataclass
class Page:
    lines: list[Line] = field(default_factory=list)
    older: Cursor | None = None
    is_searched: bool = False  # it ends where it stopped looking, and there may be more


@dataclass(frozen=True)
class Part:
    rank: int  # the lowest chooses the index
    condition: Q


UNINDEXED = 9


def _what(value: str) -> Part:
    if value == ARRIVED:
        return Part(UNINDEXED, Q(from_status=""))
    if value in Verb.values:
        changed = Q(to_status=Verb(value).to_status) & ~Q(from_status="") & ~Q(reason__in=OTHERWISE)
        return Part(UNINDEXED, changed)
    return Part(2, Q(reason=value))


def _who(value: str) -> Part:
    if value == A_RULE:
        return Part(UNINDEXED, Q(actor=None))
    kind, _colon, rule = value.rpartition(":")
    return Part(3, Q(rule=rule) if kind else Q(actor=int(value)))


PARTS = {
    "comment": lambda value: Part(0, Q(comment_id=value)),
    "batch": lambda value: Part(1, Q(batch=value)),
    "what": _what,
    "why": lambda value: Part(2, Q(reason=value)),
    "who": _who,
}


class Selection:
    """The events that a filter lets through.

    One part of the filter is a range of an index in the log's order; what else is asked for is looked for along it, as
    far as LOOKED_AT events. So a page costs the same however long the log is.
    """

    def __init__(self, said: dict) -> None:
        parts = [PARTS[name](value) for name, value in said.items() if name in PARTS]
        # Those that have an index first; of the others, none is rarer than one in some hundreds.
        parts.sort(key=lambda part: part.rank)
        self.order = ("-pk",) if "batch" in said else NEWEST
        self.along, self.rest = ModerationEvent.objects.all(), Q()
        for place, part in enumerate(parts):
            if place == 0 and part.rank < UNINDEXED:
                self.along = self.along.filter(part.condition)
            else:
                self.rest &= part.condition
        self.along = self.along.filter(_between(said.get("since"), said.get("until"))).order_by(*self.order)

    def page(self, before: Cursor | None) -> Page:
        along = self._older(before) if before else self.along
        end = along.values_list("at", "pk")[LOOKED_AT - 1 : LOOKED_AT].first() if self.rest else None
        found = along.filter(self.rest)
        if end:
            found = found.filter(Cursor(end[0], end[1] - 1).newer("at"))
        same_batch = ModerationEvent.objects.filter(batch=OuterRef("batch")).exclude(pk=OuterRef("pk")).order_by()
        found = found.select_related("actor", "note").annotate(shares_batch=Exists(same_batch))
        events = list(found[: PAGE_SIZE + 1])
        if len(events) > PAGE_SIZE:
            return Page(_lines(events[:PAGE_SIZE]), _at(events[PAGE_SIZE - 1]))
        return Page(_lines(events), Cursor(*end) if end else None, is_searched=bool(end))

    def rows(self, *, oldest_first: bool) -> Iterator[list[str]]:
        """All of it for a spreadsheet, read a part at a time, so that no reader keeps the database waiting."""
        yield list(COLUMNS)
        language, last = translation.get_language(), None
        while True:
            with translation.override(language):
                events = list(self._after(last, oldest_first).select_related("actor")[:ROWS_AT_ONCE])
                rows = [_row(event) for event in events]
            yield from rows
            if len(events) < ROWS_AT_ONCE:
                return
            last = _at(events[-1])

    def _after(self, last: Cursor | None, oldest_first: bool) -> QuerySet:
        if not oldest_first:
            return (self._older(last) if last else self.along).filter(self.rest)
        order = [name.removeprefix("-") for name in self.order]
        if last is None:
            return self.along.order_by(*order).filter(self.rest)
        newer = last.newer("at") if self.order == NEWEST else Q(pk__gt=last.pk)
        return self.along.order_by(*order).filter(newer, self.rest)

    def _older(self, before: Cursor) -> QuerySet:
        return self.along.filter(before.older("at") if self.order == NEWEST else Q(pk__lt=before.pk))


def _between(since, until) -> Q:
    """Whole days in the site's zone."""
    asked = Q()
    if since:
        asked &= Q(at__gte=timezone.make_aware(datetime.combine(since, time.min)))
    if until:
        asked &= Q(at__lte=timezone.make_aware(datetime.combine(until, time.max)))
    return asked


def _at(event: ModerationEvent) -> Cursor:
    return Cursor(event.at, event.pk)


def _lines(events: list[ModerationEvent]) -> list[Line]:
    """The events with what is known of them now: three queries, whatever the page."""
    numbers = {event.comment_id for event in events}
    comments = Comment.objects.only("author_name").in_bulk(numbers)
    undoing = ModerationEvent.objects.filter(undoes__in=[event.pk for event in events]).select_related("actor")
    undone = {event.undoes: event for event in undoing}
    decisions = ModerationEvent.objects.of_status().filter(comment_id__in=numbers).order_by()
    last = dict(decisions.values_list("comment_id").annotate(Max("pk")))
    # One button for each batch, where it would do something: nothing has been decided on the comment since.
    undoable: dict = {}
    for event in events:
        if event.is_decision and event.comment_id in comments and last[event.comment_id] == event.pk:
            undoable.setdefault(event.batch, event.pk)
    return [
        Line(event, comments.get(event.comment_id), undone.get(event.pk), event.pk in undoable.values())
        for event in events
    ]


def _row(event: ModerationEvent) -> list[str]:
    return [
        harmless(text)
        for text in (
            event.at.astimezone(UTC).isoformat().replace("+00:00", "Z"),
            event.actor.name if event.actor else "",
            event.rule,
            str(event.comment_id),
            event.from_status,
            event.to_status,
            event.reason,
            reason_text(event.reason),
            str(event.batch or ""),
            str(event.pk),
            str(event.undoes or ""),
        )
    ]


def harmless(text: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r")) else text


class _Echo:
    def write(self, text: str) -> str:
        return text


def as_csv(rows: Iterable[list[str]]) -> Iterator[str]:
    return map(csv.writer(_Echo()).writerow, rows)
