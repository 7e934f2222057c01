import ipaddress
import stat
import subprocess
import sys

import pytest

from config import env
from tests.config.command import ROOT, manage, only_line


@pytest.fixture
def give(monkeypatch):
    return lambda value: monkeypatch.setenv("X", value)


def refused(call, *arguments, **keywords) -> str:
    with pytest.raises(SystemExit) as caught:
        call("X", *arguments, **keywords)
    message = str(caught.value)
    assert message.startswith("marginalia: X") and "\n" not in message
    return message


@pytest.mark.parametrize(("value", "result"), [("", False), ("true", True), ("ON", True), ("1", True), ("no", False)])
def test_booleans(give, value, result):
    give(value)
    assert env.boolean("X") is result


def test_a_boolean_that_is_none_is_refused(give):
    give("maybe")
    assert "true or false" in refused(env.boolean)


def test_whole_numbers(give):
    give("8080")
    assert env.integer("X", 1, 1, 65535) == 8080
    give("")
    assert env.integer("X", 7, 1, 9) == 7


@pytest.mark.parametrize("value", ["0", "65536", "-1", "1.5", "many", "٣"])
def test_a_number_out_of_range_is_refused(give, value):
    give(value)
    assert "from 1 to 65535" in refused(env.integer, 8000, 1, 65535)


def test_a_folder_of_backups(give, tmp_path):
    """It need not be there: a disk may be mounted later."""
    give("")
    assert env.backups("X", tmp_path) is None
    give(str(tmp_path / "none"))
    assert env.backups("X", tmp_path / "media") == tmp_path / "none"


def test_a_folder_of_backups_that_readers_could_fetch_from(give, tmp_path):
    (tmp_path / "link").symlink_to(tmp_path / "media")
    for name in ("media", "media/deep/er", "link/x", "static/../media/y"):
        give(str(tmp_path / name))
        assert "from where readers could fetch it" in refused(env.backups, tmp_path / "media")
    give("backups")
    assert "name the folder from the root" in refused(env.backups, tmp_path)


def test_lists_are_written_with_commas(give):
    give("a, b,,c ")
    assert env.names("X", []) == ["a", "b", "c"]
    give(" ")
    assert env.names("X", ["z"]) == ["z"]


@pytest.mark.parametrize("value", ["https://blog.example.org", "http://127.0.0.1:8000", "http://[::1]:8000"])
def test_addresses_of_sites(give, value):
    give(value + "/")
    assert env.site_url("X", "") == value


@pytest.mark.parametrize(
    "value",
    [
        "blog.example.org",
        "ftp://blog.example.org",
        "https://",
        "https://blog.example.org/blog",
        "https://blog.example.org?x=1",
        "https://blog.example.org#x",
        "https://me@blog.example.org",
        "http://blog.example.org:port",
        "http://[::1",
    ],
)
def test_an_address_that_is_not_a_sites_is_refused(give, value):
    give(value)
    refused(env.site_url, "http://localhost")


def test_hosts_are_named_as_django_compares_them():
    assert env.host_of("https://blog.example.org:444") == "blog.example.org"
    assert env.host_of("http://[fd00::1]:8000") == "[fd00::1]"


@pytest.mark.parametrize(
    ("host", "url"),
    [
        ("127.0.0.1", "http://127.0.0.1:8001"),
        ("0.0.0.0", "http://127.0.0.1:8001"),
        ("::", "http://127.0.0.1:8001"),
        ("::1", "http://[::1]:8001"),
        ("blog.example.org", "http://blog.example.org:8001"),
    ],
)
def test_the_address_on_this_machine_follows_host_and_port(host, url):
    assert env.local_url(host, 8001) == url


def test_networks(give):
    give("10.0.0.0/8, ::1")
    assert env.networks("X") == [ipaddress.ip_network("10.0.0.0/8"), ipaddress.ip_network("::1/128")]


def test_a_network_that_is_none_is_refused(give):
    give("10.0.0.0/8, proxy.example.org")
    assert "proxy.example.org" in refused(env.networks)


def test_a_secret_key_is_made_once_and_only_its_owner_can_read_it(tmp_path):
    made = env.secret_key("X", tmp_path, may_make=True)
    assert len(made) > 50
    assert env.secret_key("X", tmp_path, may_make=True) == made
    assert stat.S_IMODE((tmp_path / "secret_key").stat().st_mode) == 0o600
    assert [path.name for path in tmp_path.iterdir()] == ["secret_key"]


def test_processes_started_at_once_agree_on_one_secret_key(tmp_path):
    code = (
        "import pathlib as p, sys; from config.env import *; print(secret_key('X', p.Path(sys.argv[1]), may_make=True))"
    )
    processes = [
        subprocess.Popen([sys.executable, "-c", code, tmp_path], cwd=ROOT, stdout=subprocess.PIPE) for _ in range(8)
    ]
    assert len({process.communicate()[0] for process in processes}) == 1


