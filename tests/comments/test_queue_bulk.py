"""One verb on all that match the queue's filter: asked first, frozen at what was seen, large ones by the worker."""

import pytest
from django.urls import reverse

from comments.admin import bulk
from comments.models import BulkDecision, Comment, ModerationEvent, ModerationNote
from tests.comments.test_decide import said
from tests.comments.test_queue import QUEUE, make_many, shown
from tests.factories import make_comment, make_post, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def post():
    return make_post(title="Tides", labels=("sea",))


def ask(client, verb: str, place: str = "?status=pending", **data):
    """Presses “all that match” in the queue."""
    queue = client.get(QUEUE + place)
    data = {"all": "1", "place": place, "newest": queue.context["newest"]} | data
    return client.post(reverse(f"admin:comments_comment_{verb}_selected"), data, follow=True)


def confirm(client, verb: str, asked, **data):
    """Presses the button of the page that asks."""
    place = asked.context["place"]
    data = {"all": "1", "confirmed": "1", "place": place.query(), "newest": place.newest} | data
    return client.post(reverse(f"admin:comments_comment_{verb}_selected"), data, follow=True)


def statuses() -> list[str]:
    return list(Comment.objects.order_by("pk").values_list("status", flat=True))


def test_it_asks_and_does_it(client, moderator, post):
    make_many(post, 30)
    make_comment(post, status="approved")

    asked = ask(client, "spam")

    assert "<h1>Mark 30 comments as spam?</h1>" in asked.content.decode()
    assert "All in the tab “Pending”." in asked.content.decode()
    assert statuses() == ["pending"] * 30 + ["approved"]

    response = confirm(client, "spam", asked)

    assert said(response) == ["30 comments marked as spam."]
    assert statuses() == ["spam"] * 30 + ["approved"]
    assert ModerationEvent.objects.values("batch").distinct().count() == 1


def test_the_page_that_asks_names_the_filter(client, moderator, post):
    comment = make_comment(post, status="pending", reasons=["links:5/3"], body="Tide <b>tables</b>")
    query = f"?status=pending&q=tide&reason=links&label=sea&post={post.pk}&by={comment.pk}"

    html = " ".join(ask(client, "approve", query).content.decode().split())

    assert (
        "All in the tab “Pending” with “<bdi>tide</bdi>”, for the reason “Many links”, on posts with the label "
        "<bdi>sea</bdi>, on <bdi>Tides</bdi>, by <bdi>Reader</bdi> alone." in html
    )


def test_what_comes_after_is_left_alone(client, moderator, post):
    make_many(post, 2)
    queue = client.get(QUEUE)
    make_comment(post, status="pending")

    asked = ask(client, "approve", newest=queue.context["newest"])
    make_comment(post, status="pending")
    confirm(client, "approve", asked)

    assert statuses() == ["approved", "approved", "pending", "pending"]


def test_what_has_come_since_is_shown_again_when_it_is_done(client, moderator, post):
    make_many(post, 2)
    asked = ask(client, "approve")
    later = make_comment(post, status="pending")

    response = confirm(client, "approve", asked)

    assert shown(response) == [later]
    assert "newest=" not in response.redirect_chain[-1][0]


@pytest.mark.parametrize("newest", ["", "x", "٣", "9" * 40])
def test_without_a_word_of_what_was_seen_it_is_what_there_is_now(client, moderator, post, newest):
    make_many(post, 2)

    asked = ask(client, "approve", newest=newest)

    assert asked.context["place"].newest == Comment.objects.last().pk


def test_only_what_matches(client, moderator, post):
    make_comment(post, status="pending", body="Tide")
    make_comment(post, status="pending", body="Bread")

    confirm(client, "reject", ask(client, "reject", "?status=pending&q=tide"), tell="Not here.")

    assert statuses() == ["rejected", "pending"]
    assert ModerationNote.objects.get().text == "Not here."


def test_a_reason_that_is_too_long_comes_back_whole(client, moderator, post):
    make_comment(post, status="pending")

    response = confirm(client, "reject", ask(client, "reject"), tell="why " * 150)

    assert response.status_code == 422
    assert ("why " * 150).strip() in response.content.decode()
    assert statuses() == ["pending"]


def test_nothing_matches_any_more(client, moderator, post):
    comment = make_comment(post, status="pending")
    asked = ask(client, "spam")
    Comment.objects.filter(pk=comment.pk).update(status="approved")

    assert said(confirm(client, "spam", asked)) == ["No comment matches any more."]


def test_an_author_decides_under_own_posts_alone(client, post):
    author = make_user("alice", "Author")
    make_comment(make_post(author=author, title="Mine"), status="pending")
    make_comment(post, status="pending")
    client.force_login(author)

    asked = ask(client, "approve")
    confirm(client, "approve", asked)

    assert statuses() == ["approved", "pending"]


def test_more_than_one_request_takes_is_the_workers(
    client, moderator, post, monkeypatch, django_capture_on_commit_callbacks
):
    monkeypatch.setattr(bulk, "AT_ONCE", 2)
    make_many(post, 5, reasons=["links:5/3"])
    asked = ask(client, "spam", "?status=pending&reason=links")

    response = confirm(client, "spam", asked)

    row = BulkDecision.objects.get()
    address = reverse("admin:comments_comment_bulk", args=[row.pk])
    assert response.redirect_chain[-1][0] == address
    html = response.content.decode()
    assert '<progress id="bar" value="0" max="5">' in html and "0 of about 5 comments" in html
    assert (row.verb, row.total, row.actor) == ("spam", 5, moderator)

    with django_capture_on_commit_callbacks(execute=True):
        bulk.moderation.start_bulk(moderator, "spam", row.place, row.newest, row.total)
    assert set(statuses()) == {"spam"}


def test_the_end_of_a_large_decision_offers_to_take_it_back(client, moderator, post):
    row = BulkDecision.objects.create(
        actor=moderator, verb="spam", total=1200, changed=1190, left=10, finished_at=post.created_at
    )

    html = client.get(reverse("admin:comments_comment_bulk", args=[row.pk])).content.decode()

    assert "1,190 comments marked as spam." in html and "10 were left as they were" in html
    assert reverse("admin:comments_comment_undo", args=[row.pk]) in html
    assert "<progress" not in html and "http-equiv" not in html


def test_a_large_decision_is_followed_by_its_maker_and_moderators_alone(client, moderator):
    row = BulkDecision.objects.create(actor=moderator, verb="spam", total=9)
    address = reverse("admin:comments_comment_bulk", args=[row.pk])

    assert client.get(address).status_code == 200
    assert client.post(address).status_code == 405
    client.force_login(make_user("alice", "Author"))
    assert client.get(address).status_code == 403


def test_a_large_decision_that_is_none(client, moderator, post):
    unknown = reverse("admin:comments_comment_bulk", args=["00000000-0000-0000-0000-000000000000"])

    assert client.get(unknown).status_code == 404
