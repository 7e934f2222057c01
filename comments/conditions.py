"""Under which conditions a post takes comments: what the site says, its labels, and the post itself.

A post's own value wins, whatever the others say; else its labels', the strictest of them; else the site's.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property

from django.db import models
from django.utils import timezone

from blog.models import Post
from blog.prepared import Given, Prepared
from comments.models import CommentSettings, LabelPolicy, PostPolicy

RULES = ("hold_all", "approved_needed", "max_links", "hold_after_days", "close_after_days")
AGES = ("hold_after_days", "close_after_days")
Mode = CommentSettings.Mode


@dataclass(frozen=True)
class Value:
    """One value in force, and who said so: "site", "label" (which one: `label`) or "post"."""

    value: bool | int | str
    level: str = "site"
    label: str = ""


class Conditions:
    """What holds for one post. Labels and the post's policy are read when first asked for, in one query."""

    def __init__(self, post: Post, settings: CommentSettings) -> None:
        self.post, self.settings = post, settings

    @classmethod
    def of(cls, post: Post, settings: CommentSettings | None = None) -> "Conditions":
        """`settings` saves the query for them where the caller has them."""
        return cls(post, settings or CommentSettings.load())

    @classmethod
    def of_many(cls, posts: Iterable[Post], settings: CommentSettings) -> dict[int, "Conditions"]:
        """Those of each of these posts, by its key: two queries for all of them."""
        found = {post.pk: cls(post, settings) for post in posts}
        rows: dict[int, list] = {pk: [] for pk in found}
        labels = LabelPolicy.objects.filter(label__items__content_object__in=found)
        for pk, *row in labels.values_list("label__items__content_object", "label__name", "closed", *RULES):
            rows[pk].append(row)
        for pk, *values in PostPolicy.objects.filter(post__in=found).values_list("post", *RULES):
            rows[pk].append(["", False, *values])
        for pk, conditions in found.items():
            conditions._rows = _read(rows[pk])
        return found

    @property
    def mode(self) -> Value:
        """Open, closed or hidden, as people set it. A label closes what the site opens; it hides and opens nothing."""
        mode = self.settings.mode_of(self.post)
        if self.post.comments_mode != Post.CommentsMode.INHERIT:
            return Value(mode, "post")
        closing = (
            next((label for label, closed, _values in self._labels if closed), None) if mode == Mode.OPEN else None
        )
        return Value(Mode.CLOSED, "label", closing) if closing else Value(mode)

    @cached_property
    def hold_all(self) -> Value:
        return self._value("hold_all")

    @cached_property
    def approved_needed(self) -> Value:
        return self._value("approved_needed")

    @cached_property
    def max_links(self) -> Value:
        return self._value("max_links")

    @cached_property
    def hold_after_days(self) -> Value:
        return self._value("hold_after_days")

    @cached_property
    def close_after_days(self) -> Value:
        return self._value("close_after_days")

    def mode_now(self, now: datetime | None = None) -> str:
        """Open, closed or hidden at this moment: open comments close with the post's age."""
        mode = self.mode.value
        return Mode.CLOSED if mode == Mode.OPEN and self.is_past(self.close_after_days, now) else mode

    def is_past(self, days: Value, now: datetime | None = None) -> bool:
        """Whether the post is older than so many days; 0 days are never past, and a post without a date has no age."""
        since = self.moment(days)
        return since is not None and (now or timezone.now()) > since

    def moment(self, days: Value) -> datetime | None:
        """When the post is so many days old; None for 0 days, for a post without a date, and where no calendar goes."""
        if not days.value or self.post.published_at is None:
            return None
        try:
            return self.post.published_at + timedelta(days=days.value)
        except OverflowError:
            return None

    def inherited(self, name: str) -> Value:
        """What would hold if the post itself said nothing."""
        if self.post.kind == Post.Kind.PAGE and name in AGES:
            return Value(0)  # a page is not a news item: the site's and the labels' ages are those of posts
        said = {label: values[name] for label, _closed, values in self._labels if values[name] is not None}
        if said:
            label = min(said, key=lambda label: (-_strictness(name, said[label]), label))
            return Value(said[label], "label", label)
        return Value(getattr(self.settings, name))

    def _value(self, name: str) -> Value:
        own = self._own[name]
        return self.inherited(name) if own is None else Value(own, "post")

    @property
    def _own(self) -> dict:
        return next((values for label, _closed, values in self._rows if not label), dict.fromkeys(RULES))

    @property
    def _labels(self) -> list[tuple[str, bool, dict]]:
        return [row for row in self._rows if row[0]]

    @cached_property
    def _rows(self) -> list[tuple[str, bool, dict]]:
        """(label, whether it closes, its values) of each label's policy in the order of names; "" is the post's own."""
        if self.post.pk is None:
            return []
        return _read(POLICIES(post=self.post.pk))


def _policies() -> models.QuerySet:
    labels = LabelPolicy.objects.filter(label__items__content_object=Given("post"))
    own = PostPolicy.objects.filter(post=Given("post")).annotate(
        none=models.Value("", models.CharField()), no=models.Value(False, models.BooleanField())
    )
    return labels.values_list("label__name", "closed", *RULES).union(own.values_list("none", "no", *RULES), all=True)


POLICIES = Prepared(_policies)


def _read(rows: Iterable[Iterable]) -> list[tuple[str, bool, dict]]:
    # A union of constants gives SQLite's 0 and 1 for booleans.
    read = [(label, bool(closed), dict(zip(RULES, values, strict=True))) for label, closed, *values in rows]
    return sorted(read, key=lambda row: row[0])


def _strictness(name: str, value: bool | int) -> float:
    """The larger, the stricter. 0 turns a rule off; of links and days the smallest number is the strictest."""
    if name in ("hold_all", "approved_needed"):
        return value
    return 1 / value if value else 0
