"""What the policy says of a comment that is just being written."""

from django.contrib.auth.models import AnonymousUser

from comments.history import PRESENT, History
from comments.models import Comment, SpamSample
from comments.policy import Facts, Verdict, judge


class Seen(History):
    """As the filter saw the comment in a test."""

    def __init__(self, sample: SpamSample) -> None:
        self.seen = sample

    def sample(self, comment: Comment, facts: Facts) -> SpamSample:
        return self.seen


def seen(probability: float, share: float = 0.0, *, is_sure: bool = True) -> SpamSample:
    return SpamSample(evidence=1.0, probability=probability, share=share, is_sure=is_sure)


def verdict_on(
    post, user=None, *, now=None, network="", address="", browser="", sample: SpamSample | None = None, **fields
) -> Verdict:
    """A guest's, called Mudlark, or that of `user`; `fields` are the comment's, `sample` is how the filter sees it."""
    fields = {"body": "Surely the wind?"} | fields
    if user:
        fields |= {"user": user, "author_name": user.name}
    else:
        fields = {"author_name": "Mudlark", "author_email": "mud@example.org"} | fields
    return judge(
        Comment(post=post, **fields),
        Facts(user or AnonymousUser(), network, address, browser, now),
        history=Seen(sample) if sample else PRESENT,
    )
