import threading
import uuid

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from blog.models import User
from comments import counts, moderation
from comments.models import BlockHit, BlockRule, Comment, ModerationEvent
from comments.moderation import Verb
from comments.policy import Verdict
from tests.comments.racing import at_once
from tests.factories import make_comment, make_post, make_user

STATUSES = Comment.Status.values
TO = {"approve": "approved", "reject": "rejected", "spam": "spam", "remove": "removed", "restore": "pending"}
HELD = Verdict("pending", ["held_all"], "hold_all")


def events_of(comment) -> list[tuple]:
    rows = ModerationEvent.objects.filter(comment_id=comment.pk).order_by("pk")
    return [(row.from_status, row.to_status) for row in rows]


@pytest.mark.django_db
def test_a_verb_changes_the_status_and_writes_one_event():
    moderator, comment = (
        make_user("mod", "Moderator"),
        make_comment(make_post(), status="pending", reasons=["held_all"]),
    )

    assert moderation.decide([comment], "approve", actor=moderator).changed

    comment.refresh_from_db()
    # What the policy had said of it stays; who decided since stands in the log.
    assert (comment.status, comment.reasons) == ("approved", ["held_all"])
    assert Comment.objects.values_list("status", "reasons").get() == ("approved", ["held_all"])
    event = ModerationEvent.objects.get()
    assert (event.comment_id, event.actor, event.rule) == (comment.pk, moderator, "")
    assert (event.from_status, event.to_status, event.reason) == ("pending", "approved", "by_moderator")


@pytest.mark.django_db
@pytest.mark.parametrize("status", STATUSES)
@pytest.mark.parametrize("verb", Verb.values)
def test_each_verb_from_each_status(verb, status):
    moderator, comment = make_user("mod", "Moderator"), make_comment(make_post(), status=status)
    # Restore gives back what was taken away; an approved comment was not.
    goes = TO[verb] != status and (verb, status) != ("restore", "approved")

    assert bool(moderation.decide([comment], verb, actor=moderator).changed) is goes

    comment.refresh_from_db()
    assert comment.status == (TO[verb] if goes else status)
    assert events_of(comment) == ([(status, TO[verb])] if goes else [])
    assert Verb(verb).applies_to(status) is goes


@pytest.mark.django_db
def test_it_goes_by_the_row_and_not_by_a_stale_object():
    moderator, comment = make_user("mod", "Moderator"), make_comment(make_post(), status="pending")
    stale = Comment.objects.get(pk=comment.pk)
    moderation.decide([comment], "approve", actor=moderator)

    assert not moderation.decide([stale], "approve", actor=moderator).changed
    assert moderation.decide([stale], "spam", actor=moderator).changed

    assert events_of(comment) == [("pending", "approved"), ("approved", "spam")]


@pytest.mark.django_db
def test_the_log_says_that_a_comment_was_restored():
    comment = make_comment(make_post(), status="spam")

    moderation.decide([comment], "restore", actor=make_user("mod", "Moderator"))

    comment.refresh_from_db()
    assert comment.status == "pending"
    assert moderation.what_happened(comment.pk).reason == "restored"


@pytest.mark.django_db
def test_a_rule_may_decide():
    comment = make_comment(make_post(), status="pending")

    assert moderation.decide([comment], "spam", rule="import", reason="imported")

    event = ModerationEvent.objects.get()
    assert (event.actor, event.rule, event.reason) == (None, "import", "imported")


@pytest.mark.django_db
@pytest.mark.parametrize("verb", Verb)
def test_somebody_must_have_decided(verb):
    comment = make_comment(make_post(), status="rejected" if verb == "restore" else "pending")
    before = comment.status

    with pytest.raises(ValueError, match="one of the two"):
        moderation.decide([comment], verb)
    with pytest.raises(ValueError, match="one of the two"):
        moderation.decide([comment], verb, actor=make_user("mod", "Moderator"), rule="import")

    comment.refresh_from_db()
    assert comment.status == before
    assert not ModerationEvent.objects.exists()


@pytest.mark.django_db
def test_a_comment_that_is_gone_is_left_alone():
    comment = make_comment(make_post(), status="pending")
    Comment.objects.filter(pk=comment.pk).delete()

    assert not moderation.decide([comment], "approve", actor=make_user("mod", "Moderator")).changed
    assert not ModerationEvent.objects.exists()


