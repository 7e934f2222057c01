"""What the desk says of decisions."""

from django.utils import formats, timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from blog.admin.bounded import in_words
from comments.models import Comment, ModerationEvent, ModerationNote
from comments.moderation import Verb
from comments.policy import reason_text

Status = Comment.Status

BY_PEOPLE = {
    Status.APPROVED: gettext_lazy("Approved by {name}, {when}"),
    Status.REJECTED: gettext_lazy("Rejected by {name}, {when}"),
    Status.SPAM: gettext_lazy("Marked as spam by {name}, {when}"),
    Status.REMOVED: gettext_lazy("Removed by {name}, {when}"),
    Status.PENDING: gettext_lazy("Put back in the queue by {name}, {when}"),
}
FOR_A_REASON = {
    "kept": gettext_lazy("Kept by {name}, {when}"),
    "edited": gettext_lazy("Words changed by {name}, {when}"),
    "rewritten": gettext_lazy("Words changed by the writer, {when}"),
    "undone": gettext_lazy("Decision taken back by {name}, {when}"),
    "withdrawn": gettext_lazy("Withdrawn by its writer, {when}"),
    "erased": gettext_lazy("Erased by its writer, {when}"),
    "appeal": gettext_lazy("Its writer asked to look again, {when}"),
    "proved": gettext_lazy("Approved once its writer had proved who it is, {when}"),
    "disowned": gettext_lazy("The owner of the e-mail address did not write it, {when}"),
    "expired": gettext_lazy("Deleted by the clock, {when}"),
    "deleted": gettext_lazy("Deleted for good by {name}, {when}"),
}
STALE = {
    Status.APPROVED: gettext_lazy("Not done: {name} approved this comment {when}, while you saw it {seen}."),
    Status.REJECTED: gettext_lazy("Not done: {name} rejected this comment {when}, while you saw it {seen}."),
    Status.SPAM: gettext_lazy("Not done: {name} marked this comment as spam {when}, while you saw it {seen}."),
    Status.REMOVED: gettext_lazy("Not done: {name} removed this comment {when}, while you saw it {seen}."),
    Status.PENDING: gettext_lazy("Not done: {name} put this comment back in the queue {when}, you saw it {seen}."),
}
STALE_FOR_A_REASON = {
    "edited": gettext_lazy("Not done: {name} changed the words of this comment {when}, after you saw them."),
    "rewritten": gettext_lazy("Not done: the writer changed the words of this comment {when}, after you saw them."),
    "undone": gettext_lazy("Not done: {name} took a decision on this comment back {when}: it is {now} again."),
    "withdrawn": gettext_lazy("Not done: the writer withdrew this comment {when}."),
    "erased": gettext_lazy("Not done: the writer erased this comment {when}."),
    "appeal": gettext_lazy("Not done: the writer asked {when} to look at this comment again."),
    "proved": gettext_lazy("Not done: the writer proved {when} who it is, and so the comment was approved."),
    "disowned": gettext_lazy("Not done: {when} the owner of the e-mail address said that they did not write this."),
    "expired": gettext_lazy("Not done: this comment was deleted by the clock {when}."),
    "deleted": gettext_lazy("Not done: {name} deleted this comment for good {when}."),
}


def done(verb: str, count: int, *, kept: bool = False) -> str:
    """“4 comments marked as spam.” Of an approval, `kept` says that the comments were approved before."""
    said = {
        Verb.APPROVE: ngettext("%s comment approved.", "%s comments approved.", count),
        Verb.REJECT: ngettext("%s comment rejected.", "%s comments rejected.", count),
        Verb.SPAM: ngettext("%s comment marked as spam.", "%s comments marked as spam.", count),
        Verb.REMOVE: ngettext("%s comment removed.", "%s comments removed.", count),
        Verb.RESTORE: ngettext("%s comment put back in the queue.", "%s comments put back in the queue.", count),
    }[Verb(verb)]
    if kept and verb == Verb.APPROVE:
        said = ngettext("%s comment kept.", "%s comments kept.", count)
    return said % in_words(count)


def asked(verb: str, count: int, is_more: bool) -> str:
    """The question before a decision on many: “Mark more than 10,000 comments as spam?”"""
    said = {
        Verb.APPROVE: ngettext("Approve %s comment?", "Approve %s comments?", count),
        Verb.REJECT: ngettext("Reject %s comment?", "Reject %s comments?", count),
        Verb.SPAM: ngettext("Mark %s comment as spam?", "Mark %s comments as spam?", count),
        Verb.REMOVE: ngettext("Remove %s comment?", "Remove %s comments?", count),
        Verb.RESTORE: ngettext("Put %s comment back in the queue?", "Put %s comments back in the queue?", count),
    }
    return said[Verb(verb)] % in_words(count, is_more)


def undone(changed: int) -> str:
    said = ngettext(
        "Taken back: %s comment is as it was before.", "Taken back: %s comments are as they were before.", changed
    )
    return said % in_words(changed)


def left_by_undo(left: int) -> str:
    said = ngettext(
        "%d was left as it is, since it has changed in the meantime:",
        "%d were left as they are, since they have changed in the meantime:",
        left,
    )
    return said % left


def left(count: int) -> str:
    said = ngettext(
        "%d comment was left as it was: there was nothing to do, or its writer had withdrawn it.",
        "%d comments were left as they were: there was nothing to do, or their writers had withdrawn them.",
        count,
    )
    return said % count


def happened(event: ModerationEvent) -> SafeString:
    """One line of the log as a sentence: “Rejected by Alice, 24 November 2026, 10:05”."""
    said = FOR_A_REASON.get(event.reason) or BY_PEOPLE.get(event.to_status, "{name}, {when}")
    return format_html(str(said), name=_name(event), when=_date(event.at))


def told(event: ModerationEvent) -> str:
    """What was told the writer with this decision; the event's note is loaded with it."""
    note = getattr(event, "note", None)
    return note.text if note and note.kind == ModerationNote.Kind.TOLD else ""


def stale(comment: Comment | None, seen: str, event: ModerationEvent | None) -> str:
    """Why a decision was refused: what became of the comment since the moderator saw it in the state `seen`.

    `event` is the last of the comment's log; `comment` is as it is now, None if it is there no longer.
    """
    status = seen.partition("-")[0]
    if status not in Status.values:
        return _("Not done: your page did not say how you saw this comment. Look at it once more.")
    now = comment.get_status_display() if comment else ""
    said = _("Not done: this comment has changed since you saw it. It is {now} now.")
    if event and event.from_status:
        said = STALE_FOR_A_REASON.get(event.reason) or STALE.get(event.to_status, said)
    values = {"name": _name(event), "when": _moment(event.at)} if event else {}
    return format_html(str(said), seen=Status(status).label, now=now, **values)


def _name(event: ModerationEvent) -> SafeString:
    if event.actor:
        return format_html("<bdi>{}</bdi>", event.actor.name)
    return format_html(_("the rule “{}”"), reason_text(event.rule))


def _date(at) -> str:
    return formats.date_format(timezone.localtime(at), "DATETIME_FORMAT")


def _moment(at) -> str:
    local = timezone.localtime(at)
    time = formats.date_format(local, "H:i")
    if local.date() == timezone.localdate():
        return _("at %s") % time
    return _("on %(day)s at %(time)s") % {"day": formats.date_format(local, "j F Y"), "time": time}
