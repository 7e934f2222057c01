"""Changes and readers that are killed, or stopped for a while: `python -m tests.config.ready_victim`.

For each line on its input, "SIGNAL STEP WHAT WORD…", a process of its own does one thing and sends itself that signal
at that step of it (before or after a statement, a commit, or a change to the folder of ready pages). WHAT is

    change TITLE POST KEY…    gives a post this title, and touches these keys
    naive TITLE POST KEY…     the same, by a site that removes files once the change is committed
    read PATH                 asks for a page, as the first to do so, and makes it a file: the steps are those of this

A line on its output names the process and the step; "survived" if it came to its end; then "gone".
"""

import os
import signal
import sys
from types import SimpleNamespace

import django

from tests.blog.mail_victim import say

WATCHED = ("chmod", "listdir", "mkdir", "open", "rename", "rmdir", "unlink")


class Steps:
    """Counts the steps of one thing, and sends this process a signal at one of them."""

    def __init__(self, signal_name: str, at: int) -> None:
        self.signal, self.end_at = getattr(signal, signal_name), at
        self.count = -1  # none has begun

    def at(self, name: str) -> None:
        if self.count < 0:
            return
        self.count += 1
        if self.count == self.end_at:
            say(f"{os.getpid()} {name}")
            os.kill(os.getpid(), self.signal)

    def around(self, name: str, call):
        def stepped(*args, **kwargs):
            said = name or f"SQL: {' '.join(args[0].split())[:40]}"
            self.at(f"before {said}")
            result = call(*args, **kwargs)
            self.at(f"after {said}")
            return result

        return stepped


def watch(steps: Steps) -> None:
    from django.db import connection
    from django.db.backends.base.base import BaseDatabaseWrapper

    from config.ready import files

    connection.ensure_connection()
    connection.execute_wrappers.append(lambda execute, *args: steps.around("", lambda *given: execute(*given))(*args))
    BaseDatabaseWrapper._commit = steps.around("COMMIT", BaseDatabaseWrapper._commit)
    BaseDatabaseWrapper._rollback = steps.around("ROLLBACK", BaseDatabaseWrapper._rollback)
    calls = {name: steps.around(name, getattr(os, name)) for name in WATCHED}
    files.os = SimpleNamespace(**(vars(os) | calls))
    files.write = steps.around("write", files.write)


def change(title: str, pk: str, *keys: str) -> None:
    from django.db import transaction
    from django.db.models import QuerySet

    from blog import versions
    from blog.models import Post

    with transaction.atomic():
        QuerySet(Post).filter(pk=pk).update(title=title)
        versions.touch(*keys)


def be_naive() -> None:
    from blog import versions
    from config import ready
    from config.db import commit

    def drop_after_commit(self) -> None:
        touched = set(self.touched)
        versions.write(self, touched)
        super(commit.TouchingWrapper, self)._commit()
        ready.drop(touched)
        self._forget()

    commit.TouchingWrapper._commit = drop_after_commit


def read(steps: Steps, path: str) -> None:
    from django.conf import settings
    from django.test import RequestFactory

    from config import ready
    from config.ready.keeping import Keeper
    from config.wsgi import application

    ready.keeper = Keeper(settings.READY_PAGES_DIR)
    list(application(RequestFactory().get(path, HTTP_HOST="testserver").environ, lambda *args: None))
    steps.count = 0
    ready.keeper.work(ready.keeper.next(0))


def main() -> None:
    django.setup()
    # So that each process begins with all of it.
    import config.urls  # noqa: F401
    import config.wsgi  # noqa: F401

    say("ready")
    for line in sys.stdin:
        signal_name, step, what, *words = line.rstrip("\n").split("\t")
        if pid := os.fork():
            os.waitpid(pid, 0)
            say("gone")
            continue
        steps = Steps(signal_name, int(step))
        if what == "naive":
            be_naive()
        watch(steps)
        if what == "read":
            read(steps, *words)
        else:
            steps.count = 0
            change(*words)
        say("survived")
        os._exit(0)


if __name__ == "__main__":
    main()
