"""What two lists have in common, in their order, in time that grows as they do and not as their product.

Python's own way tries each place where a line stands with each where it stands in the other list, and starts again for
each stretch it has found: texts of many short or like lines take minutes. Here what stands once in both holds the two
together (Bram Cohen's “patience”); what repeats is matched at the ends of the stretches between, or where few are left.
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator
from difflib import SequenceMatcher
from itertools import pairwise

FEW = 1_000  # pairs of places that are worth being tried with one another
DEEP = 20  # stretches within stretches

Block = tuple[int, int, int]  # where it begins in the one, where in the other, and how long it is


def blocks(one: list[str], other: list[str]) -> list[Block]:
    """The stretches that both have, none beside another; the last is empty and stands at both ends."""
    found: list[Block] = []
    for at, there, size in _found(one, other, 0, 0, DEEP):
        before = found[-1] if found else (0, 0, 0)
        if size and (before[0] + before[2], before[1] + before[2]) == (at, there):
            found[-1:] = [(*before[:2], before[2] + size)]
        elif size:
            found.append((at, there, size))
    return [*found, (len(one), len(other), 0)]


def _found(one: list[str], other: list[str], at: int, there: int, deep: int) -> Iterator[Block]:
    head = _alike(one, other)
    one, other = one[head:], other[head:]
    tail = _alike(one[::-1], other[::-1])
    one, other = one[: len(one) - tail], other[: len(other) - tail]
    yield at, there, head
    at, there = at + head, there + head
    if len(one) * len(other) <= FEW:
        matched = SequenceMatcher(a=one, b=other, autojunk=False).get_matching_blocks()
        yield from ((at + a, there + b, size) for a, b, size in matched)
    elif deep and (anchors := _anchors(one, other)):
        for (a, b), (c, d) in pairwise([(0, 0), *anchors, (len(one), len(other))]):
            yield from _found(one[a:c], other[b:d], at + a, there + b, deep - 1)
    yield at + len(one), there + len(other), tail


def _alike(one: list[str], other: list[str]) -> int:
    """How many they begin with in common."""
    count = 0
    for a, b in zip(one, other, strict=False):
        if a != b:
            break
        count += 1
    return count


def _anchors(one: list[str], other: list[str]) -> list[tuple[int, int]]:
    """Where stands in both what each has once: as many as keep their order."""
    once_there = _once(other)
    both = [(at, once_there[words]) for words, at in _once(one).items() if words in once_there]
    # The longest sequence that rises: of each length, the one that ends lowest, and what stood before each.
    ends: list[int] = []
    last: list[int] = []
    before: list[int | None] = []
    for number, (_at, there) in enumerate(both):
        length = bisect_left(ends, there)
        before.append(last[length - 1] if length else None)
        ends[length : length + 1], last[length : length + 1] = [there], [number]
    kept, last_of_all = [], last[-1] if last else None
    while last_of_all is not None:
        kept.append(both[last_of_all])
        last_of_all = before[last_of_all]
    return kept[::-1]


def _once(words: list[str]) -> dict[str, int]:
    """What stands there once, and where."""
    counted = Counter(words)
    return {word: at for at, word in enumerate(words) if counted[word] == 1}
