"""Keeps imported comments: each in one transaction, each only once, parents before their replies."""

import re
import sqlite3
from collections.abc import Iterator
from dataclasses import asdict
from datetime import datetime
from html import unescape

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from blog import soup
from blog.importers.records import CommentRecord, Outcome, Stored, Writer
from blog.importers.store import PostStore, user_of
from blog.models import Post
from comments import moderation
from comments.models import Comment, ImportedComment, ModerationEvent
from comments.models.comment import MAX_LENGTH
from comments.moderation import Verb
from comments.policy import Verdict

Status = Comment.Status
VERBS = {verb.to_status: verb for verb in Verb if verb is not Verb.RESTORE}
KEPT = {"b", "i", "em", "strong", "code", "blockquote", "pre", "ul", "ol", "li"}
BREAKS = {"p", "div", "h1", "h2", "h3", "h4", "h5", "h6", "table", "tr"}
SILENT = frozenset({"script", "style"})
# All but those of < > and &, which would be read as something else.
REFERENCE = re.compile(r"&(?!(?:lt|gt|amp|#0*(?:60|62|38)|#x0*(?:3c|3e|26))\b)#?\w{1,30};", re.I)


TABLES = """
CREATE TABLE waiting (
    source, source_id, line, post_id, parent_id, body, status, created, updated, name, key, url, notes,
    PRIMARY KEY (source, source_id)
);
CREATE INDEX parents ON waiting (source, parent_id);
CREATE VIEW threads AS WITH RECURSIVE found (id, depth) AS (
    SELECT rowid, 0 FROM waiting AS top
    WHERE NOT EXISTS (SELECT 1 FROM waiting WHERE source = top.source AND source_id = top.parent_id)
    UNION ALL
    SELECT reply.rowid, depth + 1 FROM found
    JOIN waiting AS parent ON parent.rowid = found.id
    JOIN waiting AS reply ON reply.source = parent.source AND reply.parent_id = parent.source_id
) SELECT id, depth FROM found;
"""


class Waiting:
    """The comments of a source, kept on disk until all of it has been read.

    An export may put replies before what they answer, and the newest first; a thread shows its comments in the order
    in which they were stored. What is iterated over is threads' beginnings by date, then their replies by date.
    """

    def __init__(self) -> None:
        self.spool = sqlite3.connect("")  # a private file that goes with the connection; little of it is in memory
        self.spool.executescript(TABLES)

    def __len__(self) -> int:
        return self.spool.execute("SELECT count(*) FROM waiting").fetchone()[0]

    def add(self, record: CommentRecord) -> bool:
        """False if there is one with this id already: the first stays."""
        values = asdict(record) | asdict(record.writer)
        values |= {"created": record.created and record.created.isoformat(), "updated": record.updated.isoformat()}
        values["notes"] = "\n".join(record.notes)
        added = self.spool.execute(
            "INSERT OR IGNORE INTO waiting VALUES (:source, :source_id, :line, :post_id, :parent_id, :body, :status,"
            " :created, :updated, :name, :key, :url, :notes)",
            {name: value for name, value in values.items() if name not in ("writer", "email")},
        )
        return added.rowcount == 1

    def __iter__(self) -> Iterator[CommentRecord]:
        # Those that answer one another in a circle begin threads of their own.
        self.spool.execute("UPDATE waiting SET parent_id = '' WHERE rowid NOT IN (SELECT id FROM threads)")
        rows = self.spool.execute(
            "SELECT waiting.* FROM threads JOIN waiting ON waiting.rowid = id ORDER BY depth, created, line"
        )
        for source, source_id, line, post_id, parent_id, body, status, created, updated, name, key, url, notes in rows:
            yield CommentRecord(
                source=source,
                source_id=source_id,
                line=line,
                post_id=post_id,
                parent_id=parent_id,
                body=body,
                status=status,
                created=datetime.fromisoformat(created) if created else None,
                updated=datetime.fromisoformat(updated),
                writer=Writer(name, key, url),
                notes=tuple(notes.split("\n")) if notes else (),
            )

    def is_answered(self, record: CommentRecord) -> bool:
        found = self.spool.execute(
            "SELECT 1 FROM waiting WHERE source = ? AND parent_id = ?", (record.source, record.source_id)
        )
        return found.fetchone() is not None


