"""Where a post stands, in words: on its form, in lists, on the desk."""

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from blog.models import Post


def moment(value) -> str:
    return date_format(localtime(value), "DATETIME_FORMAT") if value else ""


STANDINGS = {
    "draft": _("Draft"),
    "in_review": _("In review"),
    "scheduled": _("Scheduled"),
    "published": _("Published"),
    "expired": _("Expired"),
    "binned": _("In the bin"),
}
CHANGED = ("changed", _("Changes wait"))  # beside the standing: readers see what they saw before


def standing(post: Post) -> str:
    """A key of STANDINGS: the status, with what is still to come, and what is over, apart from what readers see."""
    if post.is_scheduled():
        return "scheduled"
    if post.is_expired() and post.status in (Post.Status.DRAFT, Post.Status.PUBLISHED):
        return "expired"
    return post.status


def where(post: Post) -> str:
    """Where a post stands, in words."""
    now = standing(post)
    if now == "scheduled":
        return gettext("Scheduled for %(when)s") % {"when": moment(post.published_at)}
    if now == "published":
        return gettext("Published %(when)s") % {"when": moment(post.published_at)}
    if now == "expired":
        return gettext("Taken offline %(when)s") % {"when": moment(post.expires_at)}
    if now == "binned":
        return gettext("In the bin since %(when)s") % {"when": moment(post.binned_at)}
    return str(STANDINGS[now])
