"""No page for readers costs more on a larger site: what each of its queries reads is counted, on both databases.

A plan may look right and still read a list from its beginning to its last page. So queries are run, and the rows that
PostgreSQL's plan read, or the steps that SQLite's machine took, must stay far below what a walk through the smallest of
the large tables needs. Besides, no plan may read a large table as a whole.

PostgreSQL rightly reads a table of some thousand rows as a whole where that is cheaper than many looks into its index.
Such a query is planned again with that forbidden: if there is an index for it, it then reads few rows, and since the
cost of reading all grows with the site and that of the index does not, a larger site gets this plan. With it forbidden
from the start, one would never see what the statistics lead to. SQLite keeps no statistics unless it is told to: there
every page is asked without any, and once more with them.
"""

import json
import re
from dataclasses import dataclass, field

import pytest
from django.apps import apps
from django.db import connection
from django.test import Client

from blog.models import Image, ImageUse, Label, OldPath, Page, Post
from blog.paging import Cursor
from blog.search import find
from comments.models import Comment, PostCount
from config import generate
from config.generate import words
from config.roles import make_roles
from tests.comments.people import open_site, payload

# The generator and ANALYZE change what no transaction may.
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

POSTS, COMMENTS = 4_000, 10_000
LARGE = ["blog_post", "blog_posttag", "blog_search", "comments_comment", "comments_postcount"]
LARGE += ["comments_commentreason", "comments_moderationevent", "blog_imageuse"]
IS_POSTGRESQL = connection.vendor == "postgresql"
MOST = 2_000 if IS_POSTGRESQL else 12_000  # rows that a query reads, or steps that it takes
# A search ranks up to a thousand matches, and takes their places and their words for that.
MOST_OF_SEARCH = 10 * MOST
FEW = 300  # matches that are each looked up; of the common word there are more


@dataclass
class Plans:
    """Has the database say of each statement how it works it off, and how much it reads."""

    most: int = MOST
    seen: int = 0
    wrong: list[str] = field(default_factory=list)

    def __call__(self, execute, sql, params, many, context):
        result = execute(sql, params, many, context)
        if any(table in sql for table in LARGE) and re.match(r"\s*(SELECT|WITH|UPDATE|DELETE)", sql) and not many:
            self.seen += 1
            read, plan = self.look(sql, params)
            if read > self.most or reads_all(sql, plan):
                self.wrong.append(f"{read}: {sql}\n{plan}")
        return result

    def look(self, sql: str, params) -> tuple[int, str]:
        if not IS_POSTGRESQL:
            return on_sqlite(sql, params)
        read, plan = on_postgresql(sql, params)
        if read > self.most or reads_all(sql, plan):
            ask("SET enable_seqscan = off")
            try:
                read, plan = on_postgresql(sql, params)
            finally:
                ask("SET enable_seqscan = on")
        return read, plan


def ask(sql: str, params=None) -> list:
    """Past Django's wrappers: what looks at queries is not looked at."""
    with connection.cursor() as cursor:
        cursor.cursor.execute(sql, params)
        return cursor.fetchall() if cursor.description else []


def on_sqlite(sql: str, params) -> tuple[int, str]:
    plan = "\n".join(row[3] for row in ask(f"EXPLAIN QUERY PLAN {sql}", params))
    if not re.match(r"\s*(SELECT|WITH)", sql):
        return 0, plan
    hundreds = []
    connection.connection.set_progress_handler(lambda: hundreds.append(1), 100)
    try:
        ask(sql, params)
    finally:
        connection.connection.set_progress_handler(None, 0)
    return 100 * len(hundreds), plan


def on_postgresql(sql: str, params) -> tuple[int, str]:
    runs = bool(re.match(r"\s*(SELECT|WITH)", sql))
    (answer,) = ask(
        f"EXPLAIN (FORMAT JSON, ANALYZE {runs}, COSTS off, TIMING {'off' if runs else 'false'}) {sql}", params
    )[0]
    plan = (json.loads(answer) if isinstance(answer, str) else answer)[0]["Plan"]
    return read_by(plan), "\n".join(lines(plan))


