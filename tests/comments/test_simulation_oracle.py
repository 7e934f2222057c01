"""The numbers of a simulation are those of really applying the settings: at each arrival the policy itself was asked,
on the real database."""

from collections import Counter
from datetime import timedelta

import pytest
import time_machine

from comments.models import CommentSettings
from comments.simulation import part, running
from comments.spam import samples
from tests.comments.simulated_site import START, SimulatedSite, sample_of

pytestmark = pytest.mark.django_db

OPEN = {"hold_all": False, "approved_needed": 1, "flood_seconds": 2, "probation_needed": 1}
THOSE_THAT_HOLD = {
    "lenient": OPEN,
    "strict": {"hold_all": True, "approved_needed": 2, "flood_seconds": 0, "spam_mode": "act"},
}
OTHERS = [
    {"hold_all": True},
    {"hold_all": False, "approved_needed": 0, "max_links": 0, "flood_seconds": 0, "probation_needed": 0},
    {"hold_all": False, "approved_needed": 1, "max_links": 1, "trusted_needed": 2, "trusted_days": 0},
    {"hold_all": False, "approved_needed": 2, "hold_after_days": 5, "probation_needed": 3, "flood_seconds": 3_600},
    {"hold_all": False, "close_after_days": 21, "trusted_needed": 1, "trusted_days": 1, "trusted_refused": 60},
    {"hold_all": False, "approved_needed": 0, "spam_mode": "act", "spam_hold_percent": 5, "spam_spam_percent": 2},
    {"mode": "closed"},
]
FILTERED = 5  # of OTHERS: what it says of a comment is what the filter saw last, so not of those that were edited


@pytest.fixture
def clock():
    with time_machine.travel(START, tick=False) as clock:
        yield clock


def after(clock, seed: int, held: str, monkeypatch) -> tuple[SimulatedSite, list[CommentSettings]]:
    monkeypatch.setattr(samples, "sample_of", sample_of)
    monkeypatch.setattr(samples, "look", sample_of)
    others = [CommentSettings(**fields) for fields in OTHERS]
    site = SimulatedSite(seed, clock, others)
    CommentSettings(**THOSE_THAT_HOLD[held]).save()
    site.live(260)
    clock.shift(timedelta(days=30))
    return site, others


@pytest.mark.parametrize("held", THOSE_THAT_HOLD)
@pytest.mark.parametrize("seed", range(3))
def test_each_verdict_is_the_one_that_the_policy_gave_at_that_moment(clock, seed, held, monkeypatch):
    site, others = after(clock, seed, held, monkeypatch)
    ids = part.newest(10_000)
    assert ids == sorted(site.said) and len(ids) > 60

    for at_once in (10_000, 7):
        monkeypatch.setattr(running, "AT_ONCE", at_once)
        for number, settings in enumerate(others):
            wrong = {}
            for one, (verdict,) in running.verdicts(ids, [settings]):
                pk, found = one.comment.pk, (str(verdict.status), verdict.reasons)
                if found != site.said[pk][number] and (number != FILTERED or pk not in site.edited):
                    wrong[pk] = (site.said[pk][number], found)
            assert not wrong, (number, at_once)


def test_the_counts_are_those_of_the_verdicts(clock, monkeypatch):
    site, others = after(clock, 2, "lenient", monkeypatch)
    saved, _decided = 2, others[2].save()
    for number, tried in enumerate(others):
        found = running.simulate(tried, 10_000)
        if FILTERED in (number, saved):
            continue
        said = [verdicts[number][0] for verdicts in site.said.values()]
        differ = sum(verdicts[saved][0] != verdicts[number][0] for verdicts in site.said.values())
        assert (found.looked_at, found.now, len(found.changes)) == (len(said), Counter(said), differ)
        assert sum(found.then.values()) == sum(found.saved.values()) == len(said)


def test_the_walk_meets_all_that_it_is_to_meet(clock, monkeypatch):
    """Else the test above would prove little. What says the same twice is never stored, so no simulation meets it."""
    site, _others = after(clock, 1, "lenient", monkeypatch)
    said = [verdict for verdicts in site.said.values() for verdict in verdicts]
    codes = {reason.partition(":")[0] for _status, reasons in said for reason in reasons}
    assert {status for status, _reasons in said} == {"approved", "pending", "spam", "refused"}
    assert codes >= {
        *("flood", "closed", "by_staff", "held_all", "old_post", "links", "blocked", "first_time"),
        *("probation", "spam_score", "spam_unsure", "nothing_against"),
    }
    assert site.edited and site.batches
