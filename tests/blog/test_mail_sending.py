"""What becomes of a mail: sent, dropped, tried again, given up. With a real server: test_mail_smtp.py."""

import smtplib
from datetime import UTC, datetime, timedelta

import pytest
from django.core import mail as outbox
from django.db import connection

from blog.mail import is_due, send_due
from blog.mail.sending import LEASE, RETRY
from blog.models import Mail
from tests.blog.letters import KINDS, READER, Scripted, make_mail, no_such_reader
from tests.comments.racing import at_once

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 14, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


@pytest.fixture(autouse=True)
def _kinds(settings):
    settings.MAIL_KINDS = KINDS


@pytest.fixture
def server(settings, monkeypatch):
    """Answers as a test says; see Scripted."""
    settings.EMAIL_BACKEND = "tests.blog.letters.Scripted"
    monkeypatch.setattr(Scripted, "opening", [])
    monkeypatch.setattr(Scripted, "sending", [])
    monkeypatch.setattr(Scripted, "opened", 0)
    return Scripted


NO_ANSWERS = [
    smtplib.SMTPServerDisconnected("x"),
    TimeoutError("x"),
    KeyError("of a bug"),
    smtplib.SMTPDataError(-1, b"of a server that speaks something else"),
]


def due_mail(kind="hello", key="a", **fields) -> Mail:
    return make_mail(kind, key, **{"send_after": NOW - MINUTE, "created_at": NOW - MINUTE} | fields)


def look(mail: Mail) -> Mail:
    return Mail.objects.get(pk=mail.pk)


def test_it_works():
    mail = due_mail(data={"name": "alice"})
    assert is_due(NOW)
    assert send_due(NOW) == 1
    assert outbox.outbox[0].to == [READER]
    mail = look(mail)
    assert (mail.status, mail.attempts, mail.done_at, mail.data, mail.problem) == ("sent", 1, NOW, {}, "")
    assert not is_due(NOW)
    assert send_due(NOW) == 0
    assert len(outbox.outbox) == 1


def test_the_one_that_waits_longest_goes_first():
    for key, minutes in (("a", 1), ("b", 3), ("c", 2)):
        due_mail(key=key, send_after=NOW - minutes * MINUTE)
    assert send_due(NOW) == 3
    assert [message.subject for message in outbox.outbox] == ["Hello b", "Hello c", "Hello a"]


def test_what_is_not_due_waits():
    due_mail(send_after=NOW + timedelta(seconds=1))
    assert not is_due(NOW)
    assert send_due(NOW) == 0
    assert send_due(NOW + MINUTE) == 1


def test_what_needs_no_saying_any_more_is_dropped():
    mail = look(due_mail("nothing", data={"user": 1}))
    assert send_due(NOW) == 0
    mail = look(mail)
    assert (mail.status, mail.done_at, mail.data) == ("dropped", NOW, {})
    assert outbox.outbox == []


def test_a_letter_may_owe_others_and_say_nothing_itself():
    due_mail("fan_out", data={"to": 3})
    later = datetime.now(UTC) + MINUTE
    assert send_due(later) == 3
    assert sorted(Mail.objects.values_list("kind", "status")) == [("fan_out", "dropped"), *[("hello", "sent")] * 3]


@pytest.mark.parametrize("kind", ["broken", "unknown"])
def test_one_that_cannot_be_composed_fails_alone_and_is_tried_again(kind, caplog):
    mail, other = due_mail(kind), due_mail(key="other")
    assert send_due(NOW) == 1
    assert look(other).status == "sent"
    mail = look(mail)
    assert (mail.status, mail.attempts, mail.started_at, mail.send_after) == ("waiting", 1, None, NOW + RETRY[0])
    assert ("ValueError at tests.blog.letters" if kind == "broken" else "KeyError at blog.mail") in mail.problem
    assert READER not in mail.problem + caplog.text
    assert f"Mail {mail.pk} ({kind}) could not be composed" in caplog.text


