import re
import socket
import sqlite3

import pytest

from tests.config.command import free_port, manage, only_line

COUNTS = """
from blog.models import Post, User
from comments.models import Comment
print(*(model.objects.count() for model in (Post, User, Comment)))
"""


def counts(folder) -> list[int]:
    done = manage(folder, "shell", "--no-imports", "-c", COUNTS)
    return [int(number) for number in done.stdout.split()]


def test_it_says_where_the_site_is_and_how_to_sign_in(prepared):
    _, said = prepared
    assert "http://127.0.0.1:8123/admin/" in said
    assert "owner" in said
    assert re.search(r"Password: +([a-z2-9]{4}-){3}[a-z2-9]{4}", said)


def test_it_makes_a_site_with_demo_content(prepared):
    posts, users, comments = counts(prepared[0])
    assert posts > 12 and users == 1 and comments > 20
    assert (prepared[0] / "static" / "staticfiles.json").exists()


def test_a_second_run_keeps_everything_and_says_nothing(demo_site):
    before = counts(demo_site)
    done = manage(demo_site, "prepare")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert counts(demo_site) == before


def test_static_files_are_collected_again_when_they_changed(demo_site):
    (demo_site / "static.digest").write_text("of older files")
    assert "Static files" in manage(demo_site, "prepare").stdout
    assert (demo_site / "static.digest").read_text() != "of older files"


def test_an_owner_who_is_gone_is_made_anew_without_demo(demo_site):
    before = counts(demo_site)
    manage(
        demo_site, "shell", "--no-imports", "-c", "from blog.models import User; User.objects.update(is_active=False)"
    )
    assert "Password:" in manage(demo_site, "prepare").stdout
    assert counts(demo_site) == before


def test_it_can_leave_an_empty_site_empty(static_only):
    assert "Password:" in manage(static_only, "prepare", "--no-demo").stdout
    assert counts(static_only) == [0, 1, 0]
    assert manage(static_only, "prepare").stdout == ""
    assert counts(static_only) == [0, 1, 0]


@pytest.mark.parametrize("command", ["prepare", "serve", "owner"])
def test_a_server_that_does_not_answer_is_one_line(tmp_path, command):
    url = f"postgres://somebody:hidden@127.0.0.1:{free_port()}/blog"
    line = only_line(manage(tmp_path, command, DATABASE_URL=url, SECRET_KEY="k" * 50, PORT=str(free_port())))
    assert "The database cannot be used" in line
    assert "hidden" not in line


def test_a_file_that_is_no_database_is_one_line(tmp_path):
    (tmp_path / "db.sqlite3").write_bytes(b"This is not a database. " * 200)
    line = only_line(manage(tmp_path, "prepare"))
    assert "not a database" in line and "db.sqlite3" in line


def test_a_damaged_database_is_one_line(demo_site):
    path = demo_site / "db.sqlite3"
    data = bytearray(path.read_bytes())
    data[4096 : len(data)] = b"\xff" * (len(data) - 4096)
    path.write_bytes(data)
    assert "malformed" in only_line(manage(demo_site, "prepare"))


def test_a_folder_that_is_not_there_is_one_line(tmp_path):
    line = only_line(manage(tmp_path, "prepare", DATABASE_URL=f"sqlite:///{tmp_path}/no/such/db.sqlite3"))
    assert "unable to open database file" in line


@pytest.mark.slow
def test_a_database_that_somebody_else_holds_is_one_line(tmp_path):
    holder = sqlite3.connect(tmp_path / "db.sqlite3", isolation_level=None)
    try:
        holder.execute("BEGIN EXCLUSIVE")
        assert "locked" in only_line(manage(tmp_path, "prepare"))
    finally:
        holder.close()


def test_serve_wants_the_database_prepared(tmp_path):
    assert "manage.py prepare" in only_line(manage(tmp_path, "serve", PORT=str(free_port())))


def test_a_taken_port_is_one_line_before_anything_starts(tmp_path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        line = only_line(manage(tmp_path, "serve", PORT=str(port)))
    assert f"Port {port} is taken" in line
    assert not (tmp_path / "db.sqlite3").exists()


@pytest.mark.parametrize(("host", "words"), [("198.51.100.7", "Cannot listen"), ("no.such.host.invalid", "HOST is")])
def test_a_host_that_is_not_this_machine_is_one_line(tmp_path, host, words):
    assert words in only_line(manage(tmp_path, "serve", "--host", host))
