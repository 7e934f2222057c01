"""Articles that nobody here wrote, on a phone and at 400 %: nothing in them is wider than the window."""

import io

import pytest
from django.core.management import CommandError, call_command
from lxml import etree

from blog.models import Post
from blog.slugs import make_slug
from tests.corpus.conftest import corpus
from tests.e2e.test_every_page import TOO_WIDE
from tests.factories import make_post

__all__ = ["corpus"]  # a fixture
pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]
CONTENT = "{http://purl.org/rss/1.0/modules/content/}encoded"


def from_blogger(corpus) -> None:
    for path in sorted((corpus / "blogger").rglob("*.xml")):
        try:
            call_command("import_blogger", str(path), stdout=io.StringIO())
        except CommandError:  # refused for what is wrong with it
            continue
    for draft in Post.objects.filter(status="draft"):
        draft.status = "published"
        draft.save()


def from_wordpress(corpus) -> None:
    for path in sorted((corpus / "wxr").rglob("*.xml")):
        tree = etree.parse(path, etree.XMLParser(recover=True, resolve_entities=False, no_network=True))
        for number, item in enumerate(tree.iter("item")):
            if text := item.findtext(CONTENT, "").strip():
                title = (item.findtext("title") or "").strip() or path.stem
                make_post(title=title[:300], slug=make_slug(f"{path.stem} {number}"), body=text)


@pytest.mark.parametrize(("bring", "at_least"), [(from_blogger, 7), (from_wordpress, 100)])
def test_nothing_is_wider_than_the_window(chromium, site, corpus, bring, at_least):
    bring(corpus)
    posts = list(Post.objects.public())
    assert len(posts) >= at_least
    page = chromium.new_page(base_url=site, viewport={"width": 320, "height": 900}, reduced_motion="reduce")
    wrong = []
    for post in posts:
        assert page.goto(post.get_absolute_url()).status == 200
        wrong += [(post.title, wide) for wide in page.evaluate(TOO_WIDE)[:3]]
    page.close()
    assert not wrong
