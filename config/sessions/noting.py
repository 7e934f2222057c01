"""Notes each sign-in, by whichever door, and about once an hour that it is in use."""

import logging
import secrets
from collections.abc import Callable
from datetime import timedelta

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.base import UpdateError
from django.db import DatabaseError, transaction
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from blog.mail import owe
from blog.models import User
from config.models import SignIn
from config.sessions import browser
from config.sessions.agent import Agent

logger = logging.getLogger(__name__)

NOTE = "sign_in"  # what a session says of itself
HOUR = 3600


def began(sender: type, request: HttpRequest, user: User, **kwargs) -> None:
    """Somebody has just signed in (Django's user_logged_in, which every door sends)."""
    if request.session.session_key is None:  # the session of whoever was signed in before has ended
        request.session.create()
    request.session.pop(NOTE, None)  # of the same user in the same session: it begins anew
    _note(request)
    if not user.is_staff:
        return
    # Of the first sign-in ever nobody need be told. Django's own receiver, which dates it, comes after this one.
    if user.last_login and user.email and not browser.is_known(request, user):
        _owe_mail(request, user)
    request.signed_in = user


class SignInMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        # A page that has not looked at the session must not differ by it.
        if request.session.accessed and request.session.session_key and SESSION_KEY in request.session:
            user = getattr(request, "signed_in", None) or _see(request)
            if user and user.is_staff:
                browser.remember(request, response, user)
        return response


def _see(request: HttpRequest) -> User | None:
    """Notes that the session is used, unless that was noted within the hour. Its user, if its key was changed: a new
    password does that, and by the old one this browser would be known no more."""
    note = request.session.get(NOTE, {})
    has_its_key = note.get("key") == request.session.session_key
    if has_its_key and note["hour"] == _hour():
        return None
    was_modified = request.session.modified
    try:
        with transaction.atomic():
            _note(request)
            request.session.save()
    except (DatabaseError, UpdateError) as error:  # whoever reads is not held up by it
        logger.warning("That a sign-in is in use could not be noted: %s", type(error).__name__)
    request.session.modified = was_modified
    return request.user if note and not has_its_key else None


def _note(request: HttpRequest) -> None:
    session = request.session
    note = session.get(NOTE) or _begin(request)
    if note["key"] != session.session_key:
        SignIn.objects.bulk_create(
            [SignIn(user_id=session[SESSION_KEY], session_id=session.session_key)], ignore_conflicts=True
        )
    session[NOTE] = note | {"key": session.session_key, "hour": _hour()}


def _begin(request: HttpRequest) -> dict:
    """A sign-in ends two weeks after it was made, however much it is used."""
    now, agent = timezone.now(), Agent.of(request)
    request.session.set_expiry(now + timedelta(seconds=settings.SESSION_COOKIE_AGE))
    return {"since": now.isoformat(), "browser": agent.browser, "system": agent.system, "key": ""}


def _hour() -> int:
    return int(timezone.now().timestamp()) // HOUR


@transaction.atomic
def _owe_mail(request: HttpRequest, user: User) -> None:
    agent = Agent.of(request)
    data = {"user": user.pk, "at": timezone.now().isoformat(), "browser": agent.browser, "system": agent.system}
    owe("sign_in", f"sign-in:{user.pk}:{secrets.token_hex(8)}", data)
