import sys
import time
from collections.abc import Iterator

from django.core.management.base import BaseCommand, CommandParser
from django.db import transaction
from django.db.models import QuerySet
from django.db.models.functions import Length
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from blog import alike, search
from blog.models import Post, SiteSettings
from blog.models.uses import keep_uses

BATCH = 100
BAR = 30
MAX_CHARACTERS = 2_000_000  # of the texts of one batch
OLD = ["body_html", "body_text", "toc"]  # long, and written anew
RENDERED = [*OLD, "cover_html", "reading_minutes", "summary"]


class Command(BaseCommand):
    help = (
        "Renders all posts and pages again, rebuilds the search index, notes which images they show and finds which "
        "posts are alike, without touching their dates."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--batch", type=int, default=BATCH, help="Posts in one transaction (%(default)s).")

    def handle(self, *args, batch: int, **options) -> None:
        language = SiteSettings.load().language
        total, done, started = Post.objects.count(), 0, time.monotonic()
        try:
            for ids in _batches(max(1, batch)):
                _render(ids, language)
                alike.keep_all(ids)
                done += len(ids)
                self._show(done, max(total, done))
            search.tidy()
        except KeyboardInterrupt:
            self._end_bar()
            # Each batch is whole: nothing is half done, and running it again does no harm.
            text = _("Stopped after %(done)d of %(total)d. Run it again at any time.")
            self.stderr.write(text % {"done": done, "total": total})
            sys.exit(130)
        self._end_bar()
        text = ngettext("%(done)d post or page rendered", "%(done)d posts and pages rendered", done)
        self.stdout.write(f"{text % {'done': done}} ({time.monotonic() - started:.1f} s).")

    def _show(self, done: int, total: int) -> None:
        if not self.stdout.isatty():
            self.stdout.write(f"{done}/{total}")
            return
        filled = BAR * done // total
        self.stdout.write(f"\r[{'#' * filled}{'.' * (BAR - filled)}] {done}/{total}", ending="")
        self.stdout.flush()

    def _end_bar(self) -> None:
        if self.stdout.isatty():
            self.stdout.write("")


def _batches(size: int) -> Iterator[list[int]]:
    """The ids of all posts and pages, oldest first; posts written meanwhile are met too.

    A batch is in memory at once: it has so many, and fewer where they are long.
    """
    last = 0
    while rows := list(_next(last, size)):
        room, ids = MAX_CHARACTERS, []
        for pk, length in rows:
            room -= length
            if ids and room < 0:
                break
            ids.append(pk)
        yield ids
        last = ids[-1]


def _next(last: int, size: int) -> QuerySet:
    rows = Post.objects.filter(pk__gt=last).order_by("pk").annotate(length=Length("body"))
    return rows.values_list("pk", "length")[:size]


@transaction.atomic
def _render(ids: list[int], language: str) -> None:
    # Locked, so that a post saved at the same moment is not given the rendering of its older text.
    rows = Post.objects.select_for_update().filter(pk__in=ids).order_by("pk")
    posts = list(rows.defer(*OLD).prefetch_related("tags"))
    for post in posts:
        post.render_body(language)
    Post.objects.bulk_update(posts, RENDERED)
    keep_uses(posts)
    for post in posts:
        search.index(post, language)