def read_by(node: dict) -> int:
    """The rows that a plan's scans gave, and those that they read and left out."""
    of_each = sum(
        node.get(name, 0) for name in ("Actual Rows", "Rows Removed by Filter", "Rows Removed by Index Recheck")
    )
    own = of_each * node.get("Actual Loops", 0) if "Scan" in node["Node Type"] else 0
    return int(own) + sum(read_by(below) for below in node.get("Plans", []))


def lines(node: dict, depth: int = 0) -> list[str]:
    said = " ".join(
        str(node[name]) for name in ("Node Type", "Relation Name", "Index Name", "Actual Rows") if name in node
    )
    return ["  " * depth + said, *(line for below in node.get("Plans", []) for line in lines(below, depth + 1))]


def reads_all(sql: str, plan: str) -> bool:
    """Whether a plan reads one of the large tables, or an index of it, as a whole."""
    if IS_POSTGRESQL:
        return bool(re.search(rf"Seq Scan (?:{'|'.join(LARGE)})\b", plan))
    aliases = re.findall(r'"(\w+)" ([A-Z]\d+)\b', sql)
    others = {alias for table, alias in aliases if table not in LARGE}
    names = [*LARGE, *(alias for table, alias in aliases if table in LARGE and alias not in others)]
    return bool(re.search(rf"(?m)^SCAN (?:{'|'.join(names)})\b(?! VIRTUAL TABLE INDEX \d+:M)", plan))


@pytest.fixture
def site() -> None:
    make_roles(apps)
    open_site()  # so that the policy goes on to ask what the writer did before
    generate.fill(POSTS, COMMENTS, 1, lambda what, done, total: None)
    OldPath.objects.create(path="/old.html", post=Post.objects.published().first())
    _with_pictures_and_a_translation()


