"""Domains and e-mail addresses, where somebody wrote one and where a text may hold one."""

import re
from collections.abc import Iterator

LABEL = "[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?"
DOMAIN = re.compile(rf"(?:{LABEL}\.)+(?:[a-z][a-z0-9-]*[a-z0-9])")
MAX_DOMAIN = 253
# In a text. Each starts where nothing of its kind stands before it, so that a long run is read once.
_ASCII_HOST = re.compile(r"(?<![a-z0-9_-])[a-z0-9_-]++(?:\.[a-z0-9_-]++)++")
_ANY_HOST = re.compile(r"(?<![\w-])[\w-]++(?:\.[\w-]++)++")
_EMAIL = re.compile(r"(?<![\w.+%'-])[\w.+%'-]++@[\w-]++(?:\.[\w-]++)++")


def ascii_domain(text: str) -> str:
    """A folded domain as it stands in the DNS; as it is where that cannot be."""
    text = text.replace("。", ".")
    if text.isascii():
        return text
    try:
        return text.encode("idna").decode().lower()
    except UnicodeError:
        return text


def domain_of(text: str) -> str:
    """The domain in what somebody gave as one (an address of a page, *.example.com), or "" if there is none.

    `text` is folded.
    """
    host = re.sub(r"^(?:[a-z][a-z0-9+.-]*:)?//", "", text.strip()).partition("/")[0].rpartition("@")[2]
    host = re.sub(r":[0-9]+$", "", host).removeprefix("*").strip(".").removeprefix("www.")
    host = ascii_domain(host)
    return host if len(host) <= MAX_DOMAIN and DOMAIN.fullmatch(host) else ""


def hosts(text: str) -> set[str]:
    """Whatever in a folded text may be a domain, and each domain above it."""
    found = set(_ASCII_HOST.findall(text))
    if not text.isascii():
        found |= {ascii_domain(host[-MAX_DOMAIN:]) for host in _ANY_HOST.findall(text.replace("。", "."))}
    return {above for host in found for above in _above(host)}


def _above(host: str) -> Iterator[str]:
    host = host[-MAX_DOMAIN:]
    while "." in host:
        yield host
        host = host.partition(".")[2]


def emails(text: str) -> set[str]:
    """Whatever in a folded text may be an e-mail address."""
    return {found.lstrip(".'-") for found in _EMAIL.findall(text)} if "@" in text else set()
