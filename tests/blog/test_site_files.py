"""What browsers read of the site as a whole: its manifest, its search, its icons."""

import io
import json
import re
from pathlib import Path
from xml.etree import ElementTree

import pytest
from django.contrib.staticfiles import finders
from django.core.files.storage import default_storage
from PIL import Image as Picture

from blog import icons, looks
from blog.models import Image, SiteSettings
from tests.blog.pictures import in_library, picture, written
from tests.factories import make_post

pytestmark = pytest.mark.django_db
OPENSEARCH = "{http://a9.com/-/spec/opensearch/1.1/}"


def manifest_of(client) -> dict:
    response = client.get("/manifest.webmanifest")
    assert response["Content-Type"] == "application/manifest+json"
    return json.loads(response.content)


def read(client, address: str) -> Picture.Image:
    """The picture at an address of this site, static or made."""
    if address.startswith("/static/"):
        return Picture.open(io.BytesIO(ours(address.removeprefix("/static/"))))
    response = client.get(address)
    assert (response.status_code, response["Content-Type"]) == (200, "image/png")
    assert "immutable" in response["Cache-Control"]
    return Picture.open(io.BytesIO(response.content))


def ours(name: str) -> bytes:
    return Path(finders.find(name)).read_bytes()


def test_every_page_leads_to_them(client):
    for address in ("/", make_post().get_absolute_url(), "/search/", "/nothing/"):
        head = client.get(address).content.decode().partition("</head>")[0]
        assert '<link rel="manifest" href="/manifest.webmanifest">' in head
        assert re.search(r'<link rel="search" type="application/opensearchdescription\+xml" title="[^"]+" href="', head)
        assert '<link rel="apple-touch-icon" href="/static/icons/180.png">' in head


# The manifest


def test_the_manifest_says_what_the_site_is(client):
    SiteSettings(title="Tidewater and Estuary", tagline="Of the sea", language="fa", look="garden").save()
    said = manifest_of(client)
    assert (said["name"], said["short_name"], said["description"]) == (
        "Tidewater and Estuary",
        "Tidewater",
        "Of the sea",
    )
    assert (said["lang"], said["dir"], said["start_url"]) == ("fa", "rtl", "/")
    assert said["background_color"] == said["theme_color"] == looks.LOOKS["garden"].paper[0]


def test_a_dark_site_begins_dark(client):
    SiteSettings(scheme="dark").save()
    assert manifest_of(client)["background_color"] == looks.LOOKS["paper"].paper[1]


@pytest.mark.parametrize(("title", "short"), [("Tides", "Tides"), ("Donaudampfschifffahrt", "Donaudampfsc"), ("", "")])
def test_a_short_name_fits_under_an_icon(client, title, short):
    SiteSettings(title=title).save()
    assert manifest_of(client)["short_name"] == short


@pytest.mark.parametrize("has_logo", [False, True])
def test_its_icons_are_as_large_as_it_says(client, has_logo):
    SiteSettings(logo=in_library() if has_logo else None).save()
    listed = manifest_of(client)["icons"]
    assert [(one["sizes"], one["purpose"]) for one in listed] == [
        *(("180x180", "any"), ("192x192", "any"), ("512x512", "any")),
        ("512x512", "maskable"),
    ]
    for one in listed:
        found = read(client, one["src"])
        assert (found.format, "{}x{}".format(*found.size)) == ("PNG", one["sizes"])
        assert one["purpose"] == "any" or found.convert("RGBA").getextrema()[3] == (255, 255)


# Icons


def test_an_icon_shows_the_whole_logo_on_a_square(client):
    SiteSettings(logo=in_library("teal")).save()  # 60 to 40
    said = manifest_of(client)["icons"]
    clear, cut = read(client, said[1]["src"]).convert("RGBA"), read(client, said[3]["src"]).convert("RGB")
    assert clear.getpixel((96, 96))[:3] == (0, 128, 128) and clear.getpixel((96, 5))[3] == 0
    assert cut.getpixel((256, 256)) == (0, 128, 128) and cut.getpixel((5, 5)) == (255, 255, 255)


def test_a_new_logo_has_a_new_address_and_the_old_one_leads_there(client):
    SiteSettings(logo=in_library("teal")).save()
    before = manifest_of(client)["icons"][0]["src"]
    SiteSettings(logo=in_library("navy")).save()
    now = manifest_of(client)["icons"][0]["src"]
    assert now != before
    assert client.get(before).headers["Location"] == now
    assert read(client, now).convert("RGB").getpixel((90, 90)) == (0, 0, 128)
    SiteSettings(logo=None).save()
    assert client.get(now).headers["Location"] == "/static/icons/180.png"


def test_a_logo_whose_file_is_lost_gives_way_to_ours(client):
    logo = in_library("olive")
    SiteSettings(logo=logo).save()
    default_storage.delete(logo.file.name)
    address = manifest_of(client)["icons"][2]["src"]
    assert client.get(address).headers["Location"] == "/static/icons/512.png"


def test_a_logo_that_moves_stands_still(client):
    frames = [picture(colour, (40, 40)) for colour in ("red", "blue")]
    gif = written(frames[0], "GIF", save_all=True, append_images=frames[1:], duration=100)
    logo, _is_new = Image.objects.from_upload(gif)
    SiteSettings(logo=logo).save()
    found = read(client, manifest_of(client)["icons"][1]["src"])
    assert found.n_frames == 1


def test_an_icon_that_is_not_there_answers_404(client):
    assert client.get("/icon-0123456789ab-64.png").status_code == 404


def test_ours_are_small():
    for name, kind in icons.KINDS.items():
        content = ours(f"icons/{name}.png")
        assert len(content) < 8_000 and Picture.open(io.BytesIO(content)).size == (kind.side, kind.side)


# Search


def test_a_browser_can_ask_the_sites_search(client):
    SiteSettings(title="Tides & <Moons> of the North", tagline="Of the “sea”").save()
    response = client.get("/opensearch.xml")
    assert response["Content-Type"] == "application/opensearchdescription+xml"
    root = ElementTree.fromstring(response.content)
    assert root.findtext(f"{OPENSEARCH}ShortName") == "Tides & <Moons> "
    assert root.findtext(f"{OPENSEARCH}LongName") == "Tides & <Moons> of the North"
    assert root.findtext(f"{OPENSEARCH}Description") == "Of the “sea”"
    (search,) = (url for url in root.iter(f"{OPENSEARCH}Url") if url.get("type") == "text/html")
    make_post(title="Ebb")
    address = search.get("template").removeprefix("http://testserver").replace("{searchTerms}", "Ebb")
    assert b"Ebb</" in client.get(address).content


def test_a_site_without_a_tagline_still_says_something(client):
    root = ElementTree.fromstring(client.get("/opensearch.xml").content)
    assert root.findtext(f"{OPENSEARCH}Description") == "Marginalia"


# robots.txt


def test_robots_names_the_sitemap(client):
    assert "Sitemap: http://testserver/sitemap.xml" in client.get("/robots.txt").content.decode()
