"""Every text that somebody saved, and what each typed last, is kept; and there is a way back to each."""

import json

import pytest
from django.urls import reverse
from django.utils import timezone

from blog import revisions
from blog.models import Image, Post, Revision, SiteSettings
from tests.blog.pictures import photo, written
from tests.blog.writing import ADD, address_of, another, form_data, opened, save, texts
from tests.factories import make_page, make_post, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def author(client):
    user = make_user("arno", "Author")
    client.force_login(user)
    return user


# Saving.


def test_each_save_keeps_a_version(client, author):
    client.post(ADD, form_data(body="<p>One.</p>", tags="tides, moon", _save="1"))
    post = Post.objects.get()
    save(client, post, body="<p>Two.</p>")
    save(client, post, "_publish", body="<p>Three.</p>")
    assert texts(post) == ["<p>One.</p>", "<p>Two.</p>", "<p>Three.</p>"]
    assert [one.why for one in post.revisions.order_by("pk")] == ["saved", "saved", "published"]
    assert post.revisions.order_by("pk")[0].content["tags"] == ["moon", "tides"]
    post.refresh_from_db()
    assert post.revision == post.revisions.order_by("-pk")[0]


def test_saved_again_as_it_was_it_is_kept_once(client, author):
    client.post(ADD, form_data(_save="1"))
    post = Post.objects.get()
    save(client, post, slug=post.slug)
    assert post.revisions.count() == 1


def test_what_was_there_before_there_were_versions_is_kept(client, author):
    post = make_post(author, title="Old", body="<p>As imported.</p>", status="draft")
    save(client, post, body="<p>Changed.</p>")
    assert texts(post) == ["<p>As imported.</p>", "<p>Changed.</p>"]
    assert post.revisions.order_by("pk")[0].saved_at < post.revisions.order_by("-pk")[0].saved_at


def test_pages_are_kept_too(client):
    client.force_login(make_user("edda", "Editor"))
    page = make_page(title="About", body="<p>One.</p>")
    save(client, page, title="About", body="<p>Two.</p>", slug="about")
    assert texts(page) == ["<p>One.</p>", "<p>Two.</p>"]


# A draft over what readers see.


def test_changes_wait_until_they_are_published(client, author):
    post = make_post(author, title="Out", body="<p>Seen.</p>", labels=("tides",))
    html = save(client, post, "_keep", title="Better", body="<p>Better.</p>", tags="moon", slug="out").content.decode()
    assert "Readers see what they saw before" in html
    post.refresh_from_db()
    assert (post.title, post.body, [str(tag) for tag in post.tags.all()]) == ("Out", "<p>Seen.</p>", ["tides"])
    assert "Better" not in client.get(post.get_absolute_url()).content.decode()
    html = client.get(address_of(post)).content.decode()
    assert 'value="Better"' in html
    assert "&lt;p&gt;Better.&lt;/p&gt;" in html
    assert 'value="moon"' in html

    save(client, post, title="Better", body="<p>Better.</p>", tags="moon", slug="out")
    post.refresh_from_db()
    assert (post.title, post.body, [str(tag) for tag in post.tags.all()]) == ("Better", "<p>Better.</p>", ["moon"])
    assert post.draft is None
    assert "Better." in client.get(post.get_absolute_url()).content.decode()


def test_what_is_no_part_of_the_text_acts_at_once(client, author):
    post = make_post(author, body="<p>Seen.</p>")
    save(client, post, "_keep", title=post.title, body="<p>Better.</p>", comments_mode="closed")
    post.refresh_from_db()
    assert (post.comments_mode, post.body) == ("closed", "<p>Seen.</p>")


def test_a_draft_is_thrown_away_and_stays_in_the_history(client, author):
    post = make_post(author, body="<p>Seen.</p>")
    save(client, post, "_keep", body="<p>Better.</p>")
    client.post(reverse("admin:blog_post_discard", args=[post.pk]), form_data(body="<p>Typed.</p>"))
    post.refresh_from_db()
    assert (post.draft, post.body) == (None, "<p>Seen.</p>")
    assert texts(post) == ["<p>Seen.</p>", "<p>Better.</p>", "<p>Typed.</p>"]
    assert client.get(reverse("admin:blog_post_discard", args=[post.pk])).status_code == 405


def test_what_nobody_sees_yet_does_not_wait(client, author):
    post = make_post(author, status="draft", body="<p>One.</p>")
    save(client, post, "_keep", body="<p>Two.</p>")
    post.refresh_from_db()
    assert (post.body, post.draft) == ("<p>Two.</p>", None)


# Two at once.


def test_a_save_over_somebody_elses_is_refused_and_shows_both(client, author):
    post = make_post(author, status="draft", title="Tides", body="<p>The sea was calm.</p>")
    begun = opened(post)
    save(another("edda"), post, title="Tides", body="<p>The sea was rough.</p>")
    answer = client.post(address_of(post), form_data(title="Tides", body="<p>The sea was grey.</p>", _save="1") | begun)
    html = answer.content.decode()
    assert "Edda has saved this since you opened it" in html
    assert "<del>rough</del><ins>grey</ins>" in html
    assert "&lt;p&gt;The sea was grey.&lt;/p&gt;" in html
    post.refresh_from_db()
    assert post.body == "<p>The sea was rough.</p>"
    assert texts(post) == ["<p>The sea was calm.</p>", "<p>The sea was rough.</p>", "<p>The sea was grey.</p>"]


