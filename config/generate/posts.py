"""Posts of a generated site: a title, two or three paragraphs, one to four labels."""

import random
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import accumulate

from django.db import transaction

from blog import search
from blog.models import Label, Post, PostTag, SiteSettings, User
from blog.slugs import make_slug
from config.generate import words
from config.generate.people import LANGUAGES
from config.generate.sentences import Sentences

AT_ONCE = 500
DAY = 86_400
YEARS = 10


@dataclass(slots=True)
class Under:
    """What comments need to know of the post that they stand under."""

    pk: int
    author_id: int
    author_name: str
    published: float
    language: str


def add(
    number: int, authors: list[User], sentences: dict[str, Sentences], now: float, chance: random.Random, show
) -> list[Under]:
    """Adds so many posts, the oldest first."""
    labels = [Label.objects.get_or_create(name=name)[0] for name in words.LABELS.split(",")]
    site = SiteSettings.load()
    span = DAY * min(YEARS * 365, 10 * number)
    times = sorted(now - span * chance.random() for _ in range(number))
    made: list[Under] = []
    for start in range(0, number, AT_ONCE):
        chunk = [
            _post(start + place, at, authors, sentences, site, chance)
            for place, at in enumerate(times[start : start + AT_ONCE])
        ]
        _store(chunk, labels, site, chance)
        names = {author.pk: author.name for author in authors}
        for post, at in zip(chunk, times[start:], strict=False):
            made.append(Under(post.pk, post.author_id, names[post.author_id], at, post.language or site.language))
        show("Posts", len(made), number)
    return made


def _post(
    number: int,
    at: float,
    authors: list[User],
    sentences: dict[str, Sentences],
    site: SiteSettings,
    chance: random.Random,
) -> Post:
    language = chance.choices([*LANGUAGES], weights=LANGUAGES.values())[0]
    said = sentences[language]
    paragraphs = [said.some(chance.randint(2, 5), chance) for _ in range(chance.randint(2, 3))]
    title = said.fill(chance.choice(words.TITLES[language]), chance)
    published = datetime.fromtimestamp(at, UTC)
    local = published.astimezone(site.zone)
    post = Post(
        title=title,
        # Runs of one seed write the same titles in the same months: what tells them apart is random.
        slug=f"{make_slug(title)[:60]}-{number}-{random.getrandbits(40):x}",  # noqa: S311
        author=chance.choices(authors, weights=[1 / (place + 1) for place in range(len(authors))])[0],
        body="".join(f"<p>{' '.join(one.html for one in paragraph)}</p>" for paragraph in paragraphs),
        status=Post.Status.PUBLISHED,
        published_at=published,
        created_at=published,
        updated_at=published,
        year=local.year,
        month=local.month,
        language="" if language == site.language else language,
    )
    post.render_body()
    post.atom_id = f"urn:marginalia:generated:{post.slug}"[:300]
    return post


@transaction.atomic
def _store(posts: list[Post], labels: list[Label], site: SiteSettings, chance: random.Random) -> None:
    Post.objects.bulk_create(posts)
    likely = list(accumulate(1 / (place + 1) for place in range(len(labels))))
    PostTag.objects.bulk_create(
        PostTag(tag=label, content_object=post, published_at=post.published_at)
        for post in posts
        for label in dict.fromkeys(chance.choices(labels, cum_weights=likely, k=chance.randint(1, 4)))
    )
    for post in Post.objects.filter(pk__in=[post.pk for post in posts]).prefetch_related("tags"):
        search.index(post, site.language)