def test_a_secret_key_given_is_not_kept(give, tmp_path):
    give("s" * 40)
    assert env.secret_key("X", tmp_path, may_make=True) == "s" * 40
    assert not list(tmp_path.iterdir())


def test_a_short_secret_key_is_refused(give, tmp_path):
    give("secret")
    assert "32 characters" in refused(env.secret_key, tmp_path, may_make=True)


def test_a_secret_key_must_be_given_where_machines_share_a_database(tmp_path):
    assert "every machine" in refused(env.secret_key, tmp_path, may_make=False)


def test_a_damaged_secret_key_is_refused(tmp_path):
    (tmp_path / "secret_key").write_text("")
    with pytest.raises(SystemExit, match="is damaged"):
        env.secret_key("X", tmp_path, may_make=True)


def test_a_folder_is_made(give, tmp_path):
    give(str(tmp_path / "a" / "b"))
    assert env.folder("X", tmp_path).is_dir()


def test_a_folder_that_cannot_be_made_is_refused(give, tmp_path):
    (tmp_path / "file").touch()
    give(str(tmp_path / "file" / "var"))
    assert "cannot be made" in refused(env.folder, tmp_path)


def test_sqlite_is_the_default_and_durable(tmp_path):
    database = env.database("X", tmp_path)
    assert database["NAME"] == str(tmp_path / "db.sqlite3")
    assert database["OPTIONS"]["transaction_mode"] == "IMMEDIATE"
    assert "synchronous=FULL" in database["OPTIONS"]["init_command"]


def test_postgresql(give, tmp_path):
    give("postgres://me:p%40ss@db.example.org:5433/blog?sslmode=require")
    database = env.database("X", tmp_path)
    assert database["ENGINE"] == "config.db.postgresql"
    assert (database["HOST"], database["PORT"], database["PASSWORD"]) == ("db.example.org", 5433, "p@ss")
    assert database["OPTIONS"]["sslmode"] == "require"


@pytest.mark.parametrize(
    "value",
    ["mysql://localhost/blog", "blog.sqlite3", "postgres://localhost:port/blog", "sqlite://", "sqlite://:memory:"],
)
def test_a_database_url_that_cannot_be_used_is_refused(give, tmp_path, value):
    give(value)
    refused(env.database, tmp_path)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DATABASE_URL", "mysql://localhost/blog"),
        ("SITE_URL", "blog.example.org"),
        ("PORT", "http"),
        ("DEBUG", "maybe"),
        ("DATA_DIR", "/dev/null/var"),
    ],
)
def test_a_wrong_value_stops_every_command_with_one_line(tmp_path, name, value):
    assert only_line(manage(tmp_path, "prepare", **{name: value})).startswith(f"marginalia: {name}")


def test_the_folder_of_ready_pages(give, tmp_path):
    link = tmp_path / "link"
    give("")
    assert env.ready_pages("X", link) is None
    link.symlink_to(tmp_path / "gone")
    assert env.ready_pages("X", link) == tmp_path / "gone"
    give(str(tmp_path / "pages"))
    assert env.ready_pages("X", link) == tmp_path / "pages"
    assert (tmp_path / "pages").is_dir()


def test_a_passphrase_and_the_file_that_holds_one(give, monkeypatch, tmp_path):
    assert env.passphrase("X") == ""
    give("correct horse battery")
    assert env.passphrase("X") == "correct horse battery"
    (tmp_path / "secret").write_text("staple of the file\n")
    monkeypatch.setenv("X_FILE", str(tmp_path / "secret"))
    assert env.passphrase("X") == "staple of the file"


def test_a_passphrase_that_guards_nothing_is_refused(give, monkeypatch, tmp_path):
    give("short")
    said = refused(env.passphrase)
    assert "at least 12" in said and "short." not in said
    monkeypatch.setenv("X_FILE", str(tmp_path / "none"))
    assert "cannot be read" in refused(env.passphrase)
    (tmp_path / "empty").touch()
    monkeypatch.setenv("X_FILE", str(tmp_path / "empty"))
    assert "at least 12" in refused(env.passphrase)


def test_one_of_several_words(monkeypatch):
    assert env.choice("X", "text", "json") == "text"
    monkeypatch.setenv("X", "json")
    assert env.choice("X", "text", "json") == "json"
    monkeypatch.setenv("X", "xml")
    with pytest.raises(SystemExit, match="^marginalia: X is 'xml': use text or json.$"):
        env.choice("X", "text", "json")
