"""What the policy makes of a writer: an account, or a proved address. A typed one is known by nothing."""

import pytest
from django.utils import timezone

from comments.models import BlockRule, Comment, Commenter, CommentSettings
from comments.policy import REFUSED
from tests.comments.judging import verdict_on
from tests.comments.test_policy_rules import MUDLARK, ago, says
from tests.factories import make_comment, make_post, make_user

pytestmark = pytest.mark.django_db
WRITERS = ["account", "proved", "typed"]


@pytest.fixture
def site():
    """All rules off: each test turns its own on."""
    settings = CommentSettings.load()
    settings.hold_all, settings.approved_needed, settings.max_links, settings.flood_seconds = False, 0, 0, 0
    settings.probation_needed = settings.trusted_needed = 0
    settings.save()
    return settings


@pytest.fixture
def post(site):
    return make_post()


@pytest.fixture(params=WRITERS[:2])
def writer(request):
    return written_by(request.param)


def written_by(kind: str) -> dict:
    """The fields of a comment by somebody who calls himself Mudlark."""
    if kind == "account":
        return {"user": make_user("mudlark")}
    return MUDLARK | {
        "commenter": Commenter.objects.create(email=MUDLARK["author_email"]) if kind == "proved" else None
    }


def verdict_for(post, writer: dict, **changes):
    user = writer.get("user")
    return verdict_on(post, user, **({} if user else writer) | changes)


def has_written(post, writer: dict, *statuses: str, days: int = 40) -> None:
    """One comment of each status, the oldest first, an hour apart."""
    for number, status in enumerate(statuses):
        made = {"body": f"{status} {number}", "created_at": ago(days=days, hours=-number), "status": status}
        make_comment(post, **writer | made)


@pytest.mark.parametrize("status", ["rejected", "spam", "removed"])
def test_after_one_was_taken_down_the_next_ones_wait(site, post, writer, status):
    says(site, probation_needed=2)
    has_written(post, writer, "approved", status, "approved")
    verdict = verdict_for(post, writer)
    assert (verdict.status, verdict.reasons, verdict.rule) == ("pending", ["probation:1/2"], "hold_probation")
    has_written(post, writer, "approved", days=1)
    assert verdict_for(post, writer).status == "approved"


def test_what_its_writer_withdrew_was_not_taken_down(site, post, writer):
    says(site, probation_needed=2)
    has_written(post, writer, "removed")
    Comment.objects.update(withdrawn_at=timezone.now())
    assert verdict_for(post, writer).status == "approved"


def test_where_the_rule_is_off_nobody_is_on_probation(post, writer):
    has_written(post, writer, "rejected")
    assert verdict_for(post, writer).status == "approved"


def test_a_typed_address_is_on_no_probation_and_puts_nobody_on_it(site, post):
    says(site, probation_needed=2)
    typed, proved = written_by("typed"), written_by("proved")
    has_written(post, typed, "rejected")
    assert verdict_for(post, typed).status == "approved" == verdict_for(post, proved).status
    has_written(post, proved, "rejected")
    assert verdict_for(post, typed).status == "approved" != verdict_for(post, proved).status


def block(writer: dict, is_blocked: bool = True) -> None:
    commenter = writer.get("commenter") or Commenter.objects.get_or_create(user=writer["user"])[0]
    commenter.blocked_at = timezone.now() if is_blocked else None
    commenter.save()


def test_a_blocked_writer_is_refused(post, writer):
    has_written(post, writer, "approved")
    block(writer)
    verdict = verdict_for(post, writer)
    assert (verdict.status, verdict.reasons, verdict.rule) == (REFUSED, ["blocked_writer"], "blocked_writer")
    block(writer, is_blocked=False)
    assert verdict_for(post, writer).status == "approved"


def test_whoever_types_the_address_of_a_blocked_writer_learns_nothing(post):
    block(written_by("proved"))
    assert verdict_for(post, written_by("typed")).status == "approved"


@pytest.mark.parametrize("who", ["Moderator", "author"])
def test_who_decides_here_is_not_refused_by_a_block(post, who):
    user = post.author if who == "author" else make_user("staff", who)
    block({"user": user})
    assert verdict_on(post, user).status == "approved"


@pytest.mark.parametrize(
    "reason, values, fields",
    [
        ("links:2/2", {"max_links": 2}, {"body": "https://a.example https://b.example"}),
        ("old_post:14", {"hold_after_days": 14}, {}),
    ],
)
@pytest.mark.parametrize("kind", WRITERS)
def test_trusted_writers_need_not_wait_for_links_or_on_older_posts(site, kind, reason, values, fields):
    says(site, trusted_needed=3, trusted_days=30, trusted_refused=10, **values)
    post, writer = make_post(published_at=ago(days=20)), written_by(kind)
    has_written(make_post(), writer, "approved", "approved")
    assert verdict_for(post, writer, **fields).reasons == [reason]
    has_written(make_post(), writer, "approved", days=1)
    assert verdict_for(post, writer, **fields).status == ("pending" if kind == "typed" else "approved")


def test_trust_is_no_pass_for_what_the_site_holds_or_blocks(site, post, writer):
    says(site, trusted_needed=1, trusted_days=30, hold_all=True)
    has_written(post, writer, "approved")
    BlockRule.objects.create(pattern="casino", action="spam")
    assert verdict_for(post, writer).reasons == ["held_all"]
    assert verdict_for(post, writer, body="Casino!").status == "spam"


def test_the_first_comments_of_a_proved_address_wait(site, post):
    says(site, approved_needed=2)
    writer = written_by("proved")
    has_written(post, writer, "approved", "pending")
    make_comment(post, **MUDLARK, body="Typed only", created_at=ago(days=1))
    assert verdict_for(post, writer).reasons == ["first_time:1/2"]
    has_written(post, writer, "approved", days=1)
    assert verdict_for(post, writer).status == "approved"
    assert verdict_on(post, **MUDLARK).reasons == ["first_time:guest/2"]
