import io
import os
import re
import shutil
import stat
import subprocess
import sys
import threading

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from blog import search as blog_search
from blog import totals
from blog.models import Image, Post, User, Version
from comments import counts
from comments.models import Comment
from config.backup import tables as backup_tables
from config.backup import taking
from tests.config.backup_site import content, empty, files, searchable, site  # noqa: F401  a fixture
from tests.config.command import ROOT, environment, manage
from tests.factories import make_comment, make_post


def run(command: str, *arguments: str, **options) -> str:
    out = io.StringIO()
    call_command(command, *map(str, arguments), stdout=out, **options)
    return out.getvalue()


@pytest.fixture
def backup(site, tmp_path):  # noqa: F811
    path = tmp_path / "site.backup"
    run("backup", path)
    return path


def test_every_row_and_file_comes_back(site, backup):  # noqa: F811
    before, found, there = content(), searchable(), files(site)
    assert all(before.values()), [name for name, rows in before.items() if not rows]
    assert any(name.startswith("media/") for name in there) and "theme/templates/Übersicht.html" in there
    empty(site)
    assert not User.objects.exists()
    said = run("restore", backup)
    counted = {"blog_labelcount", "blog_monthcount", "comments_sitecount", "comments_postcount"}
    after = content()
    for name in before.keys() - counted:
        assert after[name] == before[name], name
    assert searchable() == found
    assert files(site) == there
    assert totals.recount() == counts.recount() == 0
    assert f"Restored {Post.objects.count()} posts and pages, {Comment.objects.count()} comments" in said
    assert "links that were mailed, and writers’ own pages, work on" in said


def test_the_restored_site_works(site, backup, client):  # noqa: F811
    empty(site)
    run("restore", backup)
    post = Post.objects.get(slug="harbour")
    assert client.get(post.get_absolute_url()).status_code == 200
    assert blog_search.search(post.title.split()[0]).total >= 1
    assert client.login(username="ada", password="correct horse")
    make_comment(post)  # ids go on


def test_ids_are_never_given_twice(site, tmp_path):  # noqa: F811
    gone = make_post(title="Gone")
    last = gone.pk
    gone.delete()
    run("backup", tmp_path / "later.backup")
    empty(site)
    run("restore", tmp_path / "later.backup")
    assert make_post(title="New").pk == last + 1


def test_pages_of_the_empty_site_are_out_of_date(site, backup):  # noqa: F811
    empty(site)
    Version.objects.create(key="", number=41)
    run("restore", backup)
    assert set(Version.objects.values_list("key", "number")) == {("", 42), ("site", 42)}


def test_nobody_waits_and_all_is_of_one_moment(site, tmp_path, monkeypatch):  # noqa: F811
    """What is written while the tables are read is not in it, in no table."""
    comments, written = Comment.objects.count(), []
    once = backup_tables._rows

    def write_meanwhile(query):
        if not written:
            written.append(True)
            thread = threading.Thread(target=_write)
            thread.start()
            thread.join(10)
            assert not thread.is_alive(), "a writer waits for the backup"
        return once(query)

    def _write():
        make_comment(make_post(title="Meanwhile"))
        connection.close()

    monkeypatch.setattr(backup_tables, "_rows", write_meanwhile)
    run("backup", tmp_path / "a.backup")
    assert Comment.objects.count() == comments + 1
    empty(site)
    run("restore", tmp_path / "a.backup")
    assert Comment.objects.count() == comments
    assert not Post.objects.filter(title="Meanwhile").exists()


def test_sealed_with_a_passphrase(site, tmp_path, settings):  # noqa: F811
    settings.BACKUP_PASSPHRASE = "correct horse battery"
    path = tmp_path / "sealed.backup"
    assert "sealed." in run("backup", path)
    assert b"harbour" not in path.read_bytes()
    before = Post.objects.count()
    empty(site)
    with pytest.raises(CommandError, match="The passphrase is not the one"):
        settings.BACKUP_PASSPHRASE = "another horse battery"
        run("restore", path)
    with pytest.raises(CommandError, match="It is sealed: give its passphrase"):
        settings.BACKUP_PASSPHRASE = ""
        run("restore", path)
    settings.BACKUP_PASSPHRASE = "correct horse battery"
    run("restore", path)
    assert Post.objects.count() == before


