"""What readers get when the site can make no page: whole files, whatever is broken."""

import errno
import logging
import re

import lxml.html
import psycopg
import pytest
from django.db import DatabaseError, InterfaceError, InternalError, OperationalError, ProgrammingError, connection
from django.test import Client

from config import outage
from config.logs import WithoutCapabilities
from tests.config.command import ROOT

BROKEN = OperationalError("connection failed: server closed the connection\nIs the server running?")


@pytest.fixture
def reader(client):
    client.raise_request_exception = False
    return client


def fail(error):
    def view(*args, **kwargs):
        raise error

    return view


@pytest.mark.parametrize("name", ["413.html", "414.html", "500.html", "503.html"])
def test_the_pages_are_whole_and_need_nothing(name):
    html = outage.page(name)
    assert "{%" not in html and "{{" not in html and "<script" not in html and "style=" not in html
    assert html.startswith("<!doctype html>") and '<html lang="en">' in html and html.count("<h1>") == 1
    for sheet in re.findall(r'href="/static/([^"]+)"', html):
        text = (ROOT / "static" / sheet).read_text()
        assert "@import" not in text and "url(" not in text
    assert 'name="color-scheme" content="light dark"' in html
    assert "your browser most likely still has it" in html


@pytest.mark.django_db
def test_a_broken_view_is_the_static_page(reader, monkeypatch):
    monkeypatch.setattr("blog.models.SiteSettings.load", fail(ZeroDivisionError()))
    response = reader.get("/")
    assert (response.status_code, response.content.decode()) == (500, outage.page("500.html"))
    assert "default-src 'none'" in response["Content-Security-Policy"]


def test_it_asks_no_database_and_no_template(reader, monkeypatch):
    """This test may use none: it would fail."""
    monkeypatch.setattr("django.template.loader.get_template", fail(AssertionError("a template")))
    monkeypatch.setattr("blog.models.SiteSettings.load", fail(ZeroDivisionError()))
    assert reader.get("/").content.decode() == outage.page("500.html")


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/", "/archive/", "/feed.atom", "/admin/login/"])
def test_a_database_that_is_away_is_another_page(reader, monkeypatch, caplog, address):
    monkeypatch.setattr("blog.models.SiteSettings.load", fail(BROKEN))
    monkeypatch.setattr(connection, "is_usable", lambda: False)
    with caplog.at_level(logging.ERROR, "django.request"):
        response = reader.get(address)
    assert (response.status_code, response["Retry-After"]) == (503, "120")
    assert "Back in a moment" in response.content.decode() and response["Cache-Control"] == "no-store"
    [record] = [record for record in caplog.records if record.name == "django.request"]
    WithoutCapabilities().filter(record)
    assert record.exc_info is None
    assert record.getMessage() == f"Service Unavailable: {address}: connection failed: server closed the connection"


def sent_while_away(reader, monkeypatch, error, path="/2026/03/tides/comment/", **fields):
    monkeypatch.setattr("blog.models.SiteSettings.load", fail(error))
    monkeypatch.setattr(connection, "is_usable", lambda: False)
    return reader.post(path, fields)


@pytest.mark.django_db
def test_what_was_sent_comes_back_in_a_form_that_sends_it_again(reader, monkeypatch):
    words = "Not <b>so</b> & “low”\nas that."
    response = sent_while_away(reader, monkeypatch, BROKEN, text=words, name="Ann", token="abc", topic="")
    assert response.status_code == 503
    [form] = lxml.html.fromstring(response.content.decode()).forms
    assert (form.method, form.action) == ("POST", "/2026/03/tides/comment/")
    sent = {name: value.strip() for name, value in form.form_values()}
    assert sent == {"text": words, "name": "Ann", "token": "abc", "topic": ""}
    assert form.inputs["token"].type == "hidden" and "form-action 'self'" in response["Content-Security-Policy"]


@pytest.mark.django_db
def test_a_password_does_not_come_back(reader, monkeypatch):
    response = sent_while_away(reader, monkeypatch, BROKEN, "/sign-in/", username="ann", password="correct horse")
    html = response.content.decode()
    assert response.status_code == 503 and "correct horse" not in html and not lxml.html.fromstring(html).forms
    assert ">\nann</textarea>" in html


