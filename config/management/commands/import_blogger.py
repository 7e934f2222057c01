import sqlite3
from collections import Counter
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError, OperationalError
from django.utils import timezone

from blog.importers import blogger
from blog.importers.records import CommentRecord, ImportFault, Left, Outcome, PostRecord, Stored
from blog.importers.source import Source, open_source
from blog.importers.store import PostStore
from blog.models import Label
from comments.importing import CommentStore, Waiting
from config.database import database_or_stop, first_line
from config.progress import Progress

ROWS = ("posts", "scheduled", "drafts", "pages", "comments", "replies", "labels")
STOPPED = "Stopped. What was imported stays; the same command goes on from there."


class Command(BaseCommand):
    help = "Imports a blog from Blogger: posts, pages, drafts, labels, comments, authors and old addresses."

    def add_arguments(self, parser) -> None:
        parser.add_argument("source", help="feed.atom, a Takeout folder or zip, or a blog-<date>.xml backup")
        parser.add_argument("--blog", default="", help="which one, where SOURCE holds several: its folder's name")
        parser.add_argument("--dry-run", action="store_true", help="only report what an import would do")

    def handle(self, *, source: str, blog: str, dry_run: bool, **options) -> None:
        database_or_stop()
        work = Import(self.stdout, dry_run=dry_run)
        try:
            fault = self._run(work, Path(source), blog)
        except KeyboardInterrupt:
            work.report(source)
            raise CommandError(STOPPED, returncode=130) from None
        if work.tally or not fault:
            work.report(source)
        if fault:
            stays = " What came before it stays." if work.tally and not dry_run else ""
            raise CommandError(f"{source}: {fault}{'' if str(fault).endswith('.') else '.'}{stays}")
        if work.failed:
            raise CommandError(f"{work.failed} items could not be stored; all others were.")

    def _run(self, work: "Import", path: Path, blog: str) -> Exception | str | None:
        """Imports what can be; what stopped it, if anything did."""
        fault = None
        try:
            try:
                with open_source(path, blog) as source:
                    work.read(source, Progress("Reading", source.size))
            except ImportFault as error:
                fault = error
            work.keep_comments()
        except OperationalError as error:
            return f"the database does not answer: {first_line(error)}"
        except (OSError, sqlite3.Error) as error:
            return f"cannot write: {first_line(error)}"
        return fault


class Import:
    """One run: which app keeps what, and what became of all of it."""

    def __init__(self, out, *, dry_run: bool) -> None:
        self.out, self.dry_run = out, dry_run
        self.tally: Counter[tuple[str, Outcome]] = Counter()
        self.failed = 0
        self.labels: set[str] = set()
        self.waiting = Waiting()
        self.posts = PostStore(dry_run=dry_run)
        self.comments = CommentStore(self.posts, self.waiting, dry_run=dry_run)

    def read(self, source: Source, progress: Progress) -> None:
        """Keeps posts as they come; comments wait until all posts are there. Raises ImportFault."""
        try:
            for item in blogger.read(source):
                if isinstance(item, CommentRecord):
                    if not self.waiting.add(item):
                        self.count(item, _row(item), Stored(Outcome.SKIPPED, ("another comment has the same id",)))
                elif isinstance(item, Left):
                    self.count(item, f"{item.kind}s", Stored(Outcome.SKIPPED, (item.why,)))
                else:
                    self.count_labels(item)
                    self.keep(item, self.posts)
                progress.show(source.done)
        finally:
            progress.end()

    def keep_comments(self) -> None:
        progress = Progress("Comments", len(self.waiting))
        try:
            for number, record in enumerate(self.waiting, start=1):
                self.keep(record, self.comments)
                progress.show(number)
        finally:
            progress.end()

    def keep(self, record: PostRecord | CommentRecord, store: PostStore | CommentStore) -> None:
        try:
            stored = store.store(record)
        except OperationalError:
            raise
        except DatabaseError as error:
            self.failed += 1
            stored = Stored(Outcome.SKIPPED, (f"could not be stored: {first_line(error)}",))
        self.count(record, _row(record), stored)

    def count(self, item: PostRecord | CommentRecord | Left, row: str, stored: Stored) -> None:
        self.tally[row, stored.outcome] += 1
        what = f"comment by {item.writer.name or 'nobody'}" if isinstance(item, CommentRecord) else item.title
        for note in stored.notes:
            self.out.write(f"line {item.line}, “{_short(what or 'Untitled')}”: {note}")

    def count_labels(self, record: PostRecord) -> None:
        for name in record.labels:
            if name.casefold() not in self.labels:
                self.labels.add(name.casefold())
                is_here = Label.objects.filter(name__iexact=name[:100].strip()).exists()
                self.tally["labels", Outcome.UNCHANGED if is_here else Outcome.NEW] += 1

    def report(self, source: str) -> None:
        for line in self.comments.summary():
            self.out.write(line)
        head = "Would import, and wrote nothing" if self.dry_run else "Imported"
        self.out.write(f"{head}: {source}")
        self.out.write(" " * 10 + "".join(f"{word:>13}" for word in ("in all", *Outcome)))
        for row in ROWS:
            numbers = [self.tally[row, outcome] for outcome in Outcome]
            self.out.write(f"{row:10}" + "".join(f"{number:13,}" for number in (sum(numbers), *numbers)))


def _row(record: PostRecord | CommentRecord) -> str:
    if isinstance(record, CommentRecord):
        return "replies" if record.parent_id else "comments"
    if record.status == "draft":
        return "drafts"
    if record.kind == "page":
        return "pages"
    return "scheduled" if record.published > timezone.now() else "posts"


def _short(text: str) -> str:
    return text if len(text) <= 60 else f"{text[:59]}…"
