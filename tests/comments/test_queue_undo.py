"""Taking a decision back from the queue: offered with its message and on the pages after it."""

import uuid

import pytest
from django.test import Client
from django.urls import reverse

from comments import moderation
from comments.admin import verbs
from comments.models import BulkDecision, Comment, ModerationEvent
from tests.comments.test_decide import act, said
from tests.comments.test_queue import QUEUE, make_many, shown
from tests.factories import make_comment, make_post, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def post():
    return make_post(title="Tides")


def undo(client, batch, follow: bool = True, **data):
    return client.post(reverse("admin:comments_comment_undo", args=[batch]), data, follow=follow)


def last_batch():
    return ModerationEvent.objects.order_by("pk").last().batch


def test_it_works(client, moderator, post):
    comments = make_many(post, 3)
    response = act(client, "spam", *comments, place="?status=pending")
    address = reverse("admin:comments_comment_undo", args=[last_batch()])
    assert f'action="{address}"' in response.content.decode()

    response = undo(client, last_batch(), place="?status=pending")

    assert said(response) == ["Taken back: 3 comments are as they were before."]
    assert shown(response) == comments
    assert response.redirect_chain[-1][0] == f"{QUEUE}?status=pending#comment-{comments[0].pk}"


def test_it_stays_offered_until_it_is_done(client, moderator, post):
    comment = make_comment(post, status="pending")
    act(client, "reject", comment, place="?status=pending")
    address = reverse("admin:comments_comment_undo", args=[last_batch()])
    page = reverse("admin:comments_comment_change", args=[comment.pk])

    for place in (QUEUE, f"{QUEUE}?status=spam", page):
        html = client.get(place).content.decode()
        assert "Your last decision: 1 comment rejected." in " ".join(html.split()) and address in html
    undo(client, last_batch())

    assert "Your last decision" not in client.get(QUEUE).content.decode()


def test_the_pages_after_it_repeat_what_was_said_without_its_link(client, moderator, post):
    comment = make_comment(post, status="pending")
    seen = {f"seen-{comment.pk}": comment.state}
    client.post(reverse("admin:comments_comment_approve", args=[comment.pk]), seen, follow=True)

    html = client.get(QUEUE).content.decode()

    assert "Your last decision: 1 comment approved.</p>" in " ".join(html.split())


def test_the_message_offers_it_once(client, moderator, post):
    html = act(client, "reject", make_comment(post, status="pending")).content.decode()

    assert html.count(reverse("admin:comments_comment_undo", args=[last_batch()])) == 1


def test_somebody_elses_last_decision_is_not_offered(client, moderator, post):
    comment = make_comment(post, status="pending")
    act(client, "reject", comment)
    other = Client()
    other.force_login(make_user("bob", "Moderator"))

    assert "Your last decision" not in other.get(QUEUE).content.decode()


def test_what_changed_since_is_left_and_named(client, moderator, post):
    bob = make_user("bob", "Moderator")
    changed, same = make_comment(post, status="pending", author_name="<Ann>"), make_comment(post, status="pending")
    act(client, "approve", changed, same)
    batch = last_batch()
    moderation.decide([changed], "spam", actor=bob)

    response = undo(client, batch)

    assert said(response)[0] == "Taken back: 1 comment is as it was before."
    address = reverse("admin:comments_comment_change", args=[changed.pk])
    assert said(response)[1].endswith(f'<a href="{address}"><bdi>&lt;Ann&gt;</bdi></a>')
    assert list(Comment.objects.order_by("pk").values_list("status", flat=True)) == ["spam", "pending"]


def test_twice_does_no_more(client, moderator, post):
    act(client, "approve", make_comment(post, status="pending"))
    batch = last_batch()
    undo(client, batch)

    response = undo(client, batch)

    assert "has changed in the meantime" in said(response)[0]
    assert ModerationEvent.objects.count() == 2


def test_a_batch_that_is_none(client, moderator):
    assert said(undo(client, uuid.uuid4())) == ["There is nothing in this to take back."]


def test_a_large_one_is_the_workers(client, moderator, post, monkeypatch, django_capture_on_commit_callbacks):
    monkeypatch.setattr(verbs, "AT_ONCE", 2)
    act(client, "approve", *make_many(post, 3))

    with django_capture_on_commit_callbacks(execute=True):
        response = undo(client, last_batch(), follow=False)

    bulk = BulkDecision.objects.get()
    assert response.url == reverse("admin:comments_comment_bulk", args=[bulk.pk])
    assert "Taken back: 3 comments are as they were before." in client.get(response.url).content.decode()
    assert set(Comment.objects.values_list("status", flat=True)) == {"pending"}


def test_what_is_still_being_done_cannot_be_taken_back(client, moderator, post):
    bulk = BulkDecision.objects.create(actor=moderator, verb="spam", total=9)

    response = undo(client, bulk.pk)

    assert said(response) == ["This is still being done. Take it back when it is finished."]


def test_an_author_takes_back_under_own_posts_alone(client, post):
    author, mona = make_user("alice", "Author"), make_user("mona", "Moderator")
    mine = make_comment(make_post(author=author, title="Mine"), status="pending")
    theirs = make_comment(post, status="pending", author_name="Secret")
    decision = moderation.decide([mine, theirs], "approve", actor=mona)
    client.force_login(author)

    response = undo(client, decision.batch)

    assert list(Comment.objects.order_by("pk").values_list("status", flat=True)) == ["pending", "approved"]
    assert "Secret" not in " ".join(said(response))


def test_it_leads_back_to_where_it_was_pressed(client, moderator, post):
    comment = make_comment(post, status="pending")
    act(client, "approve", comment)
    log = reverse("admin:comments_moderationevent_changelist")

    assert undo(client, last_batch(), follow=False, next=log).url == log


def test_its_address_opened_like_a_page_says_so(client, moderator):
    assert client.get(reverse("admin:comments_comment_undo", args=[uuid.uuid4()])).status_code == 405


def test_the_decision_before_is_offered_next(client, moderator, post):
    first, second = make_many(post, 2)
    act(client, "spam", first)
    first_batch = last_batch()
    act(client, "approve", second)

    undo(client, last_batch())

    html = client.get(QUEUE).content.decode()
    assert reverse("admin:comments_comment_undo", args=[first_batch]) in html


def test_an_author_does_not_take_back_what_others_decided_elsewhere(client, post):
    comment = make_comment(post, status="pending")
    batch = moderation.decide([comment], "spam", actor=make_user("mona", "Moderator")).batch
    client.force_login(make_user("arno", "Author"))

    response = undo(client, batch)

    assert response.status_code == 403
    assert Comment.objects.get().status == "spam"


def test_a_filter_names_no_draft_and_no_writer_that_are_not_ones_own(client, post):
    draft = make_post(title="Secret plans", status="draft")
    comment = make_comment(post, status="pending", author_name="Whistler")
    client.force_login(make_user("arno", "Author"))

    for query in (f"post={draft.pk}", f"by={comment.pk}"):
        html = client.get(f"{QUEUE}?{query}").content.decode()
        assert "Secret plans" not in html and "Whistler" not in html
