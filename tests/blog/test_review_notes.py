"""Notes on a post, at the desk."""

import pytest
from django.template.loader import render_to_string

from blog import revisions
from blog.admin import notes
from blog.models import Preview, ReviewNote
from blog.notes import GuestNoteForm
from tests.factories import make_page, make_post, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def alice():
    return make_user("alice", "Author")


@pytest.fixture
def post(alice):
    return make_post(alice, title="Low water", status="in_review")


def desk(post) -> str:
    return f"/admin/blog/{post.kind}/{post.pk}/notes/"


def say(post, text: str = "Which noon?", **fields) -> ReviewNote:
    return ReviewNote.objects.create(post_id=post.pk, text=text, **fields)


def shown(post) -> str:
    return render_to_string("admin/blog/post/_notes.html", {"review": notes.panel(post)})


def test_an_editor_says_something_and_the_author_settles_it(client, alice, post):
    revisions.keep_what_was(post)
    client.force_login(make_user("eda", "Editor"))
    assert client.post(desk(post), {"text": "Which <b>noon</b>?"}).status_code == 302
    note = ReviewNote.objects.get()
    assert (note.author.username, note.post_id, note.revision_id) == ("eda", post.pk, post.revision_id)
    client.force_login(alice)
    page = client.get(desk(post)).content.decode()
    assert "Which &lt;b&gt;noon&lt;/b&gt;?" in page and "Eda" in page
    client.post(f"{desk(post)}{note.pk}/settle/")
    note.refresh_from_db()
    assert note.settled_by == alice and note.settled_at
    assert "noon" not in client.get(desk(post)).content.decode()
    assert "settled by <bdi>Alice</bdi>" in client.get(f"{desk(post)}?settled").content.decode()


def test_a_settled_note_is_opened_again(client, alice, post):
    note = say(post, author=alice)
    client.force_login(alice)
    client.post(f"{desk(post)}{note.pk}/settle/")
    client.post(f"{desk(post)}{note.pk}/reopen/")
    note.refresh_from_db()
    assert note.settled_at is None and note.settled_by is None


def test_what_was_read_is_named_once_it_is_another(client, alice, post):
    revisions.keep_what_was(post)
    read = post.revision_id
    say(post, author=alice, revision_id=read)
    client.force_login(alice)
    assert "about the version" not in client.get(desk(post)).content.decode()
    post.title = "Lowest water"
    post.save()
    revisions.saved(post, alice, "saved")
    page = client.get(desk(post)).content.decode()
    assert f"/admin/preview/{post.pk}/frame/?revision={read}" in page


def test_who_came_by_a_link_is_named(client, alice, post):
    Preview.objects.make(7, post=post, created_by=alice, name="Zara")
    say(post, name="Z.", preview=Preview.objects.get())
    client.force_login(alice)
    page = client.get(desk(post)).content.decode()
    assert "<bdi>Z.</bdi>" in page and "by the link for <bdi>Zara</bdi>" in page


@pytest.mark.parametrize("sent", [{}, {"text": "  "}, {"text": "\x01\x0b"}])
def test_a_note_that_says_nothing_is_refused(client, alice, post, sent):
    client.force_login(alice)
    assert "Write your note here." in client.post(desk(post), sent).content.decode()
    assert not ReviewNote.objects.exists()


def test_a_note_that_is_too_long_is_refused_and_kept(client, alice, post):
    client.force_login(alice)
    html = client.post(desk(post), {"text": "x" * 5_001}).content.decode()
    assert "This is too long" in html and "x" * 5_001 in html and not ReviewNote.objects.exists()


def test_a_guest_has_a_name_that_shows():
    form = GuestNoteForm({"name": "\x01", "text": "Fine."})
    assert form.errors == {"name": ["Write your name, so that the author knows who says it."]}
    assert GuestNoteForm({"name": "Z\x01.", "text": "Fine."}).errors == {}


@pytest.mark.parametrize("role", ["", "Contributor", "Author", "Moderator"])
def test_others_neither_read_nor_write_nor_settle(client, post, role):
    note = say(post, author=post.author)
    client.force_login(make_user("bob", role))
    refused = {"": 302, "Moderator": 403}.get(role, 404)
    assert client.get(desk(post)).status_code == refused
    assert client.post(desk(post), {"text": "Mine."}).status_code == refused
    assert client.post(f"{desk(post)}{note.pk}/settle/").status_code == refused
    assert client.post(f"{desk(post)}{note.pk}/reopen/").status_code == refused
    assert ReviewNote.objects.get().settled_at is None


def test_a_contributor_has_notes_on_own_drafts(client):
    carl = make_user("carl", "Contributor")
    own = make_post(carl, status="draft")
    client.force_login(carl)
    assert client.post(desk(own), {"text": "To do."}).status_code == 302 and ReviewNote.objects.count() == 1


def test_get_settles_nothing(client, alice, post):
    note = say(post, author=alice)
    client.force_login(alice)
    assert client.get(f"{desk(post)}{note.pk}/settle/").status_code == 405
    assert client.get(f"{desk(post)}{note.pk}/reopen/").status_code == 405


def test_a_note_of_another_post_is_not_settled_here(client, alice, post):
    note = say(make_post(make_user("bob", "Author")))
    client.force_login(alice)
    client.post(f"{desk(post)}{note.pk}/settle/")
    note.refresh_from_db()
    assert note.settled_at is None


def test_pages_have_notes(client):
    page = make_page(status="draft")
    client.force_login(make_user("eda", "Editor"))
    assert client.post(desk(page), {"text": "Short."}).status_code == 302
    assert "Short." in client.get(desk(page)).content.decode()


def test_many_notes_cost_no_more(client, alice, post, django_assert_max_num_queries):
    revisions.keep_what_was(post)
    for number in range(60):
        say(post, f"Note {number}.", author=alice, revision_id=post.revision_id)
    client.force_login(alice)
    with django_assert_max_num_queries(10):
        page = client.get(desk(post)).content.decode()
    assert "Note 59." in page and "Note 9." not in page
    assert "Note 9." in client.get(f"{desk(post)}?page=2").content.decode()


def test_the_panel_shows_the_newest_open_ones_in_one_query(alice, post, django_assert_num_queries):
    for number in range(7):
        say(post, f"Note {number}.", author=alice)
    ReviewNote.objects.filter(text="Note 6.").update(settled_at="2026-03-14T12:00Z")
    with django_assert_num_queries(1):
        page = shown(post)
    assert "Note 5." in page and "Note 0." not in page and "Note 6." not in page
    assert desk(post) in page and "All notes, and add one" in page


def test_the_panel_says_that_there_are_none(post):
    assert "No open notes." in shown(post)
