"""All block rules in the form in which one comment is held against them: look-ups, whatever the number of rules."""

import ipaddress
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from comments.blocking.texts import Part, Texts
from comments.folding import looks

ANY = "any"
GRAM = 4


class Rule(NamedTuple):
    """The columns of a BlockRule that matching needs."""

    pk: int
    match: str
    pattern: str
    folded: str
    field: str
    action: str
    expires_at: datetime | None


@dataclass(frozen=True)
class Hit:
    rule_id: int
    action: str
    match: str
    pattern: str


class Table:
    """Made once of the rules, and never changed: threads share it."""

    def __init__(self, rules: Iterable[Rule], digests: dict[str, str] | None = None) -> None:
        """`digests`: of the networks among the rules, by which stored comments are known."""
        self.rules: dict[str, dict[str, tuple[Rule, ...]]] = defaultdict(dict)  # by kind and folded pattern
        # Words and phrases of other alphabets by what they look like: кaзинo with Latin letters is found so.
        self.lookalikes: dict[str, list[str]] = defaultdict(list)
        self.phrase_lengths: dict[str, set[int]] = defaultdict(set)
        self.prefix_lengths: set[int] = set()
        self.network_lengths: dict[int, set[int]] = {4: set(), 6: set()}
        self.fragments: dict[int, dict[str, list[str]]] = {}
        self.by_digest = {digest: network for network, digest in (digests or {}).items()}
        fragments = set()
        for rule in rules:
            of_kind = self.rules[rule.match]
            of_kind[rule.folded] = (*of_kind.get(rule.folded, ()), rule)
            if rule.match == "fragment":
                fragments.add(rule.folded)
            elif rule.match == "phrase":
                parts = rule.folded.split(" ")
                self.phrase_lengths[parts[0]].add(len(parts))
            elif rule.match == "prefix":
                self.prefix_lengths.add(len(rule.folded))
            elif rule.match == "network":
                network = ipaddress.ip_network(rule.folded)
                self.network_lengths[network.version].add(network.prefixlen)
            if rule.match in ("word", "phrase", "prefix") and not rule.folded.isascii():
                for word in rule.folded.split(" "):
                    self._add_looks(word)
        self._add_fragments(fragments)

    def _add_looks(self, word: str) -> None:
        if not word.isascii():
            for look in {looks(form) for form in (word, word.upper(), word.title())}:
                self.lookalikes[look].append(word)

    def _add_fragments(self, fragments: set[str]) -> None:
        """Each under the rarest of its runs of four signs (shorter ones under themselves): few stand together."""
        counts = Counter(run for fragment in fragments for run in _runs(fragment, GRAM))
        for fragment in fragments:
            size = min(len(fragment), GRAM)
            rarest = min(_runs(fragment, size), key=lambda run: (counts[run], run))
            self.fragments.setdefault(size, {}).setdefault(rarest, []).append(fragment)

    def hits(self, texts: Texts, now: datetime) -> list[Hit]:
        """The rules in force that match, each once, oldest first."""
        if not self.rules:
            return []
        found: dict[int, Rule] = {}
        for part in texts.parts():
            for kind, patterns in self._candidates(part):
                for rule in self._of(kind, patterns):
                    if rule.field == part.field or (rule.field == ANY and _is_meant(rule, part)):
                        found[rule.pk] = rule
        found |= {rule.pk: rule for rule in self._of("network", set(self._networks(texts)))}
        return [
            Hit(rule.pk, rule.action, rule.match, rule.pattern)
            for pk, rule in sorted(found.items())
            if rule.expires_at is None or rule.expires_at > now
        ]

    def _of(self, kind: str, patterns: set[str]) -> Iterator[Rule]:
        of_kind = self.rules.get(kind, {})
        for pattern in of_kind.keys() & patterns:
            yield from of_kind[pattern]

    def _candidates(self, part: Part) -> Iterator[tuple[str, set[str]]]:
        """By kind, the folded patterns that the part has, whether there is a rule for them or not."""
        for readings in self._readings(part):
            words = set(readings)
            yield "word", words
            yield "phrase", self._phrases(readings)
            yield "prefix", {word[:length] for word in words for length in self.prefix_lengths}
        yield "domain", part.hosts()
        yield "email", part.emails()
        for string in part.strings:
            yield "fragment", set(self._fragments(string))

    def _readings(self, part: Part) -> Iterator[list[str]]:
        """The words as they stand, and as those of them are meant that pretend to be others."""
        yield part.words
        if not part.meant:
            return
        meant = {word: self._meant(looks) for word, looks in part.meant.items()}
        for turn in range(max(len(found) for found in meant.values())):
            yield [meant[word][min(turn, len(meant[word]) - 1)] if meant.get(word) else word for word in part.words]

    def _meant(self, looks: set[str]) -> list[str]:
        return [*sorted(looks), *(word for look in looks for word in self.lookalikes.get(look, ()))]

    def _phrases(self, readings: list[str]) -> set[str]:
        lengths = self.phrase_lengths
        starts = ((at, length) for at, word in enumerate(readings) if word in lengths for length in lengths[word])
        return {" ".join(readings[at : at + length]) for at, length in starts}

    def _fragments(self, string: str) -> Iterator[str]:
        for size, table in self.fragments.items():
            for run in table.keys() & _runs(string, size):
                for fragment in table[run]:
                    if fragment in string:
                        yield fragment

    def _networks(self, texts: Texts) -> Iterator[str]:
        """The networks of the writer, as far as they are known."""
        if texts.network_digest in self.by_digest:
            yield self.by_digest[texts.network_digest]
        if not texts.address:
            return
        try:
            address = ipaddress.ip_address(texts.address)
        except ValueError:
            return
        address = getattr(address, "ipv4_mapped", None) or address
        for length in self.network_lengths[address.version]:
            yield str(ipaddress.ip_network((address, length), strict=False))


def _runs(text: str, size: int) -> set[str]:
    return {text[at : at + size] for at in range(len(text) - size + 1)}


def _is_meant(rule: Rule, part: Part) -> bool:
    """“Anywhere” is where people write. What a browser says of itself (“Windows”, “Mobile”) is no word of theirs."""
    return part.field != "browser" or rule.match not in ("word", "phrase", "prefix")