@pytest.mark.django_db
def test_what_nobody_could_read_is_left_out(reader, monkeypatch):
    response = sent_while_away(reader, monkeypatch, BROKEN, **{f"a{number}": "x" for number in range(2_500)})
    assert response.status_code == 503 and "textarea" not in response.content.decode()


def caused(error: Exception, cause: Exception) -> Exception:
    error.__cause__ = cause
    return error


class OfSqlite(Exception):
    def __init__(self, name: str) -> None:
        self.sqlite_errorname = name


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("error", "says"),
    [
        (caused(OperationalError(), OfSqlite("SQLITE_FULL")), "no room left"),
        (caused(OperationalError(), psycopg.errors.DiskFull()), "no room left"),
        (OSError(errno.ENOSPC, "No space left on device"), "no room left"),
        (caused(OperationalError(), OfSqlite("SQLITE_READONLY_DBMOVED")), "takes nothing in"),
        (caused(InternalError(), psycopg.errors.ReadOnlySqlTransaction()), "takes nothing in"),
        (caused(DatabaseError("A ready page cannot be removed"), OSError(errno.EIO, "")), "takes nothing in"),
        (caused(OperationalError(), OfSqlite("SQLITE_IOERR_WRITE")), "Nothing is lost"),
        (caused(OperationalError(), psycopg.errors.AdminShutdown()), "Nothing is lost"),
        (caused(OperationalError(), psycopg.errors.DeadlockDetected()), "Nothing is lost"),
    ],
)
def test_it_says_what_is_the_matter(reader, monkeypatch, error, says):
    monkeypatch.setattr("blog.models.SiteSettings.load", fail(error))
    response = reader.get("/")
    assert response.status_code == 503 and says in response.content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize(
    "error",
    [
        OSError(errno.ENOENT, "No such file"),
        caused(ProgrammingError(), psycopg.errors.UndefinedColumn()),
        caused(DatabaseError(), OfSqlite("SQLITE_CORRUPT")),
    ],
)
def test_what_is_the_sites_own_fault_is_called_so(reader, monkeypatch, error):
    monkeypatch.setattr("blog.models.SiteSettings.load", fail(error))
    assert reader.get("/").status_code == 500


@pytest.mark.django_db
def test_a_view_in_which_it_goes_away_is_that_page_too(reader, monkeypatch):
    monkeypatch.setattr("blog.views.archive_years", fail(BROKEN), raising=False)
    monkeypatch.setattr("blog.context.menu", fail(BROKEN))
    monkeypatch.setattr(connection, "is_usable", lambda: False)
    assert reader.get("/").status_code == 503


@pytest.mark.django_db
def test_a_wrong_question_is_a_fault_of_the_sites_own(reader, monkeypatch, caplog):
    monkeypatch.setattr("blog.models.SiteSettings.load", fail(OperationalError("no such column: blog_post.tides")))
    assert reader.get("/").status_code == 500
    [record] = [record for record in caplog.records if record.name == "django.request"]
    WithoutCapabilities().filter(record)
    assert record.exc_info


@pytest.mark.django_db
def test_which_errors_say_that_the_database_is_away(monkeypatch):
    connection.ensure_connection()
    assert outage.is_database_away(OperationalError("database is locked"))
    assert not outage.is_database_away(OperationalError("no such table: blog_post"))
    assert not outage.is_database_away(None)
    monkeypatch.setattr(connection, "is_usable", lambda: False)
    assert outage.is_database_away(InterfaceError("connection already closed"))
    assert not outage.is_database_away(ProgrammingError("syntax error"))


@pytest.mark.django_db
def test_what_is_not_understood_looks_like_the_site():
    response = Client(raise_request_exception=False).get("/search/", headers={"host": "other.example.org"})
    html = response.content.decode()
    assert response.status_code == 400 and "Not understood" in html and 'class="masthead"' in html


@pytest.mark.django_db
@pytest.mark.parametrize("sent", ["a=" + "&b=" * 3_000, "a=" + "x" * 2_600_000], ids=["fields", "bytes"])
def test_a_form_that_is_too_large_is_told_so(sent):
    client = Client(raise_request_exception=False)
    response = client.post("/sign-in/", sent, content_type="application/x-www-form-urlencoded")
    html = response.content.decode()
    assert response.status_code == 413 and "more than a form of this site may hold" in html
    assert 'class="masthead"' in html