@pytest.mark.django_db
def test_the_words_of_a_comment_stay_as_they_are():
    comment = make_comment(make_post(), status="pending", body="<b>Mine</b>")
    before = Comment.objects.values("body", "body_html", "path", "created_at", "edited_at").get()

    for verb in ("approve", "spam", "restore"):
        moderation.decide([comment], verb, actor=make_user(f"mod-{verb}", "Moderator"))

    assert Comment.objects.values("body", "body_html", "path", "created_at", "edited_at").get() == before


@pytest.mark.django_db
def test_receiving_saves_the_comment_with_its_verdict_and_first_event():
    comment = Comment(post=make_post(), author_name="Reader", body="Hello.")

    moderation.receive(comment, HELD)

    assert Comment.objects.values_list("status", "reasons").get(pk=comment.pk) == ("pending", ["held_all"])
    event = ModerationEvent.objects.get()
    assert (event.comment_id, event.actor, event.rule) == (comment.pk, None, "hold_all")
    assert (event.from_status, event.to_status, event.reason) == ("", "pending", "held_all")


@pytest.mark.django_db
def test_a_comment_is_received_once():
    comment = make_comment(make_post())

    with pytest.raises(ValueError, match="Only a new comment"):
        moderation.receive(comment, HELD)

    assert not ModerationEvent.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_without_its_event_nothing_changes():
    """The event and the status stand or fall together: here the log refuses, for nobody has this id."""
    comment = make_comment(make_post(), status="pending")
    nobody = User(pk=999_999)

    with pytest.raises(IntegrityError):
        moderation.decide([comment], "approve", actor=nobody)
    with pytest.raises(IntegrityError):
        moderation.decide([comment], "spam", actor=nobody)

    assert Comment.objects.get().status == "pending"
    assert not ModerationEvent.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_comment_whose_first_event_fails_is_not_kept():
    new = Comment(post=make_post(), author_name="Reader", body="Hello.")

    with pytest.raises(IntegrityError):
        moderation.receive(new, Verdict("pending", ["held_all"], rule=None))

    assert not Comment.objects.exists()


@pytest.mark.django_db
def test_deciding_on_several_makes_one_batch():
    moderator, post = make_user("mod", "Moderator"), make_post()
    waiting = [make_comment(post, status="pending") for _ in range(3)]
    done = make_comment(post, status="spam")

    batch = moderation.decide([*reversed(waiting), done, waiting[0]], "spam", actor=moderator)

    assert (batch.changed, batch.left) == ([comment.pk for comment in waiting], [done.pk])
    assert set(Comment.objects.values_list("status", flat=True)) == {"spam"}
    events = ModerationEvent.objects.order_by("pk")
    assert [event.comment_id for event in events] == [comment.pk for comment in waiting]
    assert {(event.batch, event.actor) for event in events} == {(batch.batch, moderator)}
    assert isinstance(batch.batch, uuid.UUID)


@pytest.mark.django_db
def test_five_hundred_cost_as_many_queries_as_two():
    moderator, post = make_user("mod", "Moderator"), make_post()
    first = make_comment(post, status="pending")
    Comment.objects.bulk_create(
        Comment(post=post, author_name="Reader", body="x", body_html="x", path=f"{n:010d}", status="pending")
        for n in range(1, 500)
    )

    with CaptureQueriesContext(connection) as queries:
        batch = moderation.decide(Comment.objects.all(), "approve", actor=moderator)

    assert (len(batch.changed), len(batch.left)) == (500, 0)
    # The comments, a savepoint and its release, the lock, the block rules' hits, the events (in parts on SQLite), the
    # status, the posts whose pages show it, the reasons, the reports, the spam filter's lock and samples, the counts.
    assert len(queries) <= 19
    assert first.pk in ModerationEvent.objects.values_list("comment_id", flat=True)


