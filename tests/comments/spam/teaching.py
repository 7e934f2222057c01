"""Comments to teach the filter with, and what it has learnt."""

from hashlib import sha256

from comments import moderation
from comments.models import Comment, SpamSample
from comments.spam import lessons, samples, store
from comments.spam.features import unpack
from comments.spam.model import Model
from tests.factories import make_comment

GOOD = [
    "I walked there on Sunday, number {}.",
    "The tide table is wrong for the harbour, page {}.",
    "Thank you, {} times.",
]
SPAM = ["Subscribe to my channel {}!", "Cheap pills at https://pills{}.example/", "Win {} dollars, click here"]


def make_seen(post, body: str, **fields) -> Comment:
    """A comment that waits, and that the filter has looked at."""
    comment = make_comment(post, body=body, status="pending", **fields)
    sample = samples.look(comment, comment.address_digest)
    sample.comment = comment
    sample.save()
    return comment


def make_decided(post, moderator, count: int, make=make_seen, **fields) -> list[Comment]:
    """By turns good and spam; with make_comment, some that the filter has not seen."""
    made = []
    for number in range(count):
        is_spam = number % 2
        body = (SPAM if is_spam else GOOD)[number // 2 % 3].format(number)
        if make is make_comment:
            fields["status"] = "pending"
        made.append(make(post, body=body, author_email="", **fields))
        decide(made[-1], "spam" if is_spam else "approve", moderator)
    return made


def decide(comment: Comment, verb: str, moderator) -> None:
    moderation.decide([comment], verb, actor=moderator)


def counts(model: Model | None = None) -> tuple:
    """What the model knows, to be compared: its lessons, and its counts as a digest."""
    model = model or store.model()
    return tuple(model.lessons), sha256(model.counts.tobytes()).hexdigest()


def standing() -> tuple:
    """What it should know: every sample that is a lesson."""
    model = Model()
    crowds: dict = {}
    for sample in SpamSample.objects.filter(is_spam__isnull=False).exclude(features=b"").order_by("decided_at", "pk"):
        crowd = (sample.is_spam, sample.source, sample.decided_at.date())
        crowds[crowd] = crowds.get(crowd, 0) + 1
        if not sample.source or crowds[crowd] <= lessons.OF_ONE_SOURCE:
            model.learn(unpack(bytes(sample.features)), sample.is_spam)
    return counts(model)


def learnt() -> list[bool]:
    return list(SpamSample.objects.order_by("pk").values_list("is_learnt", flat=True))
