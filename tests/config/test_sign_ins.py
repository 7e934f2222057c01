"""Where one is signed in: listed on “Your account”, on the user's page for owners, and ended there."""

from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.sessions.models import Session
from django.db import DatabaseError, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from config import sessions, tick
from config.models import SignIn
from config.sessions import noting
from config.sessions.agent import Agent
from tests.factories import make_user

pytestmark = pytest.mark.django_db
ACCOUNT = "/admin/account/"
START = datetime(2026, 3, 14, 12, tzinfo=UTC)
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
PIXEL = "Mozilla/5.0 (Linux; Android 15; Pixel 9) AppleWebKit/537.36 Chrome/140.0 Mobile Safari/537.36"


@pytest.fixture
def alice():
    return make_user("alice", "Author")


def browser(user: str = "alice", agent: str = FIREFOX, password: str = "correct horse", door: str = "/admin/login/"):
    """A browser in which somebody has signed in by the form."""
    client = Client(headers={"user-agent": agent})
    assert client.post(door, {"username": user, "password": password}).status_code == 302
    return client


def is_in(client: Client) -> bool:
    return client.get(ACCOUNT).status_code == 200


def listed(client: Client, page: str = ACCOUNT) -> str:
    html = client.get(page).content.decode()
    return html[html.index('id="sign-ins"') :]


def _holder(client: Client) -> int:
    return int(client.session["_auth_user_id"])


def _others(client: Client) -> list[int]:
    others = SignIn.objects.filter(user=_holder(client)).exclude(session=client.session.session_key)
    return list(others.order_by("pk").values_list("pk", flat=True))


@pytest.mark.parametrize("door", ["/admin/login/", "/sign-in/"])
def test_it_works(alice, door):
    here, phone = browser(door=door), browser(agent=PIXEL, door=door)
    html = listed(here)
    assert html.count("<li>") == 2
    assert html.index("Firefox on Linux") < html.index("this one") < html.index("Chrome on Android")
    assert "this one" not in html[html.index("Chrome on Android") :]

    answer = here.post(f"{ACCOUNT}{alice.pk}/sign-ins/{_others(here)[0]}/end/", follow=True)
    assert "That sign-in has ended." in answer.content.decode()
    assert answer.redirect_chain == [(f"{ACCOUNT}#sign-ins", 302)]
    assert is_in(here) and not is_in(phone)
    assert "Chrome on Android" not in listed(here)
    assert SignIn.objects.count() == Session.objects.count() == 1


def test_all_others_are_ended_at_once(alice):
    here, others = browser(), [browser(), browser(agent=PIXEL)]
    answer = here.post(f"{ACCOUNT}{alice.pk}/sign-ins/end/", follow=True)
    assert "2 sign-ins have ended." in answer.content.decode()
    assert is_in(here) and not any(is_in(other) for other in others)
    assert "End all others" not in listed(here)
    assert "There were none to end." in here.post(f"{ACCOUNT}{alice.pk}/sign-ins/end/", follow=True).content.decode()


def test_what_has_ended_already_is_said_to_have(alice):
    here = browser()
    answer = here.post(f"{ACCOUNT}{alice.pk}/sign-ins/999999/end/", follow=True)
    assert "That sign-in had ended already." in answer.content.decode()


def test_the_one_in_use_is_ended_by_logging_out_alone(alice):
    here = browser()
    here.post(f"{ACCOUNT}{alice.pk}/sign-ins/{SignIn.objects.get().pk}/end/")
    assert is_in(here)
    here.post("/admin/logout/")
    assert not SignIn.objects.exists() and not Session.objects.exists()


def test_a_new_password_ends_all_others(alice):
    here, other = browser(), browser(agent=PIXEL)
    new = "sea-kelp-and-14-gulls"
    sent = {"old_password": "correct horse", "new_password1": new, "new_password2": new}
    assert here.post("/admin/password_change/", sent).status_code == 302
    html = listed(here)
    assert "Firefox on Linux" in html and "Chrome on Android" not in html, "before the other has asked for anything"
    assert "A new password ends all others at once." in html
    assert is_in(here) and not is_in(other)


