"""What an author is advised to mend before publishing, and that it never stops anybody."""

from datetime import timedelta

import pytest
from django.contrib import admin
from django.template.loader import render_to_string
from django.test import Client
from django.utils import timezone

from blog.admin.checklist import context
from blog.checklist import advice
from blog.models import Image, OldPath, Page, Post
from tests.blog.pictures import in_library
from tests.factories import make_page, make_post, make_user

pytestmark = pytest.mark.django_db


def _text(body: str = "<p>Some words.</p>", **fields) -> Post:
    """A post with nothing to mend but what is given, which nobody has saved."""
    return Post(body=body, **{"title": "Tides", "excerpt": "In short."} | fields)


def _said(post: Post) -> list[str]:
    return [one.words for one in advice(post)]


def _image(image: Image, words: str = "") -> str:
    return f'<figure><img src="{image.file.url}" data-image="{image.pk}"{words}></figure>'


def test_nothing_to_mend():
    assert advice(_text('<h2>Ebb</h2><h3>Low</h3><h2>Flood</h2><p><a href="https://example.org/x">x</a></p>')) == []


def test_a_title_is_missing_or_too_long():
    assert _said(_text(title="  ")) == ["There is no title yet."]
    assert _said(_text(title="x" * 70)) == []
    assert _said(_text(title="x" * 71)) == ["The title has 71 characters; search results show about 70."]


def test_an_excerpt_is_missing_of_posts_alone():
    ((kind, where),) = [(one.kind, one.where) for one in advice(_text(excerpt=""))]
    assert (kind, where) == ("excerpt", "excerpt")
    assert advice(Page(title="About", body="<p>Words.</p>")) == []
    assert advice(Post(kind="page", title="About", body="<p>Words.</p>")) == []


def test_images_need_words_or_to_be_called_decorative():
    bare, described, decorative = in_library("navy"), in_library("olive", alt="A pier"), in_library(decorative=True)
    body = _image(described) + _image(bare) + _image(decorative) + _image(bare, ' alt=""') + _image(bare, ' alt="Sea"')
    assert _said(_text(body)) == [
        "Image 2 has no alternative text. Say what it shows, or that it only decorates.",
    ]


def test_an_imported_image_is_known_by_its_file():
    bare, described = in_library("navy"), in_library("olive", alt="A pier")
    body = f'<p><img src="{bare.file.url}"><img src="{described.file.url}"><img src="https://example.org/x.png"></p>'
    assert [words[:8] for words in _said(_text(body))] == ["Image 1 ", "Image 3 "]


def test_a_cover_needs_words_too():
    for cover, many in ((in_library("navy"), 1), (in_library("olive", alt="A pier"), 0)):
        assert [one.where for one in advice(_text(cover=cover))] == ["cover"] * many
    assert advice(_text(cover_id=9_999)) == []


def test_headings_that_skip_a_level_or_say_nothing():
    said = _said(_text("<h3>Ebb</h3><h2>Flood</h2><h4>Low &amp; high</h4><h2> </h2><h4>Late</h4>"))
    skips = "skips a level. Make it one larger, or put one between."
    assert said == [
        f"The heading “Ebb” {skips}",
        f"The heading “Low & high” {skips}",
        "A heading is empty: give it words, or take it away.",
    ]


def test_links_that_lead_nowhere():
    make_post(title="Tides", slug="tides", labels=("sea",), published_at=timezone.now())
    body = "".join(
        f'<p><a href="{href}">x</a></p>'
        for href in ("/2020/01/none/", "/p/none/", "/label/none/", "http://testserver/nowhere.html", "/series/none/")
    )
    assert _said(_text(body)) == [
        f"The link to {path} leads nowhere on this site."
        for path in ("/2020/01/none/", "/p/none/", "/label/none/", "/nowhere.html", "/series/none/")
    ]


def test_links_that_lead_somewhere():
    post = make_post(title="جزر", labels=("sea",))
    make_page(title="About")
    OldPath.objects.create(path="/2016/05/old.html", post=post)
    hrefs = [
        "/",
        "/archive/",
        "/p/about/",
        "/p/about",
        "/label/sea/",
        "/label/sea/feed.atom",
        "/2016/05/old.html",
        "#x",
    ]
    hrefs += [post.get_absolute_url(), f"http://testserver{post.get_absolute_url()}?order=newest#comments", "?x", ""]
    hrefs += ["mailto:a@example.org", "//example.org/2020/01/none/", "https://example.org/p/none/", "/author/author/"]
    assert advice(_text("".join(f'<p><a href="{href}">x</a></p>' for href in hrefs))) == []


