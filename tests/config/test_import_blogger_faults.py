"""manage.py import_blogger: what is wrong with a source, how it stops, how much memory it takes."""

import re
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.db import DataError, connection

from blog.models import Post
from comments.importing import CommentStore
from comments.models import Comment
from tests.config.blogger_feeds import (
    APPLES,
    BLOG_OF_ALL,
    QUESTION,
    READER,
    entry,
    everything,
    feed,
    numbers_of,
    run,
    run_to_fault,
)
from tests.config.command import ROOT, environment, manage
from tests.factories import make_post

pytestmark = pytest.mark.django_db


def test_a_broken_file_keeps_what_came_before_and_says_where(source):
    source.write_text(BLOG_OF_ALL.partition("<entry><id>tag:blogger.com,1999:blog-77.post-3<")[0] + "<entry>&oops;")
    fault, text = run_to_fault(source)

    assert re.search(
        r"feed\.atom: line \d+, column \d+: broken XML \(undefined entity.*\)\. What came before it stays\.", fault
    )
    assert numbers_of(text)["posts"]["new"] == 1
    assert numbers_of(text)["replies"]["new"] == 1
    assert Comment.objects.count() == 3


def test_a_fault_loses_nothing_that_is_here(source, tmp_path):
    run(source)
    before = everything()
    for name, content in {
        "broken": BLOG_OF_ALL[:-400],
        "json": "{}",
        "empty": "",
        "bomb": '<!DOCTYPE f [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>' + BLOG_OF_ALL.partition("?>")[2],
    }.items():
        (tmp_path / name).write_text(content)
        run_to_fault(tmp_path / name)
    run_to_fault(tmp_path / "nothing here")

    assert everything() == before


def test_one_item_that_cannot_be_stored_does_not_stop_the_others(source):
    def refuse(execute, sql, params, many, context):
        if sql.startswith("INSERT") and "blog_post" in sql and "Ahead" in map(str, params):
            raise DataError("no room")
        return execute(sql, params, many, context)

    with connection.execute_wrapper(refuse):
        fault, text = run_to_fault(source)

    assert fault == "1 items could not be stored; all others were."
    assert "“Ahead”: could not be stored: no room" in text
    assert numbers_of(text)["pages"]["new"] == 1
    run(source)
    assert Post.objects.filter(title="Ahead").exists()


def test_stopping_is_one_line_and_the_next_run_goes_on(source, monkeypatch):
    monkeypatch.setattr(CommentStore, "store", lambda self, record: (_ for _ in ()).throw(KeyboardInterrupt))
    fault, text = run_to_fault(source)
    monkeypatch.undo()

    assert fault == "Stopped. What was imported stays; the same command goes on from there."
    assert numbers_of(text)["posts"]["new"] == 1
    assert run(source)[0]["comments"]["new"] == 4


def test_nothing_here_is_touched(source):
    mine = make_post(title="Mine", slug="apples", published_at=datetime(2017, 6, 5, tzinfo=UTC))
    run(source)

    mine.refresh_from_db()
    assert mine.get_absolute_url() == "/2017/06/apples/"
    assert Post.objects.get(title="Apples 'n' pears").slug == "apples-2"


def peak_of(folder: Path, source: Path) -> int:
    """The most memory of its own in bytes, the mapped database aside, of an import as a process that succeeded."""
    command, peak = [sys.executable, "manage.py", "import_blogger", str(source)], 0
    with (folder / "said").open("w") as said:
        process = subprocess.Popen(command, cwd=ROOT, env=environment(folder), stdout=said, stderr=said)
        while process.poll() is None:
            found = re.search(r"RssAnon:\s+(\d+) kB", Path(f"/proc/{process.pid}/status").read_text())
            peak = max(peak, int(found[1]) * 1024) if found else peak
            time.sleep(0.02)
    assert process.returncode == 0, (folder / "said").read_text()
    return peak


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="measures memory as Linux tells it")
@pytest.mark.timeout(1200)
def test_a_large_blog_takes_no_more_memory_than_a_small_one(tmp_path):
    small, large = tmp_path / "small.atom", tmp_path / "large.atom"
    small.write_text(feed(APPLES, QUESTION))
    start = datetime(2015, 1, 1, tzinfo=UTC)
    with large.open("w") as file:
        head, _, end = feed("|").partition("|")
        file.write(head)
        for number in range(5_000, 0, -1):  # the newest first, before their posts
            fields = {"post": str(number % 500), "published": (start + timedelta(minutes=number)).isoformat()}
            if number > 500 and number % 3:
                fields["answers"] = str(1000 + number - 500)
            file.write(entry("COMMENT", 1000 + number, "Some words. " * 320, author=READER, **fields))
        for number in range(500):
            file.write(entry("POST", number, "&lt;p&gt;Some words.&lt;/p&gt;" * 20, title=f"Post {number}"))
        file.write(end)
    assert large.stat().st_size > 20_000_000
    manage(tmp_path, "migrate", "-v0")

    least = peak_of(tmp_path, small)
    assert peak_of(tmp_path, large) < least + 15_000_000

    numbers = numbers_of((tmp_path / "said").read_text())
    assert numbers["posts"]["new"] == 499  # the small one had one of them
    assert numbers["comments"]["new"] + numbers["replies"]["new"] == 5_000
