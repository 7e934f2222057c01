"""What people type, and where they are, is in no line of the log, in neither form."""

import io
import ipaddress
import json
import logging
import re
import time

import pytest
from django.conf import settings
from django.db import IntegrityError
from django.http import HttpResponse
from django.test import RequestFactory

from blog.models import SiteSettings
from comments import links, moderation
from comments.links import Purpose
from comments.models import Commenter
from config import requestid
from config.logs import Json, Text, WithoutCapabilities, clean
from config.management.commands.worker import NamedWorker
from config.middleware import WatchedMiddleware
from tests.comments.people import open_site, own, prove, send, write
from tests.config.test_tick import make_result
from tests.factories import make_comment, make_post, make_user

NETWORK = "203.0.113.77"
TYPED = ["Zebedee", "zebedee@reader.example", "Quokkas are marsupials", "sesame-opens", "wallaby", NETWORK]


@pytest.fixture
def lines():
    """The lines of the log as the site writes them, in both forms, and with those about requests."""
    streams = []
    root, requests = logging.getLogger(), logging.getLogger("marginalia.requests")
    level = requests.level
    requests.setLevel(logging.INFO)
    form = settings.LOGGING["formatters"]["text"]["format"]
    handlers = []
    for formatter in (Json(), Text(form, style="{")):
        stream = io.StringIO()
        handler = logging.StreamHandler(stream)
        handler.setFormatter(formatter)
        handler.addFilter(WithoutCapabilities())
        root.addHandler(handler)
        streams.append(stream)
        handlers.append(handler)
    yield lambda: [stream.getvalue() for stream in streams]
    requests.setLevel(level)
    for handler in handlers:
        root.removeHandler(handler)


def objects(lines) -> list[dict]:
    return [json.loads(line) for line in lines()[0].splitlines()]


@pytest.mark.django_db
def test_nothing_that_was_typed_is_logged(client, lines, monkeypatch, mailoutbox):
    client.raise_request_exception = False
    client.defaults["REMOTE_ADDR"] = NETWORK
    open_site()
    post = make_post()
    said = {"name": TYPED[0], "email": TYPED[1], "text": TYPED[2]}
    comment = write(client, post, NETWORK, **said)
    send(client, post, NETWORK, **said | {"token": "wrong"})
    prove(client, comment, "mail_replies")
    root, gull = make_comment(post), Commenter.objects.get(email=TYPED[1])
    moderation.follow(root, gull)
    unsubscribe = f"/unsubscribe/{links.make(Purpose.UNSUBSCRIBE, gull.pk, root.pk)}/"
    assert client.post(unsubscribe).status_code == 200
    client.get(f"{unsubscribe}x/")
    paths = [own(comment), f"/unsubscribe/{TYPED[4]}/", f"/comment/mine/{TYPED[4]}/", f"/preview/{TYPED[4]}/"]
    paths += [f"/search/?q={TYPED[2]}", f"/{TYPED[1]}/", f"/nothing/?q={TYPED[4]}", f"/{NETWORK}/"]
    for path in paths:
        client.get(path)
    for door in ("/sign-in/", "/admin/login/", "/password/"):
        client.post(door, {"username": TYPED[0], "password": TYPED[3], "who": TYPED[1]})
    client.get("/", headers={"host": f"{TYPED[4]}@x"})

    def fail(*args, **kwargs):
        raise IntegrityError(
            f"duplicate key for {TYPED[1]} of {NETWORK}\nDETAIL:  Key (name)=({TYPED[0]}) already exists."
        )

    monkeypatch.setattr(SiteSettings, "load", fail)
    assert client.get("/").status_code == 500
    text = "".join(lines())
    for typed in [*TYPED, comment.author_email, own(comment).split("/")[3], unsubscribe.split("/")[2]]:
        assert typed not in text, typed
    assert "duplicate key for …@… of …" in text and "Traceback" in text
    assert "Not Found: /nothing/" in text and "Not Found: /unsubscribe/…/x/" in text


