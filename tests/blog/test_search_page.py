"""The search page: its filters, its pages, what it says where nothing is found, and odd input."""

import re
from datetime import datetime, timedelta
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

import lxml.html
import pytest
from django.test import Client
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from blog.models import SiteSettings
from blog.search import find
from tests.blog.searching import make_many
from tests.factories import make_page, make_post

pytestmark = pytest.mark.django_db
MARCH = datetime(2026, 3, 14, 21, 10, tzinfo=ZoneInfo("UTC"))


def look(client, **asked):
    response = client.get("/search/", asked)
    assert response.status_code == 200
    return lxml.html.fromstring(response.content.decode())


def titles(page) -> list[str]:
    return [title.text_content() for title in page.iterfind(".//article/h2")]


def links(page) -> dict[str, str]:
    return {" ".join(link.text_content().split()): link.get("href") for link in page.iterfind(".//main//a")}


def said(page) -> str:
    return " ".join(page.find(".//main").text_content().split())


@pytest.fixture
def posts():
    make_post(title="Tide tables", labels=("sea",), published_at=MARCH)
    make_post(title="Tide and moon", labels=("Moon",), published_at=MARCH.replace(year=2025))


def test_it_finds_by_words(client, posts):
    page = look(client, q="tide")
    assert sorted(titles(page)) == ["Tide and moon", "Tide tables"]
    assert "2 results" in said(page)


@pytest.mark.parametrize(
    ("asked", "expected"),
    [({"label": "sea"}, "Tide tables"), ({"label": "moon"}, "Tide and moon"), ({"year": "2025"}, "Tide and moon")],
)
def test_its_form_narrows_and_shows_what_it_is_narrowed_to(client, posts, asked, expected):
    page = look(client, q="tide", **asked)
    assert titles(page) == [expected]
    (form,) = page.forms
    assert (
        form.method == "GET" and dict(form.form_values()) == {"q": "tide", "label": "", "year": "", "order": ""} | asked
    )


@pytest.mark.parametrize(
    "asked", [{"label": "none"}, {"year": "1999"}, {"year": "x"}, {"label": "\x00", "year": "9" * 99}]
)
def test_an_unknown_filter_is_left_out_and_said(client, posts, asked):
    page = look(client, q="tide", **asked)
    assert len(titles(page)) == 2 and "so it was left out" in said(page)


def test_a_label_beyond_those_to_choose_from_is_a_filter_too(client, posts, monkeypatch):
    monkeypatch.setattr("blog.finding.LABELS", 1)
    make_post(labels=("sea",))
    page = look(client, q="tide", label="moon")
    assert titles(page) == ["Tide and moon"]
    assert page.forms[0].fields["label"] == "moon"


def test_a_label_that_only_drafts_have_is_not_known(client, posts):
    make_post(title="Tide draft", labels=("secret",), status="draft")
    page = look(client, q="tide", label="secret")
    assert "so it was left out" in said(page) and "secret" not in page.forms[0].text_content()


def test_newest_first_goes_on_to_the_last(client):
    for number in range(13):
        make_post(title=f"Tide {number}", published_at=MARCH - timedelta(hours=number))
    page = look(client, q="tide", order="newest")
    found = titles(page)
    further = links(page)["Older results →"]
    assert "order=newest" in further and "before=" in further
    page = lxml.html.fromstring(client.get(further).content.decode())
    assert found + titles(page) == [f"Tide {number}" for number in range(13)]
    assert "Older results →" not in links(page)


def test_pages_of_the_best_keep_what_was_asked(client):
    for number in range(13):
        make_post(title=f"Tide {number}", labels=("sea",), published_at=MARCH - timedelta(hours=number))
    further = links(look(client, q="tide", label="sea", year="2026"))["More results →"]
    page = lxml.html.fromstring(client.get(further).content.decode())
    assert len(titles(page)) == 3
    assert page.forms[0].fields["label"] == "sea" and page.forms[0].fields["year"] == "2026"
    assert "page=1" in links(page)["← Better matches"]


def test_the_last_of_the_ranked_leads_on_to_all(client, monkeypatch):
    monkeypatch.setattr(find, "RANKED", 20)
    make_many(25)
    page = look(client, q="lighthouse", page="2")
    assert "More than 20 results" in said(page)
    onward = links(page)["All, newest first →"]
    assert titles(lxml.html.fromstring(client.get(onward).content.decode()))[0] == "Post 0"


