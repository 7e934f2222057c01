import sys
import time

from django.core.management.base import BaseCommand, CommandParser
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from blog import search
from blog.models import Post, SiteSettings
from blog.rendering import BATCH, batches, render_batch

BAR = 30


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
            for ids in batches(max(1, batch)):
                render_batch(ids, language)
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
