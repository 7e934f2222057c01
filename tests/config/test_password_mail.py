"""A forgotten password: the same answer for everybody, a link that works once, and a GET that changes nothing."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.contrib.sessions.models import Session
from django.core import mail as outbox
from django.test import Client
from django.utils import timezone

from blog.models import Mail, User
from comments.models import RateCount
from config import password
from tests.factories import make_user

pytestmark = pytest.mark.django_db
NEW = "sea-kelp-and-14-gulls"


@pytest.fixture
def alice():
    return make_user("alice")


@pytest.fixture
def ask(client, django_capture_on_commit_callbacks):
    def post(who: str, **extra):
        with django_capture_on_commit_callbacks(execute=True):
            return client.post("/password/", {"who": who}, **extra)

    return post


def link(number: int = -1) -> str:
    """The path of the link in a mail."""
    return re.search(r"http://testserver(/password/\S+)", outbox.outbox[number].body)[1]


def choose(client, path: str, one: str = NEW, other: str = ""):
    return client.post(path, {"new_password1": one, "new_password2": other or one})


def test_it_works(client, alice, ask):
    response = ask("alice")
    assert (response.status_code, response["Location"]) == (303, "/password/sent/")
    (message,) = outbox.outbox
    assert (message.to, message.subject) == (["alice@example.org"], "A new password")
    assert "for alice." in message.body and link() in message.alternatives[0].content

    page = client.get(link())
    assert page.status_code == 200 and "alice" in page.content.decode()
    response = choose(client, link())
    assert (response.status_code, response["Location"]) == (303, "/sign-in/")
    assert "Your new password is set." in client.get("/sign-in/").content.decode()
    assert client.login(username="alice", password=NEW)


@pytest.mark.parametrize("who", ["alice@example.org", "ALICE@Example.org", " alice ", "alice@example.org "])
def test_the_address_will_do_as_well(alice, ask, who):
    ask(who)
    assert [message.to for message in outbox.outbox] == [["alice@example.org"]]


def test_two_accounts_of_one_address_get_a_mail_each(ask):
    for name in ("alice", "alison"):
        User.objects.filter(pk=make_user(name).pk).update(email="Both@example.org")
    ask("both@example.org")
    assert sorted(re.search(r"for (\w+)\.", message.body)[1] for message in outbox.outbox) == ["alice", "alison"]


def test_an_account_without_a_password_of_its_own_gets_one(client, alice, ask):
    alice.set_unusable_password()
    alice.save()
    ask("alice")
    choose(client, link())
    assert client.login(username="alice", password=NEW)


@pytest.mark.parametrize("who", ["nobody", "nobody@example.org", "inactive", "no-address", "alıce@example.org", "%"])
def test_whoever_is_not_known_gets_the_same_answer_and_no_mail(client, alice, ask, who):
    make_user("inactive", is_active=False)
    User.objects.filter(pk=make_user("no-address").pk).update(email="")
    with time_machine.travel(timezone.now(), tick=False):  # a header tells the time
        known, response = ask("alice"), ask(who)
    assert (response.status_code, response["Location"]) == (known.status_code, known["Location"])
    del response.headers["X-Request-ID"], known.headers["X-Request-ID"]  # each request has a name of its own
    assert response.content == known.content and response.headers == known.headers
    assert [message.to for message in outbox.outbox] == [["alice@example.org"]]
    written = list(Mail.objects.order_by("pk").values_list("status", flat=True))
    assert written == ["sent", "dropped"], "as much is written down for the unknown, so that the time tells nothing"


def test_nothing_typed_is_kept(alice, ask):
    ask("alice@example.org")
    ask("secret-name")
    kept = [*Mail.objects.values_list("key", "data", "problem"), *RateCount.objects.values_list("key", flat=True)]
    assert "alice" not in str(kept) and "secret-name" not in str(kept)


def test_an_account_that_ended_since_gets_no_mail(client, alice, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        client.post("/password/", {"who": "alice"})
        User.objects.update(is_active=False)
    assert outbox.outbox == [] and Mail.objects.get().status == "dropped"


@pytest.mark.parametrize(("who", "said"), [("", "Type your user name"), ("x" * 255, "at most 254"), ("a\x00b", "Null")])
def test_what_cannot_be_a_name_is_asked_for_again(client, who, said):
    response = client.post("/password/", {"who": who})
    assert response.status_code == 422 and said in response.content.decode()
    assert not Mail.objects.exists()


def test_one_name_is_asked_for_a_few_times_whoever_asks(alice, ask):
    for number in range(password.OF_TARGET[0][0]):
        assert ask("alice", REMOTE_ADDR=f"198.51.{number}.1").status_code == 303
    response = ask("ALICE", REMOTE_ADDR="203.0.113.1")
    assert response.status_code == 429 and 0 < int(response["Retry-After"]) <= 3600
    assert "asked for often just now" in response.content.decode() and 'value="ALICE"' in response.content.decode()
    assert len(outbox.outbox) == password.OF_TARGET[0][0]
    for number in range(password.OF_TARGET[0][0]):
        assert ask("nobody", REMOTE_ADDR=f"198.51.{number}.1").status_code == 303
    assert ask("nobody", REMOTE_ADDR="203.0.113.1").status_code == 429, "nor does the limit tell who is known"


def test_one_network_asks_a_few_times_whatever_it_asks_for(ask):
    for number in range(password.OF_NETWORK[0][0]):
        assert ask(f"name{number}").status_code == 303
    assert ask("another").status_code == 429
    assert ask("another", REMOTE_ADDR="198.51.100.1").status_code == 303


@pytest.mark.parametrize("method", ["get", "head"])
def test_following_the_link_changes_nothing(alice, ask, method, django_assert_num_queries):
    ask("alice")
    path, before = link(), User.objects.values().get()
    scanner = Client()
    with django_assert_num_queries(3) as queries:  # site settings, user, menu
        response = getattr(scanner, method)(path)
    assert response.status_code == 200
    assert [query["sql"].lstrip("(").split()[0] for query in queries.captured_queries] == ["SELECT"] * 3
    assert set(response.cookies) <= {"csrftoken"}
    assert not Session.objects.exists() and User.objects.values().get() == before
    assert choose(Client(), path).status_code == 303, "it still works for the one it is for"


def test_the_pages_are_kept_by_nobody_and_lead_nobody_here(client, alice, ask):
    ask("alice")
    for path in ("/password/", "/password/sent/", link(), "/password/MQ/x-y/"):
        response = client.get(path)
        assert "no-store" in response["Cache-Control"], path
        assert (response["Referrer-Policy"], response["X-Robots-Tag"]) == ("same-origin", "noindex"), path


def assert_gone(client, path: str, user: User) -> None:
    for response in (client.get(path), client.head(path), choose(client, path, "another-and-99-gulls")):
        assert response.status_code == 410
    page = client.get(path).content.decode()
    assert "This link has ended" in page and 'href="/password/"' in page
    assert not user.check_password("another-and-99-gulls")


def test_the_link_works_once(client, alice, ask):
    ask("alice")
    choose(client, link())
    alice.refresh_from_db()
    assert_gone(client, link(), alice)


def test_the_link_ends_after_a_day_which_begins_when_the_mail_goes_out(client, alice, ask):
    now = timezone.now()
    with time_machine.travel(now):
        ask("alice")
    with time_machine.travel(now + timedelta(hours=23, minutes=59)):
        assert client.get(link()).status_code == 200
    with time_machine.travel(now + timedelta(hours=24, minutes=1)):
        assert_gone(client, link(), alice)


def test_the_link_ends_when_its_owner_signs_in(client, alice, ask):
    ask("alice")
    Client().post("/sign-in/", {"username": "alice", "password": "correct horse"})
    assert_gone(client, link(), alice)


def test_the_link_ends_when_the_address_changes(client, alice, ask):
    ask("alice")
    User.objects.update(email="new@example.org")
    assert_gone(client, link(), alice)


def test_the_link_ends_with_the_account(client, alice, ask):
    ask("alice")
    User.objects.update(is_active=False)
    assert_gone(client, link(), alice)


@pytest.mark.parametrize(
    "tamper",
    [
        lambda uid, token: (uid, token[:-1] + ("a" if token[-1] != "a" else "b")),
        lambda uid, token: ("OTk5OTk5", token),
        lambda uid, token: ("OTk5OTk5OTk5OTk5OTk5OTk5OTk5OTk5OTk5OTk5OTk5", token),
        lambda uid, token: ("====", token),
        lambda uid, token: ("w6Q", token),
        lambda uid, token: ("x" * 900, "y" * 900),
        lambda uid, token: (uid, "set-password"),
    ],
)
def test_a_link_that_is_not_ours_opens_nothing(client, alice, ask, tamper):
    ask("alice")
    path = "/password/{}/{}/".format(*tamper(*link().strip("/").split("/")[1:]))
    assert_gone(client, path, alice)


def test_of_two_at_the_same_moment_one_wins(client, alice, ask, monkeypatch):
    ask("alice")
    path, real = link(), password._set

    def second(user, uid, token):
        assert real(User.objects.get(), uid, token) or True
        User.objects.update(password="md5$of$theother")
        return real(user, uid, token)

    monkeypatch.setattr(password, "_set", second)
    assert choose(client, path).status_code == 410
    assert User.objects.get().password == "md5$of$theother"


@pytest.mark.parametrize(
    ("one", "other", "said"),
    [(NEW, "different", "match"), ("alice", "", "similar"), ("12345678", "", "common"), ("", "", "required")],
)
def test_a_password_that_will_not_do_is_asked_for_again(client, alice, ask, one, other, said):
    ask("alice")
    response = choose(client, link(), one, other)
    assert response.status_code == 422 and said in response.content.decode()
    assert one not in response.content.decode().replace("<bdi>alice</bdi>", "").replace('value="alice"', "") or not one
    assert choose(client, link()).status_code == 303


def test_other_sessions_end(client, alice, ask):
    thief = Client()
    thief.force_login(alice)
    User.objects.update(last_login=None)
    ask("alice")
    choose(client, link())
    assert not thief.get("/sign-in/").wsgi_request.user.is_authenticated


def test_whoever_works_here_is_led_to_the_desk(client, ask):
    make_user("edda", "Editor")
    ask("edda")
    assert choose(client, link())["Location"] == "/sign-in/?next=/admin/"


@pytest.mark.parametrize("path", ["/password/", "link"])
def test_another_site_cannot_send_the_forms(alice, ask, path):
    ask("alice")
    strict = Client(enforce_csrf_checks=True)
    data = {"who": "alice", "new_password1": NEW, "new_password2": NEW}
    assert strict.post(link() if path == "link" else path, data).status_code == 403
    alice.refresh_from_db()
    assert alice.check_password("correct horse") and len(outbox.outbox) == 1


@pytest.mark.parametrize("page", ["/sign-in/", "/admin/login/"])
def test_the_doors_lead_here(client, page):
    assert re.search(r'<a href="/password/">Forgotten your password\?</a>', client.get(page).content.decode())


@pytest.mark.parametrize(("path", "method"), [("/password/", "put"), ("/password/sent/", "post")])
def test_it_knows_no_other_method(client, path, method):
    assert getattr(client, method)(path).status_code == 405
