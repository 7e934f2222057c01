"""The policy in force on a post as people read it: each rule, its value in words, and who set it."""

from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.http import urlencode
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from blog.models import Post
from comments.conditions import RULES, Conditions, Value
from comments.models import CommentSettings

NAMES = {
    "mode": _("Comments"),
    "hold_all": _("Every comment"),
    "approved_needed": _("First comments"),
    "max_links": _("Links"),
    "hold_after_days": _("Older posts"),
    "close_after_days": _("Closing"),
}


@dataclass(frozen=True)
class Row:
    name: str
    words: str
    level: str
    place: str  # where it can be changed; empty for those who may not


def table(conditions: Conditions, user) -> list[Row]:
    """All that holds for the post, with a way to what `user` may change."""
    rows = []
    for name, said in NAMES.items():
        value: Value = getattr(conditions, name)
        since = conditions.moment(value) if name.endswith("_days") else None
        words = words_for(name, value.value) + _when(since)
        rows.append(Row(str(said), words, level_words(value), _place(name, value, conditions.post, user)))
    return rows


def may_set(user, post: Post) -> bool:
    """Whether this user may set the comment policy of this post: who decides on its comments, and whose post it is.

    Who decides on all comments reads no drafts by that.
    """
    if user.has_perm("comments.moderate_any_comment") and (post.is_public() or post.may_change(user)):
        return True
    own = user.has_perm("comments.moderate_own_comment") and post.author_id == user.pk
    return own and post.may_change(user)


def words_for(name: str, value: bool | int | str) -> str:
    """A value of one of NAMES, as a phrase that goes on from its name."""
    if name == "mode":
        return str(CommentSettings.Mode(value).label)
    if name == "hold_all":
        return gettext("waits for a moderator") if value else gettext("need not wait")
    return _number_words(name, value)


def _number_words(name: str, number: int) -> str:
    none, some = {
        "approved_needed": (
            gettext("need not wait"),
            ngettext(
                "wait until %d of the account is approved; without an account, always",
                "wait until %d of the account are approved; without an account, always",
                number,
            ),
        ),
        "max_links": (gettext("as many as one likes"), gettext("with %d or more, a comment waits")),
        "hold_after_days": (
            gettext("treated like new ones"),
            ngettext("comments wait after %d day", "comments wait after %d days", number),
        ),
        "close_after_days": (gettext("never"), ngettext("after %d day", "after %d days", number)),
    }[name]
    return some % number if number else none


def level_words(value: Value) -> str:
    if value.level == "label":
        return gettext("Label “%(label)s”") % {"label": value.label}
    return gettext("This post") if value.level == "post" else gettext("Site")


def as_above(name: str, value: Value) -> str:
    """What leaving a field empty means."""
    words = words_for(name, value.value)
    if value.level == "label":
        return gettext("As the label “%(label)s” says (%(words)s)") % {"label": value.label, "words": words}
    return gettext("As the site says (%(words)s)") % {"words": words}


def _when(since: datetime | None) -> str:
    if since is None:
        return ""
    day = date_format(timezone.localtime(since), "DATE_FORMAT")
    return " " + (gettext("(since %s)") if since < timezone.now() else gettext("(on %s)")) % day


def _place(name: str, value: Value, post: Post, user) -> str:
    if value.level == "site":
        may = user.has_perm("comments.change_commentsettings")
        return reverse("admin:comments_commentsettings_change", args=[1]) if may else ""
    if value.level == "label":
        may, query = user.has_perm("comments.change_labelpolicy"), urlencode({"q": value.label})
        return f"{reverse('admin:comments_labelpolicy_changelist')}?{query}" if may else ""
    if name in RULES:
        return reverse("admin:comments_postpolicy_change", args=[post.pk]) if may_set(user, post) else ""
    return edit_place(post, user)


def edit_place(post: Post, user) -> str:
    """Where this user edits the post; empty for who may not."""
    may = post.may_change(user) and user.has_perm(f"blog.change_{post.kind}")
    return reverse(f"admin:blog_{post.kind}_change", args=[post.pk]) if may else ""
