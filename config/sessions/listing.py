from dataclasses import dataclass
from datetime import UTC, datetime

from django.contrib.auth import HASH_SESSION_KEY
from django.contrib.sessions.models import Session
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.crypto import constant_time_compare

from blog.models import User
from config.models import SignIn
from config.sessions.agent import Agent
from config.sessions.noting import HOUR, NOTE

LISTED = 50


@dataclass(frozen=True)
class Listed:
    pk: int
    agent: Agent
    since: datetime
    hour: datetime  # the one in which it was last in use
    is_this: bool


def of(user: User, session_key: str | None) -> list[Listed]:
    """The user's newest sign-ins that still hold, first that of this session, then by when they were last used."""
    present = SignIn.objects.filter(user=user, session__expire_date__gt=timezone.now())
    newest = present.select_related("session").order_by("-pk")[:LISTED]
    holding = [_listed(sign_in, session_key) for sign_in in newest if _holds(sign_in.session, user)]
    return sorted(holding, key=lambda one: (one.is_this, one.hour, one.pk), reverse=True)


def end(sign_ins: QuerySet[SignIn]) -> int:
    """Whoever uses one of these sessions is asked to sign in at the next step. How many there were."""
    sessions = Session.objects.filter(pk__in=list(sign_ins.values_list("session_id", flat=True)))
    return sessions.delete()[1].get(Session._meta.label, 0)


def _holds(session: Session, user: User) -> bool:
    """A new password ends the sessions that were begun with the old one; their rows stay until their time is over."""
    begun_with = session.get_decoded().get(HASH_SESSION_KEY, "")
    hashes = [user.get_session_auth_hash(), *user.get_session_auth_fallback_hash()]
    return any(constant_time_compare(begun_with, one) for one in hashes)


def _listed(sign_in: SignIn, session_key: str | None) -> Listed:
    note = sign_in.session.get_decoded()[NOTE]
    return Listed(
        pk=sign_in.pk,
        agent=Agent(note["browser"], note["system"]),
        since=datetime.fromisoformat(note["since"]),
        hour=datetime.fromtimestamp(note["hour"] * HOUR, UTC),
        is_this=sign_in.session_id == session_key,
    )
