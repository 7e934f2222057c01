"""What a reader may have meant who asked for an address that leads nowhere: posts whose address, or whose title, has
most of its words.

Programs ask for such addresses by the thousand, so little is looked at, and only for what people ask for.
"""

import re
from collections.abc import Iterable

from django.http import HttpRequest
from django.utils import timezone

from blog import missing, search
from blog.models import Post
from blog.slugs import make_slug

CONSIDERED = 100  # posts that hold words of an address
ALIKE = 0.5  # of all the words of two slugs, how many both have
SHOWN = 5
FIRST_YEAR = 1990
SHOWING = ("kind", "title", "slug", "year", "month")
ENDING = re.compile(r"\.(html?|php|aspx?)$", re.IGNORECASE)
# What people ask for: an address that ends without a file's name, or in a page's.
PAGE = re.compile(r"(^|/)([^/.]+|[^/]+\.html?)/?$", re.IGNORECASE)


def slug_of(address: str) -> str:
    """What a post would be called whose address this was."""
    parts = [part for part in address.split("/") if part]
    return make_slug(ENDING.sub("", parts[-1])) if parts else ""


def likely(request: HttpRequest) -> list[Post]:
    """The posts and pages that an address may mean which was asked for in vain, the likeliest first: one query, or two.
    None for what is no page or no reader's."""
    if request.method != "GET" or not missing.is_fit(request.path) or not PAGE.search(request.path):
        return []
    slug = slug_of(request.path)
    if not slug:
        return []
    exact = named([slug])[:SHOWN]
    return exact or nearest(slug, holding(slug, request.site.language))


def named(slugs: Iterable[str]) -> list[Post]:
    """Public posts with one of these slugs, of whichever month."""
    # All years and months are named, and nothing that lists are found by, so that the index of permalinks is used.
    years, months = range(FIRST_YEAR, timezone.now().year + 2), range(1, 13)
    there = Post.objects.filter(kind=Post.Kind.POST, year__in=years, month__in=months, slug__in=set(slugs))
    posts = there.order_by("-year", "-month").only(*SHOWING, "status", "published_at", "expires_at")
    return [post for post in posts if post.is_public()]


def holding(slug: str, language: str) -> list[Post]:
    """Public posts and pages that hold the two longest words of a slug; of many, some."""
    ids = search.some(" ".join(sorted(slug.split("-"), key=len)[-2:]), language, CONSIDERED)
    return list(Post.objects.public().filter(pk__in=ids).only(*SHOWING)) if ids else []


def nearest(slug: str, posts: Iterable[Post], most: int = SHOWN) -> list[Post]:
    """Those of these posts that are most like this slug, by their own slugs or titles."""
    words = set(slug.split("-"))

    def likeness(post: Post) -> float:
        theirs = (set(text.split("-")) for text in (post.slug, make_slug(post.title)))
        return max(len(words & other) / len(words | other) for other in theirs)

    near = [(likeness(post), post.pk, post) for post in posts]
    return [post for alike, _pk, post in sorted(near, reverse=True)[:most] if alike >= ALIKE]
