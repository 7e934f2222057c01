"""Telling moderators, and a post's author, of comments that wait: whom, of which, and when."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.core import mail

from blog.mail import send_due
from blog.models import Mail, SiteSettings
from comments import moderation, waiting
from comments.models import Comment, MailChoice
from comments.policy import Verdict
from tests.comments.people import link_to, links_in
from tests.factories import make_post, make_user

pytestmark = pytest.mark.django_db

START = datetime(2026, 11, 24, 10, 30, tzinfo=UTC)


@pytest.fixture
def clock():
    with time_machine.travel(START, tick=False) as clock:
        yield clock


@pytest.fixture
def mona(clock):
    return make_user("mona", "Moderator")


@pytest.fixture
def tick(clock):
    """The tick, so many minutes later: whom it told."""

    def run(minutes: float = 2) -> list[str]:
        clock.shift(timedelta(minutes=minutes))
        now = datetime.now(UTC)
        waiting.tell(now)
        mail.outbox.clear()
        send_due(now)
        return sorted(message.to[0] for message in mail.outbox)

    return run


@pytest.fixture(autouse=True)
def _known(request, tick):
    """Whom a test begins with is known to the tick; `mona` is, if the test names her."""
    if "mona" in request.fixturenames:
        request.getfixturevalue("mona")
    assert tick() == []


def arrive(post, **fields) -> Comment:
    fields = {"author_name": "Mudlark", "author_email": "mud@example.org", "body": "Surely the wind?"} | fields
    comment = Comment(post=post, **fields)
    moderation.receive(comment, Verdict("pending", ["held_all"], "hold_all"))
    return comment


def choose(user, when: str) -> None:
    MailChoice.objects.filter(user=user).update(when=when)


def test_it_works(post, mona, tick):
    comment = arrive(post)
    assert tick() == ["mona@example.org"]
    (message,) = mail.outbox
    assert message.subject == "1 comment waits"
    for part in (message.body, message.alternatives[0][0]):
        assert "Surely the wind?" in part and "Mudlark" in part and post.title in part
        assert "Every comment is read before it appears" in part
    assert link_to(message, "/moderate/") and f"~{mona.pk}~" in link_to(message, "/moderate/")
    assert f"/{comment.pk}~" in link_to(message, "/moderate/")
    assert "/admin/comments/comment/mail/" in links_in(message)


def test_nobody_is_told_twice_of_the_same(post, mona, tick):
    arrive(post)
    assert tick() == ["mona@example.org"] and tick() == tick(600) == []


def test_a_line_of_the_log_is_looked_at_when_it_has_settled(post, mona, tick):
    arrive(post)
    assert tick(0.5) == [] and tick(1) == ["mona@example.org"]


def test_nobody_is_told_of_what_came_before_they_were_first_seen(post, mona, tick, clock):
    arrive(post)
    clock.shift(timedelta(minutes=10))
    make_user("ben", "Moderator")
    assert tick() == ["mona@example.org"]
    arrive(post)
    assert tick() == ["ben@example.org", "mona@example.org"]


def test_nobody_is_told_of_what_they_did_themselves(post, mona, tick):
    make_user("ben", "Moderator")
    tick()
    comment = arrive(post)
    moderation.decide([comment], "reject", actor=mona)
    tick()
    moderation.decide([comment], "restore", actor=mona)
    assert tick() == ["ben@example.org"]


def test_changed_words_are_no_news(post, mona, tick):
    make_user("ben", "Moderator")
    tick()
    comment = arrive(post)
    tick()
    moderation.edit(comment, "Surely the moon?", actor=mona, seen=comment.state)
    assert tick() == []


def test_an_appeal_is_news(post, mona, tick):
    comment = arrive(post)
    tick()
    moderation.decide([comment], "reject", actor=mona)
    moderation.appeal(comment, "It was meant kindly.")
    assert tick() == ["mona@example.org"]
    assert "Its writer asks to look again" in mail.outbox[0].body


def test_what_was_decided_before_the_tick_is_none(post, mona, tick):
    moderation.decide([arrive(post)], "spam", rule="spam_filter")
    assert tick() == []


def test_what_was_decided_before_the_mail_goes_is_left_out(post, mona, tick, clock):
    first, _second = arrive(post, body="The first"), arrive(post, body="The second")
    clock.shift(timedelta(minutes=2))
    waiting.tell(datetime.now(UTC))
    moderation.decide([first], "approve", actor=mona)
    send_due(datetime.now(UTC))
    (message,) = mail.outbox
    assert message.subject == "1 comment waits" and "The second" in message.body and "The first" not in message.body


def test_where_all_was_decided_no_mail_goes(post, mona, clock):
    comment = arrive(post)
    clock.shift(timedelta(minutes=2))
    waiting.tell(datetime.now(UTC))
    moderation.decide([comment], "approve", actor=mona)
    send_due(datetime.now(UTC))
    assert not mail.outbox and Mail.objects.get().status == "dropped"


def test_ten_are_listed_and_the_others_counted(post, mona, tick):
    for number in range(13):
        arrive(post, body=f"Number {number}.")
    tick()
    (message,) = mail.outbox
    assert message.subject == "13 comments wait" and "And 3 more." in message.body
    assert "Number 9." in message.body and "Number 10." not in message.body
    assert len([path for path in links_in(message) if path.startswith("/moderate/")]) == 10


def test_where_the_listed_ones_were_decided_the_others_take_their_place(post, mona, clock):
    comments = [arrive(post, body=f"Number {number}.") for number in range(13)]
    clock.shift(timedelta(minutes=2))
    waiting.tell(datetime.now(UTC))
    moderation.decide(comments[:10], "approve", actor=mona)
    send_due(datetime.now(UTC))
    (message,) = mail.outbox
    assert message.subject == "3 comments wait" and "Number 12." in message.body and "more." not in message.body


class TestWho:
    def test_an_author_of_own_posts_alone(self, mona, tick):
        ada, bea = make_user("ada", "Author"), make_user("bea", "Editor")
        tick()
        arrive(make_post(author=ada))
        assert tick() == ["ada@example.org", "mona@example.org"]
        assert f"~{ada.pk}~" in link_to(message_to("ada@example.org"), "/moderate/")
        arrive(make_post(author=bea))
        assert tick() == ["bea@example.org", "mona@example.org"]

    def test_a_contributor_without_links_that_act(self, tick):
        carl = make_user("carl", "Contributor")
        tick()
        arrive(make_post(author=carl))
        assert tick() == ["carl@example.org"]
        paths = links_in(message_to("carl@example.org"))
        assert not [path for path in paths if path.startswith("/moderate/") or path == "/admin/comments/comment/"]
        assert "Surely the wind?" in mail.outbox[0].body

    def test_nobody_who_is_no_staff_or_inactive_or_without_address(self, post, tick):
        make_user("reader")
        make_user("gone", "Moderator", is_active=False)
        silent = make_user("silent", "Moderator")
        silent.email = ""
        silent.save()
        tick()
        arrive(post)
        assert tick() == []

    def test_nobody_who_lost_the_role_before_the_mail_goes(self, post, mona, clock):
        arrive(post)
        clock.shift(timedelta(minutes=2))
        waiting.tell(datetime.now(UTC))
        mona.groups.clear()
        send_due(datetime.now(UTC))
        assert "mona@example.org" not in [message.to[0] for message in mail.outbox]


def message_to(address: str):
    (message,) = [message for message in mail.outbox if message.to == [address]]
    return message


@pytest.fixture
def post(clock):
    return make_post(author=make_user("author"), title="What the tide table leaves out")


class TestWhen:
    def test_never(self, post, mona, tick):
        choose(mona, "never")
        arrive(post)
        assert tick() == tick(24 * 60) == []

    def test_who_chose_never_is_told_of_no_history_later(self, post, mona, tick):
        choose(mona, "never")
        arrive(post)
        tick()
        choose(mona, "at_once")
        assert tick() == []
        arrive(post)
        assert tick() == ["mona@example.org"]

    def test_hourly_is_at_the_full_hour(self, post, mona, tick):
        """It is 10:32."""
        choose(mona, "hourly")
        arrive(post)
        assert tick(5) == tick(20) == []
        assert tick(5) == ["mona@example.org"]  # 11:02
        arrive(post)
        arrive(post)
        assert tick(50) == [] and tick(10) == ["mona@example.org"]
        assert mail.outbox[0].subject == "2 comments wait"

    def test_hourly_is_at_the_full_hour_after_a_quiet_night_too(self, post, mona, tick):
        choose(mona, "hourly")
        tick(20 * 60)  # 6:32
        arrive(post)
        assert tick(10) == [] and tick(20) == ["mona@example.org"]

    def test_daily_is_at_eight(self, post, mona, tick):
        choose(mona, "daily")
        arrive(post)
        assert tick(8 * 60) == tick(13 * 60 + 20) == []  # 7:52
        assert tick(9) == ["mona@example.org"]  # 8:01
        assert tick(12 * 60) == []

    def test_daily_is_at_eight_after_quiet_days_too(self, post, mona, tick):
        choose(mona, "daily")
        tick(3 * 24 * 60)
        arrive(post)
        assert tick(5) == []
        assert tick(22 * 60) == ["mona@example.org"]

    def test_a_worker_that_slept_at_eight_tells_when_it_wakes(self, post, mona, tick, clock):
        choose(mona, "daily")
        arrive(post, body="The evening before")
        clock.move_to(datetime(2026, 11, 25, 9, 0, tzinfo=UTC))
        arrive(post, body="This morning at nine")
        assert tick(30) == ["mona@example.org"]
        assert "The evening before" in mail.outbox[0].body and "at nine" not in mail.outbox[0].body
        assert tick(23 * 60) == ["mona@example.org"] and "at nine" in mail.outbox[0].body

    @pytest.mark.parametrize("zone", ["Asia/Tehran", "America/New_York", "Pacific/Auckland", "Asia/Kathmandu"])
    def test_eight_is_by_the_sites_time_zone(self, post, mona, tick, clock, zone):
        SiteSettings(time_zone=zone).save()
        choose(mona, "daily")
        clock.move_to(datetime(2026, 11, 26, 7, 55, tzinfo=ZoneInfo(zone)))
        tick(0)
        arrive(post)
        assert tick(5) == [] and tick(1) == ["mona@example.org"]

    def test_eight_is_eight_where_the_clocks_change(self, post, mona, tick, clock):
        SiteSettings(time_zone="Europe/Berlin").save()
        choose(mona, "daily")
        for day in (28, 29, 30):  # they go forward on the 29th
            clock.move_to(datetime(2027, 3, day - 1, 20, 0, tzinfo=ZoneInfo("Europe/Berlin")))
            arrive(post)
            clock.move_to(datetime(2027, 3, day, 7, 59, tzinfo=ZoneInfo("Europe/Berlin")))
            assert tick(1) == [], day
            assert tick(2) == ["mona@example.org"], day

    def test_who_chooses_at_once_instead_is_told_of_what_had_not_been_told(self, post, mona, tick):
        choose(mona, "daily")
        arrive(post)
        assert tick() == []
        choose(mona, "at_once")
        assert tick() == ["mona@example.org"]

    def test_and_the_other_way_round_of_nothing_twice(self, post, mona, tick):
        arrive(post)
        assert tick() == ["mona@example.org"]
        choose(mona, "daily")
        assert tick(24 * 60) == []


def test_two_ticks_at_once_tell_once(post, mona, clock, monkeypatch):
    arrive(post)
    clock.shift(timedelta(minutes=2))
    now, came = datetime.now(UTC), waiting.came_to_wait

    def meanwhile(*args):
        """The other machine's tick, whose clock is ahead, after this one has read how far somebody was told."""
        monkeypatch.setattr(waiting, "came_to_wait", came)
        arrive(post)
        waiting.tell(now + timedelta(minutes=2))
        return came(*args)

    monkeypatch.setattr(waiting, "came_to_wait", meanwhile)
    waiting.tell(now)
    waiting.tell(now + timedelta(minutes=2))
    (owed,) = Mail.objects.filter(kind="held", data__user=mona.pk)
    assert owed.data["upto"] == MailChoice.objects.get(user=mona).newest == waiting.newest_event(datetime.now(UTC))
