"""What the spam filter (comments/spam/) knows: of each scored comment, and of what moderators taught it."""

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from blog.prepared import WrittenOnce
from comments.models.comment import Comment
from comments.models.settings import CommentSettings

NEWEST_DECIDED = (F("decided_at").desc(), F("id").desc())
DECIDED = Q(decided_at__isnull=False)
# However rare it is among good comments: what is more likely good than not is not held, and what is not very likely
# spam is not put aside.
HOLD_FROM, SPAM_FROM = 0.5, 0.9


class Says(models.TextChoices):
    GOOD = "good", _("good")
    HOLD = "hold", _("doubtful")
    SPAM = "spam", _("spam")
    UNSURE = "unsure", _("not sure")


class SpamSample(WrittenOnce):
    """One comment as the filter saw it when it came, and what a person has decided on it since.

    It outlives its comment, without anything of its words, so that the filter's mistakes can be counted.
    """

    comment = models.OneToOneField(Comment, models.SET_NULL, null=True, related_name="sample")
    created_at = models.DateTimeField(default=timezone.now)
    evidence = models.FloatField()  # the larger, the more it looks like spam
    probability = models.FloatField()
    share = models.FloatField()  # of the good comments known then: those with as much evidence, or more
    is_sure = models.BooleanField()  # whether the filter knew enough to say anything
    why = models.JSONField(default=list)  # its strongest features: [kind, value, weight]
    features = models.BinaryField(default=bytes)  # comments/spam/features.py: pack(); empty once the words are gone
    likeness = models.CharField(max_length=80, blank=True)  # a sketch of its words, to find those that are much alike
    source = models.CharField(max_length=32, blank=True)  # a digest of where it came from
    is_spam = models.BooleanField(null=True)  # what a person decided; None: nobody yet
    is_learnt = models.BooleanField(default=False)  # whether that stands in the counts
    # One of too many of its source, as was found before it was forgotten which source that was: teaches nothing.
    is_capped = models.BooleanField(default=False, db_default=False)
    decided_at = models.DateTimeField(null=True)
    changed_at = models.DateTimeField(null=True)  # by a decision, other words, or forgetting: retraining asks for it

    class Meta:
        indexes = [
            models.Index(*NEWEST_DECIDED, condition=DECIDED, name="comments_sample_decided"),
            models.Index("is_spam", "is_learnt", *NEWEST_DECIDED, condition=DECIDED, name="comments_sample_lessons"),
            models.Index("source", F("id").desc(), name="comments_sample_source"),
            models.Index("changed_at", condition=Q(changed_at__isnull=False), name="comments_sample_changed"),
        ]

    def __str__(self) -> str:
        return f"{self.comment_id}: {self.probability:.2f}"

    def says(self, settings: CommentSettings) -> str:
        """What the filter makes of it, one of Says, at the shares of good comments that the owner allows."""
        if not self.is_sure:
            return Says.UNSURE
        if self.probability >= SPAM_FROM and self.share * 100 <= settings.spam_spam_percent:
            return Says.SPAM
        if self.probability >= HOLD_FROM and self.share * 100 <= settings.spam_hold_percent:
            return Says.HOLD
        return Says.GOOD


class SpamState(models.Model):
    """One row: how many changes the filter's counts have seen. Who adds one holds it until the transaction ends, so
    that the numbers have no gaps and come in the order of their commits."""

    number = models.BigIntegerField(default=0)
    stamp = models.BigIntegerField(
        default=0
    )  # drawn anew with each change: a number alone comes again after a rollback

    def __str__(self) -> str:
        return str(self.number)


class SpamChange(models.Model):
    """A lesson that was learnt or taken back, until the worker has put it into the checkpoint."""

    number = models.BigIntegerField(primary_key=True)
    stamp = models.BigIntegerField()
    is_spam = models.BooleanField()
    sign = models.SmallIntegerField()  # 1: learnt, -1: taken back, 0: learnt, and its words are gone
    features = models.BinaryField()

    def __str__(self) -> str:
        return f"{self.number}: {self.sign:+d} {'spam' if self.is_spam else 'good'}"


class SpamCheckpoint(models.Model):
    """The filter's counts up to a number of changes, and how they are to be read; a second row has those of lessons
    whose words are gone (comments/spam/forgotten.py)."""

    number = models.BigIntegerField()
    stamp = models.BigIntegerField()
    counts = models.BinaryField()  # comments/spam/model.py: dump()
    calibration = models.JSONField(default=dict)
    made_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"up to {self.number}"