def _with_pictures_and_a_translation() -> None:
    images = [Image(digest=f"{number:032x}", file=f"images/{number}.png", width=4, height=3) for number in range(200)]
    Image.objects.bulk_create(images)
    posts = list(Post.objects.published().values_list("pk", flat=True))
    uses = [ImageUse(post_id=post, image=images[(post + more) % 200]) for post in posts for more in (0, 1)]
    ImageUse.objects.bulk_create(uses)
    month = Post.objects.get(pk=posts[POSTS // 2])
    original = Post.objects.published().filter(year=month.year, month=month.month).exclude(pk=month.pk)[0].pk
    Post.objects.filter(pk__in=(original, posts[POSTS // 3])).update(translation_of=original)


def last_page(posts) -> str:
    """Where the last page of a list begins."""
    return str(Cursor.of(list(posts.reverse()[:6])[-1]))


def pages() -> dict[str, int]:
    """Every address for readers, the last page of each list too, with the status of its answer."""
    posts = Post.objects.published()
    first, middle = posts[0], posts[POSTS // 2]
    busiest = PostCount.objects.filter(status="approved").order_by("-count")[0].post
    sea, rare = Label.objects.get(name="sea"), Label.objects.filter(total__count__gt=0).order_by("total__count")[0]
    comment = busiest.comments.filter(status="approved").latest("pk")
    last_thread = busiest.comments.filter(status="approved", parent=None).latest("path")
    author = posts.last().author
    with_last = {
        "/": posts,
        sea.get_absolute_url(): Post.objects.labelled(sea),
        rare.get_absolute_url(): Post.objects.labelled(rare),
        author.get_absolute_url(): posts.filter(author=author),
        f"/{middle.year}/": posts.filter(year=middle.year),
        f"/{middle.year}/{middle.month:02d}/": posts.filter(year=middle.year, month=middle.month),
    }
    found = dict.fromkeys(with_last, 200)
    found |= {f"{address}?before={last_page(listed)}": 200 for address, listed in with_last.items()}
    feeds = [f"{address}feed.{kind}" for address in list(with_last)[:4] for kind in ("atom", "rss", "json")]
    threads = [first, middle, busiest]
    found |= dict.fromkeys(
        [*feeds, "/comments/feed.atom", *(f"{one.get_absolute_url()}feed.atom" for one in threads)], 200
    )
    found |= {f"{one.get_absolute_url()}{more}": 200 for one in threads for more in ("", "?order=newest", "comment/")}
    found |= {
        f"{busiest.get_absolute_url()}?thread={last_thread.path}": 200,
        f"{busiest.get_absolute_url()}comment/?parent={comment.pk}": 200,
        f"/comment/{comment.pk}/": 302,
        f"/comment/{comment.pk}/report/": 200,
        Page.objects.published()[0].get_absolute_url(): 200,
        "/archive/": 200,
        "/label/": 200,
        "/label/?order=use": 200,
        f"/x/{first.slug}/": 404,
        "/sitemap.xml": 200,
        "/sitemap-pages.xml": 200,
        "/sitemap-labels.xml": 200,
        f"/sitemap-posts-{middle.year}-{middle.month:02d}.xml": 200,
        "/robots.txt": 200,
        "/nothing/": 404,
        "/old.html": 301,
        "/search/label/Sea": 301,
        "/search/": 200,
    }
    return found


def searches() -> list[str]:
    """Of rare words and common ones, everywhere and within what is common or rare, best first and newest first."""
    counted = Label.objects.filter(total__count__gt=0).order_by("total__count")
    year = Post.objects.published().last().year
    within = ["", f"&year={year}"]
    for label in (counted.first(), counted.last()):
        within += [f"&label={label.slug}", f"&label={label.slug}&year={year}"]
    asked = [f"/search/?q={word}{where}" for word in (words.RARE, words.COMMON, "zzzz") for where in within]
    asked += [f"{one}&order=newest" for one in asked]
    return [*asked, f"/search/?q={words.COMMON}&order=newest&before={last_page(Post.objects.published())}"]


def costly(most: int, *asked: str, status: int = 200, **also) -> list[str]:
    client, plans = Client(), Plans(most)
    for address in asked:
        with connection.execute_wrapper(plans):
            response = client.post(address, also) if also else client.get(address)
            b"".join(response) if response.streaming else response.content
        assert response.status_code == status, address
    return plans.wrong


def test_no_page_reads_more_on_a_larger_site(site, monkeypatch):
    monkeypatch.setattr(find, "FEW", FEW)
    wrong = {}
    for statistics in [True] if IS_POSTGRESQL else [False, True]:
        if statistics:
            ask("ANALYZE")
        for address, status in pages().items():
            most = (
                2 * MOST if address in ("/archive/", "/label/", "/label/?order=use") else MOST
            )  # up to a thousand labels
            wrong[statistics, address] = costly(most, address, status=status)
        for search in searches():
            wrong[statistics, search] = costly(MOST_OF_SEARCH, search)
        post = Post.objects.published()[3]
        form = payload(post, text=f"Surely the wind? {statistics}")
        wrong[statistics, "POST"] = costly(MOST, f"{post.get_absolute_url()}comment/", status=303, **form)
    for where, found in wrong.items():
        assert not found, f"{where}: {found[0]}"


def test_it_would_see_one_that_does(site):
    posts, comments = Post.objects.order_by(), Comment.objects.order_by()
    plans = Plans()
    with connection.execute_wrapper(plans):
        list(posts.filter(body_text__contains="nowhere"))
        list(comments.filter(author_name="nobody").values_list("pk"))
        list(Post.objects.published()[POSTS - 100 :][:10])  # an offset walks through all that comes before
        list(posts.filter(status="published").values_list("kind").distinct())
    assert len(plans.wrong) == plans.seen == 4
