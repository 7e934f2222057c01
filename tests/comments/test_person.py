"""All that one commenter has here, behind the link that is mailed to the proved address: see it, take it along."""

import json
from datetime import timedelta

import pytest
import time_machine
from django.core import mail
from django.utils import timezone

from blog.models import Mail
from comments import links, moderation, proof
from comments.links import Purpose
from comments.models import Comment, Commenter, CommenterNote, Subscription
from tests.comments.people import ELSEWHERE, MUD, mailed, make_commenter, make_own, own
from tests.factories import make_comment, make_post, make_user

pytestmark = pytest.mark.django_db

FOREIGN = [{"Origin": "https://evil.example"}, {"Origin": "null"}, {"Sec-Fetch-Site": "cross-site"}]


@pytest.fixture
def commenter():
    return make_commenter()


@pytest.fixture
def comment(post, commenter):
    return make_own(post, commenter=commenter, author_name="Mudlark", body="Surely the wind?")


@pytest.fixture
def link(commenter) -> str:
    return link_of(commenter)


def link_of(commenter) -> str:
    return f"/comment/mine/{links.make(Purpose.MINE, commenter.reference)}/"


def export(client, link) -> dict:
    response = client.post(f"{link}export/")
    assert response.status_code == 200 and response["Content-Type"] == "application/json"
    return json.loads(response.content)


def test_it_works(client, post, comment):
    client.post(own(comment, "mine"))
    link = mailed("/comment/mine/")
    html = client.get(link).content.decode()
    assert mail.outbox[0].to == [MUD] and "All that you wrote here" in html
    assert "Surely the wind?" in html and post.title in html and MUD in html


def test_it_lists_theirs_alone_the_newest_first(client, post, commenter, link):
    for number in range(3):
        make_own(post, commenter=commenter, body=f"Mine {number}")
    make_comment(post, author_email=MUD, body="Typed by a stranger")
    make_comment(post, author_name="Mudlark", commenter=make_commenter("gull@example.org"), body="A gull’s")
    html = client.get(link).content.decode()
    assert html.index("Mine 2") < html.index("Mine 1") < html.index("Mine 0")
    assert "Typed by a stranger" not in html and "A gull’s" not in html


def test_what_waits_or_was_taken_down_is_among_it(client, post, commenter, link):
    for status in Comment.Status.values:
        make_own(post, commenter=commenter, status=status, body=f"It is {status}")
    html = client.get(link).content.decode()
    assert not [status for status in Comment.Status.values if f"It is {status}" not in html]


def test_the_threads_that_one_follows_are_named(client, commenter, link):
    root = make_comment(make_post(title="Sandbanks"))
    moderation.follow(root, commenter)
    assert "Sandbanks" in client.get(link).content.decode()


def test_of_very_many_the_newest_are_shown(client, post, commenter, link, monkeypatch):
    monkeypatch.setattr("comments.person.LISTED", 2)
    for number in range(3):
        make_own(post, commenter=commenter, body=f"Mine {number}")
    html = client.get(link).content.decode()
    assert "the newest of 3" in html and "Mine 0" not in html
    assert len(export(client, link)["comments"]) == 3


def test_the_file_has_all_of_it(client, post, commenter, comment, link):
    mona = make_user("mona", "Moderator")
    reply = make_own(
        post,
        commenter=commenter,
        parent=comment,
        author_url="https://mud.example",
        status="pending",
        reasons=["links:3/2"],
    )
    moderation.edit(comment, "Surely the moon?", actor=mona, seen=comment.state)
    moderation.decide([reply], "reject", actor=mona, tell="Not here.")
    moderation.appeal(reply, "It was meant kindly.")
    moderation.follow(comment, commenter)
    CommenterNote.objects.create(commenter=commenter, author=mona, text="Knows the estuary.")

    data = export(client, link)

    first, second = data["comments"]
    assert (data["email"], data["account"], data["site"]) == (MUD, "", "http://testserver")
    assert (first["text"], first["words_before_edits"]) == ("Surely the moon?", ["Surely the wind?"])
    assert (second["answers"], second["website"], second["status"]) == (comment.pk, "https://mud.example", "pending")
    assert second["told_by_moderators"] == ["Not here."] and second["asked_to_look_again"] == ["It was meant kindly."]
    assert second["why"] == ["Its writer asks to look again", "3 links; from 2 on a comment waits"]
    assert first["post"] == {"title": post.title, "address": f"http://testserver{post.get_absolute_url()}"}
    assert [row["thread"] for row in data["follows"]] == [comment.pk]
    assert [note["text"] for note in data["notes_by_moderators"]] == ["Knows the estuary."]
    assert data["standing"] == {"level": "known", "approved": 1, "taken_down": 0}
    assert first["written_at"].endswith("Z") and data["proved_at"].endswith("Z")


def test_the_file_is_a_download_with_a_name_and_kept_by_nobody(client, comment, link):
    response = client.post(f"{link}export/")
    assert f'filename="my-comments-{timezone.localdate()}.json"' in response["Content-Disposition"]
    assert "no-store" in response["Cache-Control"]


def test_a_strangers_comment_with_the_same_address_is_not_in_it(client, post, comment, link):
    make_comment(post, author_name="Mudlark", author_email=MUD, body="Typed by a stranger")
    assert [row["text"] for row in export(client, link)["comments"]] == ["Surely the wind?"]


