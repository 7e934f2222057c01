"""Posts of a generated site: a title, two or three short paragraphs, one to four labels."""

import random
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from itertools import accumulate
from typing import NamedTuple

from blog.models import Page, Post, PostTag, SiteSettings, User
from blog.render import SUMMARY_LENGTH, render
from blog.slugs import make_slug
from config.generate import found, words
from config.generate.bulk import DAY, Numbers, Rows, Writer, moment
from config.generate.labels import Labels
from config.generate.people import LANGUAGES
from config.generate.sentences import Sentences, sentence

AT_ONCE = 5_000
YEARS = 12
COMMON, RARE = 1 / 3, 80  # the share of posts with words.COMMON, how many have words.RARE, at most
OPENINGS = 1_000  # of each language
PINNED, SCHEDULED = 3, 5  # at most, of the newest posts
POST = (
    "id title slug author_id summary status published_at year month created_at updated_at language pinned atom_id "
    "body body_html body_text"
)


@dataclass(slots=True)
class Under:
    """What comments need to know of the post that they stand under."""

    pk: int
    author_id: int
    author_name: str
    published: int
    language: str
    is_measured: bool = False  # all comments under it are approved


class Opening(NamedTuple):
    """A first paragraph, long enough to make the summary."""

    body: str
    html: str
    text: str
    summary: str


class Posts:
    """Those of one run."""

    def __init__(
        self, number: int, authors: list[User], said: dict[str, Sentences], now: int, chance: random.Random
    ) -> None:
        self.number, self.authors, self.said, self.now, self.chance = number, authors, said, now, chance
        self.site, self.labels, self.ids = SiteSettings.load(), Labels(chance), Numbers(Post)
        self.openings = {language: [_opening_text(said[language]) for _ in range(OPENINGS)] for language in LANGUAGES}
        self.languages = [*LANGUAGES], list(LANGUAGES.values())
        self.likely = list(accumulate(1 / (place + 1) for place in range(len(authors))))
        handful = number // 20
        self.scheduled, self.pinned = min(SCHEDULED, handful), min(PINNED, handful)
        rare = min(RARE, number // 3)
        self.rare = {(number - self.scheduled) * nth // rare for nth in range(rare)}
        self.posts, self.tags = Rows.of(Post, POST), Rows.of(PostTag, "tag_id content_object_id published_at")
        self.search = found.rows()

    def store(self, writer: Writer, show) -> list[Under]:
        """Writes them, the oldest first; those that are out."""
        pinned = 0 if Post.objects.filter(pinned=True).exists() else self.pinned
        times = self._times()
        out: list[Under] = []
        for start in range(0, self.number, AT_ONCE):
            part = times[start : start + AT_ONCE]
            for place, (pk, at) in enumerate(zip(self.ids.take(len(part)), part, strict=True), start):
                left = self.number - self.scheduled - place  # 1 for the newest that is out
                under = self._add(pk, at, place in self.rare, 1 <= left <= pinned)
                if left > 0:
                    out.append(under)
            writer.write(self.posts, self.tags, self.search)
            show("Posts", start + len(part), self.number)
        writer.finish()
        self.ids.keep()
        return out

    def _times(self) -> list[int]:
        span = DAY * min(YEARS * 365, 10 * self.number)
        times = sorted(self.now - int(span * self.chance.random()) for _ in range(self.number - self.scheduled))
        return times + [self.now + (nth + 1) * 3 * DAY for nth in range(self.scheduled)]

    def _add(self, pk: int, at: int, is_rare: bool, is_pinned: bool) -> Under:
        chance, site = self.chance, self.site
        language = "en" if is_rare else chance.choices(*self.languages)[0]
        named = "" if language == site.language else language
        opening = _opening(chance.choice(self.openings[language]))
        title = self.said[language].fill(chance.choice(words.TITLES[language]))
        author = chance.choices(self.authors, cum_weights=self.likely)[0]
        parts = [sentence(text) for text in self._tail(language, is_rare)]
        slug, at_text, written = f"{_slug(title)}-{pk}", moment(at), moment(min(at, self.now))
        local = datetime.fromtimestamp(at, UTC).astimezone(site.zone)
        self.posts.add(
            (
                pk,
                title,
                slug,
                author.pk,
                opening.summary,
                Post.Status.PUBLISHED.value,
                at_text,
                local.year,
                local.month,
                written,
                written,
                named,
                is_pinned,
                f"urn:marginalia:generated:{slug}",
                "".join([opening.body, *(part.html for part in parts)]),
                "".join([opening.html, *(part.html for part in parts)]),
                "\n".join([opening.text, *(part.text for part in parts)]),
            )
        )
        labels = self.labels.some()
        for _name, label in labels:
            self.tags.add((label, pk, at_text))
        body = [opening.text, *(part.text for part in parts)]
        self.search.add(found.row(pk, language, named, title, [name for name, _label in labels], body))
        return Under(pk, author.pk, author.name, at, language)

    def _tail(self, language: str, is_rare: bool) -> list[str]:
        """What follows the first paragraph."""
        said = self.said[language]
        tail = [said.text()]
        if self.chance.random() < COMMON:
            tail.append(said.fill(self.chance.choice(words.SAID_OF_COMMON)))
        if is_rare:
            tail.append(self.chance.choice(words.SAID_OF_RARE))
        return tail


def add_pages(author: User) -> None:
    """The pages, unless they are there."""
    for title, text in words.PAGES.items():
        if not Page.objects.filter(slug=make_slug(title)).exists():
            Page(title=title, body=f"<p>{text}</p>", author=author, status=Post.Status.PUBLISHED).save()


def _opening_text(said: Sentences) -> str:
    text = said.text()
    while len(text) <= SUMMARY_LENGTH:
        text = f"{text} {said.text()}"
    return text


@cache
def _opening(text: str) -> Opening:
    body = f"<p>{text}</p>"
    done = render(body)
    return Opening(body, done.html, done.text, done.summary)


@cache
def _slug(title: str) -> str:
    return make_slug(title, 60)
