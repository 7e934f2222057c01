"""The owner's list of mails, and what the desk says of them."""

from datetime import timedelta

import pytest
from django.core import mail as outbox
from django.utils import timezone

from blog.models import Mail
from tests.blog.letters import KINDS, make_mail
from tests.factories import make_user

pytestmark = pytest.mark.django_db
LIST = "/admin/blog/mail/"


@pytest.fixture(autouse=True)
def _kinds(settings):
    settings.MAIL_KINDS = KINDS
    settings.MAIL_NAMES = {"hello": "a greeting"}


@pytest.fixture
def owner(client):
    client.force_login(make_user("olive", "Owner"))
    return client


def act(client, action: str, *mails: Mail):
    return client.post(LIST, {"action": action, "_selected_action": [mail.pk for mail in mails]}, follow=True)


def dead_mail(key: str = "dead") -> Mail:
    fields = {"attempts": 10, "repeats": 2, "done_at": timezone.now(), "problem": "550 no such <…@…>"}
    return make_mail(key=key, status="dead", data={"name": "alice"}, **fields)


def test_it_works(owner):
    dead_mail()
    make_mail(key="waiting", send_after=timezone.now() + timedelta(days=1))
    html = owner.get(LIST).content.decode()
    for said in ("A greeting", "could not be sent", "550 no such &lt;…@…&gt;", "Send again", "Do not send"):
        assert said in html
    assert "Add mail" not in html and "delete_selected" not in html
    shown = owner.get(LIST, {"status__exact": "dead"}).context["cl"].result_list
    assert [mail.key for mail in shown] == ["dead"]


def test_what_could_not_be_sent_stands_first_in_the_filter(owner):
    assert Mail.Status.values[0] == "dead"


def test_a_mail_has_a_page_that_changes_nothing(owner):
    mail = dead_mail()
    address = f"{LIST}{mail.pk}/change/"
    html = owner.get(address).content.decode()
    assert "A greeting" in html and "name alice" in html and "550 no such" in html
    assert 'name="_save"' not in html and "<textarea" not in html
    assert owner.post(address, {"status": "sent"}).status_code == 403
    mail.refresh_from_db()
    assert mail.status == "dead"


@pytest.mark.parametrize("path", ["add/", "1/delete/"])
def test_nothing_is_added_or_deleted(owner, path):
    mail = dead_mail()
    assert owner.post(f"{LIST}{path.replace('1', str(mail.pk))}").status_code == 403
    assert Mail.objects.count() == 1


@pytest.mark.parametrize("role", ["Contributor", "Author", "Editor", "Moderator", ""])
def test_nobody_else_may_look_or_act(client, role):
    mail = dead_mail()
    client.force_login(make_user("someone", role, is_staff=True))
    assert client.get(LIST).status_code == 403
    assert client.get(f"{LIST}{mail.pk}/change/").status_code == 403
    assert act(client, "send_again", mail).status_code == 403
    mail.refresh_from_db()
    assert mail.status == "dead"
    assert "could not be sent" not in client.get("/admin/").content.decode()


def test_sending_again_begins_anew(owner, django_capture_on_commit_callbacks):
    mail, other = dead_mail(), dead_mail("other")
    with django_capture_on_commit_callbacks(execute=True):
        html = act(owner, "send_again", mail).content.decode()
    assert "1 mail is sent again." in html
    mail.refresh_from_db()
    other.refresh_from_db()
    assert (mail.status, mail.attempts, mail.repeats, mail.problem) == ("sent", 1, 0, "")
    assert other.status == "dead"
    assert "for alice." in outbox.outbox[0].body


@pytest.mark.parametrize("status", ["sent", "waiting", "dropped"])
def test_only_what_could_not_be_sent_is_sent_again(owner, status, django_capture_on_commit_callbacks):
    mail = make_mail(status=status, send_after=timezone.now() + timedelta(days=1), attempts=3)
    with django_capture_on_commit_callbacks(execute=True):
        assert "Only mails that could not be sent" in act(owner, "send_again", mail).content.decode()
    mail.refresh_from_db()
    assert (mail.status, mail.attempts) == (status, 3) and outbox.outbox == []


def test_what_waits_or_could_not_be_sent_need_not_be(owner):
    waiting, dead, sent = make_mail(key="a", data={"name": "x"}), dead_mail(), make_mail(key="b", status="sent")
    assert "2 mails will not be sent." in act(owner, "do_not_send", waiting, dead, sent).content.decode()
    assert sorted(Mail.objects.values_list("status", flat=True)) == ["dropped", "dropped", "sent"]
    waiting.refresh_from_db()
    assert waiting.data == {} and waiting.done_at
    assert "None of these" in act(owner, "do_not_send", sent).content.decode()


def test_the_desk_tells_the_owner_what_could_not_be_sent(owner):
    dead_mail()
    assert f'<a href="{LIST}?status__exact=dead">1 mail could not be sent</a>' in owner.get("/admin/").content.decode()
    dead_mail("b")
    assert "2 mails could not be sent" in owner.get("/admin/").content.decode()


def test_the_desk_tells_the_owner_of_a_mail_server_that_is_away_for_long(owner):
    now = timezone.now()
    make_mail(key="a", unreached_at=now - timedelta(minutes=59))
    make_mail(key="b", status="sent", unreached_at=now - timedelta(days=1))
    assert "has not been reached" not in owner.get("/admin/").content.decode()
    make_mail(key="c", unreached_at=now.replace(year=2025, month=3, day=14, hour=12, minute=5))
    assert "The mail server has not been reached since 14 March 2025, 12:05" in owner.get("/admin/").content.decode()


def test_a_desk_without_trouble_says_nothing_of_mails(owner):
    make_mail()
    make_mail(key="b", status="sent")
    html = owner.get("/admin/").content.decode()
    assert "could not be sent" not in html and "has not been reached" not in html
