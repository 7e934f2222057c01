import time

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import OperationalError

from blog.models import Post
from comments.models import Comment
from config import generate
from config.database import database_or_stop, first_line
from config.progress import Bars

MOST = {"posts": 2_000_000, "comments": 50_000_000}
NOTHING = "Nothing of this run was kept."
ALL = "All of this run is there."


class Command(BaseCommand):
    help = "Adds made-up posts and comments, many and fast, to measure a large site. Not for a site that people read."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--posts", type=int, required=True, help="how many to add")
        parser.add_argument("--comments", type=int, required=True, help="how many to add, under the posts of this run")
        parser.add_argument("--seed", type=int, default=1, help="the same seed draws the same site (default: 1)")

    def handle(self, *, posts: int, comments: int, seed: int, **options) -> None:
        for name, number in (("posts", posts), ("comments", comments)):
            if not 0 <= number <= MOST[name]:
                raise CommandError(f"--{name}: use a number from 0 to {MOST[name]:,}.")
        if comments and not posts:
            raise CommandError("--comments: comments stand under the posts of the same run; ask for some with --posts.")
        database_or_stop()
        started, bars, kept = time.monotonic(), Bars(), NOTHING
        try:
            generate.fill(posts, comments, seed, bars.show)
            kept = ALL
            generate.tidy(bars.show)
        except KeyboardInterrupt:
            raise CommandError(f"Stopped. {kept}", returncode=130) from None
        except OperationalError as error:
            raise CommandError(f"The database does not answer: {first_line(error)}. {kept}") from None
        finally:
            bars.end()
        took = time.monotonic() - started
        self.stdout.write(f"Added {posts:,} posts and {comments:,} comments in {took:.0f} seconds.")
        there = Post.objects.filter(kind=Post.Kind.POST).count()
        self.stdout.write(f"There are {there:,} posts and {Comment.objects.count():,} comments now.")
