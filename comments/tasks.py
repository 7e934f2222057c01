"""Work for the worker (manage.py worker)."""

import uuid

from django_tasks import task


@task()
def work_off_bulk(batch: str) -> None:
    """Works off a BulkDecision; started again, it goes on where it was."""
    from comments.moderation.bulk import work_off_chunk  # which enqueues this

    while work_off_chunk(uuid.UUID(batch)):
        pass
