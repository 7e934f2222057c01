import re
from datetime import datetime, timedelta
from xml.etree import ElementTree
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from blog import sitemaps
from blog.models import Post, Series, SiteSettings
from tests.blog.pictures import in_library
from tests.factories import make_page, make_post

pytestmark = pytest.mark.django_db
SPACES = {
    "s": "http://www.sitemaps.org/schemas/sitemap/0.9",
    "image": "http://www.google.com/schemas/sitemap-image/1.1",
    "xhtml": "http://www.w3.org/1999/xhtml",
}
JUNE = datetime(2017, 6, 5, 12, tzinfo=ZoneInfo("UTC"))


def locations(client, address: str) -> list[str]:
    return re.findall(r"<loc>http://testserver(.*?)</loc>", client.get(address).content.decode())


def test_the_index_names_files_that_name_all_that_is_public(client):
    tides = make_post(title="Tides", labels=("sea",), published_at=JUNE)
    moon = make_post(title="Moon", published_at=JUNE - timedelta(days=40))
    make_post(title="Draft", status="draft", labels=("hidden",))
    make_page(title="About")
    named = locations(client, "/sitemap.xml")
    assert named == [
        "/sitemap-lists.xml",
        "/sitemap-pages.xml",
        "/sitemap-labels.xml",
        "/sitemap-posts-2017-06.xml",
        "/sitemap-posts-2017-04.xml",
    ]
    assert sum((locations(client, address) for address in named), []) == [
        "/",
        "/archive/",
        "/label/",
        "/p/about/",
        "/label/sea/",
        tides.get_absolute_url(),
        moon.get_absolute_url(),
    ]


def test_a_month_says_when_its_posts_changed(client, time_machine):
    time_machine.move_to("2018-01-02 12:00Z", tick=False)
    make_post(published_at=JUNE)
    assert "<lastmod>2018-01-02</lastmod>" in client.get("/sitemap-posts-2017-06.xml").content.decode()


def test_what_is_still_to_come_is_not_named(client):
    make_post(title="Now", labels=("sea",), published_at=JUNE)
    later = make_post(title="Later", labels=("later",), published_at=timezone.now() + timedelta(days=40))
    month = f"/sitemap-posts-{later.year}-{later.month:02d}.xml"
    assert month not in locations(client, "/sitemap.xml")
    assert client.get(month).status_code == 404
    assert locations(client, "/sitemap-labels.xml") == ["/label/sea/"]


def test_a_file_with_nothing_in_it_yet_is_not_named(client):
    make_post(title="Later", labels=("later",), published_at=timezone.now() + timedelta(days=40))
    assert locations(client, "/sitemap.xml") == ["/sitemap-lists.xml"]


