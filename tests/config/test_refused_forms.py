"""The forms before one is signed in, and that of a preview, refused: as tests/comments/test_refused_forms.py has it."""

import re

import pytest
from django.utils import timezone

from blog.models import Preview
from config.models import Invitation
from tests.comments.test_refused_forms import TITLE, assert_told
from tests.config.signin.test_doors import codes, olive, passes  # noqa: F401  fixtures
from tests.config.test_password_mail import choose
from tests.e2e.pages import reset_link
from tests.factories import make_post, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def alice():
    return make_user("alice", "Author")


def test_signing_in(client, alice):
    assert "autofocus" in client.get("/sign-in/").content.decode()
    said = assert_told(client.post("/sign-in/", {"username": "alice", "password": "wrong"}), status=200)
    assert "Not sent yet" not in said
    assert_told(client.post("/sign-in/", {}), "id_username", "id_password", status=200)


def test_the_second_step(client, codes):  # noqa: F811
    passes(client)
    assert_told(client.post("/sign-in/code/", {"code": ""}), "id_code")


def test_a_forgotten_password(client):
    assert_told(client.post("/password/", {"who": ""}), "id_who")
    for _time in range(100):
        response = client.post("/password/", {"who": "alice"})
        if response.status_code == 429:
            break
    assert "Wait" in assert_told(response, status=429)


def test_a_new_password(client, alice):
    link = reset_link(alice)
    assert "Problem" not in TITLE.search(client.get(link).content.decode())[1]
    assert_told(choose(client, link, "kelp"), "id_new_password2")


def test_an_invitation(client):
    owner = make_user("olga", "Owner")
    invited = {"email": "nadia@example.org", "role": "Author", "language": "en", "ends_at": timezone.now()}
    link = f"/invitation/{Invitation.objects.create(invited_by=owner, **invited).renew()}/"
    assert_told(client.post(link, {"username": ""}), "id_username", "id_password1", "id_password2")


def test_a_note_on_a_preview(client, alice):
    link = f"/preview/{Preview.objects.make(7, post=make_post(alice, status='draft'), created_by=alice)}/"
    html = assert_told(client.post(link, {"name": "", "text": ""}), "id_name", "id_text")
    # The form leads to #note, and browsers hold the focus there rather than where a page asks for it.
    assert re.search(r'<div class="problem" id="note"', html) and html.count('id="note"') == 1
    assert '<form class="post" id="note"' in client.get(link).content.decode()
