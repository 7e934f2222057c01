"""What the owner sets of the site's look, feeds and standing with search engines, and what readers see of it."""

import re
from xml.etree import ElementTree

import pytest

from blog import renditions
from blog.accent import address_of
from blog.models import SiteSettings
from tests.blog.pictures import in_library, photo, written
from tests.blog.settings_form import ADDRESS, refused, save
from tests.factories import make_post, make_user

pytestmark = pytest.mark.django_db
ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture
def owner(client):
    user = make_user("olive", "Owner")
    client.force_login(user)
    return user


def _page(client, address: str = "/") -> str:
    return client.get(address).content.decode()


def test_an_accent_reaches_pages_by_a_style_sheet_of_its_own(client, owner):
    save(client, accent="#174")
    html = _page(client)
    address = re.search(r'href="(/colours-[0-9a-f]{12}\.css)"', html)[1]
    assert html.index("css/tokens") < html.index(address) < html.index("css/site")
    assert address in _page(client, "/admin/")
    response = client.get(address)
    assert response.headers["Content-Type"] == "text/css; charset=utf-8"
    assert "immutable" in response.headers["Cache-Control"]
    assert re.fullmatch(r":root \{ --rubric: light-dark\(#117744|.*\) \}\n", response.content.decode())


def test_each_scheme_may_have_its_own(client, owner):
    save(client, accent="#225577", accent_dark="#88ccee")
    assert b"light-dark(#225577, #88ccee)" in client.get(address_of(SiteSettings.load())).content
    save(client, accent_dark="#88ccee")
    assert b"light-dark(#9c2f2a, #88ccee)" in client.get(address_of(SiteSettings.load())).content


def test_without_an_accent_there_is_no_such_sheet(client):
    assert "/colours-" not in _page(client)
    assert client.get("/colours-0123456789ab.css").status_code == 404


def test_an_older_address_leads_to_the_present_sheet(client):
    SiteSettings(accent="#225577").save()
    response = client.get("/colours-0123456789ab.css")
    assert (response.status_code, response.url) == (302, address_of(SiteSettings.load()))
    assert response.headers["Cache-Control"] == "no-cache"


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"accent": "#ff8800"}, ["2.06 to 1", "would do"]),
        ({"accent_dark": "#333399"}, ["1.56 to 1", "would do"]),
        ({"accent": "red"}, ["six digits"]),
        ({"accent": "#a33d2a}"}, ["at most 7 characters"]),
    ],
)
def test_an_accent_that_cannot_be_read_is_refused(client, owner, fields, words):
    html = refused(client, **fields)
    assert all(word in html for word in words), re.findall("<ul class=.errorlist.*?</ul>", html)
    assert not SiteSettings.objects.exists()


def test_the_colour_that_is_offered_is_taken(client, owner):
    offered = re.search(r"(#[0-9a-f]{6}) would do", refused(client, accent="#ff8800"))[1]
    save(client, accent=offered)
    assert SiteSettings.load().accent == offered


def test_a_logo_stands_before_the_title(client, owner):
    logo = in_library(alt="A lighthouse")
    save(client, logo=str(logo.pk))
    masthead = _page(client).partition("</header>")[0]
    assert f'<img src="{logo.file.url}" width="60" height="40" alt=""><bdi>Tidewater Notes</bdi></a>' in masthead


def test_a_tall_logo_is_shown_from_a_small_file(client):
    logo = in_library()
    logo.take(renditions.images.process(written(photo((1600, 400)), "JPEG", quality=95)))
    renditions.make(logo.pk)
    SiteSettings(logo=logo).save()
    shown = re.search(r'<img src="([^"]+)" width="(\d+)" height="(\d+)"', _page(client))
    assert shown.group(2, 3) == ("192", "48")
    assert shown[1] == logo.renditions.get(width=480, format="webp").file.url


