"""The desk's lists where there are very many rows: counted up to a bound, paged to the last, and at no higher cost."""

import re
from datetime import UTC, datetime

import pytest
from django.apps import apps
from django.test import Client

from blog.admin import bounded
from blog.models import Label, MissingPath, Post
from config import generate
from config.generate import words
from config.roles import make_roles
from tests.factories import make_page, make_post, make_user
from tests.test_plans import IS_POSTGRESQL, MOST, Plans, ask, connection

LIST = "/admin/blog/post/"


@pytest.fixture
def editor(client, db):
    user = make_user("edda", "Editor")
    client.force_login(user)
    return user


@pytest.fixture
def bound(monkeypatch):
    """Six rows are counted, on pages of two."""
    monkeypatch.setattr(bounded, "COUNTED", 6)
    monkeypatch.setattr("blog.admin.listing.ListedAdmin.list_per_page", 2)
    monkeypatch.setattr("blog.admin.listing.ListedAdmin.list_max_show_all", 5)


def titles(response) -> list[str]:
    return [post.title for post in response.context_data["cl"].result_list]


def paginator(response) -> str:
    html = response.content.decode().partition('<p class="paginator">')[2].partition("</p>")[0]
    return " ".join(re.sub(r"<[^>]*>", " ", html).split())


def make_posts(number: int, **fields) -> list[str]:
    """The titles, as the list shows them: what was changed last comes first."""
    first = Post.objects.count()
    return [make_post(title=f"No. {first + place}", **fields).title for place in range(number)][::-1]


def test_up_to_the_bound_all_are_counted(client, editor, bound):
    make_posts(6)
    assert paginator(client.get(LIST)) == "1 2 3 6 posts"


def test_beyond_it_there_are_more_and_each_can_be_paged_to(client, editor, bound):
    made = make_posts(15)
    assert paginator(client.get(LIST)) == "1 2 3 more than 6 posts"
    assert paginator(client.get(LIST, {"p": 3})) == "1 2 3 4 5 6 more than 12 posts"
    seen = [titles(client.get(LIST, {"p": page})) for page in range(1, 9)]
    assert sum(seen, []) == made
    assert paginator(client.get(LIST, {"p": 8})) == "1 2 3 4 5 6 7 8 15 posts"


def test_no_number_of_a_page_reads_all(client, editor, bound, monkeypatch):
    make_posts(15)
    assert len(client.get(LIST, {"p": 8}).context_data["cl"].paginator.ids) == 7  # the six that are counted, and one
    monkeypatch.setattr(bounded, "FURTHEST", 5)
    assert client.get(LIST, {"p": 6}).status_code == 200  # the bound lies a little past it
    assert client.get(LIST, {"p": 7}).url.endswith("?e=1")
    asked = bounded.BoundedPaginator(Post.objects.order_by("pk"), 2, page=1_000_000)
    assert (asked.count, asked.more) == (12, True)


@pytest.mark.parametrize("query", [{"standing": "published"}, {"label": "sea"}, {"q": "harbour"}, {"month": "2026-03"}])
def test_many_that_a_filter_lets_through_are_found_in_order(client, editor, bound, query):
    make_post(title="Another", published_at=datetime(2026, 4, 1, tzinfo=UTC), status="draft")
    at = datetime(2026, 3, 3, tzinfo=UTC)
    made = make_posts(9, body="<p>The harbour.</p>", published_at=at, labels=("Sea",))
    if "label" in query:
        query = {"label": Label.objects.get().pk}
    assert paginator(client.get(LIST, query)) == "1 2 3 more than 6 posts"
    assert sum((titles(client.get(LIST, query | {"p": page})) for page in range(1, 6)), []) == made


def test_another_order_holds_on_every_page(client, editor, bound):
    made = sorted(make_posts(9))
    assert sum((titles(client.get(LIST, {"o": "1", "p": page})) for page in range(1, 6)), []) == made


