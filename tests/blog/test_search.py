import html
import re
import unicodedata
from datetime import timedelta

import pytest
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from blog import search
from blog.models import Post, SiteSettings
from tests.blog.searching import found, labelled, make_many
from tests.factories import make_page, make_post

pytestmark = pytest.mark.django_db


def test_it_works():
    make_post(title="Low water", body="<p>The tide went out at noon.</p>")
    make_post(title="Bread", body="<p>Flour and salt.</p>")
    results = search.search("tide")
    assert [hit.post.title for hit in results.hits] == ["Low water"]
    assert results.hits[0].snippet == "The <mark>tide</mark> went out at noon."
    assert (results.total, results.more, results.page, results.pages, results.asked) == (1, False, 1, 1, True)


def test_all_words_are_needed():
    make_post(title="One", body="<p>tide and moon</p>")
    make_post(title="Two", body="<p>tide alone</p>")
    assert found("moon tide") == ["One"]


def test_nothing_found():
    make_post()
    results = search.search("zebra")
    assert (results.hits, results.total, results.pages, results.asked) == ([], 0, 1, True)


@pytest.mark.parametrize("query", ["", "   ", "*", '"', "?! — ()", "🙂🙂", "\x00", "\ud800", "-"])
def test_a_query_without_words_says_so(query):
    make_post(title="Anything *", body="<p>🙂 ?!</p>")
    results = search.search(query)
    assert (results.hits, results.total, results.asked) == ([], 0, False)


@pytest.mark.parametrize(
    ("text", "query"),
    [
        ("The tide", "tides"),
        ("All tides", "tide all"),  # the last word would be found as the beginning of another
        ("She walked home", "walking"),
        ("lighthouse", "ligh"),
        ("a café", "cafe"),
        ("a cafe", "CAFÉ"),
        ("می‌خواهم بروم", "می خواهم"),
        ("می‌خواهم بروم", "مي‌خواهم"),
        ("می‌خواهم بروم", "میخواهم"),
        ("این کتاب", "كتاب"),
        ("سال ۱۳۹۶", "1396"),
        ("مُحَمَّد", "محمد"),
        ("العدد ١٢", "12"),
        ("أول إصدار", "اصدار"),
        ("東京都に住む", "京都に"),
        ("東京都に住む", "東"),
        ("東京都", "都"),
        ("ラーメンを食べる", "ラーメン"),
        ("שָׁלוֹם עולם", "שלום"),
        ("한국어를 배운다", "한국어"),
    ],
)
def test_one_way_of_writing_finds_another(text, query):
    make_post(title="Found", body=f"<p>{text}</p>")
    make_post(title="Other", body="<p>Nothing of the kind.</p>")
    results = search.search(query)
    assert [hit.post.title for hit in results.hits] == ["Found"]
    assert "<mark>" in results.hits[0].snippet


def test_pairs_of_signs_do_not_match_across_words():
    make_post(body="<p>東京。都に</p>")
    assert found("京都") == []


@pytest.mark.parametrize(
    ("language", "text", "query"),
    [
        ("de", "ein Haus", "Häuser"),
        ("fr", "La marée", "marées"),
        ("fa", "کتاب تازه", "کتابهای"),
        ("ar", "مدرسة", "المدرسة"),
    ],
)
def test_the_site_s_language_decides_the_stems(language, text, query):
    SiteSettings(language="he").save()  # which has no stems
    post = make_post(title="Found", body=f"<p>{text}</p>")
    assert found(query) == []
    SiteSettings(language=language).save()
    post.save()
    assert found(query) == ["Found"]


@pytest.mark.parametrize("site", ["en", "fa", "he"])
@pytest.mark.parametrize(
    ("language", "text", "query"),
    [
        ("de", "ein Haus", "Häuser"),
        ("de", "viele Häuser", "Haus"),
        ("fr", "La marée", "marées"),
        ("es", "un libro", "libros"),
        ("fa", "کتاب تازه", "کتابهای"),
        ("ar", "مدرسة", "المدرسة"),
    ],
)
def test_a_post_of_another_language_is_found_by_its_own_stems(site, language, text, query):
    SiteSettings(language=site).save()
    make_post(title="Found", language=language, body=f"<p>{text}</p>")
    make_post(title="Other", language=language, body="<p>Tide</p>")
    assert found(f"{query} found") == ["Found"]
    assert f"<mark>{text.split()[-1] if language != 'fa' else 'کتاب'}</mark>" in search.search(query).hits[0].snippet


def test_the_stems_of_other_languages_find_nothing_in_posts_that_are_not_in_them():
    # "new" is what French and Spanish make of "news".
    make_post(title="New", body="<p>A new boat</p>")
    make_post(title="Neu", language="de", body="<p>a new Boot</p>")
    make_post(title="Nouveau", language="fr", body="<p>le look new</p>")
    assert found("news boat") == [] and found("news look") == ["Nouveau"]


def test_a_mark_of_a_language_is_no_word():
    make_post(language="de", body="<p>Boot</p>")
    assert found("de") == found("==de") == found("=de") == []


def test_only_the_last_word_may_be_half_typed():
    make_post(title="Found", body="<p>lighthouse keeper</p>")
    assert found("lighthouse kee") == ["Found"]
    assert found("ligh keeper") == []


def test_labels_are_found():
    labelled("Sea shore", title="Found", body="<p>Text.</p>")
    assert found("shore") == ["Found"]


def test_the_excerpt_is_found_and_shown():
    make_post(title="Found", excerpt="About a harbour.", body="<p>Text.</p>")
    assert search.search("harbour").hits[0].snippet == "About a <mark>harbour</mark>."


