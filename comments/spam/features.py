"""What a comment is made of, in any language: the features that the filter counts.

A feature has a kind and a value, such as ("word", "subscribe"). Counted are buckets: numbers that hold, from the lowest
bit on, where the feature is counted (20 bits of its hash), its group (4 bits) and the part of the text that it stands
in (5 bits; 0 is the comment as a whole). A long text is read in parts, so that good words in front hide nothing.
"""

import math
import unicodedata
import zlib
from array import array
from functools import lru_cache
from itertools import chain
from typing import NamedTuple
from zlib import crc32

from comments.spam import tricks
from comments.spam.links import Link, take_hrefs, take_links

VERSION = 2  # counts up whenever the same comment gives other features
READABLE = (1, 2)  # versions whose counts are of use still: they only lack features that came since
SIZE = 2**20
INDEX = SIZE - 1
GROUP_BITS = 4
WORDS, PAIRS, NEAR, PIECES, LINKS, SHAPE, WHO, NAME, TRICKS = range(9)
GROUPS = {"word": WORDS, "pair": PAIRS, "near": NEAR, "piece": PIECES, "name": NAME, "trick": TRICKS}
GROUPS |= dict.fromkeys(("link", "link part", "ending"), LINKS)
GROUPS |= dict.fromkeys(("mail", "site", "site part", "seconds", "depth", "context"), WHO)  # others: SHAPE
NGRAMS = (3, 4, 5)
LINK = "\ue000"  # stands for a link among the words; nobody types it
# A text of ordinary length is one part. Of a longer one all is read, of one beyond any limit evenly spread slices.
PART, PARTS = 1_250, 16
MOST = 400  # features of one kind in one part
MOST_PACKED = 8_000_000  # bytes; no text gives as many, and a forged one might unpack to gigabytes


class Told(NamedTuple):
    """What is known of a comment. `context` are ready-made values, such as "like:spam" or "network:spam"."""

    text: str
    name: str = ""
    email: str = ""
    url: str = ""
    seconds: float | None = None  # from the form's making to its sending
    depth: int = 0  # in its thread; 0 answers the post
    context: tuple[str, ...] = ()


Feature = tuple[str, str]
Part = dict[Feature, int]  # with their buckets


def features(told: Told) -> list[Feature]:
    """Each feature once, but for the pieces of its words (see pieces()). Never fails, whatever the text holds."""
    return list(dict.fromkeys(chain.from_iterable(parts(told))))


def parts(told: Told) -> list[Part]:
    """The features of the comment as a whole, with those of a text of ordinary length; of a longer one, its parts."""
    whole = _of_writer(told)
    said = []
    for text in _slices(told.text):
        features, shape = _of_text(text)
        said.append(features)
        whole += shape
    whole = list(dict.fromkeys(whole))[:MOST]
    if len(said) == 1:
        return [_part(0, whole + said[0])]
    return [_part(number, features) for number, features in enumerate([whole, *said])]


def _part(number: int, found: list[Feature]) -> Part:
    at = number << 20 + GROUP_BITS
    part = {}
    for feature in found:
        kind, value = feature
        group, start = _kind(kind)
        part[feature] = at | group | crc32(value.encode("utf-8", "replace"), start) & INDEX
    return part


def buckets(told: Told) -> array:
    """The features as they are counted (see the module)."""
    return buckets_of(parts(told))


def buckets_of(found: list[Part]) -> array:
    """The buckets of what parts() gave."""
    made: set[int] = set()
    for number, part in enumerate(found):
        made.update(part.values())
        spelled = chain.from_iterable([piece_buckets(value) for kind, value in part if kind == "word"])
        at = number << 20 + GROUP_BITS
        made.update(spelled if not at else [one | at for one in spelled])
    return array("I", sorted(made))


def bucket(kind: str, value: str) -> int:
    """The bucket of one feature, in the comment as a whole."""
    group, start = _kind(kind)
    return group | crc32(value.encode("utf-8", "replace"), start) & INDEX


@lru_cache(maxsize=64)
def _kind(kind: str) -> tuple[int, int]:
    return GROUPS.get(kind, SHAPE) << 20, crc32(f"{kind}:".encode())


def pieces(word: str) -> list[str]:
    """The runs of a few characters within a word, of which words nobody has seen yet are made."""
    if word == LINK:
        return []
    text = f" {tricks.plain(word)} "
    return list(dict.fromkeys(text[at : at + n] for n in NGRAMS for at in range(len(text) - n + 1)))


@lru_cache(maxsize=2**14)
def piece_buckets(word: str) -> tuple[int, ...]:
    return tuple(bucket("piece", piece) for piece in pieces(word))


def pack(found: array) -> bytes:
    """Buckets in few bytes: the differences between them, compressed (no smaller at a higher level)."""
    ordered = sorted(found)
    steps = array("I", [b - a for a, b in zip([0, *ordered], ordered, strict=False)])
    return zlib.compress(steps.tobytes(), 1)


def unpack(packed: bytes) -> array:
    """What pack() was given. Raises ValueError if it is none of its making."""
    try:
        stream = zlib.decompressobj()
        steps = array("I", stream.decompress(packed, MOST_PACKED))
    except (zlib.error, ValueError) as error:
        raise ValueError(f"These are no packed features: {error}") from None
    if not stream.eof:
        raise ValueError("These are no packed features: they end too soon, or never.")
    found, at = array("I"), 0
    for step in steps:
        at += step
        found.append(at & 0xFFFFFFFF)
    return found


