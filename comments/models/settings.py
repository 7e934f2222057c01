from django.db import models
from django.utils.translation import gettext_lazy as _

from blog.models.settings import SingleRow


class CommentSettings(SingleRow):
    class Who(models.TextChoices):
        ANYONE = "anyone", _("anyone, with a name and an e-mail address")
        ACCOUNTS = "accounts", _("only people with an account on this site")

    class Mode(models.TextChoices):
        OPEN = "open", _("open")
        CLOSED = "closed", _("closed: shown, no new ones")
        HIDDEN = "hidden", _("hidden: neither shown nor taken")

    who = models.CharField(_("who may comment"), max_length=8, choices=Who, default=Who.ANYONE)
    mode = models.CharField(
        _("comments"),
        max_length=6,
        choices=Mode,
        default=Mode.OPEN,
        help_text=_("A post may say otherwise for itself."),
    )
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

    def mode_of(self, post) -> str:
        """Open, closed or hidden: the post's own word, or the site's. A page shows none unless it says so itself."""
        if post.comments_mode != "inherit":
            return post.comments_mode
        return self.Mode.HIDDEN if post.kind == "page" else self.mode