def test_the_list_survives_a_new_key_of_the_session(alice):
    here = browser()
    since = sessions.of(alice, None)[0].since
    session = here.session
    session.cycle_key()
    session.save()
    here.cookies["sessionid"] = session.session_key
    assert is_in(here)
    (one,) = sessions.of(alice, session.session_key)
    assert (one.since, str(one.agent), one.is_this) == (since, "Firefox on Linux", True)


def test_nobody_ends_those_of_others(alice):
    make_user("eve", "Editor")
    here, eve = browser(), browser("eve")
    pk = SignIn.objects.get(user=alice).pk
    own = eve.post(f"{ACCOUNT}{_holder(eve)}/sign-ins/{pk}/end/", follow=True)
    assert "had ended already" in own.content.decode()
    for address in (f"{pk}/end/", "end/"):
        assert eve.post(f"{ACCOUNT}{alice.pk}/sign-ins/{address}").status_code == 403
    assert is_in(here)


def test_it_takes_post_alone(alice):
    here = browser()
    for address in (f"{SignIn.objects.get().pk}/end/", "end/"):
        assert here.get(f"{ACCOUNT}{alice.pk}/sign-ins/{address}").status_code == 405


def test_owners_see_and_end_those_of_everybody(alice):
    make_user("olga", "Owner")
    owner, here = browser("olga"), browser(agent=PIXEL)
    page = f"/admin/blog/user/{alice.pk}/change/"
    html = listed(owner, page)
    assert "Where this user is signed in" in html and "Chrome on Android" in html and "this one" not in html
    answer = owner.post(f"{ACCOUNT}{alice.pk}/sign-ins/end/", follow=True)
    assert answer.redirect_chain == [(f"{page}#sign-ins", 302)]
    assert not is_in(here) and is_in(owner)
    assert "Nowhere at present." in listed(owner, page)
    assert owner.post(f"{ACCOUNT}999999/sign-ins/end/").status_code == 404


def test_a_new_user_has_no_list_yet(client):
    client.force_login(make_user("olga", "Owner"))
    assert "sign-ins" not in client.get("/admin/blog/user/add/").content.decode()


def test_another_account_in_the_same_browser_is_another_sign_in(alice):
    make_user("bob", "Author")
    here = browser()
    here.post("/admin/login/", {"username": "bob", "password": "correct horse"})
    assert [sign_in.user.username for sign_in in SignIn.objects.all()] == ["bob"]
    assert is_in(here) and sessions.of(alice, None) == []


def test_that_it_is_in_use_is_noted_once_an_hour(alice, time_machine):
    start = datetime(2026, 3, 14, 12, 10, tzinfo=UTC)
    time_machine.move_to(start, tick=False)
    here = browser()
    (first,) = sessions.of(alice, None)
    assert (first.since, first.hour) == (start, start.replace(minute=0))
    time_machine.move_to(start + timedelta(minutes=49), tick=False)
    assert _writes(here) == []
    time_machine.move_to(start + timedelta(minutes=51), tick=False)
    assert len(_writes(here)) == 1 and _writes(here) == []
    assert sessions.of(alice, None)[0].hour == start.replace(hour=13, minute=0)


def _writes(client: Client) -> list[str]:
    with CaptureQueriesContext(connection) as queries:
        assert client.get("/admin/password_change/").status_code == 200
    return [query["sql"] for query in queries if query["sql"].startswith(("INSERT", "UPDATE", "DELETE"))]


def test_it_ends_after_two_weeks_however_much_it_is_used(alice, time_machine):
    time_machine.move_to(START, tick=False)
    here = browser()
    for day in range(14):
        time_machine.move_to(START + timedelta(days=day, hours=5), tick=False)
        assert is_in(here), day
    time_machine.move_to(START + timedelta(days=14, seconds=1), tick=False)
    assert not is_in(here)


