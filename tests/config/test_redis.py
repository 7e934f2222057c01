"""Redis counts limits and nothing else; whatever becomes of it, readers and writers see no error."""

import os
import re
import shutil
import signal
import socket
import subprocess
import time

import pytest
from redis import Redis

from comments import ratelimit, rediscount
from comments.models import Comment, RateCount
from config import env
from tests.comments.test_write import payload, send
from tests.config.command import free_port, manage, only_line
from tests.factories import make_post, make_user

pytestmark = pytest.mark.django_db
LIMITS = ((2, 60), (3, 3600))


class Server:
    """A redis-server of the test's own."""

    def __init__(self, folder) -> None:
        self.port, self.folder = free_port(), folder
        self.url = f"redis://127.0.0.1:{self.port}/0"
        self.client = Redis.from_url(self.url)
        self.start()

    def start(self) -> None:
        command = ["redis-server", "--port", str(self.port), "--bind", "127.0.0.1", "--save", "", "--dir", self.folder]
        self.process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
        for _ in range(200):
            try:
                socket.create_connection(("127.0.0.1", self.port), 1).close()
                return
            except OSError:
                time.sleep(0.05)
        raise AssertionError("redis-server does not start")

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()

    def counts(self) -> dict[str, int]:
        return {key.decode(): int(self.client.get(key)) for key in self.client.scan_iter()}


@pytest.fixture
def redis(tmp_path, settings, monkeypatch):
    if not shutil.which("redis-server"):
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)("redis-server is not here: apt-get install it")
    server = Server(str(tmp_path))
    settings.REDIS_URL = server.url
    monkeypatch.setattr(rediscount, "ask_again_at", 0.0)
    monkeypatch.setattr(rediscount, "ANSWERS_WITHIN", 5.0)  # a live one may need long on a busy machine
    rediscount._redis.cache_clear()
    yield server
    server.kill()
    server.client.close()
    rediscount._redis(server.url).close()
    rediscount._redis.cache_clear()


def test_limits_are_counted_in_redis_alone(redis):
    assert [ratelimit.wait("a", LIMITS, now=0) for _ in range(3)] == [0, 0, 60]
    assert redis.counts() == {"marginalia:60:a:60": 3, "marginalia:3600:a:3600": 2}
    assert not RateCount.objects.exists()


def test_it_is_forgotten_there_too(redis):
    for key in ("a:1", "a:2", "b:1"):
        for _ in range(2):
            ratelimit.wait(key, LIMITS, now=0)
    ratelimit.forget("a:1", LIMITS, now=0)
    assert {key.split(":")[2:4][0] + key.split(":")[3] for key in redis.counts()} == {"a2", "b1"}
    ratelimit.forget_like("a:")
    assert redis.counts() == {"marginalia:60:b:1:60": 2, "marginalia:3600:b:1:3600": 2}


def test_looking_ahead_counts_nothing_there(redis):
    for _ in range(2):
        assert ratelimit.ahead("a", LIMITS, now=0) == 0
        ratelimit.wait("a", LIMITS, now=0)
    assert [ratelimit.ahead("a", LIMITS, now=0) for _ in range(2)] == [60, 60]
    assert redis.counts() == {"marginalia:60:a:60": 2, "marginalia:3600:a:3600": 2}


def test_redis_forgets_a_window_that_has_ended(redis):
    ratelimit.wait("a", LIMITS, now=0)
    assert 0 < redis.client.ttl("marginalia:60:a:60") <= 60 < redis.client.ttl("marginalia:3600:a:3600") <= 3600


def test_two_processes_count_together(redis, tmp_path):
    script = "from comments import ratelimit; print(ratelimit.wait('a', ((2, 60),), now=0))"
    others = [manage(tmp_path, "shell", "-v0", "-c", script, REDIS_URL=redis.url) for _ in range(2)]
    assert [done.stdout.strip() for done in others] == ["0", "0"], others[0].stderr
    assert ratelimit.wait("a", LIMITS, now=0) == 60


