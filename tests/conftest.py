import pytest
from django.db import connection
from django.test import TestCase, TransactionTestCase


@pytest.fixture(autouse=True)
def _empty_search_index(request, django_db_blocker):
    """Other tests roll back; those that commit are followed by a flush, which only knows tables that have a model."""
    yield
    if _commits(request):
        with django_db_blocker.unblock(), connection.cursor() as cursor:
            cursor.execute("DELETE FROM blog_search")
            cursor.execute("DELETE FROM comments_search")
            _forget_statistics(cursor)


def _forget_statistics(cursor) -> None:
    """By what ANALYZE has seen in one test, SQLite would plan the queries of the next ones."""
    if connection.vendor != "sqlite":
        return
    cursor.execute("SELECT 1 FROM sqlite_schema WHERE name = 'sqlite_stat1'")
    if cursor.fetchone():
        cursor.execute("DELETE FROM sqlite_stat1")
        cursor.execute("ANALYZE sqlite_schema")


@pytest.fixture(autouse=True)
def _totals_at_once(request, monkeypatch):
    """Totals are written just before a commit; a test that rolls back has none, so there they are written at once."""
    from blog import totals  # here: it needs Django's settings, which other programs of the tests lack

    if not _commits(request):
        monkeypatch.setattr(totals, "note", lambda change: totals.write(connection, [change]))


@pytest.fixture
def own_media(settings, tmp_path):
    """Uploads go to a folder of the test's own."""
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def mail_server(settings):
    """A mail server that listens; the site sends through it."""
    from tests.smtp import MailServer  # here: it needs Django's settings, which other programs of the tests lack

    server = MailServer()
    server.start()
    server.give_to(settings)
    yield server
    server.stop()


def _commits(request) -> bool:
    mark = request.node.get_closest_marker("django_db")
    if mark and (mark.kwargs.get("transaction") or mark.args[:1] == (True,)):
        return True
    if request.cls and issubclass(request.cls, TransactionTestCase) and not issubclass(request.cls, TestCase):
        return True
    return bool({"transactional_db", "live_server"} & set(request.fixturenames))