def test_seen_it_may_be_saved_over(client, author):
    post = make_post(author, status="draft", body="<p>One.</p>")
    begun = opened(post)
    save(another("edda"), post, body="<p>Theirs.</p>")
    theirs = post.revisions.order_by("-pk")[0].pk
    payload = form_data(body="<p>Mine.</p>", _save="1", overwrite=theirs)
    assert client.post(address_of(post), payload | begun).status_code == 302
    post.refresh_from_db()
    assert post.body == "<p>Mine.</p>"
    assert "<p>Theirs.</p>" in texts(post)


def test_a_yet_newer_one_is_shown_too(client, author):
    post = make_post(author, status="draft", body="<p>One.</p>")
    begun, edda = opened(post), another("edda")
    save(edda, post, body="<p>Theirs.</p>")
    theirs = post.revisions.order_by("-pk")[0].pk
    save(edda, post, body="<p>Newer.</p>")
    payload = form_data(body="<p>Mine.</p>", _save="1", overwrite=theirs)
    assert "Newer." in client.post(address_of(post), payload | begun).content.decode()


def test_who_may_no_longer_change_it_loses_no_word(client, author):
    post = make_post(author, status="draft", body="<p>One.</p>")
    client.post(reverse("admin:blog_post_delete", args=[post.pk]), {"post": "yes"})
    html = client.post(address_of(post), form_data(body="<p>Late.</p>", _save="1"), follow=True).content.decode()
    assert "Not saved: In the bin" in html
    assert texts(post) == ["<p>Late.</p>"]


# The way back.


def test_an_earlier_version_comes_back_with_its_labels_and_images(client, author):
    image, _new = Image.objects.from_upload(written(photo()))
    first = f'<figure><img src="{image.file.url}" alt="Ebb" data-image="{image.pk}"></figure><p>First.</p>'
    post = make_post(author, status="draft", title="Tides", body="", labels=())
    save(client, post, title="Tides", body=first, tags="moon, tides", cover=image.pk)
    old = post.revisions.order_by("-pk")[0]
    assert list(old.images.all()) == [image]
    save(client, post, title="Tides", body="<p>Second.</p>", tags="", cover="")

    html = client.get(address_of(post), {"revision": old.pk}).content.decode()
    assert "This is an earlier version" in html
    assert f'name="restored" value="{old.pk}"' in html
    payload = form_data(title="Tides", body=old.content["body"], tags="moon, tides", cover=image.pk, restored=old.pk)
    client.post(f"{address_of(post)}?revision={old.pk}", payload | opened(post) | {"_save": "1"})
    post.refresh_from_db()
    assert (post.body, post.cover, post.revision.why) == (old.content["body"], image, "restored")
    assert sorted(str(tag) for tag in post.tags.all()) == ["moon", "tides"]


def test_a_version_of_another_post_is_not_found(client, author):
    post, other = make_post(author, status="draft"), make_post(author, status="draft")
    save(client, other, body="<p>Other.</p>")
    address = address_of(post)
    for asked in (other.revisions.order_by("-pk")[0].pk, "x", "9" * 30):
        assert client.get(address, {"revision": asked}).status_code == 404


# The history.


def test_the_history_lists_and_compares(client, author, django_assert_max_num_queries):
    post = make_post(author, title="Tides", body="<p>The sea was calm.</p>", status="draft")
    for body in ("<p>The sea was rough.</p>", "<h2>Storm</h2><p>The sea was rough.</p>"):
        save(client, post, title="Tides", body=body)
    with django_assert_max_num_queries(12):
        html = client.get(reverse("admin:blog_post_history", args=[post.pk])).content.decode()
    assert html.count("What changed") == 3
    first, second, third = post.revisions.order_by("pk")
    address = reverse("admin:blog_post_compare", args=[post.pk])
    html = client.get(address, {"from": first.pk, "to": third.pk, "view": "inline"}).content.decode()
    assert "<del>calm</del><ins>rough</ins>" in html
    assert "<ins># Storm</ins>" in html.replace("## ", "# ")
    html = client.get(address, {"to": second.pk}).content.decode()
    assert '<div dir="auto">The sea was <del>calm</del>.</div>' in html
    assert client.get(address, {"to": "0"}).status_code == 404


def test_a_post_without_versions_says_so(client, author):
    post = make_post(author)
    assert "No versions yet" in client.get(reverse("admin:blog_post_history", args=[post.pk])).content.decode()


def test_moments_are_the_writers_and_the_sites(client, author):
    SiteSettings(time_zone="Europe/Berlin").save()
    author.time_zone = "Asia/Tehran"
    author.save()
    at = timezone.datetime(2027, 1, 4, 12, 0, tzinfo=timezone.get_fixed_timezone(0))
    post = make_post(author, published_at=at)
    html = client.get(address_of(post)).content.decode()
    assert 'value="2027-01-04T15:30"' in html
    assert "On the site, Europe/Berlin: 4 January 2027, 13:00." in html


def test_a_revision_is_plain_data(client, author):
    post = make_post(author, status="draft")
    save(client, post, body="<p>x</p>")
    assert set(json.loads(json.dumps(Revision.objects.order_by("-pk")[0].content))) == set(revisions.FIELDS)
