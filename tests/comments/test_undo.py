import uuid

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from comments import counts, moderation
from comments.models import (
    BlockHit,
    BlockRule,
    BulkDecision,
    Comment,
    CommentReason,
    CommentSettings,
    ModerationEvent,
    Report,
)
from comments.moderation import Verb
from tests.factories import make_comment, make_post, make_user

ALL = Comment.objects.all


def status_of(comment) -> str:
    return Comment.objects.values_list("status", flat=True).get(pk=comment.pk)


@pytest.mark.django_db
def test_undoing_a_batch_puts_each_comment_back_where_it_was():
    moderator, post = make_user("mod", "Moderator"), make_post()
    waiting, shown = make_comment(post, status="pending"), make_comment(post)
    before = counts.site()
    batch = moderation.decide([waiting, shown], "spam", actor=moderator).batch

    undone = moderation.undo(batch, actor=moderator, among=ALL())

    assert (undone.changed, undone.left) == ([waiting.pk, shown.pk], [])
    assert (status_of(waiting), status_of(shown)) == ("pending", "approved")
    assert counts.site() == before
    assert {event.reason for event in ModerationEvent.objects.filter(batch=undone.batch)} == {"undone"}


@pytest.mark.django_db
def test_what_somebody_else_decided_since_is_left_alone():
    anna, ben, post = make_user("anna", "Moderator"), make_user("ben", "Moderator"), make_post()
    first, second = (make_comment(post, status="pending") for _ in range(2))
    batch = moderation.decide([first, second], "spam", actor=anna).batch
    moderation.decide([first], "approve", actor=ben)

    undone = moderation.undo(batch, actor=anna, among=ALL())

    assert (undone.changed, undone.left) == ([second.pk], [first.pk])
    assert status_of(first) == "approved"


@pytest.mark.django_db
def test_a_comment_that_came_back_to_the_same_status_has_changed_all_the_same():
    anna, comment = make_user("anna", "Moderator"), make_comment(make_post(), status="pending")
    batch = moderation.decide([comment], "spam", actor=anna).batch
    moderation.decide([comment], "approve", actor=anna)
    moderation.decide([comment], "spam", actor=anna)

    assert moderation.undo(batch, actor=anna, among=ALL()).left == [comment.pk]
    assert status_of(comment) == "spam"


@pytest.mark.django_db
def test_a_batch_is_undone_once_and_an_undoing_not_at_all():
    anna, comment = make_user("anna", "Moderator"), make_comment(make_post(), status="pending")
    batch = moderation.decide([comment], "approve", actor=anna).batch
    undone = moderation.undo(batch, actor=anna, among=ALL())

    assert moderation.undo(batch, actor=anna, among=ALL()).left == [comment.pk]
    assert moderation.undo(undone.batch, actor=anna, among=ALL()).changed == []
    assert moderation.undo(uuid.uuid4(), actor=anna, among=ALL()).changed == []
    assert status_of(comment) == "pending"


@pytest.mark.django_db
def test_what_its_writer_withdrew_does_not_come_back():
    anna, comment = make_user("anna", "Moderator"), make_comment(make_post())
    batch = moderation.decide([comment], "spam", actor=anna).batch
    moderation.withdraw(comment)

    assert moderation.undo(batch, actor=anna, among=ALL()).left == [comment.pk]
    for verb in Verb:
        assert moderation.decide([comment], verb, actor=anna).left == [comment.pk]
    assert status_of(comment) == "removed"


@pytest.mark.django_db
def test_an_author_undoes_nothing_under_other_peoples_posts():
    author, comment = make_user("ada", "Author"), make_comment(make_post(), status="pending")
    batch = moderation.decide([comment], "spam", actor=make_user("mod", "Moderator")).batch

    undone = moderation.undo(batch, actor=author, among=Comment.objects.moderated_by(author))

    assert (undone.changed, undone.left) == ([], [comment.pk])


@pytest.mark.django_db
def test_undoing_a_decision_opens_the_reports_that_it_had_closed():
    CommentSettings(reports_needed=2).save()
    mod, comment = make_user("mod", "Moderator"), make_comment(make_post())
    moderation.report(comment, "rude", "", "a")
    moderation.report(comment, "spam", "", "b")
    assert counts.site()["reported"] == 1
    batch = moderation.decide([comment], "remove", actor=mod).batch
    assert (counts.site()["reported"], Report.objects.filter(closed_at=None).count()) == (0, 0)

    moderation.undo(batch, actor=mod, among=ALL())

    assert (counts.site()["reported"], Report.objects.filter(closed_at=None).count()) == (1, 2)


@pytest.mark.django_db
def test_undoing_a_reply_takes_it_down_and_its_comment_back():
    mod, comment = make_user("mod", "Moderator"), make_comment(make_post(), status="pending")
    answer = moderation.reply(comment, "Welcome.", actor=mod, seen=comment.state)
    batch = ModerationEvent.objects.filter(comment_id=answer.pk).get().batch

    moderation.undo(batch, actor=mod, among=ALL())

    assert (status_of(comment), status_of(answer)) == ("pending", "rejected")


