"""Setting up a second step on “Your account”, its recovery codes, and turning it off."""

import html
import re
from base64 import b32decode
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django_otp.plugins.otp_totp.models import TOTPDevice

from config.models import RecoveryCode
from config.signin import second
from tests.config.signin.people import PASSWORD, code_now, knows_who, passes, with_second_step, wrong_code
from tests.factories import make_user

pytestmark = pytest.mark.django_db
PAGE = "/admin/account/second-step/"


@pytest.fixture
def arno(client):
    user = make_user("arno", "Contributor")
    client.force_login(user)
    return user


def key_on(page: str) -> str:
    return b32decode(re.search(r'Key: <code dir="ltr">([A-Z2-7 ]+)</code>', page)[1].replace(" ", "")).hex()


def set_up(client, **sent):
    key = key_on(client.get(PAGE).content.decode())
    return client.post(PAGE, {"code": code_now(key), "password": PASSWORD} | sent)


def test_it_is_set_up(client, arno):
    assert f'href="{PAGE}"' in client.get("/admin/account/").content.decode()
    response = set_up(client)
    codes = re.findall(r"<li><code>([a-z2-9-]{19})</code></li>", response.content.decode())
    assert len(set(codes)) == 10 and "no-store" in response["Cache-Control"]
    page = client.get(PAGE).content.decode()
    assert "Your second step is on." in page and "You have 10 recovery codes left." in page
    assert not any(code in page for code in codes)
    other = Client()
    passes(other, username="arno")
    assert other.post("/sign-in/code/", {"code": codes[0]}).status_code == 303


def test_the_picture_holds_the_same_key(arno):
    text = second.address("a1" * 20, arno, "Tide: notes")
    assert text == f"otpauth://totp/Tide%20notes%3Aarno?secret={second.secret('a1' * 20)}&issuer=Tide%20notes"


def test_the_page_shows_the_picture_within_its_policy(client, arno):
    response = client.get(PAGE)
    assert re.search(r'<img src="data:image/svg\+xml[^"]+" width="220"', html.unescape(response.content.decode()))
    assert "img-src 'self' data:" in response["Content-Security-Policy"]


def test_the_key_stays_while_one_tries(client, arno):
    key = key_on(client.get(PAGE).content.decode())
    response = client.post(PAGE, {"code": wrong_code(), "password": PASSWORD})
    assert response.status_code == 422
    assert "This code does not belong to this key." in response.content.decode()
    assert key_on(response.content.decode()) == key


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"code": ""}, "Type the code that your app shows."),
        ({"code": "x"}, "This code does not belong to this key."),
        ({"password": ""}, "Type your password."),
        ({"password": "wrong"}, "This is not your password. Nothing was changed."),
    ],
)
def test_without_both_nothing_is_changed(client, arno, sent, said):
    response = set_up(client, **sent)
    assert response.status_code == 422 and said in response.content.decode()
    assert not TOTPDevice.objects.exists() and not RecoveryCode.objects.exists()


def test_a_code_without_a_key_shows_a_key(client, arno):
    response = client.post(PAGE, {"code": "123456", "password": PASSWORD})
    assert response.status_code == 200 and key_on(response.content.decode())
    assert not TOTPDevice.objects.exists()


def test_the_code_that_set_it_up_opens_no_door(client, arno):
    key = key_on(client.get(PAGE).content.decode())
    code = code_now(key)
    assert client.post(PAGE, {"code": code, "password": PASSWORD}).status_code == 200
    other = Client()
    passes(other, username="arno")
    assert other.post("/sign-in/code/", {"code": code}).status_code == 422
    assert not knows_who(other)


def test_sessions_elsewhere_end_and_this_one_goes_on(client, arno):
    elsewhere = Client()
    elsewhere.login(username="arno", password=PASSWORD)
    assert elsewhere.get("/admin/").status_code == 200
    set_up(client)
    assert client.get("/admin/").status_code == 200
    assert elsewhere.get("/admin/").status_code == 302
    arno.refresh_from_db()
    assert arno.check_password(PASSWORD)


