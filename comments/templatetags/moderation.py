from django import template

from comments import moderation
from comments.models import Comment, ModerationNote

register = template.Library()


@register.simple_tag
def told(comment: Comment) -> str:
    """What the moderator who rejected the comment told its writer; empty if nothing, or if it is not rejected."""
    if comment.status != Comment.Status.REJECTED:
        return ""
    note = getattr(moderation.in_force(comment.pk), "note", None)
    return note.text if note and note.kind == ModerationNote.Kind.TOLD else ""
