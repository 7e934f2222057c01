"""An owner invites somebody, who joins, signs in on two machines, and ends one; with and without scripts."""

import re

import pytest
from django.core import mail as outbox
from playwright.sync_api import expect

from blog.models import Mail
from tests.e2e.desk import sign_in
from tests.factories import make_user

PASSWORD = "sea-kelp-and-14-gulls"


@pytest.mark.parametrize("scripts", [True, False])
def test_from_invitation_to_the_end_of_a_sign_in(person, site, scripts):
    make_user("olga", "Owner")
    owner = person(java_script_enabled=scripts)
    sign_in(owner, "olga", "/admin/blog/user/")
    owner.get_by_role("link", name="Invite somebody").click()
    owner.get_by_label("E-mail").fill("nadia@example.org")
    owner.get_by_label("Author: also publishes").check()
    owner.get_by_role("button", name="Send the invitation").click()
    expect(owner.get_by_text("The invitation is on its way to nadia@example.org.")).to_be_visible()
    address = re.search(rf"{site}/invitation/\S+", outbox.outbox[-1].body)[0]

    guest = person(java_script_enabled=scripts)
    guest.goto(address)
    guest.get_by_label("User name").fill("nadia")
    guest.get_by_label("Name shown to readers").fill("Nadia K.")
    guest.get_by_label("Password").fill(PASSWORD)
    guest.get_by_label("The same again").fill(PASSWORD)
    guest.get_by_role("button", name="Make my account").click()
    expect(guest.get_by_text("Your account is made.")).to_be_visible()
    enter(guest)

    phone = person(java_script_enabled=scripts, user_agent="Mozilla/5.0 (Linux; Android 15) Chrome/140.0 Mobile")
    phone.goto("/sign-in/?next=/admin/account/")
    enter(phone)
    expect(phone.get_by_role("heading", name="Where you are signed in")).to_be_visible()
    assert Mail.objects.filter(kind="sign_in", status="sent").count() == 1

    guest.goto("/admin/account/")
    expect(guest.locator("#sign-ins li")).to_have_count(2)
    expect(guest.locator("#sign-ins li").first).to_contain_text("this one")
    guest.get_by_role("button", name="End Chrome on Android").click()
    expect(guest.get_by_text("That sign-in has ended.")).to_be_visible()
    expect(guest.locator("#sign-ins li")).to_have_count(1)
    phone.reload()
    expect(phone.get_by_role("heading", name="Log in")).to_be_visible()


def enter(page) -> None:
    page.get_by_label("Username").fill("nadia")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/admin/**")