def test_a_database_that_cannot_be_written_holds_nobody_up(alice, time_machine, monkeypatch, caplog):
    time_machine.move_to(START, tick=False)
    here = browser()
    time_machine.move_to(START + timedelta(hours=2), tick=False)

    def refuse(self, must_create=False):
        raise DatabaseError("attempt to write a readonly database")

    with monkeypatch.context() as patched:
        patched.setattr("django.contrib.sessions.backends.db.SessionStore.save", refuse)
        assert is_in(here)
    assert "could not be noted: DatabaseError" in caplog.text
    assert is_in(here) and sessions.of(alice, None)[0].hour == START + timedelta(hours=2)


def test_a_session_of_the_release_before_is_listed_from_its_next_step_on(alice, time_machine):
    time_machine.move_to(START, tick=False)
    here = browser()
    session = here.session
    del session[noting.NOTE], session["_session_expiry"]
    session.save()
    SignIn.objects.all().delete()
    assert sessions.of(alice, None) == [] and is_in(here)
    assert [str(one.agent) for one in sessions.of(alice, None)] == ["Firefox on Linux"]
    for day in (7, 13):
        time_machine.move_to(START + timedelta(days=day), tick=False)
        assert is_in(here)
    time_machine.move_to(START + timedelta(days=14, seconds=1), tick=False)
    assert not is_in(here)


def test_signing_in_again_in_the_same_browser_begins_anew(alice, time_machine):
    time_machine.move_to(START, tick=False)
    here = browser()
    time_machine.move_to(START + timedelta(days=10), tick=False)
    here.post("/sign-in/", {"username": "alice", "password": "correct horse"})
    assert [one.since for one in sessions.of(alice, None)] == [START + timedelta(days=10)]
    time_machine.move_to(START + timedelta(days=20), tick=False)
    assert is_in(here)


def test_nothing_is_kept_of_the_agent_or_the_address(alice):
    client = Client(headers={"user-agent": f"{FIREFOX} Singular/7"}, REMOTE_ADDR="198.51.100.77")
    client.post("/sign-in/", {"username": "alice", "password": "correct horse"})
    kept = str(Session.objects.get().get_decoded()) + str(SignIn.objects.values())
    assert "Firefox" in kept
    assert not any(word in kept for word in ("Singular", "rv:", "198.51.100"))


def test_anonymous_readers_leave_nothing(client):
    answer = client.get("/")
    assert not answer.cookies and not Session.objects.exists() and not SignIn.objects.exists()


def test_they_go_with_their_sessions(alice):
    browser()
    Session.objects.update(expire_date=timezone.now() - timedelta(seconds=1))
    tick.tick(timezone.now())
    assert not SignIn.objects.exists()


def test_those_whose_session_somebody_else_deleted_go_too(alice):
    browser()
    kept = SignIn.objects.get()
    lost = SignIn.objects.create(user=alice, session_id="x" * 32)
    assert [one.pk for one in sessions.of(alice, None)] == [kept.pk]
    tick.tick(timezone.now())
    assert not SignIn.objects.filter(pk=lost.pk).exists() and SignIn.objects.filter(pk=kept.pk).exists()


EDGE = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/140.0 Safari/537.36 Edg/140.0"
SAFARI = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 Version/19.0 Safari/605.1.15"
IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605.1.15 CriOS/140.0 Mobile Safari/604.1"


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        (FIREFOX, "Firefox on Linux"),
        (PIXEL, "Chrome on Android"),
        (EDGE, "Edge on Windows"),
        (SAFARI, "Safari on macOS"),
        (IPHONE, "Chrome on iOS"),
        ("curl/8 (Linux)", "Linux"),
        ("<script>", "a browser of an unknown kind"),
        ("", "a browser of an unknown kind"),
    ],
)
def test_what_kind_of_browser_it_is(rf, agent, words):
    assert str(Agent.of(rf.get("/", headers={"user-agent": agent}))) == words
