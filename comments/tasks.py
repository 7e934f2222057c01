"""Work for the worker (manage.py worker)."""

import uuid

from django_tasks import task


@task()
def work_off_bulk(batch: str) -> None:
    """Works off a BulkDecision; started again, it goes on where it was."""
    from comments.moderation.bulk import work_off_chunk  # which enqueues this

    while work_off_chunk(uuid.UUID(batch)):
        pass


@task()
def simulate(job: str) -> None:
    """Tries edited settings on past comments; started again, it begins anew."""
    from comments.simulation.running import run  # which asks through this

    run(uuid.UUID(job))


@task()
def retrain(job: str) -> None:
    """Makes the spam filter's counts anew; started again, it begins anew."""
    from comments.spam.retraining import run  # which asks through this

    run(uuid.UUID(job))


@task()
def fold_spam_lessons() -> int:
    """Puts what the spam filter has learnt into its checkpoint; how many lessons."""
    from comments.spam import store  # which reads models

    return store.fold()
