import secrets

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from blog.models import Post
from blog.models.public import PublicModel, PublicQuerySet
from comments.models.comment import NAMED, Comment, CommentQuerySet, thread_keys


def new_number() -> int:
    return secrets.randbelow(2**62) + 1


def new_code() -> str:
    return secrets.token_hex(16)


class CommenterQuerySet(PublicQuerySet):
    def touched_by(self, values: dict) -> set[str]:
        shown = Comment.objects.filter(commenter__in=self.order_by(), in_thread__in=[True]).order_by()
        return thread_keys(shown.values_list("post", flat=True).distinct()[: NAMED + 1])


class Commenter(PublicModel):
    """Somebody who has proved who they are: an e-mail address by a mailed link, or an account by signing in.

    Standing (comments/standing.py) hangs on this, never on what somebody typed. A commenter with an account has a row
    only once there is something to keep of them.
    """

    UNSEEN = frozenset({"email", "user", "proved_at", "browsers", "blocked_at"})

    # Drawn by chance: the face that is made of it tells nothing, not even who came before whom.
    id = models.BigIntegerField(primary_key=True, default=new_number, editable=False)
    # In small letters.
    email = models.EmailField(_("e-mail"), max_length=254, unique=True, null=True, editable=False)  # noqa: DJ001
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, null=True, editable=False, verbose_name=_("account")
    )
    proved_at = models.DateTimeField(_("proved"), default=timezone.now, editable=False)
    # What browsers that keep the proof carry in their cookie (comments/proof.py): a new one ends them all.
    browsers = models.CharField(max_length=32, default=new_code, editable=False)
    blocked_at = models.DateTimeField(_("blocked"), null=True, editable=False)

    objects = CommenterQuerySet.as_manager()

    class Meta:
        verbose_name = _("commenter")
        verbose_name_plural = _("commenters")
        constraints = [
            models.CheckConstraint(
                condition=Q(email__isnull=True, user__isnull=False) | Q(email__isnull=False, user__isnull=True),
                name="comments_commenter_is_one_of_two",
            )
        ]

    def __str__(self) -> str:
        return self.email or str(self.user)

    @classmethod
    def of(cls, comment: Comment) -> "Commenter | None":
        """Who wrote this comment, as far as it is proved; not saved where nothing is kept of an account yet."""
        if comment.user_id:
            return cls.objects.filter(user=comment.user_id).first() or cls(user_id=comment.user_id)
        return comment.commenter

    @classmethod
    def referred_to(cls, reference: str) -> "Commenter | None":
        """Whom `reference` names, if there still is such a one."""
        kind, _dash, number = reference.partition("-")
        if kind == "user":
            user = get_user_model().objects.filter(pk=int(number), is_active=True).first()
            return user and (cls.objects.filter(user=user).first() or cls(user=user))
        return cls.objects.filter(pk=int(number)).first()

    @property
    def reference(self) -> str:
        """Names the commenter in links and mails, also an account of which nothing is kept yet."""
        return f"user-{self.user_id}" if self.user_id else f"commenter-{self.pk}"

    @property
    def is_kept(self) -> bool:
        return not self._state.adding

    def end_browsers(self) -> None:
        """No browser keeps the proof any more (comments/proof.py)."""
        self.browsers = new_code()
        self.save(update_fields=["browsers"])

    @property
    def address(self) -> str:
        """Where mail reaches them; empty for an account without one."""
        return self.email or (self.user.email if self.user.is_active else "")

    @property
    def only_follows(self) -> bool:
        """Whether nothing is kept here but an address and what is mailed to it."""
        return not (self.user_id or self.blocked_at or self.comments().exists() or self.notes.exists())

    def comments(self) -> CommentQuerySet:
        """All that they wrote, as far as that is proved."""
        if self.user_id:
            return Comment.objects.filter(user=self.user_id)
        return Comment.objects.filter(commenter=self.pk)


class CommenterNote(models.Model):
    """What moderators note of a commenter, for one another. The commenter may ask for a copy, and have it erased."""

    commenter = models.ForeignKey(Commenter, models.CASCADE, related_name="notes")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    text = models.TextField(_("note"), max_length=1_000)
    at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return self.text[:60]


class Subscription(models.Model):
    """A commenter who is mailed the replies in a thread, or all comments on a post."""

    WHOLE_POST = 0  # in place of a thread

    commenter = models.ForeignKey(Commenter, models.CASCADE, related_name="subscriptions")
    post = models.ForeignKey(Post, models.CASCADE, related_name="+")
    # The number of the thread's first comment (Comment.root_id), which may be deleted while its replies go on.
    thread = models.BigIntegerField()
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["thread", "post", "commenter"], name="comments_subscription_once")
        ]

    def __str__(self) -> str:
        return f"{self.commenter_id} on {self.thread or self.post_id}"

    @property
    def is_whole_post(self) -> bool:
        return self.thread == self.WHOLE_POST

    def end(self) -> None:
        """No more of this mail. Who ends that about a post ends that about its threads too."""
        ended = Subscription.objects.filter(commenter=self.commenter_id, post=self.post_id)
        (ended if self.is_whole_post else ended.filter(thread=self.thread)).delete()


class FollowRequest(models.Model):
    """An address that somebody typed to be mailed the comments on a post: until its owner agrees, or the clock
    forgets it."""

    post = models.ForeignKey(Post, models.CASCADE, related_name="+")
    email = models.EmailField(max_length=254)  # in small letters
    asked_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["post", "email"], name="comments_followrequest_once")]

    def __str__(self) -> str:
        return f"{self.email} on {self.post_id}"


class UsedLink(models.Model):
    """A mailed link that has acted once and does so no more (comments/links.py)."""

    digest = models.CharField(max_length=64, unique=True)
    used_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return self.digest[:8]


class MailChoice(models.Model):
    """How somebody who decides on comments, or whose post they are on, is told by mail of those that wait."""

    class When(models.TextChoices):
        NEVER = "never", _("never")
        AT_ONCE = "at_once", _("at once")
        HOURLY = "hourly", _("every hour, if something waits")
        DAILY = "daily", _("every morning at eight, if something waits")

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="mail_choice")
    when = models.CharField(_("when"), max_length=7, choices=When, default=When.AT_ONCE)
    newest = models.BigIntegerField(default=0)  # the newest event of the log that a mail told of

    def __str__(self) -> str:
        return f"{self.user_id}: {self.when}"
