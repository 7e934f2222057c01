"""A browser that can fetches a page for everybody while the reader moves to its link, and nothing else."""

from datetime import timedelta

import pytest
from django.core.signals import request_started

from tests.e2e.desk import START
from tests.factories import make_comment, make_post


@pytest.fixture
def ahead():
    """The addresses that browsers ask for before a link is pressed."""
    asked = []

    def note(environ, **_rest):
        if "prefetch" in environ.get("HTTP_SEC_PURPOSE", ""):
            asked.append(environ["PATH_INFO"])

    request_started.connect(note)
    yield asked
    request_started.disconnect(note)


@pytest.fixture
def posts(site):
    first = make_post(title="Tides", published_at=START)
    make_comment(first)
    return first, make_post(title="Moon", published_at=START + timedelta(days=1))


def came(page, asked: list[str], address: str, moments: int = 30) -> bool:
    for _moment in range(moments):
        if address in asked:
            return True
        page.wait_for_timeout(100)
    return False


def test_the_next_post_is_fetched_while_the_pointer_rests_on_its_link(person, posts, ahead):
    first, second = posts
    page = person()
    page.goto(first.get_absolute_url())
    page.hover("a[rel=next]")
    assert came(page, ahead, second.get_absolute_url())


def test_what_is_not_for_everybody_is_not(person, posts, ahead):
    page = person()
    page.goto(posts[0].get_absolute_url())
    for link in filter(lambda link: link.is_visible(), page.query_selector_all(".comments a")):
        link.hover()
        page.wait_for_timeout(400)
    assert ahead == []
