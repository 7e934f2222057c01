"""Reads a Blogger export as plain records: the older Atom backup, Google Takeout's feed.atom, the API's feeds."""

import hashlib
import html
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import BinaryIO
from urllib.parse import unquote, urlsplit
from xml.etree.ElementTree import Element, tostring

from blog.importers import xmlstream
from blog.importers.records import CommentRecord, ImportFault, Left, PostRecord, Writer

ATOM = "{http://www.w3.org/2005/Atom}"
BLOGGER = "{http://schemas.google.com/blogger/2018}"
THREAD = "{http://purl.org/syndication/thread/1.0}"
CONTROL = "{http://purl.org/atom/app#}", "{http://www.w3.org/2007/app}"
GDATA = "{http://schemas.google.com/g/2005}"
KIND = "http://schemas.google.com/g/2005#kind"
LABELS = "http://www.blogger.com/atom/ns#"

HINT = "Blogger gives feed.atom (Google Takeout) or, as a backup, blog-<date>.xml."
ROOTS = {
    f"{ATOM}feed": "",
    f"{ATOM}entry": f"it is a single entry, not a blog's feed. {HINT}",
    "rss": f"it is an RSS file, not Blogger's export. {HINT}",
    "": f"it is not Blogger's export. {HINT}",
}
ITEM_ID = re.compile(r"tag:blogger\.com,\d+:blog-([^.]+)\.(?:post|page|comment)-([^.\s]+)")
BLOG_ID = re.compile(r"tag:blogger\.com,\d+:blog-([^.\s]+)")
ANSWERED = re.compile(r"/feeds/[^/]+/[^/]+/comments/default/([^/?#]+)")
REMOVED = re.compile(r"\s*this (comment|post) has been removed by (the author|a blog administrator)\.?\s*", re.I)
CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
POST_STATUS = {"": "published", "LIVE": "published", "SCHEDULED": "published", "DRAFT": "draft"}
COMMENT_STATUS = {"": "approved", "LIVE": "approved", "PENDING": "pending", "REJECTED": "rejected"}
GONE = ("DELETED", "REMOVED", "EMPTIED")
NO_DATE = datetime(1970, 1, 1, tzinfo=UTC)

Item = PostRecord | CommentRecord | Left


def read(file: BinaryIO) -> Iterator[Item]:
    """The posts, pages and comments of an export in the order of the file; settings and templates are not content.

    Raises ImportFault where the file is not such an export, or is broken; what came before is yielded first.
    """
    feed = _Feed()
    for line, element in xmlstream.children(_Peeked(file), ROOTS):
        if element.tag != f"{ATOM}entry":
            feed.learn(element)
        elif item := feed.item(element, line):
            yield item
    feed.must_be_bloggers()