def _slices(text: str) -> list[str]:
    """The parts of a text, cut between words where that can be."""
    if len(text) <= PART * 1.5:
        return [text]
    if len(text) > PART * PARTS:
        gap = (len(text) - PART) / (PARTS - 1)
        return [text[round(gap * number) :][:PART] for number in range(PARTS)]
    count = math.ceil(len(text) / PART)
    found, start = [], 0
    for number in range(1, count + 1):
        end = len(text) * number // count
        space = text.find(" ", end, end + tricks.LONGEST) if number < count else -1
        end = max(start, end if space < 0 else space)
        found.append(text[start:end])
        start = end
    return found


def _of_text(text: str) -> tuple[list[Feature], list[Feature]]:
    """What a part of the text says, and what it looks like."""
    raw = text
    text, links = take_hrefs(text, LINK)
    text, found_tricks = tricks.unmarked(text)
    text, bare = take_links(text, LINK)
    links += bare
    whole, short = tricks.joined(text)
    tokens, more, other_tricks = tricks.tokens(whole)
    said = _of_words(tokens, more + short)
    for link in links[:MOST]:
        said += _of_link(link, "link")
    shape = [("trick", trick) for trick in sorted(found_tricks | other_tricks)]
    if whole != text:
        shape.append(("trick", "spaced"))
    return list(dict.fromkeys(said)), shape + _shape(raw, whole, tokens, links)


def _of_words(tokens: list[tuple[str, ...]], more: list[str]) -> list[Feature]:
    spelled = [form for forms in tokens for form in forms] + more
    said = [("word", form) for word in dict.fromkeys(spelled) for form in _forms(word)]
    pairs = [
        ("pair", f"{one} {two}")
        for first, second in zip(tokens, tokens[1:], strict=False)
        for one in first
        for two in second
    ]
    # Two words with one or two others between them, as in W. Yerazunis's sparse binary polynomials (2003).
    near = [
        ("near", f"{gap} {one} {two}")
        for gap in (2, 3)
        for first, second in zip(tokens, tokens[gap:], strict=False)
        for one in first[:2]
        for two in second[:2]
    ]
    return [*dict.fromkeys(said)][:MOST] + [*dict.fromkeys(pairs)][:MOST] + [*dict.fromkeys(near)][: 2 * MOST]


@lru_cache(maxsize=2**12)
def _forms(word: str) -> list[str]:
    """The word; where words stand without spaces between them, each two characters instead."""
    if len(word) < 3 or not tricks.is_unspaced(word):
        return [word]
    return [word[at : at + 2] for at in range(len(word) - 1)]


def _of_link(link: Link, kind: str) -> list[Feature]:
    found = [(kind, link.host), ("ending", link.host.rpartition(".")[2])]
    return found + [(f"{kind} part", part) for part in link.parts]


def _shape(raw: str, text: str, tokens: list, links: list) -> list[Feature]:
    letters = sum(map(str.isalpha, text))
    capitals = sum(map(str.isupper, text))
    digits = sum(map(str.isdigit, text))
    found = [
        ("length", str(int(math.log2(len(raw) + 1)))),
        ("words", str(int(1.5 * math.log2(len(tokens) + 1)))),
        ("links", str(min(len(links), 3))),
        ("capitals", str(5 * capitals // max(1, letters))),
        ("exclamations", str(min(3, text.count("!")))),
        ("questions", str(min(2, text.count("?")))),
        ("digits", str(min(4, int(math.log2(digits + 1))))),
        ("end", unicodedata.category(text.rstrip()[-1:] or " ")),
        ("repetition", str(_repetition(tokens))),
    ]
    found += [("script", name) for name in sorted(_scripts(tokens))]
    found += [("sign", char) for char in sorted(set(text) - {LINK}) if not (char.isalnum() or char.isspace())]
    return found


def _repetition(tokens: list[tuple[str, ...]]) -> int:
    """How much of a text was said in it before, in fifths; of a few words it says nothing."""
    if len(tokens) < 8:
        return 0
    return 5 * (len(tokens) - len({forms[0] for forms in tokens})) // len(tokens)


def _scripts(tokens: list[tuple[str, ...]]) -> set[str]:
    """The scripts of the words that are meant, as Unicode names their letters: latin, arabic, cjk, …"""
    letters = set().union(*(forms[0] for forms in tokens))
    return {_script(char) for char in letters if char.isalpha()} - {""}


@lru_cache(maxsize=2**12)
def _script(char: str) -> str:
    return unicodedata.name(char, "").partition(" ")[0].lower()


def _of_writer(told: Told) -> list[Feature]:
    found = [("name", word) for word in tricks.words(tricks.fold(told.name[:200]))][:8]
    domain = tricks.fold(told.email[-254:]).rpartition("@")[2].strip()
    if domain:
        found.append(("mail", domain))
    for link in take_links(told.url[:400], "")[1][:1]:
        found += _of_link(link, "site")
    if told.seconds is not None:
        found.append(("seconds", str(int(math.log2(min(max(told.seconds, 0), 10**6) + 1)))))
    if told.depth:
        found.append(("depth", str(min(told.depth, 3))))
    return found + [("context", value) for value in told.context[:20]]
