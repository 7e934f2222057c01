import pytest
from django.contrib.auth.models import AnonymousUser

from comments.models import Comment
from comments.policy import REASONS, RULES, judge, reason_text
from tests.factories import make_post, make_user

pytestmark = pytest.mark.django_db


def verdict_for(user, author=None):
    return judge(Comment(post=make_post(author=author), body="Hello."), user)


def test_it_holds_a_strangers_comment():
    verdict = verdict_for(AnonymousUser())

    assert (verdict.status, verdict.reasons, verdict.rule) == ("pending", ["held_all"], "hold_all")


def test_it_holds_a_signed_in_readers_comment():
    assert verdict_for(make_user("reader")).status == "pending"


@pytest.mark.parametrize("role", ["Moderator", "Owner"])
def test_it_approves_those_who_moderate_everything(role):
    verdict = verdict_for(make_user("staff", role))

    assert (verdict.status, verdict.reasons, verdict.rule) == ("approved", ["by_staff"], "staff")


@pytest.mark.parametrize("role", ["Contributor", "Author", "Editor"])
def test_it_approves_the_posts_author(role):
    author = make_user("writer", role)

    assert verdict_for(author, author).status == "approved"


@pytest.mark.parametrize("role", ["Contributor", "Author", "Editor"])
def test_it_holds_an_author_under_somebody_elses_post(role):
    assert verdict_for(make_user("writer", role), make_user("other", "Author")).status == "pending"


def test_a_typed_address_gives_nothing():
    moderator = make_user("mod", "Moderator")
    comment = Comment(post=make_post(), body="Hello.", author_name=moderator.name, author_email=moderator.email)

    assert judge(comment, AnonymousUser()).status == "pending"


def test_every_code_that_it_gives_can_be_read():
    comment = Comment(post=make_post(), body="Hello.")
    for user in (AnonymousUser(), make_user("mod", "Moderator")):
        verdict = judge(comment, user)
        assert set(verdict.reasons) <= set(REASONS)
        assert verdict.rule in RULES


def test_an_unknown_code_is_shown_as_it_is():
    assert reason_text("held_all") == "Every comment is read before it appears"
    assert reason_text("hold_all") == "Hold every comment"
    assert reason_text("of_old") == "of_old"
