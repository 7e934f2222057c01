"""The spam filter, when it is new and when it has learnt a million comments.

In a process of its own, on a copy of the site, with its database: what taking one comment costs it (its features, its
score, its reasons, what it asks of the database), and what one decision costs (its row, and what another process does
to know it).
"""

import json
import random
import subprocess
import sys
import time
from collections.abc import Iterator
from statistics import median

from tests.benchmarks.servers import ROOT, Servers
from tests.benchmarks.table import MS, Line, ratios

TITLE = "The spam filter"
SAYS = (
    "What the filter adds to taking a comment of 400 characters and to deciding on one, its queries included, when it "
    "is new and when it has learnt 1,000,000 comments."
)
LESSONS = 1_000_000
TIMES = 60
MOST = {"score": 2, "learn": 5}  # milliseconds


def measure(bench) -> Iterator[Line]:
    with Servers() as servers:
        for database in ("SQLite", "PostgreSQL"):
            environ = (bench.sites.sqlite if database == "SQLite" else bench.sites.postgres)(servers)
            found: dict[str, dict[str, list[float]]] = {"new": {}, "full": {}}
            for _ in range(bench.rounds):
                for state, times in found.items():
                    command = f"from tests.benchmarks.filter import say; say({LESSONS if state == 'full' else 0})"
                    asked = [sys.executable, "-c", command]
                    done = subprocess.run(asked, cwd=ROOT, env=environ, check=True, stdout=subprocess.PIPE, text=True)
                    for what, ms in json.loads(done.stdout.splitlines()[-1]).items():
                        times.setdefault(what, []).append(ms)
            for what, most in MOST.items():
                yield Line(f"{database}: {what} at 1,000,000", found["full"][what], most=most, form=MS)
                yield Line(f"{database}: {what}, full to new", ratios(found["full"][what], found["new"][what]))


def say(lessons: int) -> None:
    """Prints the milliseconds of each, as JSON. Leaves the site with that many lessons."""
    import django

    django.setup()
    from comments.models import Comment
    from comments.spam import store
    from comments.spam.model import Model

    store.replace(filled(Model(), lessons))
    store.model()
    chosen = list(Comment.objects.select_related("post").order_by("pk")[:TIMES])
    print(json.dumps({"score": _score(chosen), "learn": _learn(chosen)}))


def filled(model, lessons: int):
    """The counts as they are after so many lessons of 200 features: few that are frequent, many that are rare."""
    if not lessons:
        return model
    chance = random.Random(7)
    model.lessons = [lessons // 2, lessons - lessons // 2]
    for place in range(len(model.counts)):
        model.counts[place] = min(lessons // 2, int(chance.paretovariate(0.9) * lessons / 80_000))
    return model


def _score(comments: list) -> float:
    from comments.spam.samples import look

    for comment in comments:
        comment.body = (f"{comment.body} " * 10)[:400]
    return _median(look, comments)


def _learn(comments: list) -> float:
    """Recording one lesson within a transaction, and applying it as another process does."""
    from django.db import transaction

    from comments.spam import store
    from comments.spam.samples import look

    samples = [look(comment) for comment in comments]

    def learn(sample) -> None:
        with transaction.atomic():
            store.hold()
            store.record([store.Lesson(True, 1, bytes(sample.features))])
        store.model()

    return _median(learn, samples)


def _median(what, things: list) -> float:
    spent = []
    for thing in things:
        began = time.perf_counter()
        what(thing)
        spent.append((time.perf_counter() - began) * 1000)
    return median(spent)