@pytest.mark.django_db
def test_a_request_is_one_line_with_its_name(client, lines):
    response = client.get("/admin/login/")
    (line,) = [line for line in objects(lines) if line["logger"] == "marginalia.requests"]
    assert line["request_id"] == response["X-Request-ID"] and re.fullmatch("[0-9a-f]{16}", line["request_id"])
    assert (line["method"], line["route"], line["status"], line["level"]) == ("GET", "admin:login", 200, "INFO")
    assert 0 < line["ms"] < 60_000 and line["time"].endswith("+00:00")
    assert line["message"] == f"GET admin:login: 200 in {line['ms']} ms"
    assert f"INFO marginalia.requests [{line['request_id']}]: GET admin:login" in lines()[1]


@pytest.mark.django_db
def test_lines_of_one_request_have_one_name_and_others_another(client, lines):
    ids = [client.get("/nothing/")["X-Request-ID"] for _ in range(2)]
    named = [line["request_id"] for line in objects(lines)]
    assert named == [ids[0], ids[0], ids[1], ids[1]] and ids[0] != ids[1]
    assert requestid.current.get() == ""


@pytest.mark.django_db
def test_a_page_for_everybody_has_no_name(client):
    make_post()
    assert "X-Request-ID" not in client.get("/")


@pytest.mark.parametrize(
    ("remote", "given", "is_taken"),
    [
        ("10.0.0.5", "0f3c-ABCD_1.2", True),
        ("10.0.0.5", "short", False),
        ("10.0.0.5", "x" * 65, False),
        ("10.0.0.5", "zebedee@reader", False),
        ("10.0.0.5", "12345678\nforged: line", False),
        ("203.0.113.9", "0f3c-ABCD_1.2", False),
    ],
)
def test_a_name_is_taken_from_a_trusted_proxy_alone(settings, remote, given, is_taken):
    settings.TRUSTED_PROXIES = [ipaddress.ip_network("10.0.0.0/8")]
    request = RequestFactory().get("/", HTTP_X_REQUEST_ID=given, REMOTE_ADDR=remote)
    response = WatchedMiddleware(lambda request: HttpResponse())(request)
    assert (response["X-Request-ID"] == given) is is_taken


@pytest.mark.django_db
def test_a_task_has_a_name(lines, monkeypatch):
    result = make_result("RUNNING")
    worker = NamedWorker(
        queue_names=["*"],
        excluded_queue_names=[],
        interval=1,
        batch=True,
        backend_name="default",
        startup_delay=False,
        max_tasks=1,
        worker_id="w",
    )
    worker.run_task(result)  # there is no such task: it fails, and the log says so
    (line,) = [line for line in objects(lines) if "failed unexpectedly" in line["message"]]
    assert line["request_id"] == f"task-{result.id}" and "Traceback" in line["traceback"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("mail to a.b+c@x.example, refused", "mail to …@…, refused"),
        ("from 203.0.113.9:443 and 10.1.2.3", "from …:443 and …"),
        ("[2001:db8::1]:80", "[…]:80"),
        ("bad:203.0.113.9, ::ffff:203.0.113.9, fe80::1", "bad:…, …, …"),
        ("127.0.0.1:8000, ::1, 0.0.0.0", "127.0.0.1:8000, ::1, 0.0.0.0"),
        ("at 12:30:45, version 4.2.1", "at 12:30:45, version 4.2.1"),
        ("GET /search/?q=words&x=1 HTTP", "GET /search/?… HTTP"),
        ("WHERE a = ? AND b", "WHERE a = ? AND b"),
        ("duplicate\nDETAIL:  Key (name)=(Zebedee)\nmore", "duplicate\nDETAIL: …\nmore"),
        ("config.metrics::x", "config.metrics::x"),
    ],
)
def test_clean(text, expected):
    assert clean(text) == expected


@pytest.mark.django_db
def test_who_is_refused_leaves_no_traceback(client, lines):
    client.force_login(make_user("cora", "Contributor"))
    assert client.get("/admin/blog/user/").status_code == 403
    assert "Forbidden" in lines()[0] and "traceback" not in lines()[0]


def test_a_long_line_costs_no_more_than_its_length():
    began = time.monotonic()
    for letter in ("a", "/", ":", "1.", "@", "?", "a@"):
        clean(letter * 60_000)
    assert time.monotonic() - began < 5
