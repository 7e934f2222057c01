"""Signing in by password and code, by both doors."""

import time

import pytest
from django.test import Client
from django_otp.plugins.otp_totp.models import TOTPDevice

from config.models import RecoveryCode
from config.signin import code as code_page
from tests.config.signin.people import (
    PASSWORD,
    code_now,
    knows_who,
    passes,
    wait,
    with_second_step,
    wrong_code,
)
from tests.factories import make_user

pytestmark = pytest.mark.django_db
DOORS = ["/sign-in/", "/admin/login/"]
CODE = "/sign-in/code/"


@pytest.fixture
def olive(db):
    return make_user("olive", "Owner")


@pytest.fixture
def codes(olive):
    """Of Olive, who has a second step from now on."""
    return with_second_step(olive)


@pytest.mark.parametrize("door", DOORS)
def test_a_password_is_enough_without_a_second_step(client, olive, door):
    response = passes(client, door)
    assert (response.status_code, response.url) == (302, "/admin/")
    assert client.get("/admin/").status_code == 200


@pytest.mark.parametrize("door", DOORS)
def test_a_code_is_asked_for_after_the_password(client, codes, door):
    response = passes(client, door, to="/admin/blog/post/")
    assert (response.status_code, response.url) == (303, CODE)
    html = client.get(CODE).content.decode()
    assert 'autocomplete="one-time-code"' in html and 'inputmode="numeric"' in html
    response = client.post(CODE, {"code": code_now()})
    assert (response.status_code, response.url) == (303, "/admin/blog/post/")
    assert client.get("/admin/blog/post/").status_code == 200


@pytest.mark.parametrize("door", DOORS)
def test_a_password_alone_signs_in_nowhere(client, codes, door):
    passes(client, door)
    assert not knows_who(client)
    assert client.get("/admin/").url.startswith("/admin/login/")
    assert client.post("/admin/blog/post/add/", {"title": "x"}).status_code == 403
    assert client.get("/sign-in/").context["user"].is_anonymous


def test_a_wrong_code_does_not(client, codes):
    passes(client)
    response = client.post(CODE, {"code": wrong_code()})
    assert response.status_code == 422 and not knows_who(client)
    assert "This code is wrong, too old or already used." in response.content.decode()


@pytest.mark.parametrize(
    "typed", ["", " ", "12345", "1234567", "abcdef", "x" * 41, "²²²²²²", "12 34", "-12345", "0x1234"]
)
def test_what_is_no_code_does_not(client, codes, typed):
    passes(client)
    assert client.post(CODE, {"code": typed}).status_code == 422
    assert not knows_who(client)


@pytest.mark.parametrize("write", [lambda code: f" {code[:3]} {code[3:]}", lambda code: code.translate(PERSIAN)])
def test_codes_as_people_type_them(client, codes, write):
    passes(client)
    assert client.post(CODE, {"code": write(code_now())}).status_code == 303


PERSIAN = str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹")


def test_a_used_code_is_refused(client, codes):
    passes(client)
    used = code_now()
    assert client.post(CODE, {"code": used}).status_code == 303
    other = Client()
    passes(other)
    assert other.post(CODE, {"code": used}).status_code == 422
    assert not knows_who(other)


@pytest.mark.parametrize("later", [-3, 3])
def test_a_code_of_another_time_is_refused(client, codes, later):
    passes(client)
    assert client.post(CODE, {"code": code_now(later=later)}).status_code == 422


def test_somebody_elses_code_is_refused(client, codes):
    with_second_step(make_user("mona", "Moderator"))
    TOTPDevice.objects.filter(user__username="mona").update(key="b2" * 20)
    passes(client)
    assert client.post(CODE, {"code": code_now("b2" * 20)}).status_code == 422


@pytest.mark.parametrize("write", [str, str.upper, lambda code: code.replace("-", " "), lambda code: f" {code}"])
def test_a_recovery_code_works_once(client, codes, write):
    passes(client)
    assert f'href="{CODE}?recovery"' in client.get(CODE).content.decode()
    assert "Recovery code" in client.get(f"{CODE}?recovery").content.decode()
    assert client.post(f"{CODE}?recovery", {"code": write(codes[3])}).status_code == 303
    assert knows_who(client) and RecoveryCode.objects.count() == 9
    other = Client()
    passes(other)
    response = other.post(f"{CODE}?recovery", {"code": codes[3]})
    assert response.status_code == 422 and "it was used already" in response.content.decode()


