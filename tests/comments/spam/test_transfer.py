"""What was learnt as a file: taken along whole, without words, and no other file taken for one."""

import base64
import json
import zlib

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from comments.models import SpamSample
from comments.spam import store, transfer
from comments.spam.features import VERSION, Told
from comments.spam.model import MAGIC, SIZE
from tests.comments.spam.teaching import counts, decide, make_decided
from tests.factories import make_post, make_user

pytestmark = pytest.mark.django_db
IMPORT = reverse("admin:comments_comment_filter_import")


@pytest.fixture
def olive(client):
    user = make_user("olive", "Owner")
    client.force_login(user)
    return user


@pytest.fixture
def exported(client, olive, post):
    make_decided(post, olive, 12)
    store.fold()
    response = client.get(reverse("admin:comments_comment_filter_export"))
    assert response["Content-Disposition"].startswith('attachment; filename="spam-filter-')
    return response.content


def changed(exported: bytes, **fields) -> bytes:
    return json.dumps(json.loads(exported) | fields).encode()


def send(client, data: bytes, **fields):
    return client.post(IMPORT, {"file": SimpleUploadedFile("filter.json", data), "sure": "on"} | fields)


def test_it_is_taken_along_whole(client, exported):
    before, score = counts(), store.model().score(Told("Subscribe to my channel!"))
    client.post(reverse("admin:comments_comment_filter_reset"))
    assert counts() != before

    response = send(client, exported)

    assert response.status_code == 302
    assert counts() == before
    after = store.model().score(Told("Subscribe to my channel!"))
    assert (after.evidence, after.probability) == pytest.approx((score.evidence, score.probability))


def test_it_holds_no_words(exported):
    for word in (b"channel", b"pills", b"Sunday", b"harbour"):
        assert word not in exported.lower()
    assert set(json.loads(exported)) == {
        "format", "version", "features", "made_at", "lessons", "calibration", "counts",
    }  # fmt: skip


def test_after_it_only_new_decisions_are_added(client, olive, exported):
    made = list(SpamSample.objects.order_by("pk"))
    send(client, exported)
    decide(made[0].comment, "restore", olive)
    assert counts()[0] == (6, 6), "what was taken back is not known to be among them"

    make_decided(make_post(), olive, 2)

    assert counts()[0] == (7, 7)


def test_its_calibration_stays_until_the_site_has_one_of_its_own(client, olive, exported):
    client.post(reverse("admin:comments_comment_filter_reset"))
    send(client, exported)
    goods = store.model().calibration.goods
    assert goods

    make_decided(make_post(), olive, 2)
    store.fold()
    assert store.read()[0].calibration.goods == goods

    make_decided(make_post(), olive, 10)
    store.fold()
    assert store.read()[0].calibration.goods != goods


def test_it_asks_first(client, exported):
    before = store._place()

    response = send(client, exported, sure="")

    assert response.status_code == 422
    assert "Say that this is meant" in response.content.decode()
    assert store._place() == before


def bomb() -> str:
    head = f"{VERSION} 1 1\n".encode()
    return base64.b64encode(MAGIC + head + zlib.compress(bytes(64 * SIZE))).decode()


def counted(number: int) -> str:
    head = f"{VERSION} 1 1\n".encode()
    cells = number.to_bytes(4, "little", signed=True) * (2 * SIZE)
    return base64.b64encode(MAGIC + head + zlib.compress(cells)).decode()


DAMAGED = "This file is damaged"
FAULTS = {
    "nothing": (lambda file: b"", "empty"),
    "a picture": (lambda file: b"\x89PNG\r\n\x1a\n" + bytes(100), "not a file of a spam filter"),
    "cut off": (lambda file: file[: len(file) // 2], "cut off"),
    "another JSON": (lambda file: b'{"format": "something"}', "not a file of a spam filter"),
    "a list": (lambda file: b"[1, 2]", "not a file of a spam filter"),
    "nested without end": (lambda file: b"[" * 200_000, "not a file of a spam filter"),
    "another format": (lambda file: changed(file, version=2), "another version"),
    "other features": (lambda file: changed(file, features=VERSION + 1), "another version"),
    "no counts": (lambda file: changed(file, counts=""), DAMAGED),
    "no text": (lambda file: changed(file, counts=5), DAMAGED),
    "no base64": (lambda file: changed(file, counts="ééé"), DAMAGED),
    "counts cut off": (lambda file: changed(file, counts=json.loads(file)["counts"][:400]), DAMAGED),
    "a bomb": (lambda file: changed(file, counts=bomb()), DAMAGED),
    "fewer than none": (lambda file: changed(file, counts=counted(-1)), DAMAGED),
    "more than all": (lambda file: changed(file, counts=counted(2)), DAMAGED),
    "no calibration": (lambda file: changed(file, calibration=None), DAMAGED),
    "a calibration of words": (lambda file: changed(file, calibration={"slope": "x"}), DAMAGED),
    "an endless slope": (
        lambda file: changed(file, calibration={"slope": float("inf"), "offset": 0, "goods": []}), DAMAGED,
    ),
    "too many figures": (
        lambda file: changed(file, calibration={"slope": 1, "offset": 0, "goods": [0] * 10_000}), DAMAGED,
    ),
    "too large": (lambda file: file + b" " * transfer.LARGEST, "too large"),
}  # fmt: skip


@pytest.mark.parametrize("fault", FAULTS)
def test_no_other_file_is_taken(client, exported, fault):
    make, said = FAULTS[fault]
    before = store._place()

    response = send(client, make(exported))

    assert response.status_code == 422
    errors = response.context["form"].errors["file"]
    assert len(errors) == 1
    assert said in errors[0]
    assert store._place() == before


def test_a_file_must_be_chosen(client, olive):
    response = client.post(IMPORT, {"sure": "on"})

    assert response.status_code == 422
    assert response.context["form"].errors["file"]


def test_a_date_that_is_none_matters_to_nobody(exported):
    for made_at in (5, "yesterday", "2026-99-99T00:00:00Z", "2026-03-14T12:00:00"):
        assert transfer.load(changed(exported, made_at=made_at)).made_at is None
    assert transfer.load(exported).made_at