def test_an_answer_that_may_change_is_asked_for_again_ever_more_slowly_until_it_is_given_up(server, caplog):
    mail, now, waits = due_mail(data={"name": "alice"}), NOW, []
    for _ in range(len(RETRY) + 1):
        server.sending.append(smtplib.SMTPDataError(451, b"4.3.0 Try again later"))
        assert send_due(now) == 0
        mail = look(mail)
        if mail.status == "waiting":
            assert mail.handed_at is None and mail.problem == "451 4.3.0 Try again later"
            waits.append(mail.send_after - now)
            assert send_due(mail.send_after - timedelta(seconds=1)) == 0 and server.sending == []
            now = mail.send_after
    assert waits == RETRY
    assert timedelta(days=2) < sum(RETRY, timedelta(0)) < timedelta(days=3)
    assert (mail.status, mail.done_at, mail.data) == ("dead", now, {"name": "alice"})
    assert mail.problem == "451 4.3.0 Try again later"
    assert f"Mail {mail.pk} (hello) could not be sent" in caplog.text and READER not in caplog.text
    assert send_due(now + timedelta(days=9)) == 0


def test_a_refusal_for_good_ends_it_and_the_address_is_not_kept(server, caplog):
    server.sending.append(no_such_reader())
    mail, other = due_mail(), due_mail(key="other")
    assert send_due(NOW) == 1
    mail = look(mail)
    assert (mail.status, mail.attempts, look(other).status) == ("dead", 1, "sent")
    assert mail.problem == "550 5.1.1 <…@…>: user … unknown; see https://mail.example/?to=…@…"
    assert "reader" not in caplog.text


@pytest.mark.parametrize(
    "error",
    [
        ConnectionRefusedError(111, "Connection refused"),
        TimeoutError("timed out"),
        smtplib.SMTPServerDisconnected("Connection unexpectedly closed"),
        smtplib.SMTPAuthenticationError(535, b"5.7.8 me@example.org: wrong password"),
        smtplib.SMTPNotSupportedError("STARTTLS extension not supported by server."),
        UnicodeError("label too long"),
    ],
    ids=lambda error: type(error).__name__,
)
def test_a_server_that_cannot_be_used_is_no_failure_of_the_mail(server, error, caplog):
    server.opening.append(error)
    first, second = due_mail(), due_mail(key="b")
    assert send_due(NOW) == 0
    assert server.opened == 1, "the run ends: the next mail would fare alike"
    first = look(first)
    assert (first.status, first.attempts, first.started_at, first.handed_at) == ("waiting", 0, None, None)
    assert (first.send_after, first.unreached_at) == (NOW - MINUTE, NOW)
    assert first.problem.startswith("The mail server: ") and "me@" not in first.problem + caplog.text
    assert look(second).attempts == 0

    server.opening.append(error)
    assert send_due(NOW + MINUTE) == 0
    assert look(first).unreached_at == NOW, "since it began"

    assert send_due(NOW + 2 * MINUTE) == 2
    first = look(first)
    assert (first.status, first.attempts, first.unreached_at, first.problem) == ("sent", 1, None, "")


def test_a_server_that_is_away_for_a_month_costs_no_mail(server):
    mail = due_mail()
    for day in range(30):
        server.opening.append(ConnectionRefusedError())
        assert send_due(NOW + timedelta(days=day)) == 0
    assert look(mail).status == "waiting"
    assert send_due(NOW + timedelta(days=30)) == 1


@pytest.mark.parametrize("code", [450, 553])
def test_a_sender_who_is_refused_would_be_so_in_every_mail(server, code):
    server.sending.append(smtplib.SMTPSenderRefused(code, b"not from here", "noreply@testserver"))
    mail, other = due_mail(), due_mail(key="b")
    assert send_due(NOW) == 0
    mail = look(mail)
    assert (mail.status, mail.attempts, mail.handed_at, mail.unreached_at) == ("waiting", 0, None, NOW)
    assert (mail.problem, look(other).attempts) == (f"The mail server: {code} not from here", 0)
    assert send_due(NOW + MINUTE) == 2


