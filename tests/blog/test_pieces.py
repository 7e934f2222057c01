"""Parts of pages that are kept by what they show."""

import pytest
from django.utils import translation
from django.utils.safestring import mark_safe

from blog.models import SiteSettings
from blog.templatetags.pieces import piece
from tests.factories import make_page, make_post

pytestmark = pytest.mark.django_db


def test_a_piece_says_what_it_is_given():
    assert "Harbour &lt;3" in piece("_footer.html", title="Harbour <3", tagline="")
    assert "Moon" in piece("_footer.html", title="Moon", tagline="")


def test_a_piece_is_kept_in_each_language():
    values = {"title": "Harbour", "tagline": ""}
    assert "Comments feed" in piece("_footer.html", **values)
    with translation.override("fa"):
        assert "Comments feed" not in piece("_footer.html", **values)
    assert "Comments feed" in piece("_footer.html", **values)


def test_words_are_not_taken_for_safe_html():
    assert "<b>" in piece("_footer.html", title=mark_safe("<b>Harbour</b>"), tagline="")  # noqa: S308
    assert "<b>" not in piece("_footer.html", title="<b>Harbour</b>", tagline="")


def test_the_masthead_shows_each_change_and_where_one_is(client):
    page = make_page(title="About")
    post = make_post()
    here = 'aria-current="page"'
    marked = {page.get_absolute_url(): 1, "/archive/": 1, "/search/": 1, "/": 0, post.get_absolute_url(): 0}
    for address, marks in marked.items():
        masthead = client.get(address).content.decode().partition("</header>")[0]
        assert masthead.count(here) == marks, address
        assert ">About</a>" in masthead
    SiteSettings(title="Harbour", tagline="Twice a day").save()
    page.title = "Who"
    page.save()
    masthead = client.get("/").content.decode().partition("</header>")[0]
    assert "Harbour" in masthead and "Twice a day" in masthead and ">Who</a>" in masthead and "About" not in masthead
