from decimal import Decimal

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from blog.models.settings import SingleRow
from comments.models.policy import MAX_DAYS

MAX_KEPT_DAYS = 3_650
PERCENT = [MinValueValidator(Decimal("0.1")), MaxValueValidator(Decimal(50))]


class CommentSettings(SingleRow):
    UNSEEN = frozenset({"rules_version", "purged_at"})

    class Who(models.TextChoices):
        ANYONE = "anyone", _("anyone, with a name and an e-mail address")
        ACCOUNTS = "accounts", _("only people with an account on this site")

    class Mode(models.TextChoices):
        OPEN = "open", _("open")
        CLOSED = "closed", _("closed: shown, no new ones")
        HIDDEN = "hidden", _("hidden: neither shown nor taken")

    class SpamMode(models.TextChoices):
        OFF = "off", _("off: comments are not looked at")
        OBSERVE = "observe", _("observe only: it says what it thinks, and learns")
        ACT = "act", _("act: what looks like spam is held or put aside")

    who = models.CharField(_("who may comment"), max_length=8, choices=Who, default=Who.ANYONE)
    mode = models.CharField(
        _("comments"),
        max_length=6,
        choices=Mode,
        default=Mode.OPEN,
        help_text=_("A post may say otherwise for itself."),
    )
    hold_all = models.BooleanField(
        _("hold every comment"), default=True, help_text=_("Each is read by a moderator before it appears.")
    )
    approved_needed = models.PositiveSmallIntegerField(
        _("hold until so many comments of the writer are approved"),
        default=1,
        validators=[MaxValueValidator(100)],
        help_text=_(
            "Counts only for writers who proved who they are: anybody can type a name. 0: never hold for this."
        ),
    )
    max_links = models.PositiveSmallIntegerField(
        _("hold a comment with so many links or more"),
        default=2,
        validators=[MaxValueValidator(100)],
        help_text=_("0: never hold for this."),
    )
    hold_after_days = models.PositiveIntegerField(
        _("hold comments on posts older than so many days"),
        default=0,
        validators=[MaxValueValidator(MAX_DAYS)],
        help_text=_("0: however old."),
    )
    close_after_days = models.PositiveIntegerField(
        _("close comments on posts older than so many days"),
        default=0,
        validators=[MaxValueValidator(MAX_DAYS)],
        help_text=_("0: never."),
    )
    flood_seconds = models.PositiveSmallIntegerField(
        _("seconds between two comments"),
        default=15,
        validators=[MaxValueValidator(3600)],
        help_text=_("Of the same writer, or from the same network. 0: none."),
    )
    reports_needed = models.PositiveSmallIntegerField(
        _("reports until a comment stands under “Reported”"),
        default=1,
        validators=[MinValueValidator(1), MaxValueValidator(50)],
        help_text=_("From different networks. A reported comment stays up until a moderator decides."),
    )
    trusted_needed = models.PositiveSmallIntegerField(
        _("trust writers with so many approved comments"),
        default=10,
        validators=[MaxValueValidator(200)],
        help_text=_("Theirs need not wait for links or on older posts. 0: trust nobody."),
    )
    trusted_days = models.PositiveSmallIntegerField(
        _("and whose first one was so many days ago"), default=30, validators=[MaxValueValidator(3650)]
    )
    trusted_refused = models.PositiveSmallIntegerField(
        _("and of whose comments at most so many in 100 were taken down"),
        default=10,
        validators=[MaxValueValidator(100)],
        help_text=_("Rejected, spam or removed by a moderator, of the newest 200."),
    )
    probation_needed = models.PositiveSmallIntegerField(
        _("after one was taken down, hold until so many newer ones are approved"),
        default=2,
        validators=[MaxValueValidator(100)],
        help_text=_("0: never hold for this."),
    )
    spam_mode = models.CharField(
        _("spam filter"),
        max_length=7,
        choices=SpamMode,
        default=SpamMode.OBSERVE,
        help_text=_("It learns on this site from what moderators decide, and asks nobody else."),
    )
    spam_hold_percent = models.DecimalField(
        _("hold what looks like spam, and with it at most so many in 100 good comments"),
        max_digits=4,
        decimal_places=1,
        default=Decimal("2.0"),
        validators=PERCENT,
        help_text=_("They wait for a moderator. The more you allow, the less spam passes."),
    )
    spam_spam_percent = models.DecimalField(
        _("take for spam, and with it at most so many in 100 good comments"),
        max_digits=4,
        decimal_places=1,
        default=Decimal("0.5"),
        validators=PERCENT,
        help_text=_("They stand under “Spam”. The filter takes few until it knows many good comments."),
    )
    keep_address_days = models.PositiveSmallIntegerField(
        _("digests of network addresses"),
        default=30,
        validators=[MaxValueValidator(MAX_KEPT_DAYS)],
        help_text=_("The key that they are made with changes as often."),
    )
    keep_spam_days = models.PositiveSmallIntegerField(
        _("spam"), default=30, validators=[MaxValueValidator(MAX_KEPT_DAYS)]
    )
    keep_rejected_days = models.PositiveSmallIntegerField(
        _("rejected comments, and the words of removed ones"),
        default=180,
        validators=[MaxValueValidator(MAX_KEPT_DAYS)],
    )
    keep_unproved_days = models.PositiveSmallIntegerField(
        _("e-mail addresses that nobody proved"), default=365, validators=[MaxValueValidator(MAX_KEPT_DAYS)]
    )
    keep_words_days = models.PositiveSmallIntegerField(
        _("people’s words beside the log"),
        default=365,
        validators=[MaxValueValidator(MAX_KEPT_DAYS)],
        help_text=_("What writers were told, what they asked, the words before an edit, settled reports."),
    )
    purged_at = models.DateTimeField(null=True, editable=False)  # when the clock last forgot all that was due
    depth = models.PositiveSmallIntegerField(
        _("levels of replies"),
        default=5,
        validators=[MinValueValidator(1), MaxValueValidator(10)],
        help_text=_("Deeper replies stand in order under the last level."),
    )
    threads_per_page = models.PositiveSmallIntegerField(
        _("threads on a page"), default=20, validators=[MinValueValidator(5), MaxValueValidator(100)]
    )
    # Raised by every change of a block rule, in its transaction: each process knows by it that its own are old.
    rules_version = models.PositiveIntegerField(default=0, editable=False)
    message = models.TextField(
        _("message above the form"),
        max_length=600,
        blank=True,
        help_text=_("Plain text, for example what you welcome here."),
    )

    class Meta:
        verbose_name = verbose_name_plural = _("comment settings")

    def __str__(self) -> str:
        return str(_("Comment settings"))

    def save(self, *args, **kwargs) -> None:
        # Not with the rest: a form that was open while block rules changed, or the clock worked, knows old values.
        if "update_fields" not in kwargs and CommentSettings.objects.filter(pk=1).exists():
            names = [field.name for field in self._meta.concrete_fields if not field.primary_key]
            kwargs["update_fields"] = [name for name in names if name not in ("rules_version", "purged_at")]
        super().save(*args, **kwargs)

    @property
    def has_filter(self) -> bool:
        return self.spam_mode != self.SpamMode.OFF

    def mode_of(self, post) -> str:
        """Open, closed or hidden: the post's own word, or the site's. A page shows none unless it says so itself."""
        if post.comments_mode != "inherit":
            return post.comments_mode
        return self.Mode.HIDDEN if post.kind == "page" else self.mode
