from functools import lru_cache

from django.db.backends.sqlite3 import base

from config.db.commit import TouchingWrapper
from config.db.sqlite3.gate import Gate

LONG = 5_000  # characters; longer statements are those of many rows at once, each of its own length


class Cursor(base.SQLiteCursorWrapper):
    """Django's, which writes "?" for the "%s" of a statement once and not at each execution."""

    def convert_query(self, query: str, *, param_names=None) -> str:
        if param_names is None and len(query) < LONG:
            return _converted(query)
        return super().convert_query(query, param_names=param_names)


@lru_cache(maxsize=512)
def _converted(query: str) -> str:
    return base.SQLiteCursorWrapper.convert_query(None, query)


class DatabaseWrapper(TouchingWrapper, base.DatabaseWrapper):
    """SQLite, whose writers stand in line."""

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.gate = Gate()

    def create_cursor(self, name=None) -> Cursor:
        return self.connection.cursor(factory=Cursor)

    def _start_transaction_under_autocommit(self) -> None:
        self.gate.enter(str(self.settings_dict["NAME"]), self.settings_dict["OPTIONS"].get("timeout", 5))
        try:
            super()._start_transaction_under_autocommit()
        except BaseException:
            self.gate.leave()
            raise

    def _commit(self) -> None:
        super()._commit()
        self.gate.leave()

    def _rollback(self) -> None:
        try:
            super()._rollback()
        finally:
            self.gate.leave()

    def close(self) -> None:
        try:
            super().close()
        finally:
            self.gate.leave()
