"""Nothing that the clock does reads all comments, or all of the log."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from comments import retention
from comments.models import (
    AddressKey,
    BlockHit,
    BlockRule,
    Comment,
    Commenter,
    FollowRequest,
    ModerationEvent,
    ModerationNote,
    Report,
    SpamSample,
    UsedLink,
)
from tests.factories import make_post

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

OLD = timedelta(days=400)
LARGE = ("comments_comment", "comments_moderationevent", "comments_spamsample")


class Plans:
    """Has the database say of each statement how it is going to work it off."""

    def __init__(self) -> None:
        self.seen: list[tuple[str, str]] = []

    def __call__(self, execute, sql, params, many, context):
        if any(table in sql for table in LARGE) and sql.startswith(("SELECT", "UPDATE", "DELETE")):
            explain = "EXPLAIN" if connection.vendor == "postgresql" else "EXPLAIN QUERY PLAN"
            with connection.cursor() as cursor:
                # With the values apart, as the statement itself has them: whether an index of some rows alone holds
                # those that are asked for is for the database to see. Past the wrappers, or this one would explain it.
                cursor.cursor.execute(f"{explain} {sql}", params)
                plan = "\n".join(" ".join(map(str, row)) for row in cursor.fetchall())
            self.seen.append((sql, plan))
        return execute(sql, params, many, context)


def scans(sql: str, plan: str) -> list[str]:
    """The lines of a plan that read one of the large tables as a whole."""
    names = [*LARGE, *(alias for table in LARGE for alias in re.findall(rf'"{table}" (U\d+|T\d+)', sql))]
    names = "|".join(names)
    return re.findall(rf"(?m)^.*(?:Seq Scan on (?:{'|'.join(LARGE)})\b|\bSCAN (?:TABLE )?(?:{names})\b).*$", plan)


@pytest.fixture
def large_site():
    """Some thousand comments, of each kind some that are due."""
    post, now = make_post(), timezone.now()
    statuses = ["approved"] * 40 + ["pending", "spam", "rejected", "removed"]
    comments = Comment.objects.bulk_create(
        Comment(
            post=post,
            author_name="Reader",
            author_email=f"reader-{number}@example.org",
            body="Some words.",
            body_html="<p>Some words.</p>",
            status=statuses[number % len(statuses)],
            address_digest="ab" * 16 if number < 100 or number > 7_900 else "",
            created_at=now - OLD * (number < 100) - timedelta(minutes=8_000 - number),
            path=f"{number + 1:010d}",
        )
        for number in range(8_000)
    )
    events = ModerationEvent.objects.bulk_create(
        ModerationEvent(comment_id=comment.pk, to_status=comment.status, at=comment.created_at) for comment in comments
    )
    ModerationNote.objects.bulk_create(
        ModerationNote(event=event, comment_id=event.comment_id, kind="told", text="Told.") for event in events[::20]
    )
    AddressKey.objects.update(created_at=now - OLD)
    rules = [("network", "192.0.2.0/24"), ("email", "reader-50@example.org")]
    for match, pattern in rules:
        rule = BlockRule.objects.create(match=match, pattern=pattern)
        BlockHit.objects.bulk_create(BlockHit(rule=rule, comment=comment) for comment in comments[::50])
    Commenter.objects.bulk_create(
        Commenter(email=f"proved-{number}@example.org", proved_at=now - OLD * (number % 2)) for number in range(200)
    )
    kinds = [{"closed_at": None}, {"closed_at": now - OLD}]
    for number, comment in enumerate(comments[:40]):
        Report.objects.create(comment=comment, kind="rude", created_at=comment.created_at, **kinds[number % 2])
    FollowRequest.objects.create(post=post, email="typed@example.org", asked_at=now - OLD)
    UsedLink.objects.create(digest="d" * 64, used_at=now - 2 * OLD)
    seen = {"evidence": 1, "probability": 0.5, "share": 0.5, "is_sure": True}
    samples = [SpamSample(comment=comment, created_at=now, **seen) for comment in comments]
    samples += [SpamSample(created_at=now - 2 * OLD, **seen) for _ in range(20)]
    SpamSample.objects.bulk_create(samples)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def test_every_statement_finds_its_rows_by_an_index(large_site):
    plans = Plans()
    with connection.execute_wrapper(plans):
        counted = retention.count(timezone.now())
        done = retention.purge(timezone.now(), lambda *told: None)
    assert all(counted.values())
    gone = sum(counted[name] for name in ("spam", "rejected comments", "words of removed comments"))
    assert done == counted | {"unproved e-mail addresses": 100 - gone}
    assert len(plans.seen) > 60
    assert {sql: found for sql, plan in plans.seen if (found := scans(sql, plan))} == {}


def test_it_would_see_one_that_reads_them_all(large_site):
    plans = Plans()
    with connection.execute_wrapper(plans):
        list(Comment.objects.filter(body_html__contains="nowhere"))
        list(Comment.objects.filter(replies__body="nowhere").values_list("pk"))
    assert all(scans(*seen) for seen in plans.seen)
