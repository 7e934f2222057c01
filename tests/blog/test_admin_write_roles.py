"""Writing in the admin as a contributor, who publishes nothing, and as an editor, who publishes for others."""

import pytest

from blog.models import Page, Post
from tests.blog.writing import ADD, address_of, form_data
from tests.factories import make_page, make_post, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def contributor(client):
    user = make_user("cora", "Contributor")
    client.force_login(user)
    return user


@pytest.fixture
def editor(client):
    user = make_user("edda", "Editor")
    client.force_login(user)
    return user


# A contributor's forms.


def test_a_contributor_sends_for_review(client, contributor):
    html = client.get(ADD).content.decode()
    assert "Send for review" in html
    assert 'name="_publish"' not in html
    client.post(ADD, form_data(_review="1"))
    assert Post.objects.get().status == "in_review"


@pytest.mark.parametrize("button", ["_publish", "_now"])
def test_a_forged_button_publishes_nothing(client, contributor, button):
    html = client.post(ADD, form_data(body="<p>Kept words</p>", **{button: "1"})).content.decode()
    assert "Publishing is for authors and editors" in html
    assert "Kept words" in html
    assert not Post.objects.exists()


def test_a_forged_status_publishes_nothing(client, contributor):
    post = make_post(contributor, status="draft")
    client.post(address_of(post), form_data(status="published", published_at="2020-01-01T00:00", _save="1"))
    post.refresh_from_db()
    assert post.status == "draft"


def test_a_forged_author_is_not_taken(client, contributor):
    client.post(ADD, form_data(author=make_user("other").pk, pinned="on", _save="1"))
    post = Post.objects.get()
    assert (post.author, post.pinned) == (contributor, False)


def test_a_contributor_reads_what_is_published_and_changes_nothing(client, contributor):
    post = make_post(contributor, title="Out", labels=("tides",), body="<p>Public <b>words</b></p>")
    html = client.get(address_of(post)).content.decode()
    assert "no longer change it" in html
    assert "tides" in html
    assert "<p>Public" in html
    html = client.post(address_of(post), form_data(_save="1"), follow=True).content.decode()
    assert "Not saved: Published" in html
    post.refresh_from_db()
    assert (post.title, post.revisions.get().why) == ("Out", "autosave")


# An editor's.


def test_an_editor_publishes_what_waits_and_leaves_its_author(client, editor):
    writer = make_user("cora", "Contributor")
    post = make_post(writer, status="in_review")
    html = client.get(address_of(post)).content.decode()
    assert "In review" in html
    client.post(address_of(post), form_data(author=writer.pk, _publish="1"))
    post.refresh_from_db()
    assert (post.is_public(), post.author) == (True, writer)


def test_a_new_post_of_an_editor_is_their_own_until_they_say_otherwise(client, editor):
    html = client.get(ADD).content.decode()
    assert f'<option value="{editor.pk}" selected>' in html
    client.post(ADD, form_data(author=editor.pk, _save="1"))
    assert Post.objects.get().author == editor


def test_an_editor_writes_a_page(client, editor):
    client.post("/admin/blog/page/add/", form_data(title="About", author=editor.pk, _publish="1"))
    assert Page.objects.published().get().get_absolute_url() == "/p/about/"


def test_a_pages_taken_slug_is_said(client, editor):
    make_page(title="About")
    payload = form_data(title="About us", slug="about", author=editor.pk, _publish="1")
    html = client.post("/admin/blog/page/add/", payload).content.decode()
    assert "Another page has this slug. “about-2” is free." in html