class CommentStore:
    """Stores one source's comments. With `dry_run` it looks at everything, and writes nothing."""

    def __init__(self, posts: PostStore, waiting: Waiting, *, dry_run: bool = False) -> None:
        self.posts, self.waiting, self.dry_run = posts, waiting, dry_run
        self.users: dict[tuple[str, str], int | None] = {}
        self.orphans = 0

    def store(self, record: CommentRecord) -> Stored:
        """What became of the record. Raises django.db.Error, having written nothing of it."""
        is_known, post_id = self.posts.post_of(record.source, record.post_id)
        if not is_known:
            self.orphans += 1
            return Stored(Outcome.SKIPPED)
        row = ImportedComment.objects.filter(source=record.source, source_id=record.source_id).first()
        if row and record.updated <= row.source_updated:
            return Stored(Outcome.UNCHANGED)
        if row and _is_edited(row):
            return Stored(Outcome.EDITED, (_("edited or decided on here, left as it is"),))
        if record.status == Status.REMOVED and not row and not self.waiting.is_answered(record):
            return Stored(Outcome.SKIPPED)  # nothing is left of it, and nobody answered it
        text, notes = _fitting(record)
        if not text and record.status == Status.REMOVED:
            text = "…"  # a tombstone shows nothing of it
        if not text:
            return Stored(Outcome.SKIPPED, (_("it has no text"),))
        outcome = Outcome.UPDATED if row else Outcome.NEW
        if not self.dry_run:
            with transaction.atomic():
                notes += self._write(record, row, post_id, text)
        return Stored(outcome, tuple(notes))

    def summary(self) -> list[str]:
        """Lines on what concerns many comments at once."""
        if not self.orphans:
            return []
        return [
            ngettext(
                "%(count)s comment belongs to a post that did not come with it, and was left out.",
                "%(count)s comments belong to posts that did not come with them, and were left out.",
                self.orphans,
            )
            % {"count": self.orphans}
        ]

    def _write(self, record: CommentRecord, row: ImportedComment | None, post_id: int, text: str) -> list[str]:
        comment = row.comment if row else Comment(post_id=post_id, parent=self._parent(record, post_id))
        is_lost = record.parent_id and not comment.parent_id
        comment.body = text
        comment.author_name = record.writer.name[:100] or _("Anonymous")
        comment.author_url = _website(record.writer.url)
        comment.user_id = self._user(record)
        if row:
            comment.save()
            if comment.status != record.status and record.status in VERBS:
                moderation.decide([comment], VERBS[record.status], rule="import", reason="imported")
        else:
            comment.created_at = record.created or comment.post.published_at or comment.post.created_at
            moderation.receive(comment, Verdict(record.status, ["imported"], "import"))
            # Comments on a page are closed, and then not shown, unless it says otherwise itself.
            inherits = Post.objects.filter(pk=post_id, kind="page", comments_mode=Post.CommentsMode.INHERIT)
            inherits.update(comments_mode=Post.CommentsMode.CLOSED)
        ImportedComment.objects.update_or_create(
            source=record.source,
            source_id=record.source_id,
            defaults={"comment": comment, "source_updated": record.updated},
        )
        return [_("the comment that it answers did not come: it begins a thread of its own")] if is_lost else []

    def _parent(self, record: CommentRecord, post_id: int) -> Comment | None:
        if not record.parent_id or record.parent_id == record.source_id:
            return None
        rows = ImportedComment.objects.select_related("comment").filter(comment__post=post_id)
        row = rows.filter(source=record.source, source_id=record.parent_id).first()
        return row.comment if row else None

    def _user(self, record: CommentRecord) -> int | None:
        key = (record.source, record.writer.key)
        if key not in self.users:
            if len(self.users) > 10_000:
                self.users.clear()
            user = user_of(record.source, record.writer)
            self.users[key] = user and user.pk
        return self.users[key]


def _is_edited(row: ImportedComment) -> bool:
    decided = ModerationEvent.objects.filter(comment_id=row.comment_id).exclude(rule="import")
    return row.comment.edited_at is not None or decided.exists()


def _website(url: str) -> str:
    try:
        URLValidator(schemes=["http", "https"])(url)
    except ValidationError:
        return ""
    return url if len(url) <= 200 else ""


def _fitting(record: CommentRecord) -> tuple[str, list[str]]:
    notes = list(record.notes)
    text = as_typed(record.body)
    if len(text) > MAX_LENGTH:
        notes.append(_("it was longer than 10,000 characters and is cut"))
        text = text[:MAX_LENGTH].rpartition(" ")[0] or text[:MAX_LENGTH]
    return text, notes


def as_typed(html: str) -> str:
    """A comment's HTML as its writer could have typed it here: line ends for breaks, the allowed tags, plain text."""
    keeps_lines = not re.search(r"<(br|p|div)\b", html, re.I)
    out: list[str] = []
    in_code = 0
    for token in soup.tokens(soup.tidy_text(html[: 10 * MAX_LENGTH]), SILENT):
        if token.kind == "text":
            text = token.raw if keeps_lines or in_code else re.sub(r"\s+", " ", token.raw)
            out.append(REFERENCE.sub(lambda match: unescape(match[0]), text))
        elif token.name == "br":
            out.append("\n")
        elif token.name in BREAKS:
            out.append("\n\n")
        elif token.name in KEPT:
            in_code += (token.name == "pre") * (1 if token.kind == "start" else -1)
            out.append(f"<{token.name}>" if token.kind == "start" else f"</{token.name}>")
        elif token.name == "a":
            href = token.attributes.get("href", "").strip()
            if token.kind == "end" or href.startswith(("http://", "https://")):
                out.append("</a>" if token.kind == "end" else soup.tag("a", {"href": href}))
    return re.sub(r"\n{3,}", "\n\n", re.sub(r"[ \t]*\n[ \t]*", "\n", "".join(out))).strip()
