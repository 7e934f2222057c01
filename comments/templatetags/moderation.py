from django import template

from comments.models import Comment, ModerationEvent, ModerationNote

register = template.Library()


@register.simple_tag
def told(comment: Comment) -> str:
    """What the moderator who rejected the comment told its writer; empty if nothing, or if it is not rejected."""
    if comment.status != Comment.Status.REJECTED:
        return ""
    decisions = ModerationEvent.objects.filter(comment_id=comment.pk).exclude(reason="edited")
    last = decisions.select_related("note").order_by("-pk").first()
    # A decision taken back brings an earlier one into force again.
    while last and last.undoes:
        last = decisions.select_related("note").filter(pk__lt=last.undoes).order_by("-pk").first()
    note = getattr(last, "note", None)
    return note.text if note and note.kind == ModerationNote.Kind.TOLD else ""
