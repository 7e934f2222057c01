"""Edited settings tried on comments that came before, each with the state as it was then: what would have become of
them. Nothing changes by it but the job's own row (comments/models/job.py)."""
