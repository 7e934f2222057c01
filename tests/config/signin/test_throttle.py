"""Guessing passwords: slowed down by name and by network, and nobody is kept out for good."""

import threading
from datetime import UTC, datetime

import pytest
from django.contrib.auth.hashers import MD5PasswordHasher
from django.core.management import call_command
from django.db import connection
from django.db.models import Sum
from django.test import Client

from blog.models import Mail
from comments import addresses
from comments.models import RateCount
from config import letters
from config.signin import throttle
from tests.config.signin.people import PASSWORD, code_now, knows_who, passes, wait, with_second_step, wrong_code
from tests.factories import make_user

pytestmark = pytest.mark.django_db
DOORS = ["/sign-in/", "/admin/login/"]
NAME_LIMIT = throttle.OF_NAME[0][0]
NETWORK_LIMIT = throttle.OF_NETWORK[0][0]


@pytest.fixture(autouse=True)
def early_in_the_window(time_machine):
    time_machine.move_to(datetime(2026, 6, 1, 12, 0, 30, tzinfo=UTC), tick=False)


@pytest.fixture
def olive(db):
    return make_user("olive", "Owner")


def fails(client, name: str = "olive", door: str = "/sign-in/", times: int = 1, **extra):
    for _time in range(times):
        response = client.post(door, {"username": name, "password": "wrong"}, **extra)
    return response


@pytest.mark.parametrize("door", DOORS)
def test_login_throttle(client, olive, door):
    """After ten wrong passwords the right one has to wait too."""
    assert fails(client, door=door, times=NAME_LIMIT).status_code == 200
    response = passes(client, door)
    assert response.status_code == 429 and not knows_who(client)
    assert response["Retry-After"] == str(15 * 60 - 30)
    assert "no-store" in response["Cache-Control"]
    html = response.content.decode()
    assert "Signing in was tried too often from here. You can try again in 15 minutes." in html
    assert "<main" in html and "csp" not in html.lower()


def test_both_doors_count_together(client, olive):
    fails(client, times=NAME_LIMIT)
    assert passes(client, "/admin/login/").status_code == 429


@pytest.mark.parametrize("door", DOORS)
def test_the_answer_is_the_same_for_names_that_are_not_there(client, olive, door):
    fails(client, "olive", door, NAME_LIMIT)
    fails(client, "nobody", door, NAME_LIMIT)
    one, other = (fails(client, name, door) for name in ("olive", "nobody"))
    assert (one.status_code, one.content) == (other.status_code, other.content) == (429, one.content)


def test_ways_of_writing_a_name_count_together(client, olive):
    for name in ("olive", "OLIVE", "ｏｌｉｖｅ", "Olive", "olivE") * 2:
        fails(client, name)
    assert passes(client).status_code == 429


def test_the_wait_ends_by_itself(client, olive, time_machine):
    fails(client, times=NAME_LIMIT + 5)
    wait(time_machine, 15 * 60)
    assert passes(client).status_code == 302 and knows_who(client)


def test_a_stranger_elsewhere_keeps_nobody_out(client, olive):
    fails(Client(REMOTE_ADDR="198.51.100.7"), times=NAME_LIMIT + 1)
    assert passes(client, REMOTE_ADDR="192.0.2.1").status_code == 302


def test_other_names_are_counted_by_network(client, olive):
    for number in range(NETWORK_LIMIT):
        fails(client, f"name-{number}", REMOTE_ADDR=f"192.0.2.{number + 1}")
    assert passes(client, REMOTE_ADDR="192.0.2.200").status_code == 429
    assert passes(Client(REMOTE_ADDR="203.0.113.1")).status_code == 302


def test_a_forged_address_is_no_other_network(client, olive):
    for number in range(NAME_LIMIT):
        fails(client, HTTP_X_FORWARDED_FOR=f"203.0.113.{number}")
    assert passes(client, HTTP_X_FORWARDED_FOR="203.0.113.99").status_code == 429


def test_who_remembers_at_last_begins_anew(client, olive):
    for _round in range(3):
        fails(client, times=NAME_LIMIT - 1)
        assert passes(client).status_code == 302


def test_a_new_password_by_mail_ends_the_wait(client, olive):
    fails(client, times=NAME_LIMIT)
    letter = letters.password({"user": olive.pk}, Mail())
    path = letter.context["link"].removeprefix("http://testserver")
    new = "sea-kelp-and-14-gulls"
    assert client.post(path, {"new_password1": new, "new_password2": new}).status_code == 303
    assert client.post("/sign-in/", {"username": "olive", "password": new}).status_code == 302