@pytest.mark.django_db
def test_counts_are_written_after_all_else_however_many_the_changes_are(monkeypatch):
    """Who receives a comment holds its block rules and waits for the counts: the other way round is a deadlock."""
    monkeypatch.setattr(moderation.moving, "AT_ONCE", 2)
    post, moderator = make_post(), make_user("mod", "Moderator")
    rules = [BlockRule.objects.create(pattern=word) for word in ("casino", "poker")]
    comments = [make_comment(post, status="pending") for _ in range(6)]
    for comment in comments:
        BlockHit.objects.bulk_create(BlockHit(comment=comment, rule=rule) for rule in rules)

    with CaptureQueriesContext(connection) as queries:
        moderation.decide(comments, "approve", actor=moderator)

    tables = ("comments_blockrule", "comments_postcount", "comments_sitecount")
    said = [
        table
        for query in queries
        for table in tables
        if query["sql"].startswith((f'UPDATE "{table}', f"INSERT INTO {table}"))
    ]
    assert said == ["comments_blockrule", "comments_blockrule", "comments_postcount", "comments_sitecount"]
    assert set(BlockRule.objects.values_list("overturned", flat=True)) == {6} and counts.recount() == 0


@pytest.mark.django_db
def test_an_unknown_verb_and_a_nameless_decision_are_refused():
    comment = make_comment(make_post(), status="pending")

    with pytest.raises(ValueError, match="not a valid"):
        moderation.decide([comment], "delete", actor=make_user("mod", "Moderator"))
    with pytest.raises(ValueError, match="one of the two"):
        moderation.decide([comment], "approve", actor=None)

    comment.refresh_from_db()
    assert comment.status == "pending"


@pytest.mark.django_db(transaction=True)
def test_two_moderators_at_once_make_one_event():
    anna, ben = make_user("anna"), make_user("ben")
    post = make_post()
    for _ in range(20):
        comment = make_comment(post, status="pending")

        results = at_once(
            lambda pk=comment.pk: moderation.decide([Comment(pk=pk)], "approve", actor=anna),
            lambda pk=comment.pk: moderation.decide([Comment(pk=pk)], "approve", actor=ben),
        )

        assert sorted(len(decision.changed) for decision in results) == [0, 1]
        assert events_of(comment) == [("pending", "approved")]


@pytest.mark.django_db(transaction=True)
def test_two_moderators_who_disagree_leave_a_log_without_gaps():
    anna, ben = make_user("anna"), make_user("ben")
    post = make_post()
    for _ in range(20):
        comment = make_comment(post, status="pending")

        results = at_once(
            lambda pk=comment.pk: moderation.decide([Comment(pk=pk)], "approve", actor=anna),
            lambda pk=comment.pk: moderation.decide([Comment(pk=pk)], "spam", actor=ben),
        )

        assert [decision.changed for decision in results] == [[comment.pk]] * 2
        (start, middle), (again, end) = events_of(comment)
        assert (start, middle) == ("pending", again)
        assert Comment.objects.get(pk=comment.pk).status == end


@pytest.mark.django_db(transaction=True)
def test_batches_that_overlap_never_deadlock():
    anna, ben = make_user("anna"), make_user("ben")
    post = make_post()
    comments = [make_comment(post, status="pending") for _ in range(40)]
    for verb in ("approve", "spam", "approve", "remove", "reject"):
        one, other = at_once(
            lambda verb=verb: moderation.decide(comments, verb, actor=anna),
            lambda verb=verb: moderation.decide(comments[::-1], verb, actor=ben),
        )

        assert sorted((len(one.changed), len(other.changed))) == [0, 40]

    assert ModerationEvent.objects.count() == 5 * 40


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite locks the whole database, not a row")
def test_a_verb_waits_for_the_row():
    comment = make_comment(make_post(), status="pending")
    moderator = make_user("mod")
    held, decided = threading.Event(), threading.Event()
    results = []

    def second():
        held.wait(timeout=10)
        results.append(moderation.decide([Comment(pk=comment.pk)], "approve", actor=moderator))
        decided.set()
        connection.close()

    thread = threading.Thread(target=second)
    thread.start()
    with transaction.atomic():
        moderation.decide([comment], "reject", actor=moderator)
        held.set()
        assert not decided.wait(timeout=0.5)
    thread.join(timeout=10)

    assert [decision.changed for decision in results] == [[comment.pk]]
    assert events_of(comment) == [("pending", "rejected"), ("rejected", "approved")]
