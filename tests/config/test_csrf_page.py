"""A form whose proof is missing or too old: refused, and its words handed back."""

import re

import pytest
from django.test import Client

from tests.factories import make_user

pytestmark = pytest.mark.django_db
ADD = "/admin/blog/post/add/"


@pytest.fixture
def client():
    client = Client(enforce_csrf_checks=True)
    client.force_login(make_user("owner", "Owner"))
    return client


def refused(client, path: str, **words: str) -> str:
    response = client.post(path, words)
    assert response.status_code == 403
    return response.content.decode()


def fields(html: str) -> dict[str, str]:
    """Each text on the page by its label."""
    return dict(
        re.findall(r"<label[^>]*>([^<]*).*?</label>\s*<textarea[^>]*readonly[^>]*>\n(.*?)</textarea>", html, re.S)
    )


def test_the_words_come_back_under_human_names(client):
    html = refused(client, ADD, title="1984", body="<p>Sea</p>", tags="moon, tide", unknown_field="Kept too")
    assert "Please send that again" in html
    assert fields(html) == {
        "Title": "1984",
        "Text": "&lt;p&gt;Sea&lt;/p&gt;",
        "Labels": "moon, tide",
        "Unknown field": "Kept too",
    }


def test_secrets_are_not_shown(client):
    words = {
        "username": "owner",
        "csrfmiddlewaretoken": "s3cret-a",
        "password": "s3cret-b",
        "new_password1": "s3cret-c",
        "code": "s3cret-e",
    }
    html = refused(client, "/admin/login/", token="s3cret-d", **words)  # noqa: S106
    assert fields(html) == {"Username": "owner"}
    assert "s3cret" not in html


def test_what_was_chosen_and_not_written_is_left_out(client):
    chosen = {"comments_mode": "inherit", "language": "en", "author": "1", "cover": "2", "published_at": "2026-01-01"}
    chosen |= {"_save": "Save", "action": "bin", "select_across": "0", "pinned": "on", "form-TOTAL_FORMS": "1"}
    assert fields(refused(client, ADD, excerpt="Words", **chosen)) == {"Excerpt": "Words"}
    assert "What you had written" not in refused(client, ADD, **chosen)


def test_a_long_text_has_more_room_than_a_short_one(client):
    html = refused(client, ADD, title="Short", excerpt="five\nlines\nof\nsome\nwords", body="word " * 1000)
    assert re.findall(r'rows="(\d+)"', html) == ["2", "5", "14"]


def test_a_text_that_begins_with_an_empty_line_keeps_it(client):
    assert fields(refused(client, ADD, body="\nSea")) == {"Text": "\nSea"}
