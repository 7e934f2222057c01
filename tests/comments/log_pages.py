"""The log's two addresses, and an event of no person's for it."""

from django.urls import reverse

from comments import moderation
from comments.models import Comment
from comments.policy import Verdict

LOG = reverse("admin:comments_moderationevent_changelist")
EXPORT = reverse("admin:comments_moderationevent_export")


def received(post, **fields) -> Comment:
    comment = Comment(post=post, author_name="Reader", body="Hello.", **fields)
    moderation.receive(comment, Verdict("pending", ["held_all"], "hold_all"))
    return comment
