"""What moderators do on a commenter’s page: block, note, and, at the commenter’s request, erase."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from comments.models import Comment, Commenter, CommenterNote, ModerationEvent
from tests.comments.block_rule_pages import text_of
from tests.comments.commenter_pages import LIST, address_of, page_of, said
from tests.factories import make_comment, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def rita():
    return Commenter.objects.create(email="rita@example.org")


@pytest.fixture
def owner(client):
    user = make_user("olga", "Owner")
    client.force_login(user)
    return user


# Blocking.


def test_block_and_unblock_are_noted_and_leave_the_log_alone(client, moderator, post, rita):
    waits = make_comment(post, commenter=rita, status="pending")
    assert "What they write while their proof holds is not taken; what waits stays." in text_of(
        client.get(page_of(rita))
    )

    response = client.post(address_of("block", rita.pk), follow=True)
    rita.refresh_from_db()
    assert rita.blocked_at and response.redirect_chain == [(page_of(rita), 302)]
    assert said(response) == ["Blocked. What they write while their proof holds is not taken."]
    assert address_of("unblock", rita.pk) in text_of(response)
    client.post(address_of("unblock", rita.pk))

    rita.refresh_from_db()
    waits.refresh_from_db()
    assert (rita.blocked_at, waits.status) == (None, "pending")
    notes = CommenterNote.objects.order_by("pk").values_list("author", "text")
    assert list(notes) == [(moderator.pk, "Blocked"), (moderator.pk, "Unblocked")]
    assert not ModerationEvent.objects.exists()


def test_a_second_press_says_nothing_new(client, moderator, rita):
    for verb in ("unblock", "block", "block"):
        client.post(address_of(verb, rita.pk))
    assert [note.text for note in CommenterNote.objects.all()] == ["Blocked"]


def test_blocking_an_account_keeps_something_of_it(client, moderator):
    reader = make_user("reader")

    client.post(address_of("account_unblock", reader.pk))
    assert not Commenter.objects.exists()
    response = client.post(address_of("account_block", reader.pk))

    kept = Commenter.objects.get()
    assert kept.user == reader and kept.blocked_at and response.url == page_of(kept)
    client.post(address_of("account_unblock", reader.pk))  # from a page that was open meanwhile
    assert Commenter.objects.get().blocked_at is None


@pytest.mark.parametrize("verb", ["block", "unblock", "note"])
def test_an_address_alone_changes_nothing(client, moderator, rita, verb):
    response = client.get(address_of(verb, rita.pk))

    assert response.status_code == 405 and response.headers["Allow"] == "POST"
    assert "an address alone changes nothing" in text_of(response) and page_of(rita) in text_of(response)
    assert not CommenterNote.objects.exists()


@pytest.mark.parametrize("verb", ["block", "unblock", "note", "delete"])
def test_another_sites_form_is_refused(owner, rita, verb):
    client = Client(enforce_csrf_checks=True)
    client.force_login(owner)

    assert client.post(address_of(verb, rita.pk), {"text": "x"}).status_code == 403
    assert Commenter.objects.get().blocked_at is None and not CommenterNote.objects.exists()


# Notes.


def test_a_note_is_kept_with_author_and_time(client, moderator, rita):
    html = text_of(client.get(page_of(rita)))
    assert "can ask for a copy of the notes" in html and "have them erased" in html

    response = client.post(address_of("note", rita.pk), {"text": " Kind,\r\n<b>often</b> late. "}, follow=True)

    note = CommenterNote.objects.get()
    assert (note.commenter, note.author, note.text) == (rita, moderator, "Kind,\n<b>often</b> late.")
    assert said(response) == ["The note is kept."]
    html = response.content.decode()
    assert "&lt;b&gt;often&lt;/b&gt; late." in html and "<bdi>Mona</bdi>" in html


@pytest.mark.parametrize(
    ("text", "problem"), [("", "Write something first."), (" \n", "Write"), ("x" * 1001, "too long")]
)
def test_a_note_that_is_none_is_told_and_kept_in_the_field(client, moderator, text, problem):
    reader = make_user("reader")

    response = client.post(address_of("account_note", reader.pk), {"text": text})

    assert response.status_code == 422 and problem in text_of(response) and text in response.content.decode()
    assert not Commenter.objects.exists()


def test_who_wrote_a_note_deletes_it_and_nobody_else(client, moderator, rita):
    other = make_user("bob", "Moderator")
    mine, theirs = (CommenterNote.objects.create(commenter=rita, author=one, text="x") for one in (moderator, other))
    html = client.get(page_of(rita)).content.decode()
    assert address_of("note_delete", rita.pk, mine.pk) in html
    assert address_of("note_delete", rita.pk, theirs.pk) not in html

    assert client.post(address_of("note_delete", rita.pk, theirs.pk)).status_code == 403
    response = client.post(address_of("note_delete", rita.pk, mine.pk), follow=True)
    again = client.post(address_of("note_delete", rita.pk, mine.pk), follow=True)

    assert list(CommenterNote.objects.all()) == [theirs]
    assert (said(response), said(again)) == (["The note is deleted."], ["The note was deleted already."])


def test_a_note_of_somebody_else_is_not_found_here(client, moderator, rita):
    rolf = Commenter.objects.create(email="rolf@example.org")
    note = CommenterNote.objects.create(commenter=rolf, author=moderator, text="x")

    client.post(address_of("note_delete", rita.pk, note.pk))

    assert CommenterNote.objects.exists()


def test_who_blocked_stays_known(client, moderator, rita):
    client.post(address_of("block", rita.pk))
    note = CommenterNote.objects.get()

    assert address_of("note_delete", rita.pk, note.pk) not in client.get(page_of(rita)).content.decode()
    assert client.post(address_of("note_delete", rita.pk, note.pk)).status_code == 403


# Erasing.


def test_the_owner_erases_after_being_asked(client, owner, post, rita):
    comment = make_comment(post, commenter=rita, author_email=rita.email, body="Private matters.")
    reply = make_comment(post, parent=comment)
    CommenterNote.objects.create(commenter=rita, author=owner, text="x")
    delete = address_of("delete", rita.pk)
    assert delete in client.get(page_of(rita)).content.decode()

    asked = text_of(client.get(delete))
    assert "1 comment loses its words" in asked and "This cannot be undone." in asked and Commenter.objects.exists()
    response = client.post(delete, follow=True)

    assert said(response) == ["1 comment is erased, with all that was kept of who wrote it."]
    assert response.redirect_chain == [(LIST, 302)]
    comment.refresh_from_db()
    assert (comment.body, comment.author_email, comment.status) == ("", "", "removed")
    assert not Commenter.objects.exists() and not CommenterNote.objects.exists()
    assert Comment.objects.visible().get() == reply
    assert client.get(page_of(rita)).status_code == 404


def test_the_owner_erases_what_an_account_wrote_and_the_account_stays(client, owner, post):
    reader = make_user("reader")
    make_comment(post, user=reader)
    delete = address_of("account_delete", reader.pk)
    assert "The account stays." in text_of(client.get(delete))

    client.post(delete)

    assert Comment.objects.get().user is None and type(reader).objects.filter(pk=reader.pk).exists()


def test_a_moderator_does_not_erase(client, moderator, rita):
    assert address_of("delete", rita.pk) not in client.get(page_of(rita)).content.decode()
    assert client.post(address_of("delete", rita.pk)).status_code == 403
    assert Commenter.objects.exists()


def test_an_account_with_a_block_can_still_be_deleted(client, owner):
    kept = Commenter.objects.create(user=make_user("reader"), blocked_at=timezone.now())

    client.post(reverse("admin:blog_user_delete", args=[kept.user_id]), {"post": "yes"})

    assert not Commenter.objects.exists()
