"""Tasks whose doing can be seen from outside, for the tests of the worker."""

import time
from pathlib import Path

from django_tasks import task


@task()
def leave_a_file(path: str) -> None:
    Path(path).touch()


@task()
def leave_a_line(path: str, words: str) -> None:
    with open(path, "a") as file:
        file.write(f"{words}\n")


@task()
def wait_for_others(folder: str, name: str, count: int) -> None:
    """Ends once so many of them are at work at the same time, each in a worker of its own."""
    (Path(folder) / name).touch()
    for _ in range(600):
        if len(list(Path(folder).iterdir())) >= count:
            return
        time.sleep(0.1)
    raise RuntimeError("waited too long")
