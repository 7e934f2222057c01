import re

import pytest

from blog import search
from blog.models import Post
from tests.factories import make_post

pytestmark = pytest.mark.django_db


def test_titles_and_snippets_are_escaped():
    make_post(title="<script>alert(1)</script> & tide")
    Post.objects.update(body_text="How <script> works: <b>script</b> & tide")
    hit = search.search("script tide").hits[0]
    assert hit.title == "&lt;<mark>script</mark>&gt;alert(1)&lt;/<mark>script</mark>&gt; &amp; <mark>tide</mark>"
    works = "How &lt;<mark>script</mark>&gt; works: &lt;b&gt;<mark>script</mark>&lt;/b&gt; &amp; <mark>tide</mark>"
    assert hit.snippet == works
    assert hasattr(hit.title, "__html__") and hasattr(hit.snippet, "__html__")


def test_a_snippet_is_cut_where_most_words_stand_together():
    filler = "Other words of no matter at all. " * 30
    make_post(body=f"<p>A tide. {filler} Here the tide meets the moon, in spring. {filler} The moon.</p>")
    snippet = search.search("tide moon").hits[0].snippet
    assert "the <mark>tide</mark> meets the <mark>moon</mark>, in spring." in snippet
    assert snippet.startswith("…") and snippet.endswith("…")
    text = re.sub("</?mark>|…", "", snippet)
    assert 180 < len(text) <= 240
    words = set(re.findall(r"\w+", filler + "Here the tide meets the moon in spring"))
    assert set(re.findall(r"\w+", text)) <= words  # whole words only


def test_a_snippet_without_a_match_is_the_beginning():
    make_post(title="The tide", body=f"<p>{'Other words. ' * 60}</p>")
    snippet = search.search("tide").hits[0].snippet
    assert snippet.startswith("Other words.") and snippet.endswith("…") and "<mark>" not in snippet


def test_a_snippet_of_a_text_without_spaces():
    make_post(body=f"<p>{'海' * 400}東京都{'山' * 400}</p>")
    snippet = search.search("東京都").hits[0].snippet
    assert "海<mark>東京都</mark>山" in snippet and len(snippet) < 270


def test_a_word_longer_than_a_snippet():
    make_post(body=f"<p>{'x' * 3_000} end</p>")
    assert len(search.search("x" * 300).hits[0].snippet) < 270
