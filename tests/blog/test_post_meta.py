"""What a post's page says of itself to search engines and to those who share a link."""

import re
from datetime import UTC, datetime

import pytest

from blog.models import SiteSettings
from blog.templatetags import machines
from tests.blog.pictures import in_library
from tests.blog.writing import address_of, save
from tests.factories import make_page, make_post, make_user

pytestmark = pytest.mark.django_db
ADDRESS = "http://testserver/2026/03/tides/"
AT = datetime(2026, 3, 14, tzinfo=UTC)


def head(client, post, query: str = "") -> str:
    return client.get(f"{post.get_absolute_url()}{query}").content.decode().partition("</head>")[0]


def meta(html: str) -> dict[str, str]:
    return dict(re.findall(r'<meta (?:name|property)="([^"]+)" content="([^"]*)">', html))


@pytest.fixture
def post():
    return make_post(
        title="Tides & “moons”",
        slug="tides",
        body="<p>Low <b>water</b>.</p>",
        published_at=datetime(2026, 3, 14, tzinfo=UTC),
    )


def test_it_names_the_post_and_its_address(client, post):
    html = head(client, post)
    said = meta(html)
    assert said["description"] == said["og:description"] == "Low water."
    assert (said["og:title"], said["og:url"], said["og:type"]) == ("Tides &amp; “moons”", ADDRESS, "article")
    assert f'<link rel="canonical" href="{ADDRESS}">' in html
    assert "robots" not in said


def test_what_the_author_says_for_search_engines_comes_first(client, post):
    head(client, post)  # what was made once is not kept when its values change
    post.seo_description, post.canonical_url = 'When to "go"', "https://example.org/tides/"
    post.save()
    html = head(client, post)
    assert meta(html)["description"] == "When to &quot;go&quot;"
    assert '<link rel="canonical" href="https://example.org/tides/">' in html
    assert meta(html)["og:url"] == ADDRESS


def test_a_page_that_appeared_elsewhere_names_that_address(client, admin_client):
    page = make_page(title="About")
    assert 'name="canonical_url"' in admin_client.get(address_of(page)).content.decode()
    save(admin_client, page, title="About", canonical_url="https://example.org/about/")
    html = client.get(page.get_absolute_url()).content.decode()
    assert '<link rel="canonical" href="https://example.org/about/">' in html


def test_a_later_page_of_comments_and_a_preview_are_not_for_search_engines(client, admin_client, post):
    assert meta(head(client, post, "?thread=0000000001"))["robots"] == "noindex"
    preview = admin_client.get(f"/admin/preview/{post.pk}/").content.decode()
    assert meta(preview)["robots"] == "noindex"
    assert "robots" not in meta(head(client, post))


def test_it_says_who_wrote_it_and_when(client, post, time_machine):
    time_machine.move_to("2026-03-20 12:00Z", tick=False)
    post.tags.add("sea", "moon")
    post.save()
    html = head(client, post)
    said = meta(html)
    assert said["author"] == "Author"
    assert said["article:author"] == "http://testserver/author/author/"
    assert said["article:published_time"] == "2026-03-14T00:00:00+00:00"
    assert said["article:modified_time"] == "2026-03-20T12:00:00+00:00"
    assert set(re.findall(r'"article:tag" content="([^"]*)"', html)) == {"sea", "moon"}


def test_a_post_that_is_dated_later_than_it_was_written_was_not_changed_before_it_came_out(client):
    post = make_post(published_at=datetime(2026, 3, 14, tzinfo=UTC))
    type(post).objects.filter(pk=post.pk).update(updated_at=datetime(2025, 1, 1, tzinfo=UTC))
    said = meta(head(client, post))
    assert said["article:modified_time"] == said["article:published_time"]


def test_its_picture_is_the_cover_or_the_sites_icon(client, post):
    said = meta(head(client, post))
    assert said["og:image"] == "http://testserver/static/icons/512.png" and said["twitter:card"] == "summary"
    post.cover = in_library(alt="A pier & the sea")
    post.save()
    said = meta(head(client, post))
    assert said["og:image"] == f"http://testserver{post.cover.file.url}"
    assert (said["og:image:width"], said["og:image:height"]) == (str(post.cover.width), str(post.cover.height))
    assert said["og:image:alt"] == "A pier &amp; the sea"
    assert said["twitter:card"] == "summary_large_image"


def test_it_names_its_language_and_its_translations(client, post):
    SiteSettings(language="fa").save()
    make_post(title="Gezeiten", slug="gezeiten", language="de", translation_of=post)
    html = head(client, post)
    said = meta(html)
    assert (said["og:locale"], said["og:locale:alternate"]) == ("fa_IR", "de_DE")
    assert 'rel="alternate" hreflang="de" href="http://testserver/' in html


def test_a_page_has_no_labels(client):
    said = meta(head(client, make_page(title="About")))
    assert said["og:title"] == "About" and "article:tag" not in said


@pytest.mark.parametrize("address", ["/", "/label/sea/", "/author/ada/", "/2026/03/tides/"])
def test_feeds_of_all_kinds_are_found_from_it(client, address):
    make_post(make_user("ada", "Author", slug="ada"), title="Tides", labels=("sea",), published_at=AT)
    html = client.get(address).content.decode()
    of = address if address.startswith(("/label/", "/author/")) else "/"
    for kind, ending in (("atom+xml", "atom"), ("rss+xml", "rss"), ("feed+json", "json")):
        found = re.search(
            rf'<link rel="alternate" type="application/{re.escape(kind)}" title="[^"]+" href="([^"]+)">', html
        )
        assert found[1] == f"{of}feed.{ending}"
        assert client.get(found[1]).status_code == 200


def test_a_list_names_itself_and_the_next_page(client):
    SiteSettings(posts_per_page=1, title="Tidewater", tagline="Of the sea").save()
    for number in range(3):
        make_post(title=f"Post {number}", labels=("sea",))
    html = client.get("/label/sea/").content.decode()
    said = meta(html)
    assert (said["og:title"], said["og:type"], said["og:site_name"]) == ("sea", "website", "Tidewater")
    assert said["description"] == said["og:description"] == "Of the sea"
    assert '<link rel="canonical" href="http://testserver/label/sea/">' in html
    onward = re.search(r'<link rel="next" href="http://testserver(/label/sea/\?before=[0-9-]+)">', html)[1]
    assert f'<link rel="canonical" href="http://testserver{onward}">' in client.get(onward).content.decode()
    assert 'canonical" href="http://testserver/label/sea/">' in client.get("/label/sea/?x=1").content.decode()


def test_a_locale_is_a_language_and_a_country_or_is_not_said(client, settings):
    assert all(re.fullmatch("[a-z]{2}_[A-Z]{2}", machines.LOCALES[code]) for code, _name in settings.LANGUAGES)
    post = make_post(title="Kroon", language="nl", published_at=AT)
    SiteSettings(language="pt").save()
    for address in (post.get_absolute_url(), "/"):
        html = client.get(address).content.decode()
        assert 'property="og:title"' in html and "og:locale" not in html
