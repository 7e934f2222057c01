from django.db.backends.postgresql import base

from config.db.commit import TouchingWrapper


class DatabaseWrapper(TouchingWrapper, base.DatabaseWrapper):
    pass
