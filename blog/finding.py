"""The search page: what a reader asks for, by the parameters of its address, and what helps where nothing is found."""

from dataclasses import dataclass
from difflib import get_close_matches
from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse

from blog import archive, names, search
from blog.models import Label, Post
from blog.paging import Cursor
from blog.search.normalise import normalise
from blog.search.query import clean

LABELS = 60  # that one may choose from
NEWEST_POSTS = 5
WORDS = 6  # of a search in vain that are looked at
LONGEST = 100  # characters
NEAR = 5  # labels like them
NEARLY = 0.7  # of two words' letters, how many both have
BEST, NEWEST = "best", "newest"


@dataclass
class Asked:
    """Never an error: what cannot be read is left out, and `is_odd` where a filter was."""

    query: str
    label: Label | None
    year: int | None
    order: str
    before: Cursor | None
    page: int
    labels: list[Label]  # to choose from, in the order of the alphabet
    years: list[int]
    is_odd: bool

    @classmethod
    def of(cls, request: HttpRequest) -> "Asked":
        given = {name: clean(request.GET.get(name, "")) for name in ("q", "label", "year", "order", "before", "page")}
        labels = archive.labels(LABELS)
        years = archive.years()
        label = _label(given["label"], labels)
        year = _number(given["year"])
        year = year if year in years else None
        is_odd = bool((given["label"] and not label) or (given["year"] and not year))
        if label and label not in labels:
            labels.append(label)
        labels.sort(key=lambda label: names.in_order(label.name))
        order = NEWEST if given["order"] == NEWEST else BEST
        page = _number(given["page"]) or 1
        return cls(given["q"], label, year, order, _cursor(given["before"]), page, labels, years, is_odd)

    def found(self, size: int, language: str) -> search.Results | search.NewestFirst | None:
        """What there is of it, `size` on a page; None if no words were typed."""
        if not self.query:
            return None
        within = search.Within(self.label, self.year)
        if self.order == NEWEST:
            return search.newest_first(self.query, self.before, size, language, within)
        return search.search(self.query, self.page, size, language, within)

    def link(self, **changed) -> str:
        """The address of the same search with these changes, from its first page."""
        kept = {"q": self.query, "label": self.label and self.label.slug, "year": self.year}
        kept |= {"order": NEWEST if self.order == NEWEST else None} | changed
        return f"{reverse('search')}?{urlencode({name: value for name, value in kept.items() if value})}"

    @property
    def newest_first(self) -> str:
        return self.link(order=NEWEST)

    @property
    def best_first(self) -> str:
        return self.link(order=None)

    @property
    def anywhere(self) -> str:
        """Without the label and the year."""
        return self.link(label=None, year=None)

    @property
    def any_label(self) -> str:
        return self.link(label=None)

    @property
    def any_year(self) -> str:
        return self.link(year=None)

    @property
    def fewer_words(self) -> list[tuple[str, str]]:
        """The same search without each of its words, and its address."""
        words = self.query.split()[:WORDS]
        fewer = [" ".join(words[:place] + words[place + 1 :]) for place in range(len(words) if len(words) > 1 else 0)]
        return [(query, self.link(q=query)) for query in dict.fromkeys(fewer)]

    @property
    def near_labels(self) -> list[Label]:
        """Labels that begin like a word of it, have it in them, or are written nearly so."""
        by_name = {label.name: label for label in self.labels if label != self.label}
        by_folded = {names.folded(name): name for name in by_name}
        near: list[str] = []
        for word in dict.fromkeys([names.folded(self.query)[:LONGEST], *normalise(self.query).split()[:WORDS]]):
            near += names.matching(word, by_name, NEAR) if len(word) > 1 else []
            near += [by_folded[name] for name in get_close_matches(word, by_folded, NEAR, NEARLY)]
        return [by_name[name] for name in dict.fromkeys(near)][:NEAR]


def ways_on(asked: Asked, results: search.Results | search.NewestFirst) -> dict[str, str]:
    """The addresses of the pages before and after this one, where there are such pages."""
    if isinstance(results, search.NewestFirst):
        return {"older": asked.link(before=results.older)} if results.older else {}
    beside = {"earlier": results.page - 1, "further": results.page + 1}
    return {name: asked.link(page=page) for name, page in beside.items() if 1 <= page <= results.pages}


def newest_posts() -> list[Post]:
    return list(Post.objects.published().only("kind", "title", "slug", "year", "month")[:NEWEST_POSTS])


def _label(slug: str, known: list[Label]) -> Label | None:
    if not slug:
        return None
    chosen = next((label for label in known if label.slug == slug), None)
    return chosen or Post.objects.labels().filter(slug=slug).first()


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 5 else None


def _cursor(text: str) -> Cursor | None:
    try:
        return Cursor.parse(text) if text else None
    except ValueError:
        return None