class _Feed:
    """What the head of the feed says, needed to understand its entries."""

    def __init__(self) -> None:
        self.blog, self.is_bloggers, self.writer = "", False, Writer()

    def learn(self, element: Element) -> None:
        text = element.text or ""
        if element.tag == f"{ATOM}id" and (match := BLOG_ID.match(text.strip())):
            self.blog, self.is_bloggers = match[1], True
        elif element.tag == f"{ATOM}generator" and "blogger" in text.lower():
            self.is_bloggers = True
        elif element.tag == f"{ATOM}author":
            self.writer = _writer(element)

    def must_be_bloggers(self) -> None:
        if not self.is_bloggers:
            raise ImportFault(f"it is an Atom feed, but not Blogger's. {HINT}")

    def item(self, entry: Element, line: int) -> Item | None:
        kind = _kind(entry)
        self.is_bloggers = self.is_bloggers or bool(kind) or bool(ITEM_ID.match(_text(entry, "id")))
        self.must_be_bloggers()
        kind = kind or ("comment" if entry.find(f"{THREAD}in-reply-to") is not None else "post")
        if kind == "comment":
            return self.comment(entry, line)
        if kind in ("post", "page"):
            return self.post(entry, line, kind)
        if kind in ("settings", "template"):
            return None
        return Left("post", line, _title(entry), f"an item of the unknown type “{kind[:40]}”")

    def post(self, entry: Element, line: int, kind: str) -> PostRecord | Left:
        status, title, path = _status(entry), _title(entry), _path(entry)
        if _blogger(entry, "trashed") or "TRASH" in status or status in GONE:
            return Left(kind, line, title, "it is in Blogger's bin")
        dates, notes = _dates(entry)
        published = dates["published"] or dates["created"] or dates["updated"]
        if status not in POST_STATUS:
            notes.append(f"its status “{status[:40]}” is not known: taken as a draft")
        is_draft = POST_STATUS.get(status) != "published" or _is_draft(entry)
        if not (published or is_draft):
            notes.append("it has no date: taken as a draft")
        source, source_id = self.ids(entry, kind)
        writer = _writer(entry.find(f"{ATOM}author"))
        return PostRecord(
            source=source,
            source_id=source_id,
            line=line,
            kind=kind,
            title=title,
            body=_content(entry),
            status="draft" if is_draft or not published else "published",
            published=published,
            created=dates["created"] or published,
            updated=dates["updated"] or published or NO_DATE,
            path=path,
            labels=_labels(entry),
            writer=writer if writer.name or writer.key else self.writer,
            description=_clean(_blogger(entry, "metaDescription")),
            atom_id=_text(entry, "id"),
            notes=tuple(notes),
        )

    def comment(self, entry: Element, line: int) -> CommentRecord:
        dates, notes = _dates(entry)
        created = dates["published"] or dates["created"] or dates["updated"]
        status, body = _status(entry), _content(entry)
        source, source_id = self.ids(entry, "comment")
        answered = entry.find(f"{THREAD}in-reply-to")
        post_id = _blogger(entry, "parent") or (answered.get("ref", "") if answered is not None else "")
        known = "spam" if "SPAM" in status else COMMENT_STATUS.get(status)
        if _is_removed(entry, status, body):
            known = "removed"
        elif known is None:
            notes.append(f"its status “{status[:40]}” is not known: waits for a moderator")
        return CommentRecord(
            source=source,
            source_id=source_id,
            line=line,
            post_id=_short_id(post_id),
            parent_id=_answered(entry),
            body=body,
            status=known or "pending",
            created=created,
            updated=dates["updated"] or created or NO_DATE,
            writer=replace(_writer(entry.find(f"{ATOM}author")), email=""),
            notes=tuple(notes),
        )

    def ids(self, entry: Element, kind: str) -> tuple[str, str]:
        """The blog, and the item in it: by its id, else by its address, else by what it says."""
        given, path = _text(entry, "id"), _path(entry)
        match = BLOG_ID.match(given)
        places = [*entry.iterfind(f"{ATOM}link"), *entry.iterfind(f"{THREAD}in-reply-to")]
        hosts = (_host(place.get("href", "")) for place in places)
        blog = (match and match[1]) or self.blog or next(filter(None, hosts), "unknown")
        if given:
            return f"blogger:{blog}"[:200], _short_id(given)
        if path and kind != "comment":
            return f"blogger:{blog}"[:200], _bounded(f"path:{path}")
        said = [_text(entry, name) for name in ("title", "published", "content")]
        return f"blogger:{blog}"[:200], "digest:" + hashlib.sha256("\0".join(said).encode()).hexdigest()


class _Peeked:
    """A file whose beginning is looked at once, so that what is no XML at all is called by its name."""

    def __init__(self, file: BinaryIO) -> None:
        self.file, self.is_first = file, True

    def read(self, size: int) -> bytes:
        data = self.file.read(size)
        if self.is_first:
            self.is_first = False
            start = data.removeprefix(b"\xef\xbb\xbf").lstrip()[:2]
            if not start:
                raise ImportFault(f"it is empty. {HINT}")
            if start[:1] in (b"{", b"["):
                raise ImportFault(f"it is JSON, which Blogger's API answers with, not an export. {HINT}")
            if start == b"\x1f\x8b":
                raise ImportFault("it is packed with gzip. Unpack it first and name the folder or the feed.atom in it.")
            if start[:1] != b"<" and start not in (b"\xff\xfe", b"\xfe\xff"):
                raise ImportFault(f"it is not XML. {HINT}")
        return data


def _kind(entry: Element) -> str:
    """post, page, comment, settings, template or what else the source says; empty if it says nothing."""
    if given := _blogger(entry, "type"):
        return given.lower()
    for category in entry.iterfind(f"{ATOM}category"):
        if category.get("scheme") == KIND:
            return category.get("term", "").rpartition("#")[2].lower()
    return ""


def _status(entry: Element) -> str:
    return _blogger(entry, "status").upper()


def _is_draft(entry: Element) -> bool:
    return any((entry.findtext(f"{space}control/{space}draft") or "").strip() == "yes" for space in CONTROL)


