"""Decisions on all comments of a filter: frozen at what the moderator saw, worked off in parts, one batch."""

import pytest
from django.contrib.auth.models import Group

from comments import counts, moderation
from comments.models import BulkDecision, Comment, ModerationEvent, ModerationNote
from tests.factories import make_comment, make_post, make_user

pytestmark = pytest.mark.django_db


def waiting(post, count: int) -> list[Comment]:
    return [make_comment(post, status="pending") for _ in range(count)]


def work_off(bulk: BulkDecision, at_once: int = 3) -> int:
    """How many chunks it took."""
    chunks = 1
    while moderation.work_off_chunk(bulk.batch, at_once):
        chunks += 1
    bulk.refresh_from_db()
    return chunks


def bulk_of(actor, verb="approve", place="?status=pending", newest=2**62, **fields) -> BulkDecision:
    return BulkDecision.objects.create(actor=actor, verb=verb, place=place, newest=newest, **fields)


def test_all_that_match_are_decided_in_parts_under_one_batch():
    mod, post = make_user("mod", "Moderator"), make_post()
    comments = waiting(post, 7)
    spam = make_comment(post, status="spam")
    bulk = bulk_of(mod, tell="Thank you.")

    assert work_off(bulk) == 3

    assert (bulk.changed, bulk.left, bulk.finished_at is not None) == (7, 0, True)
    assert counts.site()["approved"] == 7
    assert Comment.objects.get(pk=spam.pk).status == "spam"
    assert set(ModerationEvent.objects.values_list("batch", flat=True)) == {bulk.batch}
    assert ModerationNote.objects.count() == len(comments)
    assert not moderation.work_off_chunk(bulk.batch), "done is done"


def test_what_came_later_and_what_does_not_match_is_left_out():
    mod, post, other = make_user("mod", "Moderator"), make_post(), make_post()
    comments = waiting(post, 4)
    waiting(other, 2)
    newest = Comment.objects.latest("pk").pk
    waiting(post, 3)
    bulk = bulk_of(mod, "spam", f"?status=pending&post={post.pk}", newest)

    work_off(bulk)

    assert bulk.changed == 4
    assert set(Comment.objects.filter(status="spam")) == set(comments)


def test_a_decision_of_somebody_else_meanwhile_stands():
    mod, ben = make_user("mod", "Moderator"), make_user("ben", "Moderator")
    comments = waiting(make_post(), 6)
    bulk = bulk_of(mod, "spam")
    moderation.work_off_chunk(bulk.batch, 3)
    moderation.decide([comments[4]], "approve", actor=ben)

    work_off(bulk)

    assert bulk.changed == 5
    assert Comment.objects.get(pk=comments[4].pk).status == "approved"


def test_who_is_no_moderator_any_more_decides_nothing_more():
    mod = make_user("mod", "Moderator")
    waiting(make_post(), 6)
    bulk = bulk_of(mod)
    moderation.work_off_chunk(bulk.batch, 3)
    mod.groups.remove(Group.objects.get(name="Moderator"))

    work_off(bulk)

    assert bulk.changed == 3
    assert counts.site()["pending"] == 3


def test_an_authors_decision_reaches_only_own_posts():
    ada = make_user("ada", "Author")
    waiting(make_post(author=ada), 2)
    waiting(make_post(), 2)
    bulk = bulk_of(ada)

    work_off(bulk)

    assert bulk.changed == 2


def test_reported_ones_are_kept():
    mod, post = make_user("mod", "Moderator"), make_post()
    for number in range(4):
        moderation.report(make_comment(post), "rude", "", f"network {number}")
    bulk = bulk_of(mod, "approve", "?status=reported")

    work_off(bulk)

    assert bulk.changed == 4
    assert counts.site()["reported"] == 0


def test_a_batch_worked_off_can_be_undone(django_capture_on_commit_callbacks):
    mod = make_user("mod", "Moderator")
    waiting(make_post(), 5)
    with django_capture_on_commit_callbacks(execute=True):
        bulk = moderation.start_bulk(mod, "spam", "?status=pending", 2**62, 5)
    assert counts.site()["spam"] == 5

    with django_capture_on_commit_callbacks(execute=True):
        undoing = moderation.start_undo(mod, bulk.batch)

    undoing.refresh_from_db()
    assert (undoing.total, undoing.changed, undoing.finished_at is not None) == (5, 5, True)
    assert counts.site()["pending"] == 5
    assert counts.recount() == 0
