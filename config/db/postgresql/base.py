from django.db.backends.postgresql import base

from config.db.commit import TouchingWrapper
from config.db.postgresql import driver, patience


class DatabaseWrapper(TouchingWrapper, base.DatabaseWrapper):
    Database = driver

    def get_new_connection(self, conn_params):
        with patience.door.entering():
            return super().get_new_connection(conn_params)

    def is_usable(self) -> bool:
        if self.connection is None:
            return False
        self.connection.patient_for = patience.USABLE_WITHIN
        try:
            return super().is_usable()
        finally:
            self.connection.patient_for = None
