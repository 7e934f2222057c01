"""What the form does with the policy's verdicts: each refusal says why, and costs no words."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from blog.models import Label
from comments.models import BlockRule, Comment, CommentSettings, LabelPolicy, ModerationEvent, PostPolicy
from tests.comments.test_write import payload, send
from tests.factories import make_comment, make_post, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def post():
    return make_post(title="Tides", labels=("boats",))


def keeps_every_word(response) -> bool:
    html = response.content.decode()
    return all(words in html for words in ("Mudlark", "mud@example.org", "Surely the wind?")) and 'role="alert"' in html


def settings(**values) -> None:
    CommentSettings(**{"hold_all": False, "approved_needed": 0} | values).save()


def test_a_comment_that_nothing_is_against_appears_at_once(client, post):
    settings()
    page = client.get(send(client, post)["Location"]).content.decode()
    comment = Comment.objects.get()
    assert comment.status == "approved" and comment.reasons == ["nothing_against"]
    assert "Your comment is shown" in page
    assert "Surely the wind?" in client.get(post.get_absolute_url()).content.decode()


def test_the_comment_keeps_all_reasons_and_the_log_names_the_rule(client, post):
    settings(hold_all=True, approved_needed=1)
    send(client, post, text="https://a.example and https://b.example")
    assert Comment.objects.get().reasons == ["held_all", "links:2/2", "first_time:guest/1"]
    assert ModerationEvent.objects.get().rule == "hold_all"


def test_the_same_words_again_are_refused_with_409(client, post):
    settings(flood_seconds=0)
    send(client, post)
    response = send(client, post)
    assert response.status_code == 409 and keeps_every_word(response) and "already" in response.content.decode()
    assert Comment.objects.count() == 1


def test_too_soon_is_refused_with_429_and_says_when(client, post):
    settings()
    send(client, post, text="The first")
    response = send(client, post)
    assert response.status_code == 429 and keeps_every_word(response)
    assert 1 <= int(response["Retry-After"]) <= 15
    assert f"Wait {response['Retry-After']} second" in response.content.decode()
    assert Comment.objects.count() == 1


def test_fifteen_seconds_later_it_is_taken(client, time_machine):
    time_machine.move_to("2026-03-20 12:00:00Z", tick=False)
    settings()
    post = make_post()
    send(client, post, text="The first")
    time_machine.move_to("2026-03-20 12:00:14Z", tick=False)
    assert send(client, post).status_code == 429
    time_machine.move_to("2026-03-20 12:00:15Z", tick=False)
    assert send(client, post).status_code == 303


def test_the_network_has_its_pace_too(client, post):
    settings()
    send(client, post, text="The first")
    response = send(client, post, email="other@example.org")
    assert response.status_code == 429
    address = f"{post.get_absolute_url()}comment/"
    elsewhere = client.post(address, payload(post, email="another@example.org"), REMOTE_ADDR="203.0.113.9")
    assert elsewhere.status_code == 303


def test_a_block_rule_that_refuses_does_not_say_what_it_looks_for(client, post):
    settings()
    rule = BlockRule.objects.create(pattern="wind", action="reject")
    response = send(client, post)
    html = response.content.decode()
    assert response.status_code == 422 and keeps_every_word(response) and "does not take" in html
    assert "block" not in re.search(r'role="alert".*?</div>', html, re.DOTALL)[0].lower()
    assert not Comment.objects.exists() and not ModerationEvent.objects.exists()
    rule.refresh_from_db()
    assert rule.hits == 1


def test_a_block_rule_sees_the_browser_and_the_raw_address_which_nobody_keeps(client, post):
    settings()
    BlockRule.objects.create(pattern="curl/", match="fragment", field="browser", action="reject")
    BlockRule.objects.create(pattern="203.0.0.0/16", match="network", action="spam")
    address = f"{post.get_absolute_url()}comment/"
    assert client.post(address, payload(post), headers={"User-Agent": "curl/8.0"}).status_code == 422
    assert client.post(address, payload(post), REMOTE_ADDR="203.0.113.9").status_code == 303
    assert Comment.objects.get().status == "spam"
    assert "203.0.113.9" not in str(Comment.objects.values_list().get())


def test_a_post_closes_with_age_for_everybody(client, post):
    settings(close_after_days=1)
    post.published_at = timezone.now() - timedelta(days=2)
    post.save()
    html = client.get(f"{post.get_absolute_url()}comment/").content.decode()
    assert "closed" in html and "<textarea" not in html
    response = send(client, post)
    assert response.status_code == 403 and "Surely the wind?" in response.content.decode()
    client.force_login(make_user("keeper", "Owner"))
    assert send(client, post).status_code == 403
    assert not Comment.objects.exists()


def test_a_label_closes_its_posts(client, post):
    settings()
    LabelPolicy.objects.create(label=Label.objects.get(), closed=True)
    assert send(client, post).status_code == 403
    assert send(client, make_post(title="Other")).status_code == 303


def test_the_same_form_again_leads_to_the_same_page_before_any_rule(client, post):
    """Whatever has become of the rules meanwhile: a second press of the button is no second comment."""
    settings()
    address, data = f"{post.get_absolute_url()}comment/", payload(post)
    first = client.post(address, data)
    assert client.post(address, data)["Location"] == first["Location"]
    BlockRule.objects.create(pattern="wind", action="reject")
    assert client.post(address, data)["Location"] == first["Location"]
    post.comments_mode = "closed"
    post.save()
    assert client.post(address, data)["Location"] == first["Location"]
    assert Comment.objects.count() == 1


def test_other_words_on_a_form_that_was_sent_are_judged_when_they_are_posted(client, post):
    settings(flood_seconds=0)
    address, data = f"{post.get_absolute_url()}comment/", payload(post)
    client.post(address, data)
    html = client.post(address, data | {"text": "Or the moon?"}).content.decode()
    assert "Is this as you meant it?" in html and "Or the moon?" in html


@pytest.mark.parametrize(
    "values, said",
    [
        ({"hold_all": True}, "Comments are read by a person before they appear. No account needed."),
        ({"approved_needed": 1}, "Comments are read by a person before they appear. No account needed."),
        ({}, "Some comments are read by a person before they appear. No account needed."),
    ],
)
def test_the_form_says_what_is_true_here(client, post, values, said):
    settings(**values)
    for address in (post.get_absolute_url(), f"{post.get_absolute_url()}comment/"):
        assert said in client.get(address).content.decode()
    PostPolicy.objects.create(post=post, hold_all=True)
    assert "Comments are read by a person" in client.get(post.get_absolute_url()).content.decode()


def test_it_says_something_else_to_who_need_not_wait(client, post):
    client.force_login(post.author)
    for address in (post.get_absolute_url(), f"{post.get_absolute_url()}comment/"):
        assert "Your comment appears at once." in client.get(address).content.decode()
    send(client, post)
    assert Comment.objects.get().status == "approved"


def test_an_accounts_standing_counts(client, post):
    settings(approved_needed=1)
    reader = make_user("reader")
    client.force_login(reader)
    send(client, post)
    assert Comment.objects.get().status == "pending"
    make_comment(post, user=reader, created_at=timezone.now() - timedelta(days=1))
    Comment.objects.filter(status="pending").delete()
    send(client, post)
    assert Comment.objects.latest("pk").status == "approved"
