import secrets

from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from comments.folding.pattern import Pattern, read
from comments.models.comment import Comment
from comments.models.settings import CommentSettings


def touch_rules() -> None:
    """Tells every process that the rules it holds are old; called in the transaction that changes them.

    A number drawn anew rather than the next one: that of a transaction which is rolled back never comes again.
    """
    version = secrets.randbelow(2**31 - 1) + 1
    if not CommentSettings.objects.filter(pk=1).update(rules_version=version):
        CommentSettings.objects.get_or_create(pk=1)
        CommentSettings.objects.filter(pk=1).update(rules_version=version)


class BlockRuleQuerySet(models.QuerySet):
    def in_force(self, now=None) -> "BlockRuleQuerySet":
        return self.filter(Q(expires_at=None) | Q(expires_at__gt=now or timezone.now()))

    @transaction.atomic
    def bulk_create(self, rules, *args, **kwargs) -> list["BlockRule"]:
        rules = list(rules)
        for rule in rules:
            if not rule.folded:
                rule.read()
        touch_rules()
        return super().bulk_create(rules, *args, **kwargs)

    @transaction.atomic
    def delete(self) -> tuple[int, dict[str, int]]:
        touch_rules()
        return super().delete()


class BlockRule(models.Model):
    """One thing that is not wanted in comments, and what becomes of a comment that has it."""

    class Match(models.TextChoices):
        WORD = "word", _("word")
        PHRASE = "phrase", _("phrase")
        PREFIX = "prefix", _("beginning of a word")
        FRAGMENT = "fragment", _("characters, anywhere")
        DOMAIN = "domain", _("domain, with its subdomains")
        EMAIL = "email", _("e-mail address")
        NETWORK = "network", _("network addresses")

    class Field(models.TextChoices):
        ANY = "any", _("anywhere")
        TEXT = "text", _("the text")
        NAME = "name", _("the name")
        EMAIL = "email", _("the e-mail address")
        URL = "url", _("the website")
        BROWSER = "browser", _("the browser’s name")

    class Action(models.TextChoices):
        HOLD = "hold", _("hold it")
        SPAM = "spam", _("mark it as spam")
        REJECT = "reject", _("do not take it")

    match = models.CharField(_("what it is"), max_length=8, choices=Match, default=Match.WORD)
    pattern = models.CharField(_("what to look for"), max_length=200)
    # The pattern as it is compared (comments/blocking/): two rules that mean the same are one.
    folded = models.CharField(max_length=400, editable=False)
    field = models.CharField(_("where"), max_length=7, choices=Field, default=Field.ANY)
    action = models.CharField(_("then"), max_length=6, choices=Action, default=Action.HOLD)
    note = models.CharField(_("note"), max_length=200, blank=True, help_text=_("For yourselves: why it is here."))
    expires_at = models.DateTimeField(_("until"), null=True, blank=True, help_text=_("For ever if left empty."))
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    hits = models.PositiveIntegerField(_("hits"), default=0, editable=False)
    # Of its hits, how many are approved now: a moderator did not agree.
    overturned = models.IntegerField(_("overturned"), default=0, editable=False)
    last_hit_at = models.DateTimeField(_("last hit"), null=True, editable=False)

    objects = BlockRuleQuerySet.as_manager()

    class Meta:
        verbose_name = _("block rule")
        verbose_name_plural = _("block rules")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["match", "folded", "field"],
                name="comments_blockrule_once",
                violation_error_message=_("There is a rule for this already."),
            )
        ]
        indexes = [models.Index("expires_at", name="comments_blockrule_expires")]

    def __str__(self) -> str:
        return f"{self.get_match_display()}: {self.pattern}"

    @transaction.atomic
    def save(self, *args, **kwargs) -> None:
        """Raises ValidationError where the pattern is none of its kind."""
        self.read()
        touch_rules()
        super().save(*args, **kwargs)

    @transaction.atomic
    def delete(self, *args, **kwargs) -> tuple[int, dict[str, int]]:
        touch_rules()
        return super().delete(*args, **kwargs)

    def read(self) -> Pattern:
        """Puts the pattern in the form that is compared. Raises ValidationError where it is none of its kind."""
        made = read(self.match, self.pattern)
        self.match, self.pattern, self.folded = made.match, made.pattern, made.folded
        return made


class BlockHit(models.Model):
    """That a rule had its say on a stored comment: what the counters and the comment's page rest on."""

    rule = models.ForeignKey(BlockRule, models.CASCADE, related_name="block_hits")
    comment = models.ForeignKey(Comment, models.CASCADE, related_name="block_hits")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["comment", "rule"], name="comments_blockhit_once")]

    def __str__(self) -> str:
        return f"{self.rule_id} on {self.comment_id}"
