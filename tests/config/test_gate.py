"""Those who write to SQLite stand in line, over threads and processes, and nobody is kept out by a line alone."""

import os
import statistics
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from django.db import connection, transaction

from config.db.sqlite3.gate import Gate
from tests.config.command import ROOT

HOLDER = """
import sys
from config.db.sqlite3.gate import Gate
gate = Gate()
gate.enter(sys.argv[1], 5)
print("in", flush=True)
sys.stdin.read()
"""

# Three threads that go in again and again, each time noting it by a byte.
CROWD = """
import sys, threading, time
from config.db.sqlite3.gate import Gate

def write():
    gate = Gate()
    while True:
        gate.enter(sys.argv[1], 20)
        with open(sys.argv[1] + ".turns", "ab") as turns:
            turns.write(b".")
        time.sleep(0.003)
        gate.leave()

for _ in range(3):
    threading.Thread(target=write, daemon=True).start()
sys.stdin.read()
"""


@pytest.fixture
def database(tmp_path):
    return str(tmp_path / "db.sqlite3")


@pytest.fixture
def other_process(database):
    process = subprocess.Popen(
        [sys.executable, "-c", HOLDER, database], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout.readline() == "in\n"
    yield process
    process.kill()
    process.communicate()


def test_threads_go_one_after_another(database):
    inside, most = 0, 0
    count = threading.Lock()

    def write():
        nonlocal inside, most
        gate = Gate()
        for _ in range(20):
            gate.enter(database, 20)
            with count:
                inside += 1
                most = max(most, inside)
            time.sleep(0.0005)
            with count:
                inside -= 1
            gate.leave()

    threads = [threading.Thread(target=write) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert (inside, most) == (0, 1)


def test_a_process_waits_for_another_and_goes_on_when_it_is_killed(database, other_process):
    gate, entered = Gate(), threading.Event()
    thread = threading.Thread(target=lambda: (gate.enter(database, 20), entered.set()))
    thread.start()
    assert not entered.wait(0.2)
    other_process.kill()
    assert entered.wait(10)
    thread.join()
    gate.leave()


def test_the_many_writers_of_one_process_keep_no_other_out(database):
    turns = Path(f"{database}.turns")
    crowd = subprocess.Popen([sys.executable, "-c", CROWD, database], cwd=ROOT, stdin=subprocess.PIPE)
    try:
        while not turns.exists():
            assert crowd.poll() is None
            time.sleep(0.01)
        gate, waited = Gate(), []
        for _ in range(15):
            before = turns.stat().st_size
            gate.enter(database, 20)
            waited.append(turns.stat().st_size - before)
            gate.leave()
            time.sleep(0.01)
    finally:
        crowd.kill()
        crowd.communicate()
    assert statistics.median(waited) <= 2, waited


def test_whoever_waited_long_enough_tries_without(database, other_process):
    gate = Gate()
    gate.enter(database, 0.05)
    assert gate.file is None
    gate.leave()


def test_a_place_that_cannot_be_written_to_keeps_nobody_out(tmp_path):
    gate = Gate()
    gate.enter(str(tmp_path / "none" / "db.sqlite3"), 5)
    gate.leave()
    gate.enter(str(tmp_path / "none" / "db.sqlite3"), 0.05)
    assert gate.lock
    gate.leave()


@pytest.mark.skipif("'sqlite' not in __import__('django.db').db.connection.vendor", reason="the gate is SQLite's")
@pytest.mark.django_db(transaction=True)
def test_a_transaction_holds_its_place_until_it_ends():
    with transaction.atomic():
        assert connection.gate.lock
    assert not connection.gate.lock
    with pytest.raises(RuntimeError), transaction.atomic():
        raise RuntimeError
    assert not connection.gate.lock
    with transaction.atomic():
        connection.close()
        assert not connection.gate.lock
        transaction.set_rollback(True)
    assert os.path.exists(f"{connection.settings_dict['NAME']}.gate")
