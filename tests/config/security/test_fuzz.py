"""Whatever is sent to whichever address by whomever: no answer of 500, and no traceback in the log."""

import logging
import os
import time
import traceback
from collections import Counter
from collections.abc import Iterator

import pytest
from django.core.signals import request_finished, request_started
from django.db import close_old_connections, transaction
from hypothesis import HealthCheck, Phase, given, seed, settings

from config.logs import WithoutCapabilities
from config.signin import recently
from config.wsgi import application
from tests.config.security.addresses import Address, every_address
from tests.config.security.furnished import Furnished
from tests.config.security.visits import Visit, forms_of, visits

# 100,000 take about half an hour of a processor.
REQUESTS = int(os.environ.get("FUZZ_REQUESTS", "5000"))
SEED = int(os.environ.get("FUZZ_SEED", "10"))
LEAST_TAKEN = 0.1  # of all: else most of them did not get beyond the first door
# What answers before Django does.
BEFORE_DJANGO = [Address(name, name, ()) for name in ("healthz", "readyz", "metrics")]
BEFORE_DJANGO += [Address("static", "static/%(name)s", ("name",))]
PLAIN = {
    "phases": [Phase.generate],
    "deadline": None,
    "database": None,
    "suppress_health_check": list(HealthCheck),
}


class Faults(logging.Handler):
    """What the log would show as broken, as it goes to the console."""

    def __init__(self) -> None:
        super().__init__()
        self.addFilter(WithoutCapabilities())
        self.said: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        if record.exc_info and record.exc_info[1]:
            self.said.append("".join(traceback.format_exception(record.exc_info[1])[-12:]))
        elif record.levelno >= logging.ERROR and getattr(record, "status_code", 500) >= 500:
            self.said.append(record.getMessage())


@pytest.fixture
def faults() -> Iterator[Faults]:
    handler = Faults()
    logging.getLogger().addHandler(handler)
    yield handler
    logging.getLogger().removeHandler(handler)


@pytest.fixture
def _one_connection() -> Iterator[None]:
    """What a request changes is rolled back, so it may not end its connection, as Django's own client does not."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.mark.slow
@pytest.mark.usefixtures("_one_connection")
@pytest.mark.django_db(transaction=True)
@pytest.mark.timeout(0)
def test_no_request_breaks_the_site(faults):
    site = Furnished()
    sessions, renewed_at = site.sessions(), time.monotonic()
    found: dict[str, str] = {}
    statuses, taken = Counter(), []

    def send(visit: Visit) -> None:
        faults.said.clear()
        with transaction.atomic():
            answer = visit.send(application, sessions)
            transaction.set_rollback(True)
        statuses[answer.status] += 1
        where = answer.headers.get("location", "")
        taken.append(answer.status < 400 and not where.startswith(("/admin/login/", "/sign-in/")))
        if answer.status >= 500 or faults.said:
            said = "\n".join(faults.said)
            lines = [line for line in said.splitlines() if line.startswith("  File ")]
            where = "".join(lines[-2:]) + said.strip().rpartition("\n")[2][:60]
            if where not in found:
                found[where] = f"{visit}\n{answer.status}\n{said}"
                print(found[where], flush=True)

    addresses = every_address() + BEFORE_DJANGO
    for number, address in enumerate(addresses):
        if time.monotonic() - renewed_at > recently.WITHIN / 2:
            sessions |= site.sessions()
            renewed_at = time.monotonic()
        forms = forms_of(application, address, site.path(address), sessions)
        rounds = REQUESTS * (number + 1) // len(addresses) - REQUESTS * number // len(addresses)
        many = settings(max_examples=max(rounds, 1), **PLAIN)
        many(seed(SEED + number)(given(visits(site, address, forms))(send)))()
    print(f"{statuses.total()} requests to {len(addresses)} addresses, {sum(taken)} of them taken: {dict(statuses)}")
    print(f"{len(found)} kinds of fault")
    assert not found, "\n\n".join(found.values())
    assert sum(taken) > len(taken) * LEAST_TAKEN, statuses
