"""Comments as the policy takes them, and what the filter knows in the end."""

from django.contrib.auth.models import AnonymousUser

from comments import moderation, policy
from comments.models import Comment, SpamSample
from comments.spam import store
from comments.spam.features import Told, buckets, unpack
from comments.spam.model import Model

GOOD = "The tide table leaves out the wind, as my aunt always said."
SPAM = "Cheap watches, click http://watches.example now"
NUMBERS = iter(range(10**9))


def take(post, body: str = GOOD, network: str = "", **fields) -> Comment:
    """A new comment as the form's view takes it, each from a network of its own unless `network` says which."""
    fields.setdefault("author_name", "Mudlark")
    comment = Comment(post=post, body=body, address_digest=network or f"network {next(NUMBERS)}", **fields)
    user = comment.user or AnonymousUser()
    verdict = policy.judge(comment, policy.Facts(user, network_digest=comment.address_digest))
    moderation.receive(comment, verdict)
    return comment


def sample_of(comment: Comment) -> SpamSample:
    return SpamSample.objects.get(comment=comment)


def taught(lessons) -> Model:
    """A model that learnt these samples' features, by (sample, is_spam), and nothing else."""
    model = Model(seed=store.model().seed)
    for sample, is_spam in lessons:
        model.learn(unpack(bytes(sample.features)), is_spam)
    return model


def same_counts(one: Model, other: Model) -> bool:
    return one.lessons == other.lessons and one.counts == other.counts


def evidence(model: Model, text: str) -> float:
    return model.evidence(buckets(Told(text)))
