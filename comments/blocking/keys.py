"""Block rules as text: one a line, in our own form or as WordPress's keys.

    spam domain: example.com
    hold word: casino until 2027-01-01  # came with the May wave
    reject phrase in name: cheap flights
    # a remark

Any other line is one of WordPress's keys: comments/folding/pattern.py says what kind of rule it becomes.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import MAXYEAR, MINYEAR, datetime, time

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.translation import gettext as _

from comments.folding.networks import read as read_network
from comments.folding.pattern import of_key, read
from comments.models import BlockRule

MAX_BYTES = 2_000_000
AT_ONCE = 5_000

OWN = re.compile(
    rf"(?P<action>{'|'.join(BlockRule.Action.values)}) (?P<match>{'|'.join(BlockRule.Match.values)})"
    rf"(?: in (?P<field>{'|'.join(BlockRule.Field.values)}))? ?: ?(?P<pattern>.*)",
    re.IGNORECASE,
)
UNTIL = re.compile(r" until ([0-9]{4}-[0-9]{2}-[0-9]{2}(?:[ T][0-9:]{5,8})?)$")
REMARK = re.compile(r"#(?:\s|$)")  # "#1" is a key
NOTE = "  # "  # a pattern has no two spaces


@dataclass
class Fault:
    line: int
    text: str
    why: str


@dataclass
class Draft:
    """What an import would do."""

    rules: list[BlockRule] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    twice: int = 0  # lines that say what an earlier line of the text says
    known: int = 0  # lines that there is a rule for already

    def unread(self) -> str:
        return "\n".join(fault.text for fault in self.faults)

    def kinds(self) -> list[tuple[str, int, list[str]]]:
        """For each kind there is: its name, how many, and some patterns from all over them."""
        counts = Counter(rule.match for rule in self.rules)
        found = []
        for match in BlockRule.Match:
            if counts[match]:
                patterns = [rule.pattern for rule in self.rules if rule.match == match]
                found.append((match.label, len(patterns), patterns[:: max(1, len(patterns) // 6)][:6]))
        return found


def draft(text: str, action: str) -> Draft:
    """What the lines of `text` become, WordPress's keys with this action; nothing is stored."""
    made = Draft()
    known = set(BlockRule.objects.values_list("match", "folded", "field").iterator(chunk_size=5000))
    told: set[tuple[str, str, str]] = set()
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip() or REMARK.match(line):
            continue
        try:
            rule = _rule(line.strip("\ufeff"), action)
        except ValidationError as error:
            made.faults.append(Fault(number, line, " ".join(error.messages)))
            continue
        key = (rule.match, rule.folded, rule.field)
        if key in told:
            made.twice += 1
        elif key in known:
            made.known += 1
        else:
            made.rules.append(rule)
        told.add(key)
    return made


def store(made: Draft) -> int:
    """Stores a draft's rules. Those that somebody else stored meanwhile are left alone. How many there are more."""
    with transaction.atomic():
        before = BlockRule.objects.count()
        for start in range(0, len(made.rules), AT_ONCE):
            BlockRule.objects.bulk_create(made.rules[start : start + AT_ONCE], ignore_conflicts=True)
        return BlockRule.objects.count() - before


def _rule(line: str, action: str) -> BlockRule:
    own = OWN.fullmatch(line.strip())
    if own is None:
        made = of_key(line)
        return BlockRule(match=made.match, pattern=made.pattern, folded=made.folded, action=action)
    rest, _mark, note = own["pattern"].partition(NOTE)
    until = UNTIL.search(rest)
    if until:
        rest = rest[: until.start()]
    made = read(own["match"].lower(), _unquoted(rest.strip()))
    where = (own["field"] or BlockRule.Field.ANY).lower()
    if made.match == BlockRule.Match.NETWORK and where != BlockRule.Field.ANY:
        raise ValidationError(_("A network is of the whole comment: it has no “in”."))
    return BlockRule(
        match=made.match,
        pattern=made.pattern,
        folded=made.folded,
        field=where,
        action=own["action"].lower(),
        note=note.strip()[:200],
        expires_at=_moment(until[1]) if until else None,
    )


def _unquoted(pattern: str) -> str:
    return pattern[1:-1] if len(pattern) > 2 and pattern[0] == pattern[-1] == '"' else pattern


def _moment(text: str) -> datetime:
    try:
        day = parse_date(text)
        moment = datetime.combine(day, time()) if day else parse_datetime(text)
    except ValueError:
        moment = None
    # The first and the last year have moments that are in another year elsewhere, where there is none.
    if moment is None or moment.year in (MINYEAR, MAXYEAR):
        raise ValidationError(_("There is no such day or time: %(text)s") % {"text": text})
    return timezone.make_aware(moment)


def lines(rules: Iterable[BlockRule]) -> Iterator[str]:
    """The rules in our own form: read again, they are the same."""
    for rule in rules:
        where = f" in {rule.field}" if rule.field != BlockRule.Field.ANY else ""
        pattern = rule.pattern
        if UNTIL.search(pattern) or (pattern[0] == pattern[-1] == '"'):
            pattern = f'"{pattern}"'
        until = ""
        if rule.expires_at:
            local = timezone.make_naive(rule.expires_at).replace(microsecond=0)
            until = f" until {local.date() if local.time() == time() else local.isoformat(' ')}"
        note = f"{NOTE}{' '.join(rule.note.split())}" if rule.note else ""
        yield f"{rule.action} {rule.match}{where}: {pattern}{until}{note}"


def wordpress_keys(rules: Iterable[BlockRule]) -> Iterator[str]:
    """The rules as keys that WordPress looks for anywhere; networks that it has no form for are left out."""
    for rule in rules:
        if rule.match != BlockRule.Match.NETWORK:
            yield rule.pattern
            continue
        network = read_network(rule.pattern)
        if network.version == 4 and network.prefixlen in (8, 16, 24):
            yield ".".join(str(network.network_address).split(".")[: network.prefixlen // 8]) + "."
