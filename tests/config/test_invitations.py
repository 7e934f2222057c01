"""An invitation: the link that was mailed opens a page, on which who is invited makes an account. Once, for a week."""

import re
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from django.apps import apps
from django.core import mail as outbox
from django.db import IntegrityError, connection
from django.test import Client
from django.utils import timezone

from blog.mail import send_due
from blog.models import Mail, SiteSettings, User
from config import tick
from config.models import Invitation
from config.roles import make_roles
from tests.factories import make_user

pytestmark = pytest.mark.django_db
DESK = "/admin/invitations/"
START = datetime(2026, 3, 14, 12, tzinfo=UTC)
PASSWORD = "sea-kelp-and-14-gulls"


@pytest.fixture
def olga():
    return make_user("olga", "Owner")


@pytest.fixture
def invite(olga, django_capture_on_commit_callbacks):
    """Invites somebody at the desk; the path of the mailed link."""

    def post(email="nadia@example.org", role="Author", language="en") -> str:
        owner = Client()
        owner.force_login(olga)
        with django_capture_on_commit_callbacks(execute=True):
            answer = owner.post(DESK, {"email": email, "role": role, "language": language}, follow=True)
        assert f"The invitation is on its way to {email}." in answer.content.decode()
        return link()

    return post


def link() -> str:
    return re.search(r"http://testserver(/invitation/\S+)", outbox.outbox[-1].body)[1]


def join(client, path: str, **fields):
    sent = {"username": "nadia", "display_name": "Nadia K.", "password1": PASSWORD, "password2": PASSWORD}
    return client.post(path, sent | fields)


def test_it_works(client, invite):
    path = invite()
    (message,) = outbox.outbox
    assert (message.to, message.subject) == (["nadia@example.org"], "An invitation to write for Marginalia")
    assert path in message.alternatives[0].content and "for 7 days" in message.body

    page = client.get(path)
    assert page.status_code == 200
    html = page.content.decode()
    assert "<bdi>Olga</bdi> has invited <bdi>nadia@example.org</bdi>." in html and "write and publish" in html

    answer = join(client, path)
    assert (answer.status_code, answer["Location"]) == (303, "/sign-in/?next=/admin/")
    assert "Your account is made. Sign in with it." in client.get(answer["Location"]).content.decode()
    user = User.objects.get(username="nadia")
    assert (user.email, user.display_name, user.is_staff, user.is_superuser) == (
        "nadia@example.org",
        "Nadia K.",
        True,
        False,
    )
    assert [group.name for group in user.groups.all()] == ["Author"]
    sent = {"username": "nadia", "password": PASSWORD, "next": "/admin/"}
    assert "Your account" in client.post("/sign-in/", sent, follow=True).content.decode()
    assert Mail.objects.count() == 1, "the first sign-in is told to nobody"


@pytest.mark.parametrize("role", ["Contributor", "Author", "Editor", "Moderator", "Owner"])
def test_one_gets_the_role_and_no_other(client, invite, role):
    join(client, invite(role=role))
    user = User.objects.get(username="nadia")
    assert user.is_superuser == (role == "Owner")
    assert [group.name for group in user.groups.all()] == ([] if role == "Owner" else [role])


def test_nothing_that_is_sent_gives_more(client, invite):
    path = invite(role="Contributor")
    join(client, path, role="Owner", is_superuser="on", is_staff="on", groups="1", email="other@example.org")
    user = User.objects.get(username="nadia")
    assert not user.is_superuser and user.email == "nadia@example.org"
    assert [group.name for group in user.groups.all()] == ["Contributor"]


def ended(answer) -> bool:
    return answer.status_code == 410 and "This invitation works no more" in answer.content.decode()


def test_it_works_once(client, invite):
    path = invite()
    join(client, path)
    assert ended(client.get(path)) and ended(join(client, path, username="second"))
    assert not User.objects.filter(username="second").exists() and not Invitation.objects.exists()


def test_looking_at_it_changes_nothing(client, invite):
    path = invite()
    for _time in range(3):
        assert client.get(path).status_code == client.head(path).status_code == 200
    assert not User.objects.filter(username="nadia").exists()


def test_it_ends_after_seven_days(client, invite, time_machine):
    time_machine.move_to(START, tick=False)
    path = invite()
    time_machine.move_to(START + timedelta(days=7, seconds=-1), tick=False)
    assert client.get(path).status_code == 200
    time_machine.move_to(START + timedelta(days=7), tick=False)
    assert ended(client.get(path)) and ended(join(client, path))


@pytest.mark.parametrize("key", ["nothing", "a" * 22, "a" * 5000, "ü"])
def test_a_link_that_is_none_of_ours_leads_nowhere(client, key):
    assert ended(client.get(f"/invitation/{key}/")) and ended(join(client, f"/invitation/{key}/"))


def test_its_days_begin_when_the_mail_goes_out(client, invite, olga, time_machine):
    time_machine.move_to(START, tick=False)
    found = Invitation.objects.create(
        email="late@example.org", role="Author", language="en", invited_by=olga, ends_at=START + timedelta(days=7)
    )
    Mail.objects.create(kind="invitation", key="x", data={"invitation": found.pk})
    time_machine.move_to(START + timedelta(days=9))
    assert send_due() == 1
    assert client.get(link()).status_code == 200