def test_a_logo_is_shared_with_posts_that_have_no_cover(client):
    logo, cover = in_library("navy"), in_library("olive")
    SiteSettings(logo=logo).save()
    bare, covered = make_post(), make_post(cover=cover)
    for post, image in ((bare, logo), (covered, cover)):
        shared = f'<meta property="og:image" content="http://testserver{image.file.url}">'
        assert shared in _page(client, post.get_absolute_url())


def test_a_site_lives_on_when_its_logo_is_deleted(client):
    logo = in_library()
    SiteSettings(logo=logo).save()
    logo.delete()
    assert "<img" not in _page(client).partition("</header>")[0]


def test_the_footer_keeps_links_and_emphasis_and_nothing_else(client, owner):
    save(client, footer='By <b>Olive</b>, <a href="/p/imprint/" onclick="x()">imprint</a>.\n\n<script>x()</script>')
    foot = _page(client).partition('<footer class="foot small">')[2]
    assert '<p>By <b>Olive</b>, <a href="/p/imprint/">imprint</a>.</p>' in foot
    assert "<script" not in foot and "onclick" not in foot
    assert "nofollow" not in foot


def test_feeds_carry_whole_texts(client):
    make_post(title="Tides", excerpt="In short.", body="<p>All of it.</p>")
    entry = ElementTree.fromstring(client.get("/feed.atom").content).find(f"{ATOM}entry")
    assert "All of it." in entry.find(f"{ATOM}content[@type='html']").text
    assert entry.find(f"{ATOM}summary").text == "In short."
    item = ElementTree.fromstring(client.get("/feed.rss").content).find("channel/item")
    assert item.findtext("description") == "In short."
    assert "All of it." in item.findtext("{http://purl.org/rss/1.0/modules/content/}encoded")


def test_feeds_carry_the_first_words_alone(client, owner):
    save(client, feeds_in_full="")
    post = make_post(title="Tides", excerpt="In <short>.", body="<p>All of it.</p>")
    entry = ElementTree.fromstring(client.get("/feed.atom").content).find(f"{ATOM}entry")
    item = ElementTree.fromstring(client.get("/feed.rss").content).find("channel/item")
    link = f'<a href="http://testserver{post.get_absolute_url()}">Read the rest</a>'
    assert entry.find(f"{ATOM}content") is None
    assert entry.findtext(f"{ATOM}summary") == item.findtext("description")
    assert item.findtext("description") == f"<p>In &lt;short&gt;.</p><p>{link}</p>"
    save(client, feeds_in_full="", language="fa")
    assert "Read the rest" not in client.get("/feed.rss").content.decode()


def test_search_engines_may_list_the_site(client):
    assert 'name="robots"' not in _page(client)
    assert "Sitemap: http://testserver/sitemap.xml" in _page(client, "/robots.txt")


def test_search_engines_are_asked_to_stay_away(client, owner):
    save(client, indexed="")
    robots = _page(client, "/robots.txt")
    assert robots == "User-agent: *\nDisallow: /\n"
    post = make_post()
    for address in ("/", post.get_absolute_url(), "/archive/"):
        assert '<meta name="robots" content="noindex">' in _page(client, address)


def test_lines_for_crawlers_stand_as_they_are(client, owner):
    lines = "# No training\r\nUser-agent: GPTBot\r\ndisallow: /*?q=a&b\r\n\r\nCrawl-delay: 10\r\n"
    save(client, robots=lines)
    robots = _page(client, "/robots.txt")
    assert robots.endswith("sitemap.xml\n\n# No training\nUser-agent: GPTBot\ndisallow: /*?q=a&b\n\nCrawl-delay: 10\n")


@pytest.mark.parametrize("line", ["Forbid: /x", "<b>", "User-agent GPTBot", "Allow: /\u2028Forbid: /x"])
def test_a_line_that_no_crawler_knows_is_refused(client, owner, line):
    html = refused(client, robots=f"User-agent: *\n{line}")
    assert re.search(r"Line [23], ", html) and "Crawl-delay" in html


def test_others_may_not_change_any_of_it(client):
    client.force_login(make_user("ed", "Editor"))
    assert client.post(ADDRESS, {"title": "Mine"}).status_code == 403
