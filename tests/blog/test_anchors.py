"""What leads to a part of a post, or tells others of it: links to headings, the table of contents, share links."""

import re
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import lxml.html
import pytest
from django.utils import timezone

from blog.models import Post, SiteSettings
from blog.render import render
from tests.factories import make_page, make_post, make_user

pytestmark = pytest.mark.django_db
HEADINGS = "<h2>The stick</h2><p>x</p><h3>Its <em>notches</em></h3><h4>Deep</h4><h2>The &lt;year&gt;</h2><h2>End</h2>"


def page_of(client, post: Post):
    return lxml.html.fromstring(client.get(post.get_absolute_url()).content.decode())


def test_each_heading_has_a_link_beside_it(client):
    page = page_of(client, make_post(body=HEADINGS))
    links = page.xpath("//div[starts-with(@class, 'heading ')]/a[@class='anchor']")
    headings = page.xpath("//div/*[self::h2 or self::h3 or self::h4][starts-with(@id, 's-')]")
    assert [link.get("href") for link in links] == [f"#{heading.get('id')}" for heading in headings]
    assert [link.get("aria-label") for link in links][:2] == ["Link to “The stick”", "Link to “Its notches”"]
    assert links[3].get("aria-label") == "Link to “The <year>”"


def test_the_link_is_no_part_of_the_heading_nor_of_what_is_searched_or_listed():
    post = make_post(body=HEADINGS)
    assert "#" not in "".join(part["title"] for part in post.toc)
    assert "#" not in post.body_text + post.summary and "Link to" not in post.body_text
    assert not re.search(r"<h\d[^>]*>(?:(?!</h\d>).)*class=\"anchor\"", post.body_html)


def test_an_empty_heading_has_no_link():
    assert "anchor" not in make_post(body="<h2> </h2><p>x</p>").body_html


def test_its_words_are_in_the_language_of_the_post(client):
    post = make_post(body="<h2>Die Latte</h2>", language="de")
    assert 'href="#s-die-latte"' in post.body_html


@pytest.mark.parametrize("kind", ["atom", "rss"])
def test_feeds_have_no_links_to_headings(client, kind):
    make_post(body=HEADINGS)
    feed = client.get(f"/feed.{kind}").content.decode()
    assert "The stick" in feed and "anchor" not in feed and "Link to" not in feed


# The table of contents.


def test_a_long_post_has_its_contents_folded_for_narrow_windows_too(client):
    page = page_of(client, make_post(body=HEADINGS))
    named = ["The stick", "Its notches", "The <year>", "End", "Comments"]
    for name in ("toc", "contents"):
        (where,) = page.find_class(name)
        assert [item.text_content() for item in where.iter("li")] == named
        assert where.find_class("level-3")[0][0].get("href") == "#s-its-notches"
    assert where.tag == "details" and where.get("open") is None and where[0].tag == "summary"


def test_a_post_with_few_headings_has_no_folded_contents(client):
    page = page_of(client, make_post(body="<h2>One</h2><h2>Two</h2>"))
    assert page.find_class("toc") and not page.find_class("contents")
    assert not page_of(client, make_post(body="<h2>One</h2>")).find_class("toc")


# Telling others.


def test_share_links_are_plain_links_with_the_title_and_the_address(client, settings):
    settings.SITE_URL = "https://blog.example.org"
    post = make_post(title='50 % "off" & #1?', slug="off")
    links = {link.text_content(): link for link in page_of(client, post).xpath("//*[contains(@class, 'share')]//a")}
    assert list(links) == ["E-mail", "Mastodon", "Bluesky", "WhatsApp", "Telegram", "Reddit"]
    address = f"https://blog.example.org{post.get_absolute_url()}"
    assert parse_qs(urlsplit(links["E-mail"].get("href")).query) == {"subject": [post.title], "body": [address]}
    assert parse_qs(urlsplit(links["Telegram"].get("href")).query) == {"url": [address], "text": [post.title]}
    assert parse_qs(urlsplit(links["Bluesky"].get("href")).query) == {"text": [f"{post.title} {address}"]}
    assert parse_qs(urlsplit(links["Mastodon"].get("href")).fragment) == {"text": [f"{post.title} {address}"]}
    assert {link.get("rel") for link in links.values()} == {"noopener nofollow"}


def test_what_needs_a_script_is_hidden_without_one(client):
    (button,) = page_of(client, make_post()).xpath("//button[@data-address]")
    assert button.get("hidden") is not None


def test_a_page_and_a_draft_have_no_share_links(client):
    assert not page_of(client, make_page(title="About")).find_class("share")
    owner = make_user("olive", "Owner")
    draft = make_post(owner, status="draft")
    client.force_login(owner)
    assert not page_of(client, draft).find_class("share")


# For machines, and in the reader's digits.


def test_it_is_an_entry_to_those_who_read_microformats(client, settings):
    settings.SITE_URL = "https://blog.example.org"
    post = make_post(title="Tides", excerpt="In short.", labels=("sea",), body="<p>Words.</p>")
    page = page_of(client, post)
    (entry,) = page.find_class("h-entry")
    said = {name: entry.find_class(name)[0] for name in ("p-name", "p-summary", "e-content", "p-category")}
    assert [part.text_content() for part in said.values()] == ["Tides", "In short.", "Words.", "sea"]
    assert entry.find_class("u-url")[0].get("value") == f"https://blog.example.org{post.get_absolute_url()}"
    assert entry.find_class("h-card")[0].text_content() == post.author.name
    assert entry.find_class("dt-published")[0].get("datetime")[:10] == f"{post.published_at:%Y-%m-%d}"


def test_a_persian_site_says_dates_and_numbers_in_its_digits(client):
    SiteSettings(language="fa").save()
    post = make_post(published_at=timezone.now() - timedelta(days=400))
    margin = page_of(client, post).find_class("meta")[0].text_content()
    assert re.search("[۰-۹]", margin) and not re.search("[0-9]", margin)


def test_the_language_of_a_post_is_that_of_its_own_words_alone(client):
    page = page_of(client, make_post(title="Gezeiten", language="de", body="<p>Wasser.</p>"))
    assert page.xpath("//article//h1")[0].get("lang") == page.find_class("text")[0].get("lang") == "de"
    assert page.find_class("h-entry")[0].get("lang") is None


def test_a_heading_within_a_link_gets_no_other_one():
    html = render('<a href="https://example.org/"><h2>Tide</h2></a>').html
    assert html == '<a href="https://example.org/" rel="noopener"><h2 id="s-tide">Tide</h2></a>'
