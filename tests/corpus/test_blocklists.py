"""Real lists of words and hosts as block rules: what they find, and what they find by mistake."""

import csv
import random
from collections import defaultdict
from pathlib import Path

import pytest
from django.utils import timezone

from comments.blocking.match import compiled
from comments.blocking.table import Rule, Table
from comments.blocking.texts import Texts
from comments.folding.pattern import Pattern, of_key, read

PLANTED = 200
GOOD = 2_000


def _lines(path: Path) -> list[str]:
    lines = path.read_text(encoding="utf-8").splitlines()
    return [line.strip() for line in lines if line.strip() and not line.startswith("# ")]


def _table(patterns: list[Pattern]) -> tuple[Table, list[Rule]]:
    once = {(made.match, made.folded): made for made in patterns}
    rules = [
        Rule(pk, made.match, made.pattern, made.folded, "any", "hold", None) for pk, made in enumerate(once.values())
    ]
    return compiled(rules), rules


@pytest.fixture(scope="module")
def words(corpus):
    return _table([of_key(line) for line in _lines(corpus / "blocklists" / "splorp" / "blacklist.txt")])


@pytest.fixture(scope="module")
def good(corpus) -> list[str]:
    """What people wrote who meant no harm."""
    found = []
    for path in sorted((corpus / "spam" / "youtube").glob("*.csv")):
        with path.open(encoding="utf-8-sig", newline="") as file:
            found += [row["CONTENT"] for row in csv.DictReader(file) if row["CLASS"] == "0"]
    texts = (corpus / "spam" / "sms" / "SMSSpamCollection").read_text(encoding="utf-8").splitlines()
    found += [text.partition("\t")[2] for text in texts if text.startswith("ham\t")]
    return found[:GOOD]


def test_every_line_becomes_a_rule(words):
    table, rules = words
    kinds = defaultdict(int)
    for rule in rules:
        kinds[rule.match] += 1
    print(dict(kinds))
    assert len(rules) > 65_000
    assert min(kinds[kind] for kind in ("word", "phrase", "fragment", "domain")) > 1_000


@pytest.mark.parametrize("kind", ["word", "phrase", "fragment", "domain"])
def test_planted_lines_are_all_found(words, kind):
    table, rules = words
    now = timezone.now()
    chosen = random.Random(kind).sample([rule for rule in rules if rule.match == kind], PLANTED)

    missed = []
    for number, rule in enumerate(chosen):
        shown = rule.pattern.upper() if number % 2 and kind != "fragment" else rule.pattern
        body = f"I read this with <b>pleasure</b> & joy: {shown} – and so did others."
        if rule.pk not in {hit.rule_id for hit in table.hits(Texts(body=body), now)}:
            missed.append(rule.pattern)
    assert missed == []


def test_good_comments(words, good, capsys):
    """Words and domains hit few of them; what everyday phrases and characters hit is the list's own choice."""
    table, rules = words
    now = timezone.now()
    kinds = defaultdict(int)
    for text in good:
        for kind in {hit.match for hit in table.hits(Texts(body=text), now)}:
            kinds[kind] += 1

    with capsys.disabled():
        print(f"\nof {len(good)} good comments the list hits, by kind: {dict(sorted(kinds.items()))}")
    assert len(good) == GOOD
    assert kinds["word"] <= GOOD * 0.15
    assert kinds["domain"] <= GOOD * 0.01


@pytest.mark.parametrize("name", ["disposable/disposable_email_blocklist.conf", "matomo/spammers.txt"])
def test_hosts_are_domains(corpus, name):
    hosts = _lines(corpus / "blocklists" / name)
    table, rules = _table([read("domain", host) for host in hosts])
    now = timezone.now()

    for rule in random.Random(name).sample(rules, PLANTED):
        for texts in (
            Texts(body=f"see https://www.{rule.pattern}/offer"),
            Texts(email=f"someone@{rule.pattern}"),
            Texts(url=f"http://shop.{rule.pattern.upper()}"),
        ):
            assert rule.pk in {hit.rule_id for hit in table.hits(texts, now)}
        assert rule.pk not in {hit.rule_id for hit in table.hits(Texts(body=f"not{rule.pattern}"), now)}
