"""What a reader yields and an app stores: plain records, the same for every kind of source."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class ImportFault(Exception):
    """The source cannot be read, or not further; its message is one clear line."""


class Outcome(StrEnum):
    """What became of a record."""

    NEW = "new"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    EDITED = "edited here"
    SKIPPED = "skipped"


@dataclass(frozen=True)
class Writer:
    """Who wrote it. `key` tells people of one name apart: the source's own number or address; empty if it has none."""

    name: str = ""
    key: str = ""
    url: str = ""
    email: str = ""


@dataclass(frozen=True)
class PostRecord:
    source: str
    source_id: str
    line: int
    kind: str  # of Post.Kind
    title: str
    body: str  # HTML, as it was there
    status: str  # of Post.Status: draft or published
    published: datetime | None
    created: datetime | None
    updated: datetime
    path: str = ""  # the old permalink, from the first slash
    labels: tuple[str, ...] = ()
    writer: Writer = field(default_factory=Writer)
    description: str = ""
    atom_id: str = ""
    notes: tuple[str, ...] = ()  # what about it could not be taken as it was


@dataclass(frozen=True)
class CommentRecord:
    source: str
    source_id: str
    line: int
    post_id: str  # the source's id of the post
    parent_id: str  # the source's id of the comment answered; empty for a thread's first
    body: str  # HTML, as it was there
    status: str  # approved, pending, rejected, spam or removed
    created: datetime | None
    updated: datetime
    writer: Writer = field(default_factory=Writer)
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Left:
    """Something in the source that is not taken, and why."""

    kind: str  # post, page or comment
    line: int
    title: str
    why: str


@dataclass(frozen=True)
class Stored:
    """What became of one record, and what to tell about it."""

    outcome: Outcome
    notes: tuple[str, ...] = ()