def test_recovery_codes_are_kept_as_digests(codes):
    kept = set(RecoveryCode.objects.values_list("digest", flat=True))
    assert len(kept) == 10 and all(len(digest) == 64 for digest in kept)
    assert not any(code in digest for code in codes for digest in kept)


def test_the_code_page_is_for_those_who_typed_a_password(client, codes):
    for response in (client.get(CODE), client.post(CODE, {"code": code_now()}), client.post(CODE, {"code": codes[0]})):
        assert (response.status_code, response.url) == (302, "/sign-in/")
    assert not knows_who(client)


def test_it_waits_ten_minutes(client, codes, time_machine):
    time_machine.move_to(time.time(), tick=False)
    passes(client)
    wait(time_machine, code_page.PATIENCE + 1)
    assert client.post(CODE, {"code": code_now()}).url == "/sign-in/"
    assert not knows_who(client)


@pytest.mark.parametrize("change", ["password", "is_active"])
def test_an_account_that_was_changed_meanwhile_begins_again(client, olive, codes, change):
    passes(client)
    if change == "password":
        olive.set_password("another one entirely")
    else:
        olive.is_active = False
    olive.save()
    assert client.post(CODE, {"code": code_now()}).url == "/sign-in/"


def test_session_fixation(client, olive, codes):
    """Whoever has set somebody's cookie holds a key that is worth nothing after each step."""
    client.get("/sign-in/")
    session = client.session
    session["planted"] = True
    session.save()
    planted = session.session_key
    client.cookies["sessionid"] = planted
    passes(client)
    between = client.session.session_key
    assert between != planted and "planted" not in client.session
    client.post(CODE, {"code": code_now()})
    after = client.session.session_key
    assert after not in (planted, between) and knows_who(client)
    for old in (planted, between):
        other = Client()
        other.cookies["sessionid"] = old
        assert other.get("/admin/").status_code == 302
        assert other.post(CODE, {"code": code_now(later=1)}).url == "/sign-in/"


@pytest.mark.parametrize("door", DOORS)
def test_session_fixation_without_a_second_step(client, olive, door):
    session = client.session
    session["planted"] = True
    session.save()
    planted = client.cookies["sessionid"] = session.session_key
    passes(client, door)
    assert client.session.session_key != planted and knows_who(client)
    other = Client()
    other.cookies["sessionid"] = planted
    assert other.get("/admin/").status_code == 302


def test_signing_in_as_another_ends_the_session_before(client, codes):
    make_user("mona", "Moderator")
    client.login(username="mona", password=PASSWORD)
    passes(client)
    assert not knows_who(client)


@pytest.mark.parametrize("to", ["https://evil.example/", "//evil.example", "javascript:alert(1)", "/\\evil.example"])
def test_it_leads_nowhere_else(client, codes, to):
    """Open redirect."""
    passes(client, to=to)
    assert client.post(CODE, {"code": code_now()}).url == "/"


def test_the_next_session_lasts_as_long_as_any(client, codes, settings):
    passes(client)
    assert client.session.get_expiry_age() == code_page.PATIENCE
    client.post(CODE, {"code": code_now()})
    assert 0 <= settings.SESSION_COOKIE_AGE - client.session.get_expiry_age() < 60


def test_the_code_page_says_its_method(client, codes):
    passes(client)
    response = client.put(CODE)
    assert (response.status_code, response["Allow"]) == (405, "GET, HEAD, POST")
    assert "no-store" in client.get(CODE)["Cache-Control"]


def test_a_form_of_another_site_is_refused(codes):
    client = Client(enforce_csrf_checks=True)
    assert client.post(CODE, {"code": code_now()}).status_code == 403


def test_who_may_not_enter_the_desk_is_told_so_before_the_code(client):
    with_second_step(make_user("rita"))
    response = passes(client, "/admin/login/", "rita")
    assert response.status_code == 200 and "may not enter the desk" in response.content.decode()