@pytest.mark.parametrize("change", [{"is_superuser": False}, {"is_active": False}])
def test_it_ends_when_its_sender_is_an_owner_no_more(client, invite, olga, change):
    path = invite()
    User.objects.filter(pk=olga.pk).update(**change)
    assert ended(client.get(path)) and ended(join(client, path))


def test_one_that_was_withdrawn_before_its_mail_went_out_is_not_sent(olga):
    client = Client()
    client.force_login(olga)
    client.post(DESK, {"email": "nadia@example.org", "role": "Author", "language": "en"})
    client.post(f"{DESK}{Invitation.objects.get().pk}/withdraw/")
    send_due()
    assert outbox.outbox == [] and Mail.objects.get().status == "dropped"


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"username": ""}, "Choose a user name."),
        ({"username": "OLGA"}, "Somebody has this user name already. Choose another."),
        ({"username": "na dia"}, "A user name has letters, digits and @ . + - _ alone."),
        ({"username": "n" * 151}, "at most 150 characters"),
        ({"password2": "another"}, "match"),
        ({"password1": "password123", "password2": "password123"}, "too common"),
        ({"password1": "nadia@example", "password2": "nadia@example"}, "too similar"),
        ({"display_name": "N" * 121}, "at most 120 characters"),
    ],
)
def test_what_is_wrong_is_said_and_the_rest_is_kept(client, invite, fields, said):
    path = invite()
    answer = join(client, path, **fields)
    html = answer.content.decode()
    assert answer.status_code == 422 and said in html and "Not sent yet:" in html
    assert "display_name" in fields or 'value="Nadia K."' in html
    assert PASSWORD not in html
    assert not User.objects.filter(display_name="Nadia K.").exists()
    assert join(client, path).status_code == 303


def test_a_user_name_that_was_taken_at_the_same_moment_is_asked_for_again(client, invite, monkeypatch):
    path = invite()

    def taken(self, *args, **kwargs):
        raise IntegrityError("UNIQUE constraint failed: blog_user.username")

    with monkeypatch.context() as patched:
        patched.setattr(User, "save", taken)
        answer = join(client, path)
    assert answer.status_code == 422 and "Somebody has this user name already." in answer.content.decode()
    assert join(client, path).status_code == 303


def test_a_form_from_another_site_is_not_taken(client, invite):
    path = invite()
    answer = client.post(path, {"username": "eve"}, headers={"origin": "https://evil.example"})
    assert answer.status_code == 403 and Invitation.objects.exists()


def test_its_page_is_nobodys_but_the_guests(client, invite):
    path = invite()
    for answer in (client.get(path), join(client, path, username=""), client.get("/invitation/nothing/")):
        assert "no-store" in answer["Cache-Control"]
        assert answer["Referrer-Policy"] == "same-origin" and answer["X-Robots-Tag"] == "noindex"
        assert "sessionid" not in answer.cookies


def test_the_key_is_kept_nowhere(invite):
    key = invite().split("/")[2]
    assert len(key) == 22
    assert key not in str(list(Invitation.objects.values())) + str(list(Mail.objects.values()))
    assert "nadia" not in str(list(Mail.objects.values()))


def test_mail_and_page_are_in_the_guests_language(client, invite):
    SiteSettings(title="مرداب").save()
    path = invite(language="fa")
    message = outbox.outbox[-1]
    assert message.subject == "دعوت به همکاری با مرداب"
    assert 'lang="fa" dir="rtl"' in message.alternatives[0].content and "۷ روز" in message.body
    page = client.get(path)
    assert page["Content-Language"] == "fa" and 'lang="fa" dir="rtl"' in page.content.decode()
    assert "حسابم را بساز" in page.content.decode()
    assert 'lang="en"' in client.get("/").content.decode(), "the next page is in the site's own"


def test_it_goes_a_month_after_it_ended(invite):
    invite()
    ends_at = Invitation.objects.get().ends_at
    tick.tick(ends_at + timedelta(days=30))
    assert Invitation.objects.exists()
    tick.tick(ends_at + timedelta(days=30, seconds=1))
    assert not Invitation.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_who_sends_it_twice_at_once_makes_one_account():
    make_roles(apps)  # which other tests that commit take away
    olga = make_user("olga", "Owner")
    invitation = Invitation.objects.create(
        email="nadia@example.org", role="Author", language="en", invited_by=olga, ends_at=timezone.now()
    )
    path, start = f"/invitation/{invitation.renew()}/", threading.Barrier(4)

    def send(number: int) -> int:
        start.wait()
        try:
            return join(Client(), path, username=f"nadia{number}").status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(send, range(4)))
    assert sorted(answers) == [303, 410, 410, 410]
    assert User.objects.filter(email="nadia@example.org").count() == 1


def test_a_mail_about_one_that_is_used_at_the_same_moment_fails_nobody(invite):
    path = invite()
    stale = Invitation.objects.get()
    join(Client(), path)
    assert ended(Client().get(f"/invitation/{stale.renew()}/"))
