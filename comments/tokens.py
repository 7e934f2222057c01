"""The comment form's token. It needs no session and no cookie, so that a page with the form can be shared by all.

A page's token names the post and the day. The token of one writer (on a preview, or fetched when the writer begins
to type) also says when it was made and carries a one-use id. Both are good for a week.
"""

import base64
import hashlib
import secrets
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.utils.crypto import salted_hmac

from comments.models import Comment

WEEK = 7 * 86400
SALT = "comments.form"


@dataclass(frozen=True)
class Token:
    age: float  # seconds since it was made; of a page's token, since its day began
    submission: str = ""  # the one-use id; a page's token has none


def for_page(post_id: int, now: float | None = None) -> str:
    day = int((time.time() if now is None else now) // 86400)
    return _of_page(post_id, day, settings.SECRET_KEY)


@lru_cache(maxsize=2_000)
def _of_page(post_id: int, day: int, secret: str) -> str:
    return Signer(key=secret, salt=SALT).sign(f"{post_id}.{day * 86400}.")


def page_renewed_at(now: float | None = None) -> datetime:
    """When a page with the form has to be made anew, so that whoever reads it then still has a day to write."""
    day = int((time.time() if now is None else now) // 86400)
    return datetime.fromtimestamp(day * 86400 + WEEK, UTC)


def for_writer(post_id: int, now: float | None = None) -> str:
    made = time.time() if now is None else now
    return Signer(salt=SALT).sign(f"{post_id}.{int(made)}.{secrets.token_hex(16)}")


def read(text: str, post_id: int, now: float | None = None) -> Token | None:
    """What the token says; None if it is not ours, for another post, or too old."""
    try:
        of_post, made, submission = Signer(salt=SALT).unsign(text).split(".")
    except (BadSignature, ValueError):
        return None
    age = (time.time() if now is None else now) - int(made)
    if of_post != str(post_id) or not -60 <= age <= WEEK + (0 if submission else 86400):
        return None
    return Token(age, submission)


def capability(submission: str, secret: str | None = None) -> str:
    """128 bits that open the commenter's own page: the same ones for a form that is sent twice."""
    code = salted_hmac("comments.capability", submission, secret, algorithm="sha256").digest()[:16]
    return base64.urlsafe_b64encode(code).decode().rstrip("=")


def capability_of(comment: Comment) -> str:
    """What opens the own page of a stored comment, made anew; empty where it has none (it was imported) or the secret
    that made it is no longer known."""
    if comment.submission and comment.capability_hash:
        for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS):
            code = capability(comment.submission, secret)
            if capability_hash(code) == comment.capability_hash:
                return code
    return ""


def capability_hash(code: str) -> str:
    return hashlib.sha256(code.encode()).hexdigest()