def test_nothing_found_says_what_to_try(client, posts):
    page = look(client, q="tide zebra", label="sea", year="2026")
    assert "Nothing was found for “tide zebra”." in said(page)
    there = links(page)
    assert there["Under all labels, not only sea"] == "/search/?" + urlencode({"q": "tide zebra", "year": 2026})
    assert there["In all years, not only 2026"] == "/search/?" + urlencode({"q": "tide zebra", "label": "sea"})
    assert there["Everywhere"] == "/search/?" + urlencode({"q": "tide zebra"})
    assert there["tide"] == "/search/?" + urlencode({"q": "tide", "label": "sea", "year": 2026})
    assert there["Tide tables"] == "/2026/03/tide-tables/"  # the newest posts


@pytest.mark.parametrize("query", ["mooon", "moo zzz", "MÓON-zzz", "zzz moonn"])
def test_nothing_found_points_to_labels_that_are_nearly_so(client, posts, query):
    assert "/label/moon/" in links(look(client, q=query)).values()


def test_the_end_of_the_newest_is_no_empty_result(client, posts):
    page = look(client, q="tide", order="newest", before="1-1")
    assert "There are no older results." in said(page) and "Nothing was found" not in said(page)


def test_words_without_letters_say_so(client, posts):
    page = look(client, q="?!")
    assert "There is no word to look for in this." in said(page) and "Fewer words" not in said(page)


def test_a_filter_without_words_leads_to_its_list(client, posts):
    page = look(client, label="sea", year="2026")
    assert links(page)["All posts labelled sea"] == "/label/sea/"
    assert links(page)["All posts of 2026"] == "/2026/"


def test_what_was_typed_is_shown_as_it_is(client, posts):
    html = client.get("/search/", {"q": '<script>alert("1")</script> zzz'}).content.decode()
    assert "<script>alert" not in html and "&lt;script&gt;" in html


def test_words_like_markup_stay_words_in_a_text_from_right_to_left(client):
    make_post(title="جزر <b>و</b> مد", body="<p>نشانهٔ &lt;script&gt;دریا&lt;/script&gt; در متن.</p>", language="fa")
    html = client.get("/search/", {"q": "دریا"}).content.decode()
    assert "&lt;script&gt;<mark>دریا</mark>&lt;/script&gt;" in html
    assert "جزر &lt;b&gt;و&lt;/b&gt; مد" in html
    snippet = lxml.html.fromstring(html).find_class("snippet")[0]
    assert snippet.get("dir") == "rtl" and snippet.get("lang") == "fa"


def test_numbers_are_in_the_language_s_own_digits(client, posts):
    SiteSettings(language="fa").save()
    html = client.get("/search/", {"q": "tide"}).content.decode()
    assert ">۲۰۲۶</option>" in html and 'value="2026"' in html
    assert re.search(r'<time class="dt-published" datetime="2026-03-\d\dT[^"]*">[^<0-9]*۲۰۲۶', html)


def test_pages_are_found_and_named(client):
    make_page(title="About the tide")
    assert "Page" in said(look(client, q="tide"))


ODD = st.text(st.characters(), max_size=40) | st.sampled_from(
    ["x" * 10_000, "\x00", "\ud800", '"', "🙂", "؟!", "a b" * 99]
)


class AnyAddress(TestCase):
    @classmethod
    def setUpTestData(cls):
        make_post(title="Tide", labels=("sea",), published_at=MARCH)

    @settings(max_examples=150, deadline=None)
    @given(
        q=ODD | st.sampled_from(["tide", "tid"]),
        label=ODD | st.just("sea"),
        year=ODD | st.just("2026") | st.integers().map(str),
        order=ODD | st.just("newest"),
        before=ODD | st.from_regex(r"\d{1,45}-\d{1,45}", fullmatch=True),
        page=ODD | st.integers().map(str),
    )
    def test_it_is_answered(self, **asked):
        query = urlencode(asked, errors="surrogatepass")
        response = Client().get(f"/search/?{query}")
        assert response.status_code == 200
        lxml.html.fromstring(response.content.decode())