def test_without_redis_the_database_counts_and_nobody_sees_an_error(redis, client, caplog):
    post = make_post()
    assert send(client, post, text="Before", email="a@example.org").status_code == 303
    redis.kill()
    data = payload(post, text="After", email="b@example.org")
    response = client.post(f"{post.get_absolute_url()}comment/", data, REMOTE_ADDR="203.0.113.9")
    assert response.status_code == 303 and Comment.objects.count() == 2
    assert RateCount.objects.filter(key__startswith="60:comment:", count=1).count() == 1
    assert [record.getMessage() for record in caplog.records if record.name == "comments.rediscount"] == [
        "Redis does not answer (ConnectionError); limits are counted in the database."
    ]


def test_limits_hold_without_redis(redis):
    redis.kill()
    assert [ratelimit.wait("a", LIMITS, now=0) for _ in range(3)] == [0, 0, 60]


def test_redis_that_stands_still_is_waited_for_once(redis, monkeypatch):
    monkeypatch.setattr(rediscount, "ANSWERS_WITHIN", 0.1)
    asked = []
    redis.process.send_signal(signal.SIGSTOP)
    for _ in range(3):
        before = rediscount.ask_again_at
        ratelimit.wait("a", LIMITS, now=0)
        asked.append(rediscount.ask_again_at != before)
    redis.process.send_signal(signal.SIGCONT)
    assert asked == [True, False, False]
    assert RateCount.objects.get(key="60:a").count == 3


def test_redis_without_memory_is_as_good_as_none(redis, caplog):
    redis.client.config_set("maxmemory-policy", "noeviction")
    redis.client.config_set("maxmemory", 1)
    assert [ratelimit.wait("a", LIMITS, now=0) for _ in range(3)] == [0, 0, 60]
    assert RateCount.objects.get(key="60:a").count == 3
    assert "limits are counted in the database" in caplog.text


def test_redis_counts_again_once_it_is_back(redis, monkeypatch):
    ratelimit.wait("a", LIMITS, now=0)
    redis.kill()
    ratelimit.wait("a", LIMITS, now=0)
    redis.start()
    monkeypatch.setattr(rediscount, "ask_again_at", 0.0)
    ratelimit.wait("a", LIMITS, now=0)
    assert redis.counts()["marginalia:60:a:60"] == 1


def test_its_keys_hold_no_persons_data(redis, client):
    post, user = make_post(), make_user("reader")
    send(client, post, name="Mudlark", email="mud@example.org")
    client.post("/password/", {"who": user.email})
    client.post("/sign-in/", {"username": user.username, "password": "wrong"})
    found = [re.fullmatch(r"marginalia:\d+:([a-z-]+):[0-9a-f]{32}:\d+", key) for key in redis.counts()]
    assert all(found) and {match[1] for match in found} == {"try", "comment", "password", "sign-in"}


def test_sessions_are_no_concern_of_redis(redis, client):
    """A copy there could not be told that somebody signed out while it was away."""
    user = make_user("mod", "Moderator")
    data = {"username": user.username, "password": "correct horse"}
    assert client.post("/sign-in/", data).status_code == 302
    cookie = client.cookies["sessionid"].value
    assert all(key.startswith("marginalia:900:sign-in:") for key in redis.counts())
    redis.kill()
    assert client.get("/admin/").status_code == 200
    assert client.post("/sign-out/").status_code == 302
    redis.start()
    client.cookies["sessionid"] = cookie
    assert client.get("/admin/").status_code == 302


@pytest.mark.parametrize(
    "value",
    ["", "redis://localhost", "redis://10.0.0.5:6379/1", "redis://:pass@r.example/", "rediss://u:p@r.example:6380"],
)
def test_addresses_of_redis(monkeypatch, value):
    monkeypatch.setenv("X", value)
    assert env.redis_url("X") == value


@pytest.mark.parametrize(
    "value",
    [
        "localhost:6379",
        "http://localhost",
        "redis://",
        "redis://h:0x1",
        "redis://h/one",
        "redis://h?db=1",
        "redis://h/#1",
    ],
)
def test_what_is_none_is_refused(monkeypatch, value):
    monkeypatch.setenv("X", value)
    with pytest.raises(SystemExit, match="X: use redis://"):
        env.redis_url("X")


def test_a_wrong_address_stops_the_start_in_one_line_without_its_password(tmp_path):
    line = only_line(manage(tmp_path, "check", REDIS_URL="redis://:secret@"))
    assert line.startswith("marginalia: REDIS_URL") and "secret" not in line
