"""Two moderators, one comment: whoever comes second is refused, nothing is lost, and the counts are right."""

import pytest
from django.db import connection

from comments import counts, moderation
from comments.models import Comment, ModerationEvent
from comments.policy import Verdict
from tests.comments.racing import at_once
from tests.factories import make_comment, make_post, make_user

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer at a time"),
]
RACES = 200


def test_of_two_moderators_who_saw_the_same_one_decides_and_one_is_told():
    anna, ben, post = make_user("anna"), make_user("ben"), make_post()
    verbs = ["approve", "spam", "reject", "remove"]
    for race in range(RACES):
        comment = make_comment(post, status="pending")
        seen = {comment.pk: comment.state}
        mine, theirs = verbs[race % 4], verbs[race // 4 % 4]

        one, other = at_once(
            lambda mine=mine, seen=seen: moderation.decide(list(seen), mine, actor=anna, seen=seen),
            lambda theirs=theirs, seen=seen: moderation.decide(list(seen), theirs, actor=ben, seen=seen),
        )

        assert sorted((len(one.changed), len(other.changed))) == [0, 1]
        assert sorted((len(one.stale), len(other.stale))) == [0, 1]
        event = ModerationEvent.objects.get(comment_id=comment.pk)
        winner, verb = (anna, mine) if one.changed else (ben, theirs)
        assert (event.actor, event.to_status) == (winner, moderation.Verb(verb).to_status)
        assert Comment.objects.get(pk=comment.pk).status == event.to_status
    assert ModerationEvent.objects.count() == RACES
    assert counts.recount() == 0


def test_decisions_undoing_and_arrivals_at_once_lose_no_count():
    anna, ben, posts = make_user("anna"), make_user("ben"), [make_post(), make_post()]
    for race in range(30):
        comments = [make_comment(posts[n % 2], status="pending") for n in range(6)]
        batch = moderation.decide(comments, "approve", actor=anna).batch

        results = at_once(
            lambda batch=batch: moderation.undo(batch, actor=anna, among=Comment.objects.all()),
            lambda comments=comments: moderation.decide(comments[::-1], "spam", actor=ben),
            lambda race=race: moderation.receive(
                Comment(post=posts[race % 2], author_name="Reader", body="Hello."), Verdict("pending", [], "hold_all")
            ),
            lambda comments=comments: moderation.report(comments[0], "rude", "", "network"),
        )

        assert [result for result in results if isinstance(result, Exception)] == []
    assert counts.recount() == 0


def test_a_batch_undone_twice_at_once_is_undone_once():
    anna, post = make_user("anna"), make_post()
    for _ in range(20):
        comment = make_comment(post, status="pending")
        batch = moderation.decide([comment], "approve", actor=anna).batch

        results = at_once(*[lambda batch=batch: moderation.undo(batch, actor=anna, among=Comment.objects.all())] * 2)

        assert sorted(len(result.changed) for result in results) == [0, 1]
    assert counts.recount() == 0


def test_counting_anew_and_deciding_never_wait_for_each_other():
    """Both take the counts of posts first. In the other order, PostgreSQL ends one of the two."""
    moderator, post = make_user("mod"), make_post()
    comments = [make_comment(post, status="pending") for _ in range(60)]

    def deciding():
        return [moderation.decide([comment], "approve", actor=moderator).changed for comment in comments]

    changed, wrong = at_once(deciding, lambda: [counts.recount() for _ in range(60)])

    assert changed == [[comment.pk] for comment in comments] and wrong == [0] * 60
    assert counts.site()["approved"] == 60
