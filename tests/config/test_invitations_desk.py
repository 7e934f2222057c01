"""Invitations at the desk: owners make, send again and withdraw them."""

import re
from datetime import timedelta

import pytest
from django.core import mail as outbox
from django.db import connection
from django.db.models.query import QuerySet
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from blog.models import Mail
from config.models import Invitation
from tests.config.test_invitations import DESK, link
from tests.factories import make_user

pytestmark = pytest.mark.django_db
FORM = {"email": "nadia@example.org", "role": "Editor", "language": "en"}


@pytest.fixture
def owner(client):
    client.force_login(make_user("olga", "Owner"))
    return client


@pytest.fixture
def send(owner, django_capture_on_commit_callbacks):
    def post(path: str = "", **fields):
        with django_capture_on_commit_callbacks(execute=True):
            return owner.post(f"{DESK}{path}", fields, follow=True).content.decode()

    return post


def test_it_works(owner, send):
    html = send(**FORM)
    assert "The invitation is on its way to nadia@example.org." in html
    assert "Editor · English" in html and "invited by <bdi>Olga</bdi>" in html
    assert [message.to for message in outbox.outbox] == [["nadia@example.org"]]


def test_it_is_linked_from_the_users(owner):
    assert f'href="{DESK}"' in owner.get("/admin/blog/user/").content.decode()


def test_it_is_sent_again_with_a_new_link(owner, send, client):
    send(**FORM)
    first = link()
    html = send(f"{Invitation.objects.get().pk}/send/")
    assert "on its way" in html and len(outbox.outbox) == 2
    assert client.get(first).status_code == 410 and client.get(link()).status_code == 200


def test_one_that_ended_is_shown_so_and_can_be_sent_again(owner, send, client):
    send(**FORM)
    Invitation.objects.update(ends_at=timezone.now() - timedelta(days=1))
    assert "works no more" in owner.get(DESK).content.decode()
    html = send(f"{Invitation.objects.get().pk}/send/")
    assert "works no more" not in html and client.get(link()).status_code == 200


def test_who_sends_it_again_stands_for_it(owner, send, client):
    former = make_user("otto", "Moderator")
    soon = timezone.now() + timedelta(days=1)
    found = Invitation.objects.create(**FORM, invited_by=former, ends_at=soon)
    assert "works no more" in owner.get(DESK).content.decode()
    send(f"{found.pk}/send/")
    assert "<bdi>Olga</bdi> has invited" in client.get(link()).content.decode()


def test_it_is_withdrawn(owner, send, client):
    send(**FORM)
    html = send(f"{Invitation.objects.get().pk}/withdraw/")
    assert "The invitation is withdrawn; its link works no more." in html and "None at present." in html
    assert client.get(link()).status_code == 410 and not Invitation.objects.exists()


@pytest.mark.parametrize("verb", ["send", "withdraw"])
def test_one_that_is_gone_is_said_to_be(send, verb):
    assert "it was used or withdrawn" in send(f"999999/{verb}/")
    assert outbox.outbox == []


def test_without_a_mail_server_the_link_is_shown_once(owner, send, client, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
    html = send(**FORM)
    path = re.search(r'value="http://testserver(/invitation/[^"]+)"', html)[1]
    assert "shown only this once" in html and client.get(path).status_code == 200
    assert path not in owner.get(DESK).content.decode() and not Mail.objects.exists()
    again = send(f"{Invitation.objects.get().pk}/send/")
    newer = re.search(r'value="http://testserver(/invitation/[^"]+)"', again)[1]
    assert client.get(path).status_code == 410 and client.get(newer).status_code == 200


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"email": ""}, "This field is required."),
        ({"email": "nadia"}, "valid email address"),
        ({"email": "OLGA@example.org"}, "olga has an account with this address already."),
        ({"email": "Here@Example.org"}, "There is an invitation to this address already."),
        ({"role": "King"}, "Select a valid choice"),
        ({"role": ""}, "This field is required."),
        ({"language": "xx"}, "Select a valid choice"),
    ],
)
def test_what_is_wrong_stands_beside_its_field_and_the_rest_is_kept(owner, fields, said):
    there = FORM | {"email": "here@example.org"}
    Invitation.objects.create(**there, invited_by=make_user("otto", "Owner"), ends_at=timezone.now())
    answer = owner.post(DESK, FORM | fields)
    html = answer.content.decode()
    assert answer.status_code == 422 and said in html and html.count('class="errorlist"') == 1
    assert f'value="{(FORM | fields)["email"]}"' in html or not fields["email"]
    assert Invitation.objects.count() == 1


def test_the_same_sent_twice_at_once_is_one(owner, send, monkeypatch):
    send(**FORM)
    exists = QuerySet.exists
    monkeypatch.setattr(QuerySet, "exists", lambda rows: rows.model is not Invitation and exists(rows))
    monkeypatch.setattr(Invitation, "validate_constraints", lambda self, exclude=None: None)
    answer = owner.post(DESK, FORM | {"email": "Nadia@example.org"})
    assert answer.status_code == 422 and "There is an invitation to this address already." in answer.content.decode()
    assert Invitation.objects.count() == 1


@pytest.mark.parametrize("role", ["Contributor", "Author", "Editor", "Moderator"])
def test_it_is_the_owners_alone(client, role):
    found = Invitation.objects.create(**FORM, invited_by=make_user("olga", "Owner"), ends_at=timezone.now())
    client.force_login(make_user("someone", role))
    assert client.get(DESK).status_code == client.post(DESK, FORM | {"email": "x@example.org"}).status_code == 403
    assert client.post(f"{DESK}{found.pk}/send/").status_code == 403
    assert client.post(f"{DESK}{found.pk}/withdraw/").status_code == 403
    assert Invitation.objects.get() == found and not Mail.objects.exists()


@pytest.mark.parametrize("verb", ["send", "withdraw"])
def test_what_changes_takes_post_alone(owner, verb):
    assert owner.get(f"{DESK}1/{verb}/").status_code == 405


def test_the_page_costs_the_same_however_many_there_are(owner):
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert owner.get(DESK).status_code == 200
        return len(captured)

    few = queries()
    sender = make_user("otto", "Owner")
    for number in range(5):
        Invitation.objects.create(
            email=f"{number}@example.org", role="Author", language="en", invited_by=sender, ends_at=timezone.now()
        )
    assert queries() == few <= 6
