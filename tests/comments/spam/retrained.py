"""Retraining, step by step."""

from comments.models import Job
from comments.spam import retraining


def retrain(job: Job) -> Job:
    retraining.run(job.pk)
    job.refresh_from_db()
    return job


def meanwhile(monkeypatch, do) -> None:
    """Has this happen once, when all is learnt and nothing is in force yet."""
    replace, did = retraining._replace, []

    def and_then(*args):
        if not did:
            did.append(do())
        return replace(*args)

    monkeypatch.setattr(retraining, "_replace", and_then)
