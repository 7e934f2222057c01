"""What the clock forgets (`manage.py purge`; once a day by itself): each chore forgets one thing, by one setting.

A chore is a query for what is due, and what becomes of it: at most 500 rows in one transaction. What is forgotten is no
longer due, so a pass may be stopped anywhere and begun again.
"""

from comments.retention.chores import CHORES, Chore
from comments.retention.purging import count, purge

__all__ = ["CHORES", "Chore", "count", "purge"]
