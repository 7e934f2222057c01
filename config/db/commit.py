from django.db import DatabaseError

from blog import totals, versions
from config import ready


class TouchingWrapper:
    """A connection whose transactions end with the totals (blog/totals.py) and the versions (blog/versions.py) of what
    they changed.

    This is the one moment at which all keys are known, every other lock is held already, and nothing is visible yet.
    """

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.touched: set[str] = set()
        self.noted: list[tuple[set, totals.Change]] = []  # each with the savepoints that it would go with

    def savepoint_rollback(self, sid: str) -> None:
        super().savepoint_rollback(sid)
        self.noted = [(sids, change) for sids, change in self.noted if sid not in sids]

    def _commit(self) -> None:
        if self.noted:
            totals.write(self, (change for _sids, change in self.noted))
        if self.touched:
            keys = set(self.touched)
            versions.write(self, keys)
            try:
                ready.drop(keys)
            except OSError as error:  # a page that cannot be removed would be shown after the change
                raise DatabaseError(f"A ready page cannot be removed: {error}.") from error
        super()._commit()
        self._forget()

    def _rollback(self) -> None:
        self._forget()
        super()._rollback()

    def close(self) -> None:
        self._forget()
        super().close()

    def _forget(self) -> None:
        self.touched.clear()
        self.noted.clear()
