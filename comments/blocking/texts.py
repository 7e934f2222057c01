"""What of a comment the block rules look at, taken apart once for all of them."""

import re
from dataclasses import dataclass, field
from html import unescape
from urllib.parse import unquote

from blog import sanitize, soup
from comments.folding import disguised, fold, literal, seen, words
from comments.folding.hosts import emails, hosts

WORD = re.compile(r"\w+")


@dataclass(frozen=True)
class Texts:
    """`body` as typed; `address` is the raw one and lives as long as the request: empty for a stored comment."""

    body: str = ""
    name: str = ""
    email: str = ""
    url: str = ""
    browser: str = ""
    address: str = ""
    network_digest: str = ""

    def parts(self) -> list["Part"]:
        """The parts by BlockRule.Field; those that are empty are left out."""
        bare = _without_tags(self.body)
        parts = [_part("text", bare, *_as_typed(self.body, bare))]
        parts += [_part(name, getattr(self, name)) for name in ("name", "email", "url", "browser")]
        return [part for part in parts if part.strings != ("",)]


@dataclass(frozen=True)
class Part:
    field: str  # of BlockRule.Field
    words: list[str]  # folded
    meant: dict[str, set[str]] = field(default_factory=dict)  # by a folded word: what it pretends to be
    strings: tuple[str, ...] = ()  # folded: where fragments, domains and e-mail addresses are looked for

    def hosts(self) -> set[str]:
        return {host for string in self.strings for host in hosts(string)}

    def emails(self) -> set[str]:
        return {email for string in self.strings for email in emails(string)}


def _part(name: str, text: str, *others: str) -> Part:
    """`text` is read by people; the `others` are searched for fragments and domains alone."""
    strings = [text, *others]
    if text.isascii():
        return Part(name, words(text.lower()), strings=_folded(strings))
    text = seen(text)
    masks = disguised(words(text))
    if masks:
        strings.append(WORD.sub(lambda word: _ascii_first(masks.get(word[0], {word[0]})), text))
    meant: dict[str, set[str]] = {}
    for word, looks in masks.items():
        meant[fold(word)] = meant.get(fold(word), set()) | looks
    return Part(name, words(fold(text)), meant, _folded(strings))


def _folded(strings: list[str]) -> tuple[str, ...]:
    folded = {" ".join(fold(string).split()): None for string in strings}
    return tuple(folded | {literal(string): None for string in strings if not string.isascii()})


def _ascii_first(forms: set[str]) -> str:
    return min(forms, key=lambda form: (not form.isascii(), form))


def _as_typed(body: str, bare: str) -> list[str]:
    """The body with its markup: as it stands, and with what it says in references and in a link's percent signs."""
    return [form for form in (body, unquote(unescape(body))) if form != bare]


def _without_tags(body: str) -> str:
    """The words as readers see them, then those that links and titles hold. A tag inside a word does not part it."""
    if "<" not in body:
        return unescape(body)
    parts, behind = [], []
    for token in soup.tokens(soup.tidy_text(body)):
        if token.kind == "text":
            parts.append(soup.words_of(token))
        elif token.kind == "comment":
            continue
        elif token.name in sanitize.COMMENT.tags:
            if token.name in soup.BLOCKS or token.name in soup.VOID:
                parts.append("\n")
            behind += token.attributes.values()
        else:
            behind.append(token.raw)  # is shown as typed
    return "\n".join(["".join(parts), *behind])
