from django.db.backends.sqlite3 import base

from config.db.commit import TouchingWrapper
from config.db.sqlite3.gate import Gate


class DatabaseWrapper(TouchingWrapper, base.DatabaseWrapper):
    """SQLite, whose writers stand in line."""

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.gate = Gate()

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
