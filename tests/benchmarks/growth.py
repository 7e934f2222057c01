"""What grows with the site: the server's own work for each public page, on a small and a large one.

In a process of its own for each size, in turns, without the page cache and without a server: Django's handler.
"""

import json
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import date
from statistics import median

from tests.benchmarks.servers import ROOT
from tests.benchmarks.sites import of_site
from tests.benchmarks.table import RATIO, Line, ratios

TITLE = "Growth"
SAYS = (
    "The time that it takes to make a page on a large site, as a multiple of that on a small one: 1.0 would say that "
    "readers do not notice the size. “Last” is the very last page of a list. Then searching, beside a list page of the "
    "same site."
)
TIMES, PATIENCE = 15, 1.0  # how often at most, and for how many seconds, a page is asked for in one round
COMMON, RARE = "lighthouse", "samphire"  # in a third of all posts, in eighty (config/generate)
LIST = "label"


def measure(bench) -> Iterator[Line]:
    yield from lines(*both(bench, "-c", "from tests.benchmarks.growth import say; say()"))


def both(bench, *command: str) -> list[dict[str, list]]:
    """What a command of Python prints on the small and on the large site, in turns: by name, of each round."""
    found: list[dict[str, list]] = [{}, {}]
    for _ in range(bench.rounds):
        for place, name in enumerate(bench.sites.pair):
            done = subprocess.run(
                [sys.executable, *command], cwd=ROOT, env=of_site(name), check=True, stdout=subprocess.PIPE, text=True
            )
            for thing, one in json.loads(done.stdout.splitlines()[-1]).items():
                found[place].setdefault(thing, []).append(one)
    return found


def lines(small: dict[str, list], large: dict[str, list]) -> Iterator[Line]:
    """Of each page (milliseconds, bytes) in each round, on either site."""
    sizes = [one.pop("posts")[0][0] for one in (small, large)]
    for name in small:
        if name in large:
            first, second = ([ms for ms, _ in one[name]] for one in (small, large))
            bytes_ = [one[name][0][1] for one in (small, large)]
            figures = f"{median(first):.1f} → {median(second):.1f} ms, {bytes_[0]:,} → {bytes_[1]:,} bytes"
            most = None if name == "sitemap file" else 2 if name.startswith("search") else 1.3
            yield Line(f"{name}, {sizes[1]:,} posts to {sizes[0]:,}", ratios(second, first), most=most, figures=figures)
    for size, one in zip(sizes, (small, large), strict=True):
        listed = [ms for ms, _ in one[LIST]]
        for word, most in (("rare", 2.0), ("common", 10.0)):
            searched = [ms for ms, _ in one[f"search: a {word} word"]]
            figures = f"{median(searched):.1f} of {median(listed):.1f} ms"
            title = f"search for a {word} word to a list page, {size:,} posts"
            yield Line(title, ratios(searched, listed), most=most, form=RATIO, figures=figures)
    post = [[ms for ms, _ in large.get(f"post with {number:,} comments", [])] for number in (50, 10_000)]
    if all(post):
        figures = f"{median(post[0]):.1f} → {median(post[1]):.1f} ms"
        yield Line("post with 10,000 comments to one with 50", ratios(post[1], post[0]), figures=figures)


# In a process of its own


def say() -> None:
    import django

    django.setup()
    from django.test import Client

    from blog.models import Post

    reader, found = Client(), {"posts": (Post.objects.published().count(), 0)}
    for name, address in [*addresses().items(), *sitemaps(reader).items()]:
        size, took = len(ask(reader, address).content), []
        until = time.perf_counter() + PATIENCE
        while len(took) < TIMES and (len(took) < 3 or time.perf_counter() < until):
            begun = time.perf_counter()
            ask(reader, address)
            took.append(time.perf_counter() - begun)
        found[name] = min(took) * 1000, size  # the quickest: other work on the machine disturbs it least
    print(json.dumps(found))


def ask(reader, address: str):
    answer = reader.get(address)
    if answer.status_code != 200:
        raise SystemExit(f"{address} answers {answer.status_code}.")
    return answer


def addresses() -> dict[str, str]:
    from blog.models import Label, LabelCount, Post
    from blog.paging import Cursor
    from comments.models import PostCount

    posts = Post.objects.published().filter(pinned=False)
    newest = posts.order_by("-published_at", "-pk")[50]
    sea = Label.objects.get(slug="sea")
    author, first = newest.author, fullest_month()
    year, month = first.year, f"{first:%Y/%m}"
    lists = {
        "home": ("/", posts),
        LIST: ("/label/sea/", posts.filter(tag_items__tag=sea)),
        "author": (f"/author/{author.slug}/", posts.filter(author=author)),
        "year": (f"/{year}/", posts.filter(year=year)),
        "month": (f"/{month}/", posts.filter(year=year, month=first.month)),
    }
    found = {}
    for name, (address, listed) in lists.items():
        found[name] = address
        oldest = list(listed.order_by("published_at", "pk")[:11])
        found[f"{name}, last"] = f"{address}?before={Cursor.of(oldest[-1])}"
    rare = LabelCount.objects.filter(count__gte=20).order_by("count", "label").first().label
    found |= {"rare label": f"/label/{rare.slug}/", "archive": "/archive/"}
    counts = PostCount.objects.filter(status="approved")
    for number in (50, 1_000, 10_000):
        if counted := counts.filter(count=number).select_related("post").first():
            found[f"post with {number:,} comments"] = counted.post.get_absolute_url()
            found[f"comment feed of {number:,}"] = f"{counted.post.get_absolute_url()}feed.atom"
    found |= {"feed": "/feed.atom", "RSS": "/feed.rss", "label feed": "/label/sea/feed.atom"}
    found |= {"author feed": f"/author/{author.slug}/feed.atom", "comment feed": "/comments/feed.atom"}
    searched = {"rare": RARE, "common": COMMON, "missing": "zzzzzz"}
    found |= {f"search: a {name} word": f"/search/?q={word}" for name, word in searched.items()}
    return found | {"search: a common word, last": f"/search/?q={COMMON}&page=9999"}


def fullest_month() -> date:
    """So that its page is full on a small site too."""
    from blog.archive import months

    counted = [month for year in months() for month in year["months"]]
    return max(counted, key=lambda month: month["posts"])["first"]


def sitemaps(reader) -> dict[str, str]:
    """The index, and of the files that it names the last one with posts: as long as there are posts in a month."""
    named = re.findall(r"/sitemap-posts[^<]*\.xml", ask(reader, "/sitemap.xml").content.decode())
    return {"sitemap index": "/sitemap.xml", "sitemap file": named[-1]}
