"""Who waits for PostgreSQL, and for how long; how real servers fare is in test_faults_postgresql.py."""

import threading
import time

import psycopg
import pytest
from django.db import OperationalError, connection

from config.db.postgresql import patience
from config.db.postgresql.patience import Door


@pytest.fixture
def impatient(transactional_db):
    if connection.vendor != "postgresql":
        pytest.skip("only PostgreSQL is waited for so")
    connection.ensure_connection()
    connection.connection.patient_for = 0.3
    yield connection
    connection.close()


def test_a_statement_is_given_up_and_cancelled(impatient):
    with pytest.raises(OperationalError, match=r"did not answer within 0\.3 seconds"), impatient.cursor() as cursor:
        cursor.execute("SELECT pg_sleep(60) -- given up")
    assert impatient.connection.closed
    impatient.close()
    running = "SELECT count(*) FROM pg_stat_activity WHERE state = 'active' AND query LIKE '%given up'"
    for _ in range(50):
        with impatient.cursor() as cursor:
            cursor.execute(f"{running} AND pid <> pg_backend_pid()")
            if cursor.fetchone() == (0,):
                return
        time.sleep(0.1)
    raise AssertionError("it goes on")


def test_commands_and_the_worker_wait(transactional_db):
    assert patience.answers_within is None
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_sleep(0.5)")


def enter(door: Door, seconds: float, error: Exception | None) -> str:
    try:
        with door.entering():
            time.sleep(seconds)
            if error:
                raise error
    except psycopg.OperationalError as refused:
        return str(refused)
    return "in"


def test_who_has_waited_in_vain_tells_the_others(monkeypatch):
    monkeypatch.setattr(patience, "STALL", 0.1)
    monkeypatch.setattr(patience, "LEFT_ALONE_FOR", 0.2)
    door, late = Door(), psycopg.OperationalError("timeout")
    assert enter(door, 0.15, late) == "timeout"
    assert enter(door, 0, None) == "PostgreSQL did not answer a moment ago"
    time.sleep(0.25)
    slow = threading.Thread(target=enter, args=[door, 0.3, late])
    slow.start()
    time.sleep(0.1)
    assert enter(door, 0, None) == "PostgreSQL did not answer a moment ago"  # one tries at a time
    slow.join()
    time.sleep(0.25)
    assert [enter(door, 0, None) for _ in range(2)] == ["in", "in"]


def test_an_error_that_comes_at_once_shuts_nobody_out():
    door = Door()
    assert enter(door, 0, psycopg.OperationalError("refused")) == "refused"
    assert enter(door, 0, None) == "in"
