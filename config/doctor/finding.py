from dataclasses import dataclass
from enum import StrEnum


class Level(StrEnum):
    OK = "ok"
    WARNING = "warning"
    PROBLEM = "problem"


@dataclass(frozen=True)
class Finding:
    """What was seen, in one line, and what to do about it where that is not nothing."""

    level: Level
    words: str
    todo: str = ""


def ok(words: str) -> Finding:
    return Finding(Level.OK, words)


def warning(words: str, todo: str) -> Finding:
    """The site works, and something should be seen to."""
    return Finding(Level.WARNING, words, todo)


def problem(words: str, todo: str) -> Finding:
    """Something that readers, writers or the owner need does not work, or is open to those who should not get in."""
    return Finding(Level.PROBLEM, words, todo)


def counted(number: int, what: str) -> str:
    """The doctor speaks English alone."""
    return f"{number} {what}" if number == 1 else f"{number} {what}s"