@pytest.mark.parametrize("error", NO_ANSWERS)
def test_no_answer_is_asked_for_once_more_and_no_further(server, error):
    server.sending += [error, error]
    mail = due_mail()
    assert send_due(NOW) == 0
    mail = look(mail)
    assert (mail.status, mail.repeats, mail.handed_at, mail.started_at) == ("waiting", 1, None, None)
    assert mail.send_after == NOW + timedelta(minutes=5)
    assert "broke before the mail server answered" in mail.problem

    assert send_due(mail.send_after) == 0
    mail = look(mail)
    assert (mail.status, mail.repeats) == ("dead", 2)
    assert "may have been sent" in mail.problem
    assert server.sending == [] and send_due(NOW + timedelta(days=9)) == 0


def test_after_no_answer_it_may_go_out(server):
    server.sending.append(smtplib.SMTPServerDisconnected("x"))
    mail = due_mail()
    send_due(NOW)
    assert send_due(NOW + timedelta(minutes=5)) == 1
    assert look(mail).status == "sent"


def test_a_worker_that_was_killed_leaves_the_mail_to_another_when_its_time_is_over():
    mail = due_mail(started_at=NOW, attempts=1)
    assert not is_due(NOW + LEASE - MINUTE)
    assert send_due(NOW + LEASE - MINUTE) == 0
    assert is_due(NOW + LEASE)
    assert send_due(NOW + LEASE) == 1
    mail = look(mail)
    assert (mail.status, mail.attempts, mail.repeats) == ("sent", 2, 0)


def test_killed_after_handing_over_it_is_sent_once_more_and_no_further():
    mail = due_mail(started_at=NOW, handed_at=NOW, attempts=1)
    other = due_mail(key="b", started_at=NOW, handed_at=NOW, attempts=2, repeats=1)
    assert send_due(NOW + LEASE) == 1
    assert (look(mail).status, look(mail).repeats) == ("sent", 1)
    assert (look(other).status, look(other).repeats) == ("dead", 2)
    assert "may have been sent" in look(other).problem


def test_a_mail_that_stops_every_worker_is_given_up():
    mail = due_mail(started_at=NOW, attempts=len(RETRY) + 1)
    other = due_mail(key="b", send_after=NOW)
    assert send_due(NOW + LEASE) == 1
    assert (look(mail).status, look(other).status) == ("dead", "sent")
    assert "stopped each time" in look(mail).problem


def test_a_worker_that_lost_the_mail_sends_and_records_nothing(server, monkeypatch):
    mail = due_mail()

    def slow(self):
        Mail.objects.update(started_at=NOW + LEASE)  # another has taken it up meanwhile

    monkeypatch.setattr(Scripted, "open", slow)
    assert send_due(NOW) == 0
    assert outbox.outbox == []
    assert (look(mail).status, look(mail).started_at, look(mail).handed_at) == ("waiting", NOW + LEASE, None)


def test_one_that_the_owner_stops_at_the_last_moment_does_not_go(server, monkeypatch):
    mail = due_mail()
    monkeypatch.setattr(Scripted, "open", lambda self: Mail.objects.update(status="dropped"))
    assert send_due(NOW) == 0
    assert outbox.outbox == [] and look(mail).status == "dropped"


def test_the_workers_other_tasks_have_their_turn(monkeypatch):
    for key in "abc":
        due_mail(key=key)
    ticks = iter(range(0, 9000, 400))
    monkeypatch.setattr("blog.mail.sending.time.monotonic", lambda: next(ticks))
    assert send_due(NOW) == 1
    assert Mail.objects.filter(status="waiting", started_at=None).count() == 2


@pytest.mark.django_db(transaction=True)
def test_many_workers_at_once_never_send_the_same_mail():
    for number in range(40):
        due_mail(key=str(number))
    sent = at_once(*[lambda: send_due(NOW)] * 5)
    assert [count for count in sent if not isinstance(count, int)] == []
    assert sum(sent) == len(outbox.outbox) == 40
    assert len({message.subject for message in outbox.outbox}) == 40
    assert set(Mail.objects.values_list("status", "attempts")) == {("sent", 1)}
    if connection.vendor == "postgresql":
        assert sum(1 for count in sent if count) > 1, "they share the work"
