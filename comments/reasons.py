"""Why a comment is where it is, in words. Comments and their log keep "code" or "code:detail"; people read sentences.

A detail holds the figures, and after an "@" who set the rule where it was not the site: a label, or with nothing behind
it the post itself. "links:5/3@boats" is “5 links; from 3 on a comment waits (label: boats)”.
"""

from collections.abc import Callable

from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from comments.models import BlockRule

# Without figures: what the queue can be filtered by, and words for a detail that nobody understands any more.
REASONS = {
    "held_all": _("Every comment is read before it appears"),
    "old_post": _("Comments on older posts are read before they appear"),
    "links": _("Many links"),
    "blocked": _("A block rule"),
    "first_time": _("The first comments of a writer are read before they appear"),
    "probation": _("A comment of this writer was taken down lately"),
    "spam_score": _("It looks like spam"),
    "spam_unsure": _("The spam filter has not seen enough like it to be sure"),
    "appeal": _("Its writer asks to look again"),
    "disowned": _("The owner of its e-mail address did not write it"),
    "nothing_against": _("No rule was against it"),
    "by_staff": _("Written by someone who moderates here"),
    "imported": _("Came with an import"),
}

# Of what is refused, and so stands on no comment.
REFUSALS = {
    "closed": _("Comments are closed"),
    "duplicate": _("The same words are there already"),
    "flood": _("Too soon after the comment before"),
    "blocked_writer": _("A moderator has blocked this writer"),
}

# Why people changed something later, as the log has it.
DECISIONS = {
    "by_moderator": _("Decided by a moderator"),
    "restored": _("Put back in the queue by a moderator"),
    "kept": _("Reported, and kept by a moderator"),
    "edited": _("Edited by a moderator"),
    "rewritten": _("Edited by its writer"),
    "deleted": _("Deleted for good"),
    "expired": _("Deleted by the clock"),
    "withdrawn": _("Withdrawn by its writer"),
    "erased": _("Erased by its writer"),
    "proved": _("Its writer proved who it is"),
    "undone": _("Decision taken back"),
}

# What decided where no person did, as the moderation log names it.
RULES = {
    **REFUSALS,
    "staff": _("Staff need not wait"),
    "hold_all": _("Hold every comment"),
    "hold_after": _("Hold comments on older posts"),
    "hold_links": _("Hold many links"),
    "block_rules": _("Block rules"),
    "hold_first": _("Hold the first comments of a writer"),
    "hold_probation": _("Hold after a comment was taken down"),
    "standing": _("What is known of its writer"),
    "spam_filter": _("Spam filter"),
    "no_rule": _("No rule"),
    "import": _("Import"),
    "writer": _("The writer"),
    "clock": _("The clock"),
}
WORDS = RULES | DECISIONS | REFUSALS | REASONS


def reason_text(code: str) -> str:
    """A reason, with its detail if it has one, or a rule in words; what nobody knows any more is shown as it is."""
    name, _colon, detail = code.partition(":")
    plain = str(WORDS.get(name, code))
    if not detail:
        return plain
    try:
        if name == "blocked":
            return _blocked(detail)
        figures, at, label = detail.partition("@")
        said = SENTENCES[name](*figures.split("/")) if figures and name in SENTENCES else plain
    except (TypeError, ValueError):
        return plain
    return said + _by_whom(label) if at else said


def _by_whom(label: str) -> str:
    return " " + (gettext("(label: %(label)s)") % {"label": label} if label else gettext("(set on this post)"))


def _blocked(detail: str) -> str:
    match, _slash, pattern = detail.partition("/")
    return gettext("Block rule, %(kind)s: %(pattern)s") % {"kind": BlockRule.Match(match).label, "pattern": pattern}


def _closed(why: str, days: str = "0") -> str:
    if why == "hidden":
        return gettext("Comments are hidden here")
    if why == "age":
        said = ngettext(
            "Comments close %(days)d day after a post appears",
            "Comments close %(days)d days after a post appears",
            int(days),
        )
        return said % {"days": int(days)}
    return gettext("Comments are closed")


def _flood(seconds: str) -> str:
    said = ngettext(
        "Too soon after the comment before: %(seconds)d second to wait",
        "Too soon after the comment before: %(seconds)d seconds to wait",
        int(seconds),
    )
    return said % {"seconds": int(seconds)}


def _old_post(days: str) -> str:
    said = ngettext(
        "The post is older than %(days)d day: from then on comments wait",
        "The post is older than %(days)d days: from then on comments wait",
        int(days),
    )
    return said % {"days": int(days)}


def _links(count: str, limit: str) -> str:
    said = ngettext(
        "%(count)d link; from %(limit)d on a comment waits",
        "%(count)d links; from %(limit)d on a comment waits",
        int(count),
    )
    return said % {"count": int(count), "limit": int(limit)}


def _first_time(approved: str, needed: str) -> str:
    if approved == "guest":
        return gettext("Written without signing in: nobody proved who it is")
    said = ngettext(
        "%(approved)d comment of this writer is approved; with %(needed)d it need not wait",
        "%(approved)d comments of this writer are approved; with %(needed)d it need not wait",
        int(approved),
    )
    return said % {"approved": int(approved), "needed": int(needed)}


def _probation(approved: str, needed: str) -> str:
    said = ngettext(
        "One of this writer was taken down; %(approved)d newer one is approved, with %(needed)d it need not wait",
        "One of this writer was taken down; %(approved)d newer ones are approved, with %(needed)d it need not wait",
        int(approved),
    )
    return said % {"approved": int(approved), "needed": int(needed)}


def _spam_score(score: str) -> str:
    return gettext("It looks like spam: %(percent)d in 100") % {"percent": int(score)}


SENTENCES: dict[str, Callable[..., str]] = {
    "closed": _closed,
    "flood": _flood,
    "old_post": _old_post,
    "links": _links,
    "first_time": _first_time,
    "probation": _probation,
    "spam_score": _spam_score,
}