def _is_removed(entry: Element, status: str, body: str) -> bool:
    if _blogger(entry, "trashed") or "TRASH" in status or status in GONE:
        return True
    if any(item.get("name") == "blogger.contentRemoved" for item in entry.iterfind(f"{GDATA}extendedProperty")):
        return True
    return bool(REMOVED.fullmatch(body))


def _text(entry: Element, name: str) -> str:
    return CONTROLS.sub("", entry.findtext(f"{ATOM}{name}") or "").strip()


def _blogger(entry: Element, name: str) -> str:
    return CONTROLS.sub("", entry.findtext(f"{BLOGGER}{name}") or "").strip()


def _clean(text: str) -> str:
    """One line of plain text: what was escaped twice is text again."""
    return " ".join(CONTROLS.sub("", html.unescape(text)).split())


def _title(entry: Element) -> str:
    element = entry.find(f"{ATOM}title")
    if element is None:
        return ""
    text = "".join(element.itertext())
    if element.get("type") in ("html", "xhtml"):
        text = re.sub(r"<[^<>]{0,1000}>", " ", text)
    return _clean(text)


def _content(entry: Element) -> str:
    element = entry.find(f"{ATOM}content")
    if element is None:
        element = entry.find(f"{ATOM}summary")
    if element is None:
        return ""
    if len(element):  # type="xhtml": a div with the text in it
        for inner in element.iter():
            inner.tag = inner.tag.rpartition("}")[2]
        text = "".join(tostring(inner, encoding="unicode", method="html") for inner in element)
    elif element.get("type") == "text":
        text = html.escape(element.text or "", quote=False)
    else:
        text = element.text or ""
    return CONTROLS.sub("", text).replace("\r\n", "\n").replace("\r", "\n").strip()


def _labels(entry: Element) -> tuple[str, ...]:
    found = {}
    for category in entry.iterfind(f"{ATOM}category"):
        scheme, name = category.get("scheme") or LABELS, _clean(category.get("term") or "")
        if name and (scheme == LABELS or scheme.startswith("tag:blogger.com,")):
            found.setdefault(name.casefold(), name)
    return tuple(found.values())


def _dates(entry: Element) -> tuple[dict[str, datetime | None], list[str]]:
    given = {name: _text(entry, name) for name in ("published", "updated")} | {"created": _blogger(entry, "created")}
    dates = {name: _date(text) for name, text in given.items()}
    return dates, [
        f"“{text[:40]}” is no date that can be kept" for name, text in given.items() if text and not dates[name]
    ]


def _date(text: str) -> datetime | None:
    """None for what is no date, or is at the edge of the calendar, where time zones fall off."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    if not 1000 <= moment.year <= 9998:
        return None
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)


def _host(address: str) -> str:
    try:
        return urlsplit(address).hostname or ""
    except ValueError:
        return ""


def _path(entry: Element) -> str:
    """The item's address at Blogger, from the first slash; empty if it has none of its own."""
    addresses = [_blogger(entry, "filename")]
    for rel in ("alternate", "replies"):
        links = [link for link in entry.iterfind(f"{ATOM}link") if link.get("rel", "alternate") == rel]
        addresses += [link.get("href", "") for link in links if "html" in link.get("type", "html")]
    for address in addresses:
        try:
            path = unquote(urlsplit(address).path)
        except ValueError:
            continue
        path = CONTROLS.sub("", path)
        # "/2004_01_01_archive.html#123" was the address of many posts at once.
        if path.startswith("/") and len(path) > 1 and not path.endswith("_archive.html"):
            return path
    return ""


def _writer(element: Element | None) -> Writer:
    if element is None:
        return Writer()
    url, email = _text(element, "uri"), _text(element, "email")
    name = _clean(_text(element, "name"))
    if email.lower().endswith("@blogger.com"):  # noreply@blogger.com stands for everybody
        email = ""
    number = re.search(r"(?:/profile/|plus\.google\.com/)(\d+)", url)
    return Writer(name, number[1] if number else url, url, email)


def _answered(entry: Element) -> str:
    if given := _blogger(entry, "inReplyTo"):
        return _short_id(given)
    for link in entry.iterfind(f"{ATOM}link"):
        if link.get("rel") == "related" and (match := ANSWERED.search(link.get("href", ""))):
            return match[1]
    return ""


def _short_id(given: str) -> str:
    """Both kinds of export, and references to a post or to a page, agree only on the last part of an id."""
    match = ITEM_ID.fullmatch(given.strip())
    return _bounded(match[2] if match else given.strip())


def _bounded(key: str) -> str:
    return key if len(key) <= 200 else "digest:" + hashlib.sha256(key.encode()).hexdigest()
