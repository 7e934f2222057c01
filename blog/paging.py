"""Keyset paging: the last page of a list costs what the first one does."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.db.models import Q
from django.http import Http404, HttpRequest

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Cursor:
    """A place in a list sorted by newest published_at, then newest id; written MICROSECONDS-ID."""

    at: datetime
    pk: int

    def __str__(self) -> str:
        return f"{(self.at - EPOCH) // timedelta(microseconds=1)}-{self.pk}"

    @classmethod
    def of(cls, post) -> "Cursor":
        return cls(post.published_at, post.pk)

    @classmethod
    def parse(cls, text: str) -> "Cursor":
        """Raises ValueError if `text` is no cursor."""
        micros, _, pk = text.partition("-")
        if not (micros.isascii() and micros.isdigit() and pk.isascii() and pk.isdigit() and len(text) < 40):
            raise ValueError(text)
        try:
            at = EPOCH + timedelta(microseconds=int(micros))
        except OverflowError:
            raise ValueError(text) from None
        return cls(at, min(int(pk), 2**63 - 1))

    @classmethod
    def asked(cls, request: HttpRequest, parameter: str = "before") -> "Cursor | None":
        """That of ?before=, None without one; Http404 if it is none of ours. A list of oldest first has ?after=."""
        text = request.GET.get(parameter)
        if not text:
            return None
        try:
            return cls.parse(text)
        except ValueError:
            raise Http404 from None

    def older(self, at: str = "published_at", pk: str = "pk") -> Q:
        """What comes after this place. The first condition is one that an index can start from."""
        return Q(**{f"{at}__lte": self.at}) & (Q(**{f"{at}__lt": self.at}) | Q(**{f"{pk}__lt": self.pk}))

    def newer(self, at: str = "published_at", pk: str = "pk") -> Q:
        """What comes after this place in a list sorted by oldest first."""
        return Q(**{f"{at}__gte": self.at}) & (Q(**{f"{at}__gt": self.at}) | Q(**{f"{pk}__gt": self.pk}))


@dataclass
class Page:
    posts: list
    older: Cursor | None


def page_of(queryset, size: int) -> Page:
    """The first `size` posts of a list that starts where the page starts, and the cursor of the next page."""
    posts = list(queryset[: size + 1])
    return Page(posts[:size], Cursor.of(posts[size - 1]) if len(posts) > size else None)
