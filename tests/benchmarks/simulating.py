"""Comment settings that are tried on the last 10,000 comments, each of which the spam filter has seen."""

import json
import subprocess
import sys
import time
from collections.abc import Iterator

from tests.benchmarks.servers import ROOT, Servers, manage
from tests.benchmarks.table import Line

TITLE = "Trying comment settings"
SAYS = "From the owner's press to what is shown, in the worker: the last 10,000 comments, scored when they came."
COMMENTS = 10_000
MADE = 12_000  # some of them are answers from the desk, which nothing is tried on
MOST = 10  # seconds
SCORED_AT_ONCE = 1_000


def measure(bench) -> Iterator[Line]:
    with Servers() as servers:
        for database in ("SQLite", "PostgreSQL"):
            environ = (bench.sites.sqlite if database == "SQLite" else bench.sites.postgres)(servers, bare=True)
            size = ["--posts", str(MADE // 10), "--comments", str(MADE)]
            manage(environ, "generate_content", *size, stdout=subprocess.DEVNULL)
            command = f"from tests.benchmarks.simulating import say; say({bench.rounds})"
            asked = [sys.executable, "-c", command]
            done = subprocess.run(asked, cwd=ROOT, env=environ, check=True, stdout=subprocess.PIPE, text=True)
            seconds, changed = json.loads(done.stdout.splitlines()[-1])
            figures = f"{changed:,} would fare otherwise"
            yield Line(f"{database}: {COMMENTS:,} comments", seconds, most=MOST, form="{:.1f} s", figures=figures)


def say(rounds: int) -> None:
    """Prints the seconds of each round, and how many comments would fare otherwise, as JSON."""
    import django

    django.setup()
    from comments.models import CommentSettings
    from comments.simulation import running

    _score_all()
    tried = CommentSettings.load()
    tried.max_links, tried.spam_mode, tried.approved_needed = 0, CommentSettings.SpamMode.ACT, 3
    seconds = []
    for _ in range(rounds):
        began = time.perf_counter()
        found = running.simulate(tried, COMMENTS)
        seconds.append(time.perf_counter() - began)
        assert found.looked_at == COMMENTS and not found.unscored, found.looked_at
    print(json.dumps([seconds, len(found.changes)]))


def _score_all() -> None:
    from comments.models import Comment, SpamSample
    from comments.spam.samples import look

    for start in range(0, MADE, SCORED_AT_ONCE):
        comments = list(Comment.objects.select_related("post").order_by("-pk")[start : start + SCORED_AT_ONCE])
        samples = [look(comment) for comment in comments]
        for sample, comment in zip(samples, comments, strict=True):
            sample.comment = comment
        SpamSample.objects.bulk_create(samples)
