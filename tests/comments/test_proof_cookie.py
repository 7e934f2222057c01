"""The browser that keeps the proof of an address: what it proves, and what it does not."""

from datetime import timedelta

import pytest
import time_machine
from django.core.signing import get_cookie_signer
from django.test import Client
from django.utils import timezone

from comments import moderation, proof
from comments.models import Comment, Commenter
from tests.comments.people import MUD, make_commenter, make_own, open_site, own, prove, proving_link, write
from tests.factories import make_comment, make_post, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def kept(client, post):
    """The client keeps the proof."""
    open_site()
    prove(client, write(client, post, text="The first"), remember=True)
    return client.cookies[proof.COOKIE]


def test_it_works(client, post, kept):
    comment = write(client, post)
    assert comment.commenter == Commenter.objects.get()


def test_it_is_out_of_reach_of_scripts_and_other_sites(kept):
    assert (kept["httponly"], kept["samesite"], kept["secure"], kept["path"]) == (True, "Lax", "", "/")
    assert kept["max-age"] == 180 * 86400
    assert MUD not in kept.value and "mud" not in kept.value


def test_on_https_it_goes_over_https_alone(client, post):
    link = proving_link(client, write(client, post))
    response = client.post(link, {"answer": "yes", "remember": "on"}, secure=True)
    assert response.cookies[proof.COOKIE]["secure"] is True


def test_without_the_tick_nothing_is_kept(client, post):
    open_site()
    assert not prove(client, write(client, post)).cookies
    assert write(client, post, text="Another").commenter is None


def test_no_keeps_nothing(client, post):
    link = proving_link(client, write(client, post))
    assert not client.post(link, {"answer": "no", "remember": "on"}).cookies


def test_what_comes_later_is_approved_by_what_came_before(client, post, kept):
    Comment.objects.update(status="approved")
    assert write(client, post).status == "approved"
    assert write(Client(), post, text="From elsewhere").status == "pending"


@pytest.mark.parametrize("typed", ["MUD@example.org", "Mud@Example.Org"])
def test_capitals_make_no_other_address(client, post, kept, typed):
    assert write(client, post, email=typed).commenter


@pytest.mark.parametrize("typed", ["gull@example.org", "mud@example.com", "mud+x@example.org"])
def test_another_address_from_the_same_browser_is_not_proved(client, post, kept, typed):
    make_commenter("gull@example.org")
    assert write(client, post, email=typed).commenter is None


def test_who_is_signed_in_writes_as_the_account(client, post, kept):
    client.force_login(make_user("reader"))
    comment = write(client, post)
    assert (comment.user.username, comment.commenter) == ("reader", None)


@pytest.mark.parametrize(
    "change", [lambda value: "9" + value, lambda value: value[:-1], lambda value: "", lambda value: "1-x"]
)
def test_a_cookie_that_was_changed_is_none(client, post, kept, change):
    client.cookies[proof.COOKIE] = change(kept.value)
    assert write(client, post).commenter is None


def test_one_that_was_signed_for_something_else_is_none(client, post, kept):
    commenter = Commenter.objects.get()
    client.cookies[proof.COOKIE] = get_cookie_signer(salt="else").sign(f"{commenter.pk}-{commenter.browsers}")
    assert write(client, post).commenter is None


@pytest.mark.parametrize("days, is_proved", [(179, True), (181, False)])
def test_it_is_good_for_half_a_year(client, post, kept, days, is_proved):
    with time_machine.travel(timezone.now() + timedelta(days=days)):
        client.cookies[proof.COOKIE] = kept.value  # a browser would have dropped it
        assert bool(write(client, make_post()).commenter) == is_proved


def test_forgetting_ends_it_in_all_browsers(client, post, kept):
    other, comment = Client(), Comment.objects.get()
    other.cookies[proof.COOKIE] = kept.value
    assert write(other, post, text="From my telephone").commenter

    response = client.post(own(comment, "forget"))

    assert response.status_code == 303 and response.cookies[proof.COOKIE]["max-age"] == 0
    assert "No browser keeps the proof" in client.get(response["Location"]).content.decode()
    other.cookies[proof.COOKIE] = client.cookies[proof.COOKIE] = kept.value
    assert write(other, post).commenter is None
    assert write(client, post, text="And here").commenter is None
    assert Comment.objects.filter(commenter=None).count() == 2, "what was proved before stays so"


def test_erasing_ends_it(client, post, kept):
    moderation.erase(Commenter.objects.get())
    assert write(client, post).commenter is None and not Commenter.objects.exists()


def test_readers_pages_neither_set_it_nor_look_at_it(client, post, kept):
    comment = make_comment(post)
    for address in (post.get_absolute_url(), "/", comment.get_absolute_url(), "/comments/feed.atom"):
        with_it, without = client.get(address), Client().get(address)
        assert not with_it.cookies and with_it.get("Vary") == without.get("Vary"), address
        assert with_it.content == without.content, address


@pytest.mark.parametrize("what", ["status", "edit", "withdraw"])
def test_the_own_pages_set_no_cookie(client, post, what):
    assert not client.get(own(make_own(post), what)).cookies