def test_more_than_fit_into_one_file_stand_in_several(client, monkeypatch):
    monkeypatch.setattr(sitemaps, "SIZE", 2)
    posts = [
        make_post(title=f"Post {n}", labels=(f"label {n}",), published_at=JUNE + timedelta(hours=n // 2))
        for n in range(5)
    ]
    named = locations(client, "/sitemap.xml")
    assert named[1:] == [
        *("/sitemap-labels.xml", "/sitemap-labels-2.xml", "/sitemap-labels-3.xml"),
        *("/sitemap-posts-2017-06.xml", "/sitemap-posts-2017-06-2.xml", "/sitemap-posts-2017-06-3.xml"),
    ]
    found = [locations(client, address) for address in named[1:]]
    assert [len(part) for part in found] == [2, 2, 1, 2, 2, 1]
    assert sum(found[3:], []) == [post.get_absolute_url() for post in posts]


def test_all_files_together_name_each_public_address_once(client, monkeypatch):
    monkeypatch.setattr(sitemaps, "SIZE", 7)
    now = timezone.now()
    groups = [Series.objects.create(title=f"Series {number}") for number in range(18)]
    for number in range(240):
        # Some share their moment; some are drafts, some to come, some over. Of two labels in eight nothing is seen.
        state = {5: {"status": "draft"}, 6: {"published_at": now + timedelta(days=9)}}
        over = {"expires_at": now} if number % 7 == 3 else {}
        made = {"published_at": JUNE + timedelta(days=number // 8)} | over | state.get(number % 8, {})
        make_post(title=f"Post {number}", labels=(f"label {number % 40}",), series=groups[number % 18], **made)
    for number in range(20):
        make_page(title=f"Page {number}", status="draft" if number % 4 == 0 else "published")
    named = locations(client, "/sitemap.xml")
    files = [locations(client, address) for address in named]
    assert all(0 < len(file) <= 7 for file in files), dict(zip(named, files, strict=True))
    public = [post for post in Post.objects.all() if post.is_public()]
    posts = [post for post in public if post.kind == "post"]
    owners = {label for post in posts for label in post.tags.all()} | {post.series for post in posts}
    wanted = ["/", "/archive/", "/label/", *(one.get_absolute_url() for one in [*public, *owners])]
    assert sorted(sum(files, [])) == sorted(wanted)
    assert len(named) > 30 and len(owners) == 30 + 18, (len(named), len(owners))


@pytest.mark.parametrize(
    "name", ["x", "posts", "posts-2017-05", "posts-2017-13", "posts-2017-06-1", "posts-2017-06-2", "posts-2017-06-0"]
)
def test_a_file_that_is_not_there_answers_404(client, name):
    make_post(published_at=JUNE)
    assert client.get(f"/sitemap-{name}.xml").status_code == 404
    assert client.get("/sitemap-labels.xml").status_code == client.get("/sitemap-pages-99999.xml").status_code == 404


def test_the_index_reads_no_post(client, django_assert_num_queries):
    for number in range(3):
        make_post(title=f"Post {number}", published_at=JUNE)
    with django_assert_num_queries(5) as queries:  # the site, and four counts
        client.get("/sitemap.xml")
    assert not [query["sql"] for query in queries if '"blog_post"."title"' in query["sql"]]


# Pictures and languages


def urls(client, address: str) -> dict[str, ElementTree.Element]:
    root = ElementTree.fromstring(client.get(address).content)
    return {url.findtext("s:loc", namespaces=SPACES).removeprefix("http://testserver"): url for url in root}


def test_a_post_names_its_cover_and_the_pictures_of_its_text(client):
    cover, within = in_library("teal"), in_library("navy")
    post = make_post(published_at=JUNE, cover=cover, body=f'<p><img src="{within.file.url}" alt=""></p>')
    page = make_page(title="About", cover=cover)
    bare = make_post(published_at=JUNE)
    month = urls(client, "/sitemap-posts-2017-06.xml")
    named = [one.text for one in month[post.get_absolute_url()].iterfind("image:image/image:loc", SPACES)]
    assert named == [f"http://testserver{image.file.url}" for image in (cover, within)]
    assert month[bare.get_absolute_url()].find("image:image", SPACES) is None
    assert urls(client, "/sitemap-pages.xml")[page.get_absolute_url()].find("image:image", SPACES) is not None


def test_a_post_names_no_more_pictures_than_so_many(client, monkeypatch):
    monkeypatch.setattr(sitemaps, "PICTURES", 2)
    images = [in_library(colour) for colour in ("teal", "navy", "olive")]
    post = make_post(published_at=JUNE, body="".join(f'<p><img src="{one.file.url}" alt=""></p>' for one in images))
    found = urls(client, "/sitemap-posts-2017-06.xml")[post.get_absolute_url()]
    assert len(found.findall("image:image", SPACES)) == 2


def test_translations_name_one_another_and_themselves(client):
    SiteSettings(language="fa").save()
    springs = make_post(title="Springs", published_at=JUNE)
    german = make_post(title="Gezeiten", language="de", translation_of=springs, published_at=JUNE - timedelta(days=30))
    make_post(title="Marées", language="fr", translation_of=springs, status="draft")
    alone = make_post(title="Alone", published_at=JUNE)
    june, may = urls(client, "/sitemap-posts-2017-06.xml"), urls(client, "/sitemap-posts-2017-05.xml")
    for url in (june[springs.get_absolute_url()], may[german.get_absolute_url()]):
        named = {link.get("hreflang"): link.get("href") for link in url.iterfind("xhtml:link", SPACES)}
        assert named == {
            "de": f"http://testserver{german.get_absolute_url()}",
            "fa": f"http://testserver{springs.get_absolute_url()}",
        }
    assert june[alone.get_absolute_url()].find("xhtml:link", SPACES) is None


def test_a_file_costs_the_same_at_any_number_of_posts(client, django_assert_num_queries):
    original = make_post(title="Springs", published_at=JUNE)
    for number in range(6):
        image = in_library(f"#0000{number}0")
        translated = {"translation_of": original, "language": "de"} if not number else {}
        make_post(title=f"Post {number}", published_at=JUNE, cover=image, **translated)
    with django_assert_num_queries(4):  # the site, the posts, their pictures, their translations
        client.get("/sitemap-posts-2017-06.xml")


def test_signs_that_xml_keeps_for_itself_are_written_as_they_must_be(client, monkeypatch):
    post = make_post(published_at=JUNE)
    monkeypatch.setattr(Post, "get_absolute_url", lambda _post: "/?a=1&b=<2>")
    assert list(urls(client, "/sitemap-posts-2017-06.xml")) == ["/?a=1&b=<2>"], post
