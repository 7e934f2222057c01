"""A task whose doing can be seen from outside, for the test of the worker."""

from pathlib import Path

from django_tasks import task


@task()
def leave_a_file(path: str) -> None:
    Path(path).touch()