def test_an_address_that_is_gone_for_good_leads_nowhere():
    OldPath.objects.create(path="/2016/05/gone.html")
    assert len(advice(_text('<p><a href="/2016/05/gone.html">x</a></p>'))) == 1


def test_links_to_what_readers_cannot_see_yet():
    later = make_post(title="Later", published_at=timezone.now() + timedelta(days=1))
    draft = make_page(title="Draft", status="draft")
    other = make_post(title="Other", status="draft")
    hrefs = [one.get_absolute_url() for one in (later, draft, other)]
    said = _said(_text("".join(f'<p><a href="{href}">x</a></p>' for href in hrefs)))
    assert said == [f"The link to {href} leads to what readers cannot see yet." for href in hrefs]


def test_a_text_may_name_its_own_address():
    post = make_post(title="Later", excerpt="In short.", published_at=timezone.now() + timedelta(days=1))
    post.body = f'<p><a href="{post.get_absolute_url()}#s-ebb">Ebb</a></p>'
    assert advice(post) == []


def test_the_same_is_said_once():
    assert len(advice(_text('<p><a href="/p/x/">x</a> <a href="/p/x/">y</a></p><h2> </h2><h2> </h2>'))) == 2


def test_it_costs_the_same_however_long_the_text(django_assert_max_num_queries):
    many = "".join(
        f'<p><a href="/2026/03/post-{n}/">x</a> <a href="/p/page-{n}/">x</a> <a href="/label/l-{n}/">x</a></p>'
        f'<img src="/media/{n}.png" data-image="{n + 1}">'
        for n in range(120)
    )
    with django_assert_max_num_queries(4):
        assert len(advice(_text(many))) == 320  # of each kind, those that are looked at


@pytest.fixture
def author(client):
    user = make_user("arno", "Author")
    client.force_login(user)
    return user


def _ask(client, kind: str = "post", **fields):
    return client.post(
        f"/admin/blog/{kind}/checklist/", {"title": "Tides", "excerpt": "In short.", "body": ""} | fields
    )


def test_the_desk_answers_while_one_writes(client, author):
    cover = in_library()
    answer = _ask(client, title="", body="<h2></h2>", cover=str(cover.pk)).json()
    assert answer["said"] == "3 things to look at"
    assert [(one["kind"], one["where"]) for one in answer["advice"]] == [
        ("title", "title"),
        ("image", "cover"),
        ("heading", "body"),
    ]
    assert _ask(client).json() == {"said": "Nothing to mend.", "advice": []}
    assert not Post.objects.exists()


def test_the_desk_knows_the_text_at_hand(client, author):
    post = make_post(author, published_at=timezone.now() + timedelta(days=1))
    link = f'<p><a href="{post.get_absolute_url()}">x</a></p>'
    assert _ask(client, body=link, here=str(post.pk)).json()["advice"] == []
    assert len(_ask(client, body=link).json()["advice"]) == 1


@pytest.mark.parametrize("fields", [{"cover": "x", "here": "-1"}, {"cover": "9" * 30, "here": "٣"}, {"body": "\x00<p"}])
def test_nonsense_is_no_trouble(client, author, fields):
    assert _ask(client, **fields).status_code == 200


def test_it_is_for_those_who_write_and_changes_nothing(client, author):
    assert client.get("/admin/blog/post/checklist/").status_code == 405
    assert _ask(client, kind="page").status_code == 403
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(author)
    assert _ask(strict).status_code == 403
    client.force_login(make_user("mona", "Moderator"))
    assert _ask(client).status_code == 403
    client.logout()
    assert _ask(client).status_code in (302, 403)


def test_an_editor_asks_of_pages(client):
    client.force_login(make_user("ed", "Editor"))
    assert _ask(client, kind="page", excerpt="").json()["advice"] == []


def test_without_scripts_the_saved_text_is_spoken_of():
    desk = admin.site.get_model_admin(Post)
    post = make_post(title="Tides", body="<h2> </h2>", excerpt="In short.")
    html = render_to_string("admin/blog/post/_checklist.html", {"original": post} | context(desk, post))
    assert "1 thing to look at" in html and "A heading is empty" in html
    assert 'data-address="/admin/blog/post/checklist/"' in html and f'data-here="{post.pk}"' in html
    html = render_to_string("admin/blog/post/_checklist.html", context(desk, None))
    assert "hidden" in html and "things" not in html
