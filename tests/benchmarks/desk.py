"""The moderator's desk at two sizes: how much dearer everything gets where there are many times as many comments.

    python -m tests.benchmarks.desk                        two sites made for it, of 1,000 and 20,000 comments
    python -m tests.benchmarks.desk --sizes 1000 1000000   of other sizes
    python -m tests.benchmarks.desk --sites SMALL LARGE    sites that are there: folders, or postgres:// addresses

Ratios, never seconds: machines differ. Each size is measured in a process of its own, in turns; of each thing the
quickest counts, which other work on the machine disturbs least. A site that is measured keeps the log of the decisions
made on it, each of which is taken back.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
ROUNDS, TIMES = 3, 9
LIMIT = 1.5
SECRET = "only-for-benchmarks-" + "x" * 30


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--sizes", nargs=2, type=int, default=[1_000, 20_000])
    parser.add_argument("--sites", nargs=2)
    parser.add_argument("--measure", action="store_true", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.measure:
        print(json.dumps(measure()))
        return
    with tempfile.TemporaryDirectory() as folder:
        sites = asked.sites or [make(Path(folder) / str(size), size) for size in asked.sizes]
        report(*(environment(site) for site in sites))


def make(folder: Path, comments: int) -> str:
    folder.mkdir()
    posts = str(max(20, min(20_000, comments // 5)))
    manage = [sys.executable, "manage.py"]
    subprocess.run([*manage, "migrate", "-v0"], cwd=ROOT, env=environment(str(folder)), check=True)
    generate = [*manage, "generate_content", "--posts", posts, "--comments", str(comments)]
    subprocess.run(generate, cwd=ROOT, env=environment(str(folder)), check=True, stdout=sys.stderr)
    return str(folder)


def environment(site: str) -> dict[str, str]:
    """For a process that works on this site: tests.settings are the product's, without its compressed static files."""
    where = {"DATABASE_URL": site} if "://" in site else {"DATA_DIR": site, "DATABASE_URL": ""}
    return os.environ | {"DJANGO_SETTINGS_MODULE": "tests.settings", "SECRET_KEY": SECRET} | where


def report(small: dict[str, str], large: dict[str, str]) -> None:
    found: list[list[dict]] = [[], []]
    for _ in range(ROUNDS):
        for place, env in enumerate((small, large)):
            command = [sys.executable, "-m", "tests.benchmarks.desk", "--measure"]
            done = subprocess.run(command, cwd=ROOT, env=env, check=True, stdout=subprocess.PIPE, text=True)
            found[place].append(json.loads(done.stdout))
    quickest = [{name: min(rounds[name] for rounds in one if name in rounds) for name in one[0]} for one in found]
    sizes = [one.pop("comments") for one in quickest]
    print(f"The desk with {sizes[0]:,} and {sizes[1]:,} comments; the quickest of {ROUNDS} rounds of {TIMES}.")
    for name, first in quickest[0].items():
        if name in quickest[1]:
            line(name, first, quickest[1][name])
    few, many = (quickest[1].get(f"post of {number} comments") for number in ("100", "10,000"))
    if few and many:
        line("post of 10,000 comments to one of 100", few, many)


def line(name: str, first: list, second: list) -> None:
    ratio = second[0] / first[0]
    rows = f"   {first[1]} → {second[1]} rows" if first[1] != second[1] else ""
    mark = "  !" if ratio > LIMIT else ""
    print(f"{name:40} {first[0] * 1000:8.1f} → {second[0] * 1000:8.1f} ms   × {ratio:.2f}{mark}{rows}")


# In a process of its own


def measure() -> dict:
    """Of each thing the seconds and the rows shown; and how many comments there are."""
    import django

    django.setup()
    from comments.models import Comment

    found: dict = {"comments": Comment.objects.count()}
    for name, do in [*pages(), *decisions()]:
        do()
        found[name] = min(seconds(do) for _ in range(TIMES)), getattr(do, "rows", 0)
    return found


