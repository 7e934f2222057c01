"""Comments at 50 a second while gunicorn's processes, the worker and the database server are killed with SIGKILL.

Whoever gets no answer sends the form again. Twenty seconds here; CRASH_SECONDS=180 for the long run.
"""

import json
import os
import random
import time
from collections import Counter

import pytest

from tests.config import postgres
from tests.config.command import manage
from tests.config.crash import A_SECOND, Crowd, Parts, hashed
from tests.smtp import MailServer

SECONDS = int(os.environ.get("CRASH_SECONDS", "20"))
pytestmark = [pytest.mark.slow, pytest.mark.timeout(SECONDS * 5 + 600)]
LONG = 180
EVERY = 1.5  # seconds: one kill
DATABASE_EVERY = 6  # kills: one of the database server


@pytest.fixture(params=["sqlite", "postgresql"])
def server(request):
    if request.param == "sqlite":
        yield None
        return
    if not postgres.is_here():
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(postgres.MISSING)
    server = postgres.Postgres()
    server.start()
    yield server
    server.remove()


@pytest.fixture
def mails():
    server = MailServer()
    server.start()
    yield server
    server.stop()


@pytest.fixture
def parts(server, mails, static_only):
    values = {
        "DATABASE_URL": server.url if server else "",
        "SECRET_KEY": os.environ["SECRET_KEY"],
        "EMAIL_URL": f"smtp://127.0.0.1:{mails.port}",
    }
    done = manage(static_only, "prepare", "--no-demo", **values)
    assert done.returncode == 0, done.stderr
    parts = Parts(static_only, values)
    parts.ask("make()")
    parts.start()
    yield parts


def test_what_was_acknowledged_is_there_once(parts, server, mails):
    chance = random.Random(20)
    forms = parts.ask(f"print_forms({A_SECOND * SECONDS})").splitlines()
    crowd = Crowd(parts.node.port, forms)
    crowd.begin()
    end, number = time.monotonic() + SECONDS, 0
    try:
        while (left := end - time.monotonic()) > 0:
            time.sleep(min(left, EVERY * chance.uniform(0.5, 1.5)))
            number += 1
            if server and number % DATABASE_EVERY == 0:
                server.kill()
                time.sleep(chance.uniform(0, 1))
                server.start()
                parts.killed["database"] += 1
            elif number % 2:
                parts.kill_web(chance)
            else:
                parts.kill_worker()
    finally:
        crowd.end()
        parts.stop()
    parts.ask("send_what_is_owed()")
    found = json.loads(parts.ask("look()"))

    sent = Counter(message["Message-ID"] for message in mails.messages)
    again = sum(times - 1 for times in sent.values())
    owed = sum(count for *_rest, count in found["mails"])
    print(
        f"\n{'PostgreSQL' if server else 'SQLite'}, {SECONDS} s: killed {dict(parts.killed)}; "
        f"of {len(crowd.begun)} comments, {len(crowd.begun) / SECONDS:.0f} a second, {len(crowd.acknowledged)} were "
        f"acknowledged, {found['comments']} are stored; "
        f"answers {dict(crowd.answers)}; of {owed} mails {len(sent)} came, {again} of them twice; {found['mails']}"
    )
    if SECONDS >= LONG:  # by hand, on a machine that can
        assert len(crowd.begun) >= 0.8 * A_SECOND * SECONDS
    codes = [hashed(code) for code in crowd.acknowledged]
    assert len(set(codes)) == len(codes)
    assert [code for code in codes if found["stored"].get(code) != 1] == []
    assert set(found["stored"].values()) == {1}
    # Few gave up (on a slow machine), and nothing was stored that nobody knows of.
    assert len(crowd.acknowledged) <= found["comments"] <= len(crowd.acknowledged) + len(crowd.given_up)
    assert len(crowd.acknowledged) + len(crowd.given_up) == len(crowd.begun)
    assert len(crowd.given_up) <= len(crowd.begun) // 20
    assert found["with_events"] == found["comments"]
    assert found["wrong_counts"] == 0
    assert {status for status, *_rest in found["mails"]} <= {"sent", "dead"}
    assert all(status == "sent" or repeats == 2 for status, repeats, _count in found["mails"])
    assert owed > len(crowd.begun) // 10 and len(sent) >= sum(c for status, _r, c in found["mails"] if status == "sent")
    assert max(sent.values()) <= 2 and again <= parts.killed["worker"]
    assert parts.killed["web"] and parts.killed["worker"] and (parts.killed["database"] or not server)
