"""Cases in WordPress's words, run through our policy: what `manage.py evaluate_policy` does."""

from comments.cases.reading import CasesError, read
from comments.cases.running import Outcome, run

__all__ = ["CasesError", "Outcome", "read", "run"]
