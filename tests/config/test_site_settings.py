"""Each of the site's settings shows with the next page that a reader asks for, though pages are kept ready."""

from datetime import UTC, datetime

import pytest
from django.test import Client

from blog import images, renditions
from blog.models import Image, SiteSettings
from tests.blog.pictures import in_library, photo, written
from tests.blog.settings_form import save
from tests.factories import make_page, make_post, make_user

CHANGES = {
    "title": ({"title": "Harbour"}, "/", "Harbour"),
    "tagline": ({"tagline": "Twice a day"}, "/", "Twice a day"),
    "about": ({"about": "Of one shoreline."}, "/", "Of one shoreline."),
    "posts per page": ({"posts_per_page": "1"}, "/", "Older posts"),
    "language": ({"language": "de"}, "/", 'lang="de"'),
    "time zone": ({"time_zone": "Pacific/Auckland"}, "/2026/02/tides/", "1 March 2026"),
    "look": ({"look": "slate"}, "/2026/02/tides/", "looks/slate"),
    "scheme": ({"scheme": "dark"}, "/", '<html lang="en" dir="ltr" data-scheme="dark">'),
    "accent": ({"accent": "#225577"}, "/", "/colours-"),
    "footer": ({"footer": "By the <b>sea</b>."}, "/", "By the <b>sea</b>."),
    "feeds": ({"feeds_in_full": ""}, "/feed.atom", "Read the rest"),
    "search engines": ({"indexed": ""}, "/", "noindex"),
    "robots.txt": ({"indexed": ""}, "/robots.txt", "Disallow: /\n"),
    "lines for crawlers": ({"robots": "User-agent: GPTBot"}, "/robots.txt", "GPTBot"),
}


@pytest.fixture
def owner(transactional_db):
    client = Client()
    client.force_login(make_user("olive", "Owner"))
    return client


@pytest.fixture
def posts(owner):
    at = datetime(2026, 2, 28, 16, tzinfo=UTC)
    return [make_post(title=title, published_at=at) for title in ("Tides", "Moon")]


@pytest.mark.parametrize("name", CHANGES)
def test_a_setting_shows_at_once(reader, owner, posts, name):
    fields, address, shown = CHANGES[name]
    save(owner, **{"time_zone": "UTC"})
    assert shown not in reader.get(address).text
    assert reader.is_ready(address)
    save(owner, **{"time_zone": "UTC"} | fields)
    assert shown in reader.get(address).text


def test_a_menu_shows_at_once(reader, owner):
    page = make_page(title="About")
    assert ">About</a>" in reader.get("/").text
    save(owner, {"page": str(page.pk), "words": "Who"})
    assert ">Who</a>" in reader.get("/").text and ">About</a>" not in reader.get("/").text
    page.status = "draft"
    page.save()
    assert ">Who</a>" not in reader.get("/").text


def test_a_logo_shows_at_once_whatever_becomes_of_it(reader, owner):
    logo = in_library()
    assert "<img" not in reader.get("/").text
    save(owner, logo=str(logo.pk))
    assert logo.file.url in reader.get("/").text
    logo.take(images.process(written(photo((1600, 400)), "JPEG", quality=95)))
    Image.objects.filter(pk=logo.pk).update(is_ready=False)
    logo.renditions.all().delete()
    assert logo.file.url in reader.get("/").text
    renditions.make(logo.pk)  # no post shows it, so none is saved anew
    assert logo.renditions.get(width=480, format="webp").file.url in reader.get("/").text
    logo.delete()
    assert "<img" not in reader.get("/").text
    assert SiteSettings.load().logo_id is None
