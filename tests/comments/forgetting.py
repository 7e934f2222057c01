"""Time that passes, and things that are forgotten by it."""

from datetime import UTC, datetime, timedelta

from comments import retention
from comments.models import AddressKey, BlockHit, BlockRule, Comment, Report
from tests.factories import make_comment, make_post

START = datetime(2026, 3, 1, 12, tzinfo=UTC)
SECOND = timedelta(seconds=1)
DIGEST = "ab" * 16


class After:
    """Called with a span of time, runs the chores (or those of these names) when so much has passed since START."""

    def __init__(self, time_machine) -> None:
        AddressKey.objects.all().delete()  # the migrations made one, by another clock
        self.time_machine = time_machine
        self.move(timedelta(0))

    def move(self, past: timedelta) -> datetime:
        self.time_machine.move_to(START + past, tick=False)
        return START + past

    def __call__(self, past: timedelta, *names: str, show=None) -> dict[str, int]:
        """How many each chore forgot, without those of nothing."""
        chores = [chore for chore in retention.CHORES if not names or chore.name in names]
        return {name: number for name, number in retention.purge(self.move(past), show, chores).items() if number}


def make_hit(match: str, pattern: str, **fields) -> BlockHit:
    rule = BlockRule.objects.create(match=match, pattern=pattern)
    comment = make_comment(make_post(), reasons=["held_all", f"blocked:{match}/{pattern}", "links:3/2"], **fields)
    return BlockHit.objects.create(rule=rule, comment=comment)


def make_report(comment: Comment, digest: str = DIGEST, **fields) -> Report:
    return Report.objects.create(comment=comment, kind="rude", words="So rude.", address_digest=digest, **fields)
