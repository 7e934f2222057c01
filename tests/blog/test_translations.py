"""Posts that say the same in different languages: symmetric, one of each language, and linked for readers."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from blog.models import Post
from tests.blog.writing import ADD, address_of, form_data, opened
from tests.factories import make_page, make_post, make_user

pytestmark = pytest.mark.django_db
MARCH = datetime(2026, 3, 14, 12, tzinfo=UTC)
SUGGEST = "/admin/blog/post/suggest/posts/"


@pytest.fixture
def author(client):
    user = make_user("arno", "Author")
    client.force_login(user)
    return user


@pytest.fixture
def tides():
    return make_post(title="Tides", published_at=MARCH)


def translate(post: Post, title: str, language: str, **fields) -> Post:
    return make_post(title=title, language=language, translation_of=post, published_at=MARCH, **fields)


def alternates(client, post: Post) -> dict[str, str]:
    html = client.get(post.get_absolute_url()).content.decode()
    return dict(re.findall(r'<link rel="alternate" hreflang="([^"]*)" href="http://testserver([^"]*)">', html))


def set_of(post: Post) -> set[str]:
    named = Post.objects.get(pk=post.pk).translation_of_id
    return set(Post.objects.filter(translation_of=named).values_list("title", flat=True)) if named else {post.title}


# The set.


def test_each_of_a_set_knows_all_others(tides):
    gezeiten = translate(tides, "Gezeiten", "de")
    jazr = translate(gezeiten, "جزر و مد", "fa")  # of a translation: of the same set
    for post in (tides, gezeiten, jazr):
        assert set_of(post) == {"Tides", "Gezeiten", "جزر و مد"}


def test_one_that_leaves_leaves_the_others_together(tides):
    gezeiten, jazr = translate(tides, "Gezeiten", "de"), translate(tides, "جزر و مد", "fa")
    gezeiten.translation_of = None
    gezeiten.save()
    assert set_of(gezeiten) == {"Gezeiten"}
    assert set_of(tides) == set_of(jazr) == {"Tides", "جزر و مد"}


def test_the_one_that_names_a_set_stays_in_it(tides):
    translate(tides, "Gezeiten", "de")
    tides = Post.objects.get(pk=tides.pk)
    for original in (None, tides.translations.exclude(pk=tides.pk).get()):
        tides.translation_of = original
        tides.save()
        assert set_of(tides) == {"Tides", "Gezeiten"}


def test_it_takes_its_set_along_into_another(tides):
    translate(tides, "Gezeiten", "de")
    marees = make_post(title="Marées", language="fr")
    tides = Post.objects.get(pk=tides.pk)
    tides.translation_of = marees
    tides.save()
    assert set_of(tides) == {"Tides", "Gezeiten", "Marées"}


@pytest.mark.parametrize("way", ["row", "query"])
def test_when_it_is_deleted_the_others_stay_together(tides, way):
    gezeiten, _jazr = translate(tides, "Gezeiten", "de"), translate(tides, "جزر و مد", "fa")
    tides.delete() if way == "row" else Post.objects.filter(pk=tides.pk).delete()
    assert set_of(gezeiten) == {"Gezeiten", "جزر و مد"}


# What readers see.


def test_a_page_leads_to_the_others(client, tides):
    gezeiten, jazr = translate(tides, "Gezeiten", "de"), translate(tides, "جزر و مد", "fa")
    translate(tides, "Marées", "fr", status="draft")
    wanted = {"en": tides.get_absolute_url(), "de": gezeiten.get_absolute_url(), "fa": jazr.get_absolute_url()}
    for post in (tides, gezeiten, jazr):
        assert alternates(client, post) == wanted
    html = client.get(gezeiten.get_absolute_url()).content.decode()
    assert f'href="{jazr.get_absolute_url()}" hreflang="fa" lang="fa" dir="rtl">فارسی</a>' in html
    assert f'href="{tides.get_absolute_url()}" hreflang="en" lang="en" dir="ltr">English</a>' in html
    assert ">Deutsch</a>" not in html


def test_one_that_stands_alone_says_nothing(client, tides):
    translate(tides, "Marées", "fr", status="draft")
    later = translate(tides, "Später", "de")
    Post.objects.filter(pk=later.pk).update(published_at=timezone.now() + timedelta(days=400))
    assert alternates(client, tides) == {}
    assert "Also in" not in client.get(tides.get_absolute_url()).content.decode()


def test_pages_have_translations_too(client):
    about = make_page(title="About")
    make_page(title="Wir", language="de", translation_of=about)
    assert alternates(client, about) == {"en": "/p/about/", "de": "/p/wir/"}
    assert "Also in" in client.get("/p/about/").content.decode()


def test_it_costs_one_query_and_none_for_others(client, tides, django_assert_num_queries):
    alone = make_post(title="Alone")
    for language in ("de", "fa", "fr"):
        translate(tides, f"Tides {language}", language)
    for post in (alone, tides):
        client.get(post.get_absolute_url())
    with django_assert_num_queries(8):
        client.get(alone.get_absolute_url())
    with django_assert_num_queries(9):
        client.get(tides.get_absolute_url())


# The form.


def test_an_author_says_of_what_it_is_a_translation(client, author, tides):
    client.post(ADD, form_data(title="Gezeiten", language="de", translation_of=tides.pk, _publish="1"))
    post = Post.objects.get(title="Gezeiten")
    assert set_of(tides) == {"Tides", "Gezeiten"}
    html = client.get(address_of(post)).content.decode()
    assert "Linked with:" in html and "Tides" in html
    client.post(address_of(post), form_data(title="Gezeiten", language="de", _save="1") | opened(post))
    assert set_of(post) == {"Gezeiten"}


def test_saving_the_original_again_changes_nothing(client, author):
    mine = make_post(author, title="Tides", published_at=MARCH)
    translate(mine, "Gezeiten", "de")
    html = client.get(address_of(mine)).content.decode()
    assert "Linked with:" in html and "Gezeiten" in html
    client.post(address_of(mine), form_data(title="Tides", slug="tides", _save="1"))
    assert set_of(mine) == {"Tides", "Gezeiten"}


@pytest.mark.parametrize("language", ["", "en"])
def test_the_same_language_twice_is_refused_and_everything_kept(client, author, tides, language):
    words = form_data(title="Ebb", body="<p>Kept words</p>", language=language, translation_of=tides.pk, _save="1")
    html = client.post(ADD, words).content.decode()
    assert "“Tides” is in English too." in html
    assert "Kept words" in html and f'value="{tides.pk}"' in html
    assert not Post.objects.filter(title="Ebb").exists()


def test_nor_may_the_language_become_one_of_the_others(client, author):
    mine = make_post(author, title="Tides", published_at=MARCH)
    translate(mine, "Gezeiten", "de")
    html = client.post(address_of(mine), form_data(title="Tides", language="de", _save="1")).content.decode()
    assert "“Gezeiten” is in German too." in html


def test_nor_may_two_sets_join_that_have_one_in_common(client, author, tides):
    translate(tides, "Gezeiten", "de")
    mine = make_post(author, title="Marées", language="fr")
    translate(mine, "Ebbe", "de")
    payload = form_data(title="Marées", language="fr", translation_of=tides.pk, _save="1")
    assert "is in German too." in client.post(address_of(mine), payload).content.decode()
    assert set_of(tides) == {"Tides", "Gezeiten"}


def test_what_is_in_the_bin_takes_no_language(client, author, tides):
    translate(tides, "Gezeiten", "de", status="binned")
    client.post(ADD, form_data(title="Ebbe", language="de", translation_of=tides.pk, _save="1"))
    assert "Ebbe" in set_of(tides)


@pytest.mark.parametrize("which", ["draft", "page", "none", "binned"])
def test_what_one_may_not_see_cannot_be_chosen(client, author, which):
    numbers = {
        "draft": lambda: make_post(title="Theirs", status="draft").pk,
        "page": lambda: make_page(title="About").pk,
        "binned": lambda: make_post(author, title="Binned", status="binned").pk,
        "none": lambda: 10**9,
    }
    payload = form_data(title="Ebb", language="de", translation_of=numbers[which](), _save="1")
    html = client.post(ADD, payload).content.decode()
    assert "There is nothing with this number that you could choose." in html
    assert "Theirs" not in html
    assert not Post.objects.filter(title="Ebb").exists()


def test_a_link_that_an_editor_made_to_a_draft_can_be_saved_again(client, author):
    theirs = make_post(title="Theirs", status="draft")
    mine = make_post(author, title="Mine", language="de", translation_of=theirs, status="draft")
    client.post(address_of(mine), form_data(title="Still mine", language="de", translation_of=theirs.pk, _save="1"))
    mine.refresh_from_db()
    assert (mine.title, mine.translation_of_id) == ("Still mine", theirs.pk)


# What is offered.


def offered(client, words: str, here: str = "") -> list[str]:
    return [found["words"] for found in client.get(SUGGEST, {"q": words, "not": here}).json()["found"]]


def test_posts_are_offered_that_one_may_see(client, author, tides):
    mine = make_post(author, title="Tides of mine", status="draft")
    make_post(title="Tides of theirs", status="draft")
    make_post(author, title="Tides in the bin", status="binned")
    make_page(title="Tides, a page")
    assert offered(client, "tides") == ["Tides of mine", "Tides"]
    assert offered(client, "of tides") == ["Tides of mine"]
    assert offered(client, "tides", str(mine.pk)) == ["Tides"]
    assert offered(client, "tides", "x" * 30) == ["Tides of mine", "Tides"]
    client.force_login(make_user("edda", "Editor"))
    assert "Tides of theirs" in offered(client, "tides")


def test_each_is_offered_with_its_language_and_ten_are_the_most(client, author, tides):
    translate(tides, "Gezeiten", "de")
    answer = client.get(SUGGEST, {"q": ""}).json()["found"]
    assert {row["words"]: row["beside"] for row in answer} == {"Tides": "English", "Gezeiten": "German"}
    for number in range(12):
        make_post(title=f"More {number}")
    assert len(offered(client, "")) == 10
