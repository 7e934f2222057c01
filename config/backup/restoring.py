"""Restores a backup into an empty site: all of it, or nothing."""

import os
import secrets
import shutil
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import BinaryIO

from django.conf import settings
from django.core.management import call_command
from django.db import DatabaseError, IntegrityError, OperationalError, connection, transaction

from blog import totals, versions
from blog.models import Post, User
from comments import counts
from comments.models import Comment
from config.backup import BackupFault, files, indexing
from config.backup.archive import SECRET_KEY, Member, members
from config.backup.manifest import Manifest, key_mark
from config.backup.tables import Table, tables
from config.database import first_line, waiting_migrations
from config.generate.tables import filled, quick

Show = Callable[[str, int, int], None]
CACHE = 200  # MB of SQLite's pages: a restore must go on the smallest of servers
NOT_EMPTY = (
    "This site is not empty ({}). A backup is restored into an empty one: name another DATA_DIR or DATABASE_URL,"
    " or move the database away, then run this again (without `prepare` before)."
)


@dataclass
class Restored:
    manifest: Manifest
    rows: int
    files: int
    posts: int
    comments: int
    users: int
    key: str  # what became of the secret key: same, put, beside, missing


def restore(file: BinaryIO, passphrase: str, show: Show) -> Restored:
    """Reads all of the file, then migrates the database if need be and fills it; on a failure it is empty as before.

    Raises BackupFault, OSError or DatabaseError.
    """
    manifest = check(file, passphrase, show, room=shutil.disk_usage(settings.DATA_DIR).free)
    _must_be_empty()
    if waiting_migrations():
        call_command("migrate", verbosity=0, interactive=False)
    putting = files.Putting()
    try:
        # SQLite would look for children of each row; all keys are looked up at the end instead.
        with connection.constraint_checks_disabled(), quick(CACHE), transaction.atomic():
            restored, key = _fill(file, passphrase, manifest, putting, show)
            restored.key = _keep_key(key, manifest)
    except BaseException:
        putting.take_back()
        raise
    return restored


def check(file: BinaryIO, passphrase: str, show: Show, room: int | None = None) -> Manifest:
    """Reads it to its end: sums, bounds, names and numbers of rows. Files may take `room`, in bytes.

    Raises BackupFault unless this version can restore it.
    """
    every, manifest, rows, size = tables(), None, Counter(), 0
    whole = file.seek(0, os.SEEK_END)
    for number, member in enumerate(members(file, passphrase)):
        if number == 0:
            manifest = Manifest.read(member.content.read(), every)
        elif member.table:
            rows[_known(member, manifest)] += _lines_in(member)
        elif member.folder:
            size += member.size
            if room is not None and size > room:
                raise BackupFault(f"Its files do not fit on the disk of {settings.DATA_DIR}: {room:,} bytes are free.")
        show("Checking", file.tell(), whole)
    for name, of in manifest.tables.items():
        if rows[name] != of["rows"]:
            raise BackupFault(f"It is damaged: {name} has {rows[name]:,} rows and should have {of['rows']:,}.")
    return manifest


def _known(member: Member, manifest: Manifest) -> str:
    if member.table not in manifest.tables:
        raise BackupFault(f"It holds {member.name!r}, which belongs nowhere in a site.")
    return member.table


def _lines_in(member: Member) -> int:
    return member.content.read().count(b"\n")


def _must_be_empty() -> None:
    if connection.introspection.table_names() and not waiting_migrations():
        there = {"posts": Post, "comments": Comment, "users": User}
        found = {name: model.objects.count() for name, model in there.items()}
        if any(found.values()):
            raise BackupFault(NOT_EMPTY.format(", ".join(f"{name}: {number:,}" for name, number in found.items())))
    elif "blog_user" in connection.introspection.table_names():
        raise BackupFault(NOT_EMPTY.format("its database is of an older version"))


def _fill(
    file: BinaryIO, passphrase: str, manifest: Manifest, putting: files.Putting, show: Show
) -> tuple[Restored, bytes]:
    _must_be_empty()  # nobody has come meanwhile
    key = b""
    by_name, whole = {table.name: table for table in tables()}, file.seek(0, os.SEEK_END)
    total, done = manifest.rows, 0
    with filled(Comment, list(by_name), total, show):
        for name in by_name:  # what migrations put there
            with connection.cursor() as cursor:
                cursor.execute(f'DELETE FROM "{name}"')  # noqa: S608
        for member in members(file, passphrase):
            if member.table:
                done += _store(by_name[member.table], member)
                show("Rows", done, total)
            elif member.folder:
                putting.put(member)
                show("Files", file.tell(), whole)
            elif member.name == SECRET_KEY:
                key = member.content.read()
        for table in by_name.values():
            if last_id := manifest.tables[table.name]["last_id"]:
                table.go_on_after(last_id)
    try:
        connection.check_constraints()
    except IntegrityError as error:
        raise BackupFault(f"Its rows do not fit together: {first_line(error)}.") from None
    indexing.fill(show)
    totals.recount()
    counts.recount()
    versions.touch(versions.SITE)  # no page of the empty site may be shown
    posts, comments, users = (model.objects.count() for model in (Post, Comment, User))
    return Restored(manifest, done, putting.number, posts, comments, users, ""), key


def _store(table: Table, member: Member) -> int:
    try:
        return table.write(member.content.read().splitlines())
    except OperationalError:
        raise
    except (ValueError, TypeError, OverflowError, RecursionError, DatabaseError) as error:
        raise BackupFault(f"Rows of {table.name} cannot be stored: {first_line(error)}.") from None


def _keep_key(key: bytes, manifest: Manifest) -> str:
    """Signed links, and the addresses of writers' own pages, hold only under the key that they were made with."""
    if manifest.key == key_mark():
        return "same"
    if not key:
        return "missing"
    path, is_given = settings.DATA_DIR / "secret_key", bool(os.environ.get("SECRET_KEY", "").strip())
    if is_given:
        path = path.with_name("secret_key.restored")
    draft = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as out:
        out.write(key)
    os.replace(draft, path)
    return "beside" if is_given else "put"