@pytest.mark.django_db
def test_a_large_batch_is_undone_in_parts():
    mod, post = make_user("mod", "Moderator"), make_post()
    comments = [make_comment(post, status="pending") for _ in range(7)]
    batch = moderation.decide(comments, "approve", actor=mod).batch
    bulk = BulkDecision.objects.create(actor=mod, undoes=batch, total=7)

    while moderation.work_off_chunk(bulk.batch, at_once=3):
        pass

    bulk.refresh_from_db()
    assert (bulk.changed, bulk.left, bulk.finished_at is not None) == (7, 0, True)
    assert counts.site()["pending"] == 7


def picture() -> dict:
    """All that undoing must bring back."""
    return {
        "comments": list(Comment.objects.order_by("pk").values_list("pk", "status", "shown_at", "reported_at", "body")),
        "reports": list(Report.objects.order_by("pk").values_list("pk", "closed_at", "closed_by")),
        "reasons": list(CommentReason.objects.order_by("pk").values_list("comment", "code", "status")),
        "rules": list(BlockRule.objects.order_by("pk").values_list("pk", "overturned")),
        "site": counts.site(),
        "thread": [comment.pk for comment in Comment.objects.in_thread(Comment.objects.first().post)],
    }


ACTION = st.tuples(
    st.sampled_from([*Verb.values, "reply"]),
    st.sets(st.integers(0, 5), min_size=1, max_size=6),
    st.booleans(),
)
MOVE = st.tuples(st.sampled_from(["report", "withdraw", "edit", "delete"]), st.integers(0, 5))


class Undoing(TestCase):
    def setup_example(self):
        super().setup_example()
        self.mod, post = make_user("mod", "Moderator"), make_post()
        statuses = ["pending", "approved", "rejected", "spam", "removed", "approved"]
        self.comments = []
        for number, status in enumerate(statuses):
            parent = self.comments[1] if number > 3 else None
            self.comments.append(make_comment(post, status=status, parent=parent, reasons=["links:3"]))
        rule = BlockRule.objects.create(pattern="casino", folded="casino")
        BlockHit.objects.create(rule=rule, comment=self.comments[0])
        moderation.report(self.comments[5], "rude", "", "before")

    def act(self, verb: str, which: set[int], with_replies: bool) -> uuid.UUID | None:
        chosen = [self.comments[number] for number in sorted(which)]
        if verb != "reply":
            return moderation.decide(chosen, verb, actor=self.mod, with_replies=with_replies).batch
        comment = Comment.objects.filter(pk=chosen[0].pk).first()
        if comment is None:
            return None
        try:
            answer = moderation.reply(comment, "Yes.", actor=self.mod, seen=comment.state)
        except moderation.Stale:
            return None
        self.answers.append(answer.pk)
        return ModerationEvent.objects.get(comment_id=answer.pk).batch

    @settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.lists(ACTION, max_size=8))
    def test_any_decisions_undone_in_reverse_lead_back_to_the_start(self, actions):
        self.answers = []
        start = picture()
        batches = [self.act(*action) for action in actions]

        for batch in reversed(batches):
            if batch:
                assert moderation.undo(batch, actor=self.mod, among=ALL()).left == []

        with transaction.atomic():  # what was answered is taken down; it was not there at the start
            for answer in self.answers:
                assert status_of(Comment(pk=answer)) == "rejected"
                moderation.delete(Comment(pk=answer), actor=self.mod)
        assert picture() == start
        assert counts.recount() == 0

    @settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.lists(st.one_of(ACTION, MOVE), max_size=10))
    def test_what_others_did_meanwhile_stands(self, steps):
        self.answers = []
        batches, gone, words = [], set(), {}
        for step in steps:
            if len(step) == 3:
                batches.append(self.act(*step))
                continue
            move, comment = step[0], self.comments[step[1]]
            if comment.pk in gone:
                continue
            if move == "report":
                moderation.report(comment, "spam", "", f"network {len(batches)}")
            elif move == "withdraw":
                moderation.withdraw(Comment.objects.get(pk=comment.pk))
            elif move == "delete":
                moderation.delete(Comment(pk=comment.pk), actor=self.mod)
                gone.add(comment.pk)
            else:
                now = Comment.objects.get(pk=comment.pk)
                words[comment.pk] = f"{now.body} again"
                try:
                    moderation.edit(now, words[comment.pk], actor=self.mod, seen=now.state)
                except moderation.Stale:
                    words[comment.pk] = now.body

        for batch in reversed([batch for batch in batches if batch]):
            moderation.undo(batch, actor=self.mod, among=ALL())

        assert not Comment.objects.filter(pk__in=gone).exists()
        assert not Comment.objects.filter(withdrawn_at__isnull=False).exclude(status="removed").exists()
        for pk, body in words.items():
            assert pk in gone or Comment.objects.get(pk=pk).body == body
        assert counts.recount() == 0
