"""A post's language says which way its words stand, wherever they are shown; without one, the words do."""

import re

import pytest
from django.utils import timezone

from tests.blog.pictures import in_library
from tests.factories import make_post

pytestmark = pytest.mark.django_db
SPOKEN = {"fa": ' dir="rtl" lang="fa"', "de": ' dir="ltr" lang="de"', "": ' dir="auto"'}
SHOWN = {
    "itself": ("<h1", '<p class="lede', '<figure class="cover"', '<div class="text'),
    "home": ("<h2 dir", '<p class="p-summary"'),
    "found": ("<h2 dir", '<p class="snippet'),
}


@pytest.fixture(params=SPOKEN)
def post(request):
    words = {"title": "Django و دریا", "excerpt": "Django در ساحل", "body": "<blockquote>Django</blockquote><p>آب</p>"}
    return make_post(language=request.param, cover=in_library(caption="A pier"), **words)


@pytest.mark.parametrize("where", SHOWN)
def test_words_stand_as_the_posts_language_is_written(client, post, where):
    address = {"itself": post.get_absolute_url(), "home": "/", "found": "/search/?q=django"}[where]
    html = client.get(address).content.decode()
    for start in SHOWN[where]:
        (tag,) = re.findall(f"{start}[^>]*>", html)
        assert tag.endswith(f"{SPOKEN[post.language]}>"), tag


def test_titles_in_links_too(client, post):
    later = make_post(published_at=timezone.now())
    html = client.get(later.get_absolute_url()).content.decode()
    assert f"<bdi{SPOKEN[post.language]}>{post.title}</bdi>" in html
