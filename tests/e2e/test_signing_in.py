"""The second step and the question for the password, as people meet them; also without JavaScript."""

import os
from base64 import b32decode

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from blog.models import SiteSettings, User
from config.signin import recently, throttle
from tests.config.signin.people import PASSWORD, code_now, with_second_step
from tests.e2e.desk import sign_in
from tests.factories import make_user

SECOND_STEP = "/admin/account/second-step/"
ADD_USER = "/admin/blog/user/add/"


@pytest.fixture
def olive(site):
    return make_user("olive", "Owner")


def enter_password(page, to: str = "/admin/") -> None:
    page.goto(f"/admin/login/?next={to}")
    page.get_by_label("Username").fill("olive")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Log in").click()


def look(page, name: str) -> None:
    """No barrier, and nothing wider than a phone; a picture if PICTURES names a folder."""
    for width in (360, 1280):
        page.set_viewport_size({"width": width, "height": 1000})
        found = Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]})
        assert found.response["violations"] == [], (name, width)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, (name, width)
        if folder := os.environ.get("PICTURES"):
            page.screenshot(path=f"{folder}/{name}-{width}.png", full_page=True)


def set_up(page) -> tuple[str, list[str]]:
    """The key, and the recovery codes."""
    page.goto("/admin/account/")
    page.get_by_role("link", name="Second step when signing in").click()
    shown = page.locator(".qr code").inner_text()
    key = b32decode(shown.replace(" ", "")).hex()
    page.get_by_label("Code").fill(code_now(key))
    page.get_by_label("Your password").fill(PASSWORD)
    page.get_by_role("button", name="Turn the second step on").click()
    expect(page.get_by_role("heading", name="Your recovery codes")).to_be_visible()
    return key, page.locator(".recovery-codes code").all_inner_texts()


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
def test_a_second_step_from_setting_up_to_signing_in(person, olive, scripts):
    page = person(java_script_enabled=scripts)
    sign_in(page, "olive", "/admin/")
    key, codes = set_up(page)
    assert len(codes) == 10
    page.get_by_role("link", name="I have kept them").click()
    expect(page.get_by_role("heading", name="Your account")).to_be_visible()
    page.get_by_role("button", name="Log out").click()

    enter_password(page)
    page.get_by_label("Code").fill(code_now(key, later=1))
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", name="Desk")).to_be_visible()
    page.get_by_role("button", name="Log out").click()

    enter_password(page)
    page.get_by_role("link", name="Use a recovery code").click()
    page.get_by_label("Recovery code").fill(codes[0])
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", name="Desk")).to_be_visible()
    page.goto(SECOND_STEP)
    expect(page.get_by_text("You have 9 recovery codes left.")).to_be_visible()


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
def test_what_was_typed_goes_on_after_the_password(chromium, site, olive, scripts, monkeypatch):
    # A browser of its own: the console of others may hold no error, and it tells of the 403 that asks.
    page = chromium.new_context(base_url=site, java_script_enabled=scripts).new_page()
    sign_in(page, "olive", ADD_USER)
    page.get_by_label("Username").fill("nina")
    page.locator("#id_password1").fill("kelp-and-14-gulls")
    page.locator("#id_password2").fill("kelp-and-14-gulls")
    monkeypatch.setattr(recently, "WITHIN", -1)  # a long while goes by
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_role("heading", name="Your password, please")).to_be_visible()
    page.get_by_label("Your password").fill(PASSWORD)
    monkeypatch.setattr(recently, "WITHIN", 900)
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_text("was added successfully")).to_be_visible()
    assert User.objects.get(username="nina").check_password("kelp-and-14-gulls")
    page.context.close()


@pytest.mark.slow
@pytest.mark.timeout(600)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_barrier(chromium, site, olive, scheme, monkeypatch):
    def look_at(name: str) -> None:
        look(page, f"{name}-{scheme}")

    page = chromium.new_context(base_url=site, color_scheme=scheme).new_page()
    sign_in(page, "olive", "/admin/")
    page.goto(SECOND_STEP)
    look_at("set-up")
    page.get_by_role("button", name="Turn the second step on").click()
    look_at("set-up-wrong")
    _key, codes = set_up(page)
    look_at("codes")
    page.goto(SECOND_STEP)
    look_at("on")
    page.goto("/admin/sign-in/")
    look_at("settings")
    monkeypatch.setattr(recently, "WITHIN", -1)
    page.goto(ADD_USER)
    page.get_by_label("Your password").fill("wrong")
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_text("This is not your password.")).to_be_visible()
    look_at("again")
    page.get_by_role("button", name="Log out").click()
    enter_password(page)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_text("Type the code that your app shows.", exact=True)).to_be_visible()
    look_at("code")
    page.get_by_role("link", name="Use a recovery code").click()
    look_at("recovery")
    monkeypatch.setattr(throttle, "OF_CODE", ((0, 900),))
    page.get_by_label("Recovery code").fill(codes[0])
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", name="Too many tries")).to_be_visible()
    look_at("wait")
    page.context.close()


@pytest.mark.slow
def test_no_barrier_right_to_left(chromium, site, olive):
    SiteSettings(language="fa").save()
    with_second_step(olive)
    page = chromium.new_context(base_url=site).new_page()
    enter_password(page)
    expect(page.get_by_role("heading", name="گام دوم")).to_be_visible()
    look(page, "code-rtl")
    page.context.close()
