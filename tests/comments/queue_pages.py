"""The queue's address, comments to fill it, and what its pages show."""

from datetime import UTC, datetime, timedelta

from django.urls import reverse

from comments.models import Comment
from tests.factories import make_comment

QUEUE = reverse("admin:comments_comment_changelist")
START = datetime(2026, 3, 14, 20, 10, tzinfo=UTC)


def make_many(post, count: int, **fields) -> list[Comment]:
    """Oldest first, a minute apart, the last two at the same moment."""
    fields.setdefault("status", "pending")
    minutes = [*range(count - 1), count - 2]
    return [
        make_comment(post, created_at=START + timedelta(minutes=minute), body=f"Number {number}.", **fields)
        for number, minute in enumerate(minutes)
    ]


def shown(response) -> list[Comment]:
    return response.context["page"].comments


def record(response):
    """What the page says of the writer of its first comment."""
    return response.context["cases"][0].record