def test_sending_the_form_again_changes_nothing(client, arno):
    set_up(client)
    key = TOTPDevice.objects.get().key
    client.post(PAGE, {"code": code_now(key), "password": PASSWORD})
    assert TOTPDevice.objects.get().key == key and RecoveryCode.objects.count() == 10


def test_new_codes_take_the_place_of_the_old(client, arno):
    with_second_step(arno)
    before = set(RecoveryCode.objects.values_list("digest", flat=True))
    assert "shown again" in client.post(f"{PAGE}codes/").content.decode()
    after = set(RecoveryCode.objects.values_list("digest", flat=True))
    assert len(after) == 10 and not before & after


def test_codes_without_a_second_step_are_none(client, arno):
    assert client.post(f"{PAGE}codes/").url == PAGE
    assert not RecoveryCode.objects.exists()


@pytest.mark.parametrize("by", ["code", "recovery code"])
def test_it_is_turned_off(client, arno, by):
    codes = with_second_step(arno)
    typed = code_now() if by == "code" else codes[0]
    response = client.post(f"{PAGE}off/", {"code": typed, "password": PASSWORD})
    assert (response.status_code, response.url) == (302, "/admin/account/")
    assert not TOTPDevice.objects.exists() and not RecoveryCode.objects.exists()
    assert "Your second step is off." in client.get("/admin/account/").content.decode()
    assert passes(Client(), username="arno").url == "/admin/"


@pytest.mark.parametrize("sent", [{"code": "000"}, {"code": ""}, {"password": "wrong"}, {"password": ""}])
def test_it_stays_on_without_both(client, arno, sent):
    with_second_step(arno)
    response = client.post(f"{PAGE}off/", {"code": code_now(), "password": PASSWORD} | sent)
    assert response.status_code == 422
    assert TOTPDevice.objects.count() == 1 and RecoveryCode.objects.count() == 10


def test_off_without_one_is_no_error(client, arno):
    assert client.post(f"{PAGE}off/", {}).url == PAGE


def test_passwords_cannot_be_guessed_here(client, arno):
    for _time in range(11):
        response = set_up(client, password="wrong")
    assert "That was tried too often. Try again in" in response.content.decode()
    assert set_up(client).status_code == 422
    assert not TOTPDevice.objects.exists()


@pytest.mark.parametrize("path", [f"{PAGE}codes/", f"{PAGE}off/"])
def test_what_changes_something_is_a_post(client, arno, path):
    assert client.get(path).status_code == 405


@pytest.mark.parametrize("path", [PAGE, f"{PAGE}codes/", f"{PAGE}off/"])
def test_strangers_and_readers_have_none_here(client, path):
    client.force_login(make_user("rita"))
    assert client.post(path).status_code == 302
    client.logout()
    assert client.post(path).status_code == 403
    assert client.get(path).status_code == 302


def test_the_library_has_no_page_of_its_own(client):
    client.force_login(make_user("olive", "Owner"))
    assert client.get("/admin/otp_totp/totpdevice/").status_code == 404


def test_the_command_helps_who_lost_both(client, arno):
    with_second_step(arno)
    out = StringIO()
    call_command("second_step", off="arno", stdout=out)
    assert "arno signs in with the password alone now." in out.getvalue()
    assert passes(Client(), username="arno").url == "/admin/"
    call_command("second_step", off="arno", stdout=out)
    assert "arno has no second step" in out.getvalue()


def test_the_command_says_who_is_not_there(db):
    with pytest.raises(CommandError, match="There is no user 'nobody'"):
        call_command("second_step", off="nobody")


def test_it_goes_with_its_user(arno):
    with_second_step(arno)
    arno.delete()
    assert not TOTPDevice.objects.exists() and not RecoveryCode.objects.exists()