def seconds(do: Callable[[], object]) -> float:
    start = time.perf_counter()
    do()
    return time.perf_counter() - start


def pages() -> list[tuple[str, Callable]]:
    from django.db.models import F
    from django.test import Client
    from django.urls import reverse

    from blog.models import User
    from blog.paging import Cursor
    from comments.models import Comment, ModerationEvent, PostCount

    reader, moderator = Client(raise_request_exception=True), Client()
    moderator.force_login(User.objects.get(username="generated-moderator-1"))
    queue, log = (reverse(f"admin:comments_{name}_changelist") for name in ("comment", "moderationevent"))
    newest = Comment.objects.filter(status="approved", user=None).order_by("-created_at").exclude(author_email="")
    someone = newest[100]
    usual = PostCount.objects.filter(status="approved", count__range=(40, 90)).order_by("-count")[0].post_id
    middle = Comment.objects.filter(status="approved").order_by("pk")[Comment.objects.count() // 3]
    event = ModerationEvent.objects.order_by("pk")[ModerationEvent.objects.count() // 2]

    def get(client: Client, address: str, query: dict | None = None) -> Callable:
        def ask() -> None:
            answer = client.get(address, query)
            assert answer.status_code == 200, (address, query, answer.status_code)
            ask.rows = answer.content.count(b'<article class="case"') or answer.content.count(b'<tr id="event-')

        return ask

    tabs = ["pending", "reported", "spam", "approved", "rejected", "removed"]
    asked = {f"queue: {name}": {"status": name} for name in tabs} | {
        "queue: approved, far back": {"status": "approved", "older": Cursor(middle.created_at, middle.pk)},
        "queue: for a reason": {"status": "spam", "reason": "links"},
        "queue: of a common label": {"status": "approved", "label": "sea"},
        "queue: of a rare label": {"status": "approved", "label": "costa"},
        "queue: under a post": {"status": "approved", "post": usual},
        "queue: by a writer": {"status": "approved", "by": someone.pk},
        "search: a common word": {"status": "approved", "q": "the"},
        "search: a rarer word": {"status": "approved", "q": "kittiwake"},
        "search: half a word": {"status": "pending", "q": "kitti"},
        "search: an e-mail address": {"status": "approved", "q": someone.author_email},
        "search: nothing like it": {"status": "approved", "q": "zzzzzz"},
    }
    found = [(name, get(moderator, queue, query)) for name, query in asked.items()]
    found.append(("one comment", get(moderator, reverse("admin:comments_comment_change", args=[someone.pk]))))
    asked = {
        "log": {},
        "log: far back": {"before": Cursor(event.at, event.pk)},
        "log: by a person": {"who": User.objects.get(username="generated-moderator-2").pk},
        "log: a rule's": {"who": "rule:staff"},
        "log: what is rare": {"what": "remove", "why": "by_moderator"},
        "log: what there is none of": {"what": "restore"},
    }
    found += [(name, get(moderator, log, query)) for name, query in asked.items()]
    counted = PostCount.objects.filter(status="approved").select_related("post")
    for words, number in (("20", 20), ("100", 100), ("10,000", 10_000)):
        near = counted.filter(count__gte=number * 0.7, count__lte=number * 1.4).order_by(F("count") - number).first()
        if near:
            found.append((f"post of {words} comments", get(reader, near.post.get_absolute_url())))
    return found


def decisions() -> list[tuple[str, Callable]]:
    from blog.models import User
    from comments import moderation
    from comments.models import Comment

    actor = User.objects.get(username="generated-moderator-1")
    waiting = list(Comment.objects.pending().values_list("pk", flat=True)[:25])

    def approve(ids: list[int]) -> Callable:
        def decide() -> None:
            batch = moderation.decide(ids, "approve", actor=actor).batch
            undone = moderation.undo(batch, actor=actor, among=Comment.objects.all())
            assert len(undone.changed) == len(ids)

        return decide

    return [("approve one and undo it", approve(waiting[:1])), ("approve 25 and undo them", approve(waiting))]


if __name__ == "__main__":
    main()
