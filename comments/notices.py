"""Which mail comes to be owed when a comment arrives or is decided on. What it says is written when it is sent
(comments/letters.py), and only if it is still so then."""

from datetime import timedelta

from blog.mail import owe
from comments.models import Comment, ModerationEvent, Subscription

# Who decided has so long to take it back before anybody is told.
PATIENCE = timedelta(minutes=5)
Status = Comment.Status
TOLD_OF = (Status.APPROVED, Status.REJECTED, Status.SPAM, Status.REMOVED)


def decided(comments: list[Comment], events: list[ModerationEvent]) -> None:
    """Within the transaction that writes these events, one for each of the comments, before these are changed."""
    shown = []
    for comment, event in zip(comments, events, strict=True):
        is_decision = event.actor_id and event.from_status and event.to_status != event.from_status
        if is_decision and comment.mail_wanted and event.to_status in TOLD_OF:
            owe("decision", f"decision:{event.pk}", {"event": event.pk}, delay=PATIENCE)
        if event.to_status == Status.APPROVED != event.from_status:
            shown.append((comment, event))
    if not shown:
        return
    posts = {comment.post_id for comment, _event in shown}
    threads = {Subscription.WHOLE_POST, *(comment.root_id for comment, _event in shown)}
    followed = set(Subscription.objects.filter(thread__in=threads, post__in=posts).values_list("thread", "post"))
    for comment, event in shown:
        if followed & {(comment.root_id, comment.post_id), (Subscription.WHOLE_POST, comment.post_id)}:
            owe("announce", f"announce:{event.pk}", {"comment": comment.pk}, delay=PATIENCE)