def test_a_search_says_how_many_it_found(client, editor, bound):
    make_posts(9, body="<p>The harbour.</p>")
    make_post(title="Moon")
    assert "more than 6 found" in client.get(LIST, {"q": "harbour"}).content.decode()
    assert "1 found" in client.get(LIST, {"q": "moon"}).content.decode()


def test_nobody_is_offered_to_choose_what_is_not_counted(client, editor, bound):
    make_posts(6)
    assert "Select all 6 posts" in client.get(LIST).content.decode()
    make_posts(1)
    html = client.get(LIST).content.decode()
    assert not re.search(r"Select all \d", html) and "0 of 2 selected" in html


@pytest.mark.parametrize("page", ["4", "99999999999999999999", "-1", "x"])
def test_a_page_that_is_not_there_is_no_broken_page(client, editor, bound, page):
    make_posts(3)
    assert client.get(LIST, {"p": page}, follow=True).status_code == 200


def test_a_filter_by_author_offers_those_of_this_list(client, editor):
    make_post(make_user("arno", "Author"))
    make_page(author=make_user("paula", "Editor"))
    posts, pages = (client.get(f"/admin/blog/{kind}/").content.decode() for kind in ("post", "page"))
    assert ">Arno<" in posts and ">Paula<" not in posts
    assert ">Paula<" in pages and ">Arno<" not in pages


# What it costs.


@pytest.fixture
def owner(transactional_db):
    make_roles(apps)  # which the last test that committed took away
    user = make_user("owner", is_superuser=True, is_staff=True)
    generate.fill(4_000, 0, 1, lambda what, done, total: None)
    make_page(title="About")
    for number in range(50):  # a page of them
        MissingPath.objects.create(path=f"/2016/05/the-harbour-{number}-in-winter.html")
    return user


@pytest.mark.slow
def test_no_list_reads_more_on_a_larger_site(owner, monkeypatch):
    monkeypatch.setattr(bounded, "COUNTED", 100)
    client = Client()
    client.force_login(owner)
    sea = Label.objects.get(name="sea").pk
    month = f"{Post.objects.published().last().published_at:%Y-%m}"
    narrowed = ["", "?p=2", *(f"?standing={one}" for one in ("published", "draft", "scheduled", "expired", "changed"))]
    narrowed += [f"?label={sea}", f"?month={month}", f"?month={month}-01", f"?q={words.RARE}", f"?q={words.COMMON}"]
    asked = [LIST + query for query in narrowed]
    asked += [f"/admin/blog/{name}/" for name in ("page", "label", "series", "image", "oldpath", "user")]
    asked += ["/admin/blog/missingpath/"]
    for statistics in [True] if IS_POSTGRESQL else [False, True]:
        if statistics:
            ask("ANALYZE")
        for address in asked:
            if statistics and not IS_POSTGRESQL and "missing" in address:
                continue  # so few posts are rightly read as a whole, rather than each address looked up in each month
            # A page holds many rows; each of fifty missing addresses is looked up in each month. Both are bounded.
            plans = Reading((8 if "missing" in address else 4) * MOST)
            with connection.execute_wrapper(plans):
                assert client.get(address).status_code == 200
            assert not plans.wrong, f"{address} {statistics}: {plans.wrong[0]}"


class Reading(Plans):
    """A scan that ends at a bound is none of the whole, so what is read alone counts."""

    def __call__(self, execute, sql, params, many, context):
        if sql.startswith("SELECT") and not many:
            read, plan = self.look(sql, params)
            if read > self.most:
                self.wrong.append(f"{read}: {sql}\n{plan}")
        return execute(sql, params, many, context)


def test_what_was_ticked_and_names_no_row_is_left_out(client, editor):
    make_posts(1)
    ticked = {"action": "bin_selected", "_selected_action": ["x", "9" * 30], "index": "0"}
    assert client.post(LIST, ticked).status_code == 302
    assert Post.objects.get().status == "published"
