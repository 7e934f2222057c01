import re

import pytest

from blog import search
from blog.render import render
from tests.factories import make_post

BODY = (
    '<p>Tides<small class="footnote">See https://x.org/a. Or not.</small> '
    'turn.<small class="footnote">Twice.</small></p>'
)


def test_it_works():
    done = render(BODY)
    first, second = re.findall(r'id="note-([^"]+)"', done.html)
    assert (first[:2], second[:2]) == ("1-", "2-")
    assert done.html.startswith(
        f'<p>Tides<sup class="noteref"><a id="noteref-{first}" href="#note-{first}" role="doc-noteref">1</a></sup> t'
    )
    section = done.html[done.html.index("<section") :]
    assert re.match(
        r'<section class="notes" role="doc-endnotes" aria-labelledby="(notes-\w+)"><h2 id="\1">Notes</h2><ol>', section
    )
    assert (
        f'<li id="note-{first}"><bdi>See <a href="https://x.org/a" rel="noopener">https://x.org/a</a>. Or not.</bdi> '
        f'<a class="back" href="#noteref-{first}" role="doc-backlink" aria-label="Back to the text, 1">↑</a></li>'
    ) in section


def test_the_words_are_in_the_text_but_not_in_the_summary():
    done = render(BODY)
    assert done.text == "Tides turn.\nSee https://x.org/a. Or not.\nTwice."
    assert done.summary == "Tides turn."
    assert done.toc == []


@pytest.mark.django_db
def test_they_are_found():
    make_post(body='<p>Sea.<small class="footnote">The lighthouse burnt.</small></p>')
    assert search.search("lighthouse").total == 1


def test_notes_of_several_posts_have_ids_of_their_own():
    other = render('<p>Sea<small class="footnote">Elsewhere.</small></p>').html
    assert not set(re.findall(r' id="([^"]+)"', render(BODY).html)) & set(re.findall(r' id="([^"]+)"', other))


def test_a_note_in_a_heading_is_not_in_its_title():
    done = render('<h2>Tides<small class="footnote">Both.</small></h2>')
    assert done.toc == [{"id": "s-tides", "title": "Tides", "level": 2}]


def test_a_note_in_a_link_comes_after_it():
    html = render('<a href="/x">Tides<small class="footnote">Both.</small></a>').html
    assert html.startswith('<a href="/x">Tides</a><sup')


def test_other_small_print_stays_and_an_empty_note_goes():
    html = render('<p><small>small</small> a<small class="footnote"> </small></p>').html
    assert html == "<p><small>small</small> a</p>"


def test_a_note_keeps_its_markup():
    html = render(
        '<p>a<small class="footnote"><em>Ebb</em> <a href="/b">b</a> <code>https://x.org</code></small></p>'
    ).html
    assert '<bdi><em>Ebb</em> <a href="/b">b</a> <code>https://x.org</code></bdi>' in html


def test_nobody_writes_the_marks_by_hand():
    html = render(
        '<p><sup class="noteref" id="x" role="doc-noteref">1</sup><section class="notes">a</section></p>'
    ).html
    assert html == "<p><sup>1</sup></p><div>a</div>"


@pytest.mark.django_db
def test_in_a_feed_they_lead_to_the_posts_page(client):
    post = make_post(body=BODY)
    feed = client.get("/feed.atom").content.decode()
    assert feed.count(f"http://testserver{post.get_absolute_url()}#note-1-") == 1
    assert feed.count(f"http://testserver{post.get_absolute_url()}#noteref-1-") == 1
