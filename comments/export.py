"""What is kept of one commenter, as data to take along."""

from django.conf import settings

from comments.models import Comment, Commenter, CommentSettings, ModerationNote, Subscription
from comments.reasons import reason_text
from comments.standing import standing


def everything_of(commenter: Commenter) -> dict:
    """All of it that is proved to be theirs, in plain values, times in UTC."""
    comments = commenter.comments().select_related("post").prefetch_related("notes").order_by("created_at", "pk")
    found = standing(commenter, CommentSettings.load())
    return {
        "site": settings.SITE_URL,
        "email": commenter.address,
        "account": commenter.user.username if commenter.user_id else "",
        "proved_at": commenter.proved_at if commenter.is_kept else None,
        "standing": {"level": found.level, "approved": found.approved, "taken_down": found.refused},
        "comments": [_comment(comment) for comment in comments.iterator(chunk_size=500)],
        "follows": _followed(commenter),
        "notes_by_moderators": _notes(commenter),
    }


def _comment(comment: Comment) -> dict:
    notes = comment.notes.all()
    said = {kind: [note.text for note in notes if note.kind == kind] for kind in ModerationNote.Kind.values}
    post = comment.post
    return {
        "number": comment.pk,
        "post": {"title": post.title, "address": _absolute(post.get_absolute_url()) if post.is_public() else ""},
        "answers": comment.parent_id,
        "name": comment.author_name,
        "email": comment.author_email,
        "website": comment.author_url,
        "text": comment.body,
        "status": comment.status,
        "why": [reason_text(reason) for reason in comment.reasons],
        "written_at": comment.created_at,
        "edited_at": comment.edited_at,
        "withdrawn_at": comment.withdrawn_at,
        "appealed_at": comment.appealed_at,
        "mailed_of_decisions": comment.mail_wanted,
        "told_by_moderators": said["told"],
        "words_before_edits": said["before"],
        "asked_to_look_again": said["appeal"],
    }


def _followed(commenter: Commenter) -> list[dict]:
    if not commenter.is_kept:
        return []
    rows = Subscription.objects.filter(commenter=commenter).select_related("post")
    return [{"post": row.post.title, "thread": row.thread or None, "since": row.created_at} for row in rows]


def _notes(commenter: Commenter) -> list[dict]:
    if not commenter.is_kept:
        return []
    return [{"text": note.text, "at": note.at} for note in commenter.notes.order_by("at")]


def _absolute(path: str) -> str:
    return f"{settings.SITE_URL}{path}"
