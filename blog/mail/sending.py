"""The life of a mail that is owed: taken by one worker, composed, handed to the mail server, recorded.

Each step is a transaction of its own and none is open while a server is talked to, so a worker may be killed at any
moment: another takes the mail up once LEASE has passed. Only from the first line of its text to the server's answer
nobody can know whether it went out. It is then sent a second time, with the same Message-ID, and never a third.
"""

import contextlib
import logging
import smtplib
import time
from collections.abc import Callable
from datetime import datetime, timedelta

from django.core.mail import get_connection
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from blog.mail.letter import WrongAddress, compose
from blog.mail.masks import mask
from blog.mail.server import answer_of, hand_over, hang_up, reach
from blog.models import Mail

logger = logging.getLogger(__name__)
Status = Mail.Status

LEASE = timedelta(minutes=15)  # longer than any mail takes: then its worker is gone
STINT = 10 * 60  # seconds after which the worker's other tasks have their turn
# How long to wait after each failure: about two and a half days in all, as mail servers do.
RETRY = [timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 180, 360, 720, 720, 1440)]
REPEAT = timedelta(minutes=5)
MOST_REPEATS = 2

Clock = Callable[[], datetime]


class Unreachable(Exception):
    """The mail server's fault, or that of EMAIL_URL: it would be the same for every mail."""


class Unheld(Exception):
    """Somebody else has the mail by now, or the owner does not want it sent."""


def send_due(now: datetime | None = None) -> int:
    """Sends the mails that are due; how many went out. Ends at once if the server cannot be reached: the tick knows."""
    clock = timezone.now if now is None else lambda: now
    sent, end = 0, time.monotonic() + STINT
    with contextlib.suppress(Unreachable):
        while time.monotonic() < end and (mail := _take(clock())):
            sent += _send(mail, clock)
    return sent


def is_due(now: datetime | None = None) -> bool:
    """Whether there is a mail for send_due() to take."""
    return _due(now or timezone.now()).exists()


def _due(now: datetime) -> QuerySet[Mail]:
    free = Q(started_at=None) | Q(started_at__lte=now - LEASE)
    return Mail.objects.filter(free, status=Status.WAITING, send_after__lte=now).order_by("send_after", "pk")


def _take(now: datetime) -> Mail | None:
    """The first mail that is due, held by this worker from now on; None if there is none."""
    while True:
        with transaction.atomic():
            mail = _due(now).select_for_update(skip_locked=True).first()
            if mail is None:
                return None
            if mail.handed_at:  # its worker was killed before it heard, or could write down, the answer
                mail.handed_at = None
                mail.repeats += 1
            mail.attempts += 1
            mail.started_at = now
            mail.save(update_fields=["handed_at", "repeats", "attempts", "started_at"])
        if mail.repeats >= MOST_REPEATS:
            _end(mail, Status.DEAD, now, _twice())
        elif mail.attempts > len(RETRY) + 1:
            _end(mail, Status.DEAD, now, _("The worker was stopped each time it tried."))
        else:
            return mail


def _send(mail: Mail, clock: Clock) -> bool:
    """Whether it went out. Raises Unreachable, and leaves the mail as it was, where the server is at fault."""
    try:
        message = compose(mail)
    except WrongAddress:
        return _end(mail, Status.DEAD, clock(), _("The address is none that a mail could be sent to."))
    except Exception as error:
        logger.error("Mail %s (%s) could not be composed: %s", mail.pk, mail.kind, _where(error))
        return _try_again(mail, clock(), _("It could not be written: %s.") % _where(error))
    if message is None:
        return _end(mail, Status.DROPPED, clock())

    def write_down() -> None:
        now = clock()
        if not _record(mail, handed_at=now, unreached_at=None):
            raise Unheld
        mail.handed_at = now

    # One connection for each mail: what an answer is about is then never in doubt.
    connection = get_connection()
    with contextlib.ExitStack() as stack:
        stack.callback(hang_up, connection)
        try:
            reach(connection)
        except Exception as error:  # a wrong EMAIL_URL shows itself in other ways than OSError, too
            _give_back(mail, clock(), error)
        try:
            hand_over(connection, message, write_down)
        except Unheld:
            return False
        except smtplib.SMTPSenderRefused as error:  # EMAIL_FROM: the same in every mail
            _give_back(mail, clock(), error)
        except Exception as error:
            return _refused(mail, clock(), error, message.to[0])
        return _end(mail, Status.SENT, clock())


def _refused(mail: Mail, now: datetime, error: Exception, to: str) -> bool:
    answer = answer_of(error)
    if answer is None and mail.handed_at is None:
        return _try_again(mail, now, _("The connection broke before the mail server took the mail."))
    if answer is None:
        logger.warning("Mail %s (%s) was handed over and not answered: %s", mail.pk, mail.kind, type(error).__name__)
        mail.repeats += 1
        if mail.repeats >= MOST_REPEATS:
            return _end(mail, Status.DEAD, now, _twice())
        problem = _("The connection broke before the mail server answered.")
        _record(mail, started_at=None, handed_at=None, repeats=mail.repeats, send_after=now + REPEAT, problem=problem)
        return False
    code, words = answer
    problem = mask(f"{code} {words}", to)
    if code < 500:
        return _try_again(mail, now, problem)
    return _end(mail, Status.DEAD, now, problem)


def _give_back(mail: Mail, now: datetime, error: Exception) -> None:
    """As if it had not been taken. Raises Unreachable."""
    code, words = answer_of(error) or (type(error).__name__, str(error))
    problem = _("The mail server: %s") % mask(f"{code} {words}")
    logger.warning("The mail server does not take mails: %s", type(error).__name__)
    _record(
        mail,
        started_at=None,
        handed_at=None,
        attempts=mail.attempts - 1,
        unreached_at=mail.unreached_at or now,
        problem=problem[:300],
    )
    raise Unreachable from error


def _try_again(mail: Mail, now: datetime, problem: str) -> bool:
    """Later, or never if it was tried often enough. False: it has not gone out."""
    if mail.attempts > len(RETRY):
        return _end(mail, Status.DEAD, now, problem)
    send_after = now + RETRY[mail.attempts - 1]
    _record(mail, started_at=None, handed_at=None, unreached_at=None, send_after=send_after, problem=problem[:300])
    return False


def _end(mail: Mail, status: Status, now: datetime, problem: str = "") -> bool:
    """Whether that is because it went out. A dead one keeps what it is about, to be sent again."""
    fields = {"status": status, "started_at": None, "done_at": now, "problem": problem[:300], "repeats": mail.repeats}
    if status != Status.SENT:
        fields["handed_at"] = None
    if status != Status.DEAD:
        fields["data"] = {}
    ended = _record(mail, **fields)
    if ended and status == Status.DEAD:
        logger.error("Mail %s (%s) could not be sent; the desk says why.", mail.pk, mail.kind)
    return status == Status.SENT


def _record(mail: Mail, **fields) -> bool:
    """Writes it down if this worker still has the mail; whether it had."""
    held = Mail.objects.filter(pk=mail.pk, status=Status.WAITING, started_at=mail.started_at)
    return held.update(**fields) == 1


def _twice() -> str:
    return _("It was handed over twice without an answer and may have been sent. Look before you send it again.")


def _where(error: Exception) -> str:
    """What kind of error, and where: its words may be somebody's."""
    trace = error.__traceback__
    while trace and trace.tb_next:
        trace = trace.tb_next
    place = f"{trace.tb_frame.f_globals.get('__name__', '?')}:{trace.tb_lineno}" if trace else "?"
    return f"{type(error).__name__} at {place}"
