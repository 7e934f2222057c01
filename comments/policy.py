"""Decides what becomes of a new comment: the one seam between the form and the verbs of comments/moderation.py."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from blog.models import Post
from comments.models import Comment

# Why a comment is where it is. A comment and its log keep the codes; people read the words.
REASONS = {
    "held_all": _("Every comment is read before it appears"),
    "by_staff": _("Written by someone who moderates here"),
    "by_moderator": _("Decided by a moderator"),
    "restored": _("Put back in the queue by a moderator"),
    "imported": _("Came with an import"),
}

# What decided where no person did, as the moderation log names it.
RULES = {
    "hold_all": _("Hold every comment"),
    "staff": _("Staff need not wait"),
    "import": _("Import"),
}


@dataclass(frozen=True)
class Verdict:
    """Where a new comment starts, why (codes of REASONS), and which rule (of RULES) said so."""

    status: str
    reasons: list[str]
    rule: str


def judge(comment: Comment, user) -> Verdict:
    """The verdict on a comment that is not saved yet; `user` is the request's, who may be anonymous."""
    if may_moderate(user, comment.post):
        return Verdict(Comment.Status.APPROVED, ["by_staff"], "staff")
    return Verdict(Comment.Status.PENDING, ["held_all"], "hold_all")


def may_moderate(user, post: Post) -> bool:
    """Whether comments under this post are this user's to decide on, or the post is the user's own."""
    if not user.is_authenticated:
        return False
    return user.has_perm("comments.moderate_any_comment") or post.author_id == user.pk


def reason_text(code: str) -> str:
    """A reason or rule in words; a code that nobody knows any more is shown as it is."""
    return str(REASONS.get(code) or RULES.get(code) or code)