@pytest.mark.parametrize("what", ["export", "erase", "forget"])
def test_looking_changes_nothing(client, commenter, comment, link, what):
    for method in (client.get, client.head):
        response = method(f"{link}{what}/")
        assert response.status_code == 200 and "json" not in response["Content-Type"]
    assert Commenter.objects.get().browsers == commenter.browsers and Comment.objects.get().body == "Surely the wind?"


@pytest.mark.parametrize("what", ["", "export/", "erase/", "forget/"])
@pytest.mark.parametrize("headers", FOREIGN)
def test_another_site_cannot_act(client, commenter, comment, link, what, headers):
    response = client.post(f"{link}{what}", {"sure": "on", "answer": "again"}, headers=headers)
    assert response.status_code == 403
    assert Commenter.objects.get().browsers == commenter.browsers and Comment.objects.get().body == "Surely the wind?"


@pytest.mark.parametrize("what", ["", "export/", "erase/", "forget/"])
def test_its_pages_are_kept_by_nobody(client, comment, link, what):
    response = client.get(f"{link}{what}")
    assert "no-store" in response["Cache-Control"] and response["X-Robots-Tag"] == "noindex"
    assert response["Referrer-Policy"] == "same-origin" and not response.cookies


def test_forgetting_ends_the_proof_in_all_browsers(client, commenter, comment, link):
    response = client.post(f"{link}forget/")
    assert "No browser keeps the proof" in response.content.decode()
    assert response.cookies[proof.COOKIE]["max-age"] == 0
    assert Commenter.objects.get().browsers != commenter.browsers


@pytest.mark.parametrize("what", ["", "export/", "erase/", "forget/"])
def test_an_expired_link_offers_a_new_one_and_that_works(client, comment, link, what):
    with time_machine.travel(timezone.now() + timedelta(hours=25)):
        page = client.get(f"{link}{what}")
        assert page.status_code == 410 and 'value="again"' in page.content.decode()
        assert client.post(f"{link}{what}", {"sure": "on"}).status_code == 410
        assert Comment.objects.get().body == "Surely the wind?" and not Mail.objects.exists()

        assert client.post(f"{link}{what}", {"answer": "again"}).status_code == 200
        assert "Surely the wind?" in client.get(mailed("/comment/mine/")).content.decode()


def test_an_expired_link_mails_one_new_one_at_a_time(client, comment, link):
    with time_machine.travel(timezone.now() + timedelta(hours=25), tick=False):
        client.post(link, {"answer": "again"})
        assert client.post(link, {"answer": "again"}, REMOTE_ADDR=ELSEWHERE).status_code == 429
    assert Mail.objects.count() == 1


@pytest.mark.parametrize("purpose", [purpose for purpose in Purpose if purpose is not Purpose.MINE])
def test_a_link_for_another_purpose_is_none(client, commenter, purpose):
    token = links.make(purpose, commenter.reference)
    assert client.get(f"/comment/mine/{token}/").status_code == 404


def test_a_cut_link_is_none(client, link):
    assert client.get(f"{link[:-5]}/").status_code == 404


def test_another_commenters_link_shows_theirs(client, comment):
    html = client.get(link_of(make_commenter("gull@example.org"))).content.decode()
    assert "There is no comment." in html and "Surely the wind?" not in html


class TestAnAccount:
    @pytest.fixture
    def reader(self, post):
        reader = make_user("reader")
        make_own(post, user=reader, body="By an account")
        return reader

    def test_it_has_a_page_and_a_file(self, client, reader):
        client.post(own(Comment.objects.get(), "mine"))
        link = mailed("/comment/mine/")
        assert "By an account" in client.get(link).content.decode()
        data = export(client, link)
        assert (data["account"], data["email"]) == ("reader", "reader@example.org")
        assert [row["text"] for row in data["comments"]] == ["By an account"]
        assert data["proved_at"] is None and data["follows"] == [] and not Commenter.objects.exists()

    def test_what_it_follows_and_is_noted_of_it_is_there(self, client, reader):
        moderation.follow(Comment.objects.get(), Commenter(user=reader))
        CommenterNote.objects.create(commenter=Commenter.objects.get(), text="A regular.")
        data = export(client, link_of(Commenter.objects.get()))
        assert len(data["follows"]) == 1 and [note["text"] for note in data["notes_by_moderators"]] == ["A regular."]

    def test_one_that_is_no_longer_active_has_none(self, client, reader):
        link = link_of(Commenter(user=reader))
        reader.is_active = False
        reader.save()
        response = client.get(link)
        assert response.status_code == 410 and "nothing any more" in response.content.decode()

    def test_its_comments_are_not_those_of_its_address(self, client, post, reader):
        """Whoever proved the account's address by a mail has a page of their own."""
        make_own(post, commenter=make_commenter(reader.email), body="By mail")
        assert "By mail" not in client.get(link_of(Commenter(user=reader))).content.decode()
        assert "By an account" not in client.get(link_of(Commenter.objects.get())).content.decode()


def test_who_is_forgotten_has_no_page(client, commenter, link):
    commenter.delete()
    response = client.post(f"{link}erase/", {"sure": "on"})
    assert response.status_code == 410 and "nothing any more" in response.content.decode()
    assert not Subscription.objects.exists()