def test_the_title_ranks_above_labels_and_labels_above_the_text():
    filler = "Some other words to read. " * 20
    make_post(title="Body", body=f"<p>A tide. {filler}</p>")
    labelled("tide", title="Label", body=f"<p>{filler}</p>")
    make_post(title="The tide", body=f"<p>{filler}</p>")
    make_post(title="Body again", body=f"<p>A tide, and a tide. {filler}</p>")
    assert found("tide") == ["The tide", "Label", "Body again", "Body"]


def test_of_equals_the_newest_comes_first():
    make_many(3)
    assert found("lighthouse") == ["Post 0", "Post 1", "Post 2"]


@pytest.mark.parametrize(
    "fields",
    [
        {"status": Post.Status.DRAFT},
        {"status": Post.Status.IN_REVIEW},
        {"status": Post.Status.BINNED},
        {"published_at": timezone.now() + timedelta(days=300)},
    ],
)
def test_what_readers_may_not_see_is_not_found(fields):
    post = make_post(body="<p>lighthouse</p>", **fields)
    assert found("lighthouse") == []
    post.status, post.published_at = Post.Status.PUBLISHED, timezone.now()
    post.save()
    assert found("lighthouse") == ["Post 1"]


def test_pages_are_found():
    make_page(title="About", body="<p>lighthouse</p>")
    assert search.search("lighthouse").hits[0].post.get_absolute_url().startswith("/p/")


ODD = """
    "tide  tide*  NEAR(tide moon)  tide AND  OR tide  NOT tide  title:tide  ^tide  tide & | !  tide:*  'tide'  tide\\
    {tide}  -tide  =tide  %tide%  %s  tide; DROP TABLE blog_post  <-> tide  tide <2> moon  ('')  (((  ))  tide::text
"""


@pytest.mark.parametrize(
    "query",
    [query.strip() for query in re.split(r"  +|\n", ODD) if query.strip()]
    + ["tide\x00", "tide\ud800", "tide 🙂", "x" * 10_000, "tide " * 2_000, "(" * 500, "東" * 5_000, "\u0301" * 50],
)
def test_odd_queries_never_fail(query):
    make_post(body="<p>tide near title not and or moon</p>")
    results = search.search(query)
    results.query.encode()
    assert len(results.query) <= 400


def test_operators_are_words():
    make_post(title="Found", body="<p>neither tide nor moon</p>")
    assert found("tide NOT moon") == []
    assert found("tide OR zebra") == []


class AnyText(TestCase):
    @classmethod
    def setUpTestData(cls):
        make_post(title="Tide", body="<p>tide café 東京都 می‌خواهم</p>")

    @settings(max_examples=150, deadline=None)
    @given(st.text(st.characters(), max_size=60), st.integers(-3, 10**6))
    def test_any_text_is_answered(self, query, page):
        results = search.search(query, page=page)
        results.query.encode()
        assert results.page == 1

    @settings(max_examples=80, deadline=None)
    @given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=200))
    def test_any_text_can_be_indexed_and_is_shown_as_it_is(self, text):
        post = Post.objects.get()
        post.body_text = f"lighthouse {text}"
        Post.objects.update(body_text=post.body_text)
        search.index(post, "en")
        snippet = search.search("lighthouse").hits[0].snippet
        shown = html.unescape(re.sub("</?mark>", "", snippet)).removesuffix("…")
        assert " ".join(shown.split())[:50] in " ".join(unicodedata.normalize("NFC", post.body_text).split())


def test_pages_of_results():
    make_many(25)
    first, last = search.search("lighthouse", size=10), search.search("lighthouse", page=3, size=10)
    assert (first.total, first.pages, first.page, len(first.hits)) == (25, 3, 1, 10)
    assert [hit.post.title for hit in last.hits] == [f"Post {n}" for n in range(20, 25)]


@pytest.mark.parametrize(("asked", "given"), [(0, 1), (-5, 1), (99, 3), (10**12, 3)])
def test_a_page_that_is_not_there_is_the_nearest(asked, given):
    make_many(25)
    assert search.search("lighthouse", page=asked, size=10).page == given


def test_beyond_a_thousand_the_newest_are_ranked_and_more_is_said():
    make_many(1_005, lambda n: "lighthouse lighthouse lighthouse" if n > 1_002 else "lighthouse and more")
    results = search.search("lighthouse", page=100)
    assert (results.total, results.more, results.pages, results.page) == (1000, True, 100, 100)
    # The oldest two would rank first, had they been looked at.
    assert found("lighthouse")[0] == "Post 0"


def test_exactly_a_thousand_are_not_more():
    make_many(1_000)
    results = search.search("lighthouse")
    assert (results.total, results.more) == (1000, False)


def test_queries_do_not_grow_with_hits(django_assert_num_queries):
    make_many(30)
    # the site's language, whether the matches are many, the matches in order, the posts of the page with their authors
    with django_assert_num_queries(4):
        results = search.search("lighthouse", size=30)
        [
            (hit.post.get_absolute_url(), hit.post.author.name, hit.post.author.get_absolute_url())
            for hit in results.hits
        ]
    with django_assert_num_queries(3):
        search.search("lighthouse", size=30, language="en")
    with django_assert_num_queries(0):
        search.search("?", language="en")


def test_long_columns_are_not_read():
    make_post(body="<p>lighthouse</p>")
    post = search.search("lighthouse").hits[0].post
    assert {"body", "body_html", "toc"} <= post.get_deferred_fields()
