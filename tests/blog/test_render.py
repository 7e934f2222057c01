import re
import time

import pytest
from django.test import override_settings
from django.utils import translation

from blog.models import Image
from blog.render import render


@pytest.fixture
def image(db):
    digest = "ab" * 16
    return Image.objects.create(file=f"images/ab/{digest}.jpg", digest=digest, alt="A harbour", width=1600, height=1200)


def test_it_works():
    done = render("<h2>The stick</h2><p>Every harbour sells the same book.</p>")
    assert done.html == (
        '<div class="heading h2"><h2 id="s-the-stick">The stick</h2> '
        '<a class="anchor" href="#s-the-stick" aria-label="Link to “The stick”">#</a></div>'
        "<p>Every harbour sells the same book.</p>"
    )
    assert done.toc == [{"id": "s-the-stick", "title": "The stick", "level": 2}]
    assert done.text == "The stick\nEvery harbour sells the same book."
    assert done.summary == "Every harbour sells the same book."
    assert done.minutes == 1


def test_an_empty_body():
    done = render("")
    assert (done.html, done.text, done.toc, done.minutes, done.summary) == ("", "", [], 1, "")


def test_it_cleans_first():
    assert render('<p onclick="x">a</p><script>b</script>').html == "<p>a</p>"


def test_headings_have_ids_of_their_own():
    done = render("<h2>A &amp; <b>B</b></h2><h3>A B</h3><h4>日本</h4><h2>???</h2><h2> </h2>")
    assert [entry["id"] for entry in done.toc] == ["s-a-b", "s-a-b-2", "s-日本", "s-4"]
    assert [entry["level"] for entry in done.toc] == [2, 3, 4, 2]
    assert done.toc[0]["title"] == "A & B"
    assert re.findall(r' id="([^"]+)"', done.html) == [entry["id"] for entry in done.toc]
    assert done.html.endswith("<h2> </h2>")


def test_rendering_again_gives_the_same():
    body = "<h2>One</h2><p>x</p><h2>One</h2>"
    assert render(body) == render(body)


def test_an_image_of_ours_gets_its_size(image, django_assert_num_queries):
    with django_assert_num_queries(1):
        html = render(f'<img src="{image.file.url}"><img src="{image.file.url}" alt="" width="400">').html
    first, second = re.findall(r"<img[^>]*>", html)
    assert first == f'<img src="{image.file.url}" alt="A harbour" width="1600" height="1200" decoding="async">'
    assert second == (f'<img src="{image.file.url}" alt="" width="400" height="300" loading="lazy" decoding="async">')


def test_an_image_of_ours_that_is_gone_keeps_its_place(db):
    html = render('<p><img src="/media/images/ab/gone.jpg" alt="A boat"></p>').html
    assert html == '<p><img src="/media/images/ab/gone.jpg" alt="A boat" decoding="async"></p>'


def test_a_body_without_images_asks_the_database_nothing():
    render("<p>x</p>")  # this test may not use the database


def test_an_image_from_elsewhere_becomes_a_link():
    html = render('<p><img src="https://x.org/a.png?b=1&c=2" alt="A &quot;boat&quot;"></p>').html
    assert html == (
        '<p><a class="external-image" href="https://x.org/a.png?b=1&amp;c=2" rel="noopener">🖼 A "boat" – x.org</a></p>'
    )
    assert ">🖼 x.org<" in render('<img src="//x.org/a.png">').html


def test_an_image_from_elsewhere_inside_a_link_becomes_words():
    html = render('<a href="https://y.org/"><img src="https://x.org/a.png" alt="A boat"></a>').html
    assert html == '<a href="https://y.org/" rel="noopener"><span class="external-image">🖼 A boat – x.org</span></a>'


@pytest.mark.parametrize(
    "body", ['<img src="{0}">', '<p><a href="/x"><img src="{0}"></a></p>', '<iframe src="{0}"></iframe>']
)
def test_no_page_asks_another_server_for_anything(body):
    assert "src=" not in render(body.format("https://x.org/a.png")).html


def test_a_table_scrolls_in_a_box_with_a_name():
    table = "<table><caption>Tides &amp; winds</caption><tbody><tr><td>1</td></tr></tbody></table>"
    assert render(table).html == (
        f'<div class="scroll" tabindex="0" role="region" aria-label="Tides &amp; winds">{table}</div>'
    )
    assert 'aria-label="Table"' in render("<table><tr><td>1</td></tr></table>").html
    nested = render(f"<table><tr><td>{table}</td></tr></table><p>after</p>")
    assert nested.html.count("scroll") == 1
    assert nested.html.count("<div") == nested.html.count("</div>")


def test_the_pages_own_words_are_in_the_language_of_the_post():
    table = "<table><tr><td>1</td></tr></table>"
    assert 'aria-label="جدول"' in render(table, "fa").html
    with translation.override("fa"):
        assert 'aria-label="Table"' in render(table, "en").html
        assert 'aria-label="جدول"' in render(table).html


def test_links_to_other_sites_are_marked():
    html = render(
        '<a href="https://x.org/">a</a><a href="/b">b</a><a href="#c">c</a><a href="mailto:d@x.org">d</a>'
    ).html
    assert html.count('rel="noopener"') == 1
    assert '<a href="https://x.org/" rel="noopener">' in html


@override_settings(SITE_URL="https://blog.org")
def test_links_to_this_site_are_not():
    assert "rel=" not in render('<a href="https://blog.org">a</a><a href="https://blog.org/b">b</a>').html
    assert "rel=" in render('<a href="https://blog.org.evil.org/">a</a>').html


def test_a_summary_ends_between_words():
    summary = render(f"<h2>Title</h2><pre>code</pre><p>{'harbour, ' * 60}</p>").summary
    assert summary.startswith("harbour, harbour")
    assert summary.endswith("harbour…")
    assert len(summary) <= 200


def test_a_summary_of_a_text_without_spaces():
    assert render("<p>" + "日" * 300 + "</p>").summary == "日" * 200 + "…"


def test_a_summary_of_a_body_without_paragraphs():
    assert render("one<br>two").summary == "one two"
    assert render("<h2>Only a heading</h2>").summary == "Only a heading"


def test_a_long_body_takes_about_a_second():
    part = (
        '<h2>Title</h2><p>Words of a <a href="https://x.org/">long</a> body, <em>again</em> and again. '
        + "x " * 300
        + "</p>"
    )
    body = part * (200_000 // len(part))
    start = time.process_time()
    done = render(body)
    assert time.process_time() - start < 3
    assert len(done.toc) == 200_000 // len(part)
