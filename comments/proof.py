"""By what it is known that a comment's e-mail address is its writer's: a link that was mailed there, or a browser that
has followed one. What somebody types proves nothing.

The cookie is set by the form of a proving page alone and read by the comment form's view alone; readers' pages neither
set nor look at it, so that they can be shared.
"""

from datetime import timedelta

from django.http import HttpRequest, HttpResponse

from comments.models import Commenter

COOKIE = "commenter"
KEPT = timedelta(days=180)
SALT = "comments.proof"


def commenter_of(request: HttpRequest, email: str) -> Commenter | None:
    """Who writes from this browser under this address, if it keeps the proof of that."""
    said = COOKIE in request.COOKIES and request.get_signed_cookie(COOKIE, None, salt=SALT, max_age=KEPT)
    if not said or not email:
        return None
    number, _dash, code = said.partition("-")
    # Any number that was signed here is one; a key that was changed ends the cookie.
    return Commenter.objects.filter(pk=int(number), browsers=code, email=email.lower()).first()


def remember(request: HttpRequest, response: HttpResponse, commenter: Commenter) -> None:
    """Has the browser keep the proof."""
    response.set_signed_cookie(
        COOKIE,
        f"{commenter.pk}-{commenter.browsers}",
        salt=SALT,
        max_age=KEPT,
        httponly=True,
        samesite="Lax",
        secure=request.is_secure(),
    )


def forget(response: HttpResponse) -> None:
    response.delete_cookie(COOKIE, samesite="Lax")
