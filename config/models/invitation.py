import secrets
from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from blog.models.preview import hash_of


class InvitationQuerySet(models.QuerySet):
    def standing(self) -> "InvitationQuerySet":
        """Those whose sender is an owner still: what somebody set up who was put out meanwhile lets nobody in."""
        return self.filter(invited_by__is_superuser=True, invited_by__is_active=True)

    def open(self) -> "InvitationQuerySet":
        """Those whose link works now."""
        return self.standing().filter(ends_at__gt=timezone.now())

    def of_key(self, key: str) -> "InvitationQuerySet":
        return self.filter(key_hash=hash_of(key))


class Invitation(models.Model):
    """Somebody may make an account by a link. Its key is 128 random bits, of which the table keeps a hash; the row goes
    once the link was used, or was withdrawn."""

    GOOD_FOR = timedelta(days=7)

    class Role(models.TextChoices):
        CONTRIBUTOR = "Contributor", _("Contributor: writes drafts")
        AUTHOR = "Author", _("Author: also publishes own posts, and decides on comments under them")
        EDITOR = "Editor", _("Editor: all posts, pages and labels")
        MODERATOR = "Moderator", _("Moderator: all comments, and no posts")
        OWNER = "Owner", _("Owner: everything, with settings and users")

    email = models.EmailField(_("e-mail"), max_length=254)
    role = models.CharField(_("role"), max_length=20, choices=Role)
    language = models.CharField(
        _("language"),
        max_length=10,
        choices=settings.LANGUAGES,
        help_text=_("Of the mail, and of the page it leads to."),
    )
    # Null until its first mail goes out: there is no link yet.
    key_hash = models.CharField(max_length=64, unique=True, null=True)  # noqa: DJ001  two may be without one
    invited_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    invited_at = models.DateTimeField(default=timezone.now)
    ends_at = models.DateTimeField(db_index=True)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(Lower("email"), name="config_invitation_email")]

    def __str__(self) -> str:
        return self.email

    @property
    def is_open(self) -> bool:
        sender = self.invited_by
        return sender.is_superuser and sender.is_active and self.ends_at > timezone.now()

    def renew(self) -> str:
        """The key of a new link, good from now on, which nobody can read again; a link that was made before ends."""
        key = secrets.token_urlsafe(16)
        # Where it was used or withdrawn at this moment, the link leads nowhere.
        fresh = {"key_hash": hash_of(key), "ends_at": timezone.now() + self.GOOD_FOR}
        Invitation.objects.filter(pk=self.pk).update(**fresh)
        return key
