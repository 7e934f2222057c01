"""The replay itself, and what it found."""

import gc
import logging
import uuid
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext

from comments import policy
from comments.folding import networks
from comments.models import BlockRule, Comment, CommentSettings, Job
from comments.simulation import asking, part
from comments.simulation.log import arrivals
from comments.simulation.part import Came, Part

logger = logging.getLogger(__name__)

AT_ONCE = 5_000  # comments whose past is held in memory
SHOWN_EVERY = 200  # comments
Status = Comment.Status
GROUPS = {Status.APPROVED: "approved", Status.SPAM: "spam", Status.REJECTED: "refused", Status.REMOVED: "refused"}


@dataclass
class Found:
    """What Job.found keeps, as JSON: numbers, ids and reasons, and no word of a comment."""

    looked_at: int = 0
    since: str = ""  # when the oldest of them came
    then: Counter = field(default_factory=Counter)  # by verdict, as it was
    saved: Counter = field(default_factory=Counter)  # by verdict, with the settings that are saved
    now: Counter = field(default_factory=Counter)  # by verdict, with those that are tried
    people: dict = field(default_factory=dict)  # by what people decided: the same, of those
    # Where saved and tried settings differ: [id, what it was, verdict and reasons with the saved, and with the tried].
    changes: list = field(default_factory=list)
    unscored: int = 0  # the spam filter never saw them
    wordless: int = 0  # their words are forgotten: left out
    gone: int = 0  # came meanwhile and are deleted: left out
    no_network: int = 0  # their network is forgotten
    unknown_rules: int = 0  # block rules that look at what is not kept

    def as_json(self) -> dict:
        """The newest of the changes first."""
        return vars(self) | {"changes": self.changes[::-1]}


def run(pk: uuid.UUID) -> None:
    """Does a job and keeps in it what was found; or, in words, that it could not be done."""
    job = Job.objects.filter(pk=pk, kind=Job.Kind.SIMULATE, finished_at=None).first()
    if job is None:
        return
    rows, problem = Job.objects.filter(pk=pk), ""
    try:
        with _without_collecting():
            tried, size = asking.settings_of(job), job.asked["size"]
            found = simulate(tried, size, lambda done, total: rows.update(done=done, total=total))
        rows.update(found=found.as_json())
    except Exception:
        logger.exception("The simulation %s failed.", pk)
        problem = gettext("Something went wrong while the comments were looked at. The log of the site says what.")
    rows.update(finished_at=timezone.now(), problem=problem)


@contextmanager
def _without_collecting() -> Iterator[None]:
    """Python would look again and again for circles among the many rows that are held, a third of all its time."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def simulate(settings: CommentSettings, size: int, show: Callable[[int, int], object] = lambda done, total: 0) -> Found:
    """What these settings, which need not be saved, would have made of the newest `size` comments that came through
    the form, beside what the saved ones would. Nothing changes. `show` is told how many are done, and of how many."""
    found, ids = Found(unknown_rules=_unknown_rules()), part.newest(size)
    show(0, len(ids))
    for number, (one, said) in enumerate(verdicts(ids, [CommentSettings.load(), settings]), start=1):
        found.since = found.since or one.arrival.at.isoformat()
        if said:
            _add(found, one, *said)
        else:
            found.wordless += 1
        if number % SHOWN_EVERY == 0:
            show(number, len(ids))
    show(len(ids), len(ids))
    if found.since:
        came = arrivals().filter(at__gte=datetime.fromisoformat(found.since)).count()
        found.gone = max(0, came - found.looked_at - found.wordless)
    return found


def verdicts(ids: list[int], tried: Sequence[CommentSettings]) -> Iterator[tuple[Came, list[policy.Verdict]]]:
    """What the policy with each of these settings says of each comment at its moment; nothing of one whose words are
    forgotten."""
    for start in range(0, len(ids), AT_ONCE):
        some = part.read(ids[start : start + AT_ONCE], tried)
        for one in some.came:
            some.past.move_to(one.arrival.moment)
            yield one, _verdicts(one, some) if one.comment.body else []


def _verdicts(one: Came, some: Part) -> list[policy.Verdict]:
    comment = one.comment
    facts = policy.Facts(one.user, network_digest=comment.address_digest, now=comment.created_at)
    return [policy.judge(comment, facts, of_posts[comment.post_id], some.past) for of_posts in some.conditions]


def _add(found: Found, one: Came, by_saved: policy.Verdict, verdict: policy.Verdict) -> None:
    comment, then, saved, now = one.comment, one.arrival.to_status, str(by_saved.status), str(verdict.status)
    found.looked_at += 1
    found.unscored += not one.is_scored
    found.no_network += not comment.address_digest
    found.then[then] += 1
    found.saved[saved] += 1
    found.now[now] += 1
    if group := GROUPS.get(one.decided):
        people = found.people.setdefault(group, {"of": 0, "then": Counter(), "now": Counter()})
        people["of"] += 1
        people["then"][then] += 1
        people["now"][now] += 1
    # Not where the tried ones differ from what it was: since then settings were saved, and posts closed.
    if saved != now:
        found.changes.append([comment.pk, then, saved, by_saved.reasons, now, verdict.reasons])


def _unknown_rules() -> int:
    rules = BlockRule.objects.in_force()
    wide = [networks.read(folded) for folded in rules.filter(match="network").values_list("folded", flat=True)]
    wide = [network for network in wide if network.prefixlen < networks.kept_prefix(network.version)]
    return rules.filter(field=BlockRule.Field.BROWSER).count() + len(wide)