def test_a_command_ends_all_waits(client, olive, capsys):
    RateCount.objects.create(key="900:comment:x", window=1)
    fails(client, times=NAME_LIMIT)
    call_command("unlock")
    assert "Nobody has to wait" in capsys.readouterr().out
    assert passes(client).status_code == 302
    assert RateCount.objects.filter(key="900:comment:x").exists()


@pytest.mark.django_db(transaction=True)
def test_many_tries_at_one_moment_are_no_way_around(monkeypatch):
    make_user("olive", "Owner")
    addresses.digest("")  # under a key that is there: of many who make the first one, each counts under its own
    looked_at, real = [], MD5PasswordHasher.verify
    monkeypatch.setattr(MD5PasswordHasher, "verify", lambda *args: looked_at.append(1) or real(*args))

    def one_try() -> None:
        try:
            fails(Client())
        finally:
            connection.close()

    threads = [threading.Thread(target=one_try) for _number in range(3 * NAME_LIMIT)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert 0 < len(looked_at) <= NAME_LIMIT


def test_codes_are_counted_by_account(client, olive):
    """Whoever knows the password gets no further by changing the network, nor by beginning again."""
    with_second_step(olive)
    for number in range(throttle.OF_CODE[0][0]):
        other = Client(REMOTE_ADDR=f"198.51.{number}.1")
        passes(other)
        assert other.post("/sign-in/code/", {"code": wrong_code()}).status_code == 422
    passes(client)
    response = client.post("/sign-in/code/", {"code": code_now()})
    assert response.status_code == 429 and not knows_who(client)
    assert int(response["Retry-After"]) <= 15 * 60


def test_the_wait_for_codes_ends(client, olive, time_machine):
    with_second_step(olive)
    passes(client)
    for _time in range(throttle.OF_CODE[0][0] + 1):
        client.post("/sign-in/code/", {"code": wrong_code()})
    wait(time_machine, 15 * 60)
    passes(client)
    assert client.post("/sign-in/code/", {"code": code_now()}).status_code == 303
    assert knows_who(client)


def test_nothing_that_was_typed_is_kept_or_logged(client, olive, caplog):
    """Some type their password where the name belongs."""
    for _time in range(NAME_LIMIT + 1):
        client.post("/sign-in/", {"username": "hunter2-Secret", "password": "also-Secret"}, REMOTE_ADDR="192.0.2.77")
    kept = " ".join(RateCount.objects.values_list("key", flat=True))
    for typed in ("hunter2", "also-secret", "192.0.2"):
        assert typed not in (kept + caplog.text).lower()
    assert "Somebody tried to sign in too often" in caplog.text


def test_what_a_failed_sign_in_asks(client, olive, django_assert_max_num_queries):
    fails(client)
    with django_assert_max_num_queries(9):  # settings, key, two counts with their transactions, the user
        fails(client)


def test_a_strange_name_is_no_error(client):
    for name in ("", "\0", "x" * 100_000, "\udcff".encode("utf-8", "surrogatepass").decode("latin-1")):
        assert fails(client, name).status_code == 200


def test_the_same_work_is_done_whether_there_is_such_an_account(client, olive, settings, monkeypatch):
    """What takes the time is the hash of a password: one for each try."""
    from config.signin.hashing import Argon2

    settings.PASSWORD_HASHERS = ["config.signin.hashing.Argon2"]
    olive.set_password(PASSWORD)
    olive.save()
    make_user("gone", is_active=False)
    guest = make_user("guest")
    guest.set_unusable_password()
    guest.save()
    done, encode, verify = [], Argon2.encode, Argon2.verify
    monkeypatch.setattr(Argon2, "encode", lambda *args, **kwargs: done.append(1) or encode(*args, **kwargs))
    monkeypatch.setattr(Argon2, "verify", lambda *args, **kwargs: done.append(1) or verify(*args, **kwargs))
    for name in ("olive", "nobody", "gone", "guest"):
        done.clear()
        assert fails(client, name).status_code == 200
        assert len(done) == 1, name


def test_right_passwords_use_up_nothing_of_the_network(client, olive):
    for _time in range(NETWORK_LIMIT):
        assert passes(client).status_code == 302
    assert RateCount.objects.aggregate(total=Sum("count"))["total"] == 0
    assert passes(client).status_code == 302


def test_the_wrong_ones_go_on_counting(client, olive):
    for number in range(NETWORK_LIMIT):
        fails(client, f"name {number}")
    assert passes(client).status_code == 429
