"""By what a browser is known from which somebody with a place at the desk has signed in before.

A cookie holds a mark for each account, made of its password: whoever has a new one is told of every browser anew.
"""

from datetime import timedelta

from django.http import HttpRequest, HttpResponse
from django.utils.crypto import salted_hmac

from blog.models import User

COOKIE = "browser"
KEPT = timedelta(days=400)  # browsers keep none for longer
SALT = "config.sessions.browser"
MOST = 5  # accounts of one browser


def is_known(request: HttpRequest, user: User) -> bool:
    return _mark(user) in _marks(request)


def remember(request: HttpRequest, response: HttpResponse, user: User) -> None:
    own = _mark(user)
    marks = [own, *(mark for mark in _marks(request) if mark != own)][:MOST]
    response.set_signed_cookie(
        COOKIE,
        ".".join(marks),
        salt=SALT,
        max_age=KEPT,
        httponly=True,
        samesite="Lax",
        secure=request.is_secure(),
    )


def _marks(request: HttpRequest) -> list[str]:
    said = COOKIE in request.COOKIES and request.get_signed_cookie(COOKIE, "", salt=SALT, max_age=KEPT)
    return said.split(".") if said else []


def _mark(user: User) -> str:
    return salted_hmac(SALT, f"{user.pk} {user.password}", algorithm="sha256").hexdigest()[:32]