def test_check_reads_all_and_changes_nothing(site, backup, settings):  # noqa: F811
    before, there = content(), files(site)
    assert re.search(r"is whole: [\d,]+ rows of 20.*This version can restore it\.", run("backup", backup, check=True))
    assert content() == before and files(site) == there
    data = backup.read_bytes()
    backup.write_bytes(data[: len(data) // 2])
    with pytest.raises(CommandError, match="It is damaged or cut off"):
        run("backup", backup, check=True)
    settings.BACKUP_PASSPHRASE = "correct horse battery"
    run("backup", backup, force=True)
    assert "is whole" in run("backup", backup, check=True)
    settings.BACKUP_PASSPHRASE = "another horse battery"
    with pytest.raises(CommandError, match="The passphrase is not the one"):
        run("backup", backup, check=True)


@pytest.mark.parametrize("name", [None, "-", "none"])
def test_check_needs_a_file(name):
    with pytest.raises(CommandError, match="--check: name the file|No such file"):
        run("backup", *([name] if name else []), check=True)


def test_a_missing_image_is_said(site, tmp_path):  # noqa: F811
    image = Image.objects.filter(renditions=None).first() or Image.objects.first()
    (site / "media" / image.file.name).unlink()
    assert image.file.name in run("backup", tmp_path / "a.backup")


def test_only_its_owner_may_read_it(backup):
    assert stat.S_IMODE(backup.stat().st_mode) == 0o600


def test_a_file_that_is_there_stays(backup):
    before = backup.read_bytes()
    with pytest.raises(CommandError, match="is there already: name another, or replace it with --force"):
        run("backup", backup)
    assert backup.read_bytes() == before
    run("backup", backup, force=True)


@pytest.mark.parametrize("name", ["none/a.backup", "."])
def test_a_place_that_cannot_be_written(site, tmp_path, name):  # noqa: F811
    with pytest.raises(CommandError, match="cannot be written: No such file|is no plain file"):
        run("backup", tmp_path / name)


@pytest.mark.parametrize("error", [KeyboardInterrupt, OSError(28, "No space left on device")])
def test_one_that_is_stopped_leaves_nothing(site, tmp_path, monkeypatch, error):  # noqa: F811
    def fail(*given):
        raise error

    monkeypatch.setattr(taking, "_files", fail)
    with pytest.raises(CommandError, match="No backup was made"):
        run("backup", tmp_path / "a.backup")
    assert not [name for name in os.listdir(tmp_path) if "backup" in name]


def test_as_commands_with_a_key_of_their_own(tmp_path):
    """From one folder to another, through a pipe; the first site keeps its key, the second is given one."""
    old, new, third = (tmp_path / name for name in ("old", "new", "third"))
    assert manage(old, "migrate", "-v0").returncode == 0
    for folder in (new, third):
        folder.mkdir()
        shutil.copy(old / "db.sqlite3", folder)
    assert manage(old, "owner").returncode == 0
    took = piped(environment(old), "backup", "-")
    assert took.returncode == 0 and took.stdout.startswith(b"\x1f\x8b"), took.stderr
    restored = piped(environment(new, SECRET_KEY="k" * 40), "restore", "-", took.stdout)
    assert restored.returncode == 0, restored.stderr
    assert b"secret_key.restored as SECRET_KEY" in restored.stdout
    kept = new / "secret_key.restored"
    assert kept.read_text() == (old / "secret_key").read_text()
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    (tmp_path / "a.backup").write_bytes(took.stdout)
    done = manage(third, "restore", str(tmp_path / "a.backup"))
    assert done.returncode == 0 and (third / "secret_key").read_text() == kept.read_text(), done.stderr
    assert "1 users" in done.stdout


def piped(given: dict, command: str, file: str, data: bytes = b"") -> subprocess.CompletedProcess:
    arguments = [sys.executable, "manage.py", command, file]
    return subprocess.run(arguments, cwd=ROOT, env=given, input=data, capture_output=True, timeout=120)
