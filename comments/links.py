"""Links that are mailed: signed, each for one purpose and for a time. Opening one shows a page; only its form acts.

A link says who may do what to what: ids, and nothing that a person typed.
"""

import hashlib
from dataclasses import dataclass
from datetime import timedelta
from enum import Enum

from django.core.signing import BadSignature, SignatureExpired, TimestampSigner
from django.db import IntegrityError, transaction

from comments.models import Subscription, UsedLink

MAX_LENGTH = 400


class Purpose(Enum):
    """What a link is for, and how long it is good for."""

    PROVE = ("prove", timedelta(days=2))
    FOLLOW = ("follow", timedelta(days=2))
    MINE = ("mine", timedelta(days=1))
    MODERATE = ("moderate", timedelta(days=7))
    UNSUBSCRIBE = ("unsubscribe", timedelta(days=400))

    def __init__(self, code: str, age: timedelta) -> None:
        self.code, self.age = code, age

    @property
    def signer(self) -> TimestampSigner:
        return TimestampSigner(sep=".", salt=f"comments.links.{self.code}")


LONGEST = max(purpose.age for purpose in Purpose)


@dataclass(frozen=True)
class Link:
    token: str
    parts: tuple[str, ...]
    is_expired: bool

    @property
    def digest(self) -> str:
        return hashlib.sha256(self.token.encode()).hexdigest()

    @property
    def is_used(self) -> bool:
        return UsedLink.objects.filter(digest=self.digest).exists()

    def use(self) -> bool:
        """Within the transaction that does what the link is for; False if it has acted already."""
        try:
            with transaction.atomic():
                UsedLink.objects.create(digest=self.digest)
        except IntegrityError:
            return False
        return True


def make(purpose: Purpose, *parts: object) -> str:
    """The token: the end of the link's address."""
    return purpose.signer.sign("~".join(map(str, parts)))


def to_end(subscription: Subscription) -> str:
    """The token that ends this mail; that about a thread names the thread alone, as it always has."""
    post = [subscription.post_id] if subscription.is_whole_post else []
    return make(Purpose.UNSUBSCRIBE, subscription.commenter_id, subscription.thread, *post)


def read(purpose: Purpose, token: str) -> Link | None:
    """What the token says; None if it is not ours, was changed on the way, or is for another purpose."""
    if len(token) > MAX_LENGTH:
        return None
    try:
        value, is_expired = purpose.signer.unsign(token, max_age=purpose.age), False
    except SignatureExpired:
        value, is_expired = purpose.signer.unsign(token), True
    except BadSignature:
        return None
    return Link(token, tuple(value.split("~")), is_expired)
