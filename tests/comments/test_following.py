"""Following the comments on a post by mail, without having written one."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.core import mail
from django.utils import timezone

from blog.mail import send_due
from blog.models import User
from comments import links, moderation, tokens
from comments.links import Purpose
from comments.models import Commenter, CommentSettings, FollowRequest, Subscription
from tests.comments.people import MUD, link_to, mailed, make_commenter, make_own
from tests.factories import make_comment, make_page, make_post, make_user

pytestmark = pytest.mark.django_db

AGREE = "/comment/follow/"


def address(post) -> str:
    return f"{post.get_absolute_url()}follow/"


def ask(client, post, email: str = MUD, **fields):
    typed = {"email": email, "topic": "", "token": tokens.for_writer(post.pk)} | fields
    headers = fields.pop("headers", {})
    return client.post(address(post), typed, headers=headers)


def follow(client, post, email: str = MUD) -> None:
    assert ask(client, post, email).status_code == 303
    assert client.post(mailed(AGREE)).status_code == 200


def send_replies() -> list:
    """What is mailed of comments that came to be shown."""
    mail.outbox.clear()
    for _ in range(2):  # finding who follows, then the mails
        send_due(timezone.now() + timedelta(minutes=6))
    return mail.outbox


@pytest.fixture
def mona():
    return make_user("mona", "Moderator")


def approve(post, mona, **fields):
    comment = make_comment(post, status="pending", **fields)
    moderation.decide([comment], "approve", actor=mona)
    return comment


@pytest.mark.parametrize("make", [make_post, make_page])
def test_it_works(client, mona, make):
    post = make(title="Tides", comments_mode="open")
    assert f'href="{address(post)}"' in client.get(post.get_absolute_url()).content.decode()
    assert "Tides" in client.get(address(post)).content.decode()

    follow(client, post)

    comment = approve(post, mona, author_name="Keeper", body="Surely the wind?")
    (message,) = send_replies()
    assert message.to == [MUD] and message.subject == "Keeper on “Tides”"
    assert "Surely the wind?" in message.body and "whose comments you follow" in message.body
    assert link_to(message, f"/comment/{comment.pk}/")
    assert not FollowRequest.objects.exists()


def test_asking_alone_follows_nothing_and_looking_at_the_link_neither(client, post):
    ask(client, post)
    link = mailed(AGREE)
    for method in (client.get, client.head) * 3:
        assert method(link).status_code == 200
    assert not Subscription.objects.exists() and not Commenter.objects.exists()


def test_the_mail_holds_no_word_of_who_asked_and_goes_to_the_address_alone(client, post):
    ask(client, post, "Gull@Example.org", name="BUY GULLS")
    send_due()
    (message,) = mail.outbox
    assert message.to == ["gull@example.org"] and "GULLS" not in message.body + message.alternatives[0][0]
    assert post.title in message.body


def test_the_answer_is_the_same_whether_one_follows_already(client, post):
    follow(client, post, "gull@example.org")
    answers = [ask(client, post, email) for email in ("gull@example.org", "heron@example.org")]
    assert answers[0]["Location"] == answers[1]["Location"]
    page = client.get(answers[0]["Location"]).content.decode()
    assert "A mail is on its way" in page and "example.org" not in page


def test_too_many_links_to_one_address_are_not_mailed_and_nobody_is_told(client, post):
    answers = [ask(client, post) for _ in range(5)]
    assert {(answer.status_code, answer["Location"]) for answer in answers} == {(303, f"{address(post)}?asked=yes")}
    send_due()
    assert len(mail.outbox) == 3


@pytest.mark.usefixtures("one_moment")
def test_who_asks_too_much_waits(client, post):
    for number in range(10):
        assert ask(client, post, f"gull{number}@example.org").status_code == 303
    response = ask(client, post, "heron@example.org")
    html = response.content.decode()
    assert response.status_code == 429 and int(response["Retry-After"]) > 0
    assert "Too many links" in html and 'value="heron@example.org"' in html


def test_no_address_is_told_at_its_field(client, post):
    response = ask(client, post, "nobody")
    html = response.content.decode()
    assert response.status_code == 422 and "<title>Problem: " in html
    assert '<a href="#follow-email">' in html and 'aria-invalid="true"' in html and 'value="nobody"' in html


def test_another_site_cannot_ask(client, post):
    response = ask(client, post, headers={"Origin": "https://elsewhere.example"})
    assert response.status_code == 403 and not FollowRequest.objects.exists()


def test_a_page_that_was_never_opened_cannot_ask(client, post):
    assert ask(client, post, token="").status_code == 422 and not FollowRequest.objects.exists()


def test_a_program_that_fills_in_everything_is_answered_and_nothing_is_mailed(client, post):
    assert ask(client, post, topic="gulls").status_code == 303 and not FollowRequest.objects.exists()


@pytest.mark.parametrize("mode", [CommentSettings.Mode.CLOSED, CommentSettings.Mode.HIDDEN])
def test_what_can_get_no_comments_cannot_be_followed(client, post, mode):
    CommentSettings(mode=mode).save()
    assert client.get(address(post)).status_code == 404 and ask(client, post).status_code == 404
    assert address(post) not in client.get(post.get_absolute_url()).content.decode()


def test_where_no_mail_goes_out_nobody_is_offered_any(client, post, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
    assert client.get(address(post)).status_code == 404
    assert address(post) not in client.get(post.get_absolute_url()).content.decode()


def test_an_unpublished_post_cannot_be_followed(client):
    later = make_post(published_at=timezone.now() + timedelta(days=1))
    assert client.get(address(later)).status_code == 404 and ask(client, later).status_code == 404


def test_an_old_link_does_nothing(client, post):
    ask(client, post)
    link = mailed(AGREE)
    with time_machine.travel(timezone.now() + timedelta(days=3)):
        assert client.post(link).status_code == 410
    assert not Subscription.objects.exists()


@pytest.mark.parametrize("purpose", [purpose for purpose in Purpose if purpose is not Purpose.FOLLOW])
def test_a_link_for_another_purpose_is_none(client, post, purpose):
    asked = FollowRequest.objects.create(post=post, email=MUD)
    assert client.post(f"{AGREE}{links.make(purpose, asked.pk)}/").status_code == 404


def test_pressed_twice_it_follows_once(client, post):
    ask(client, post)
    link = mailed(AGREE)
    assert [client.post(link).status_code for _ in range(2)] == [200, 410]
    assert Subscription.objects.count() == 1


def test_two_posts_can_be_followed(client, post):
    other = make_post(title="Gulls")
    follow(client, post)
    follow(client, other)
    assert Subscription.objects.filter(thread=Subscription.WHOLE_POST, commenter__email=MUD).count() == 2


def test_who_follows_the_post_and_a_thread_gets_one_mail(client, post, mona):
    root = make_comment(post)
    gull = make_commenter(MUD)
    moderation.follow(root, gull)
    follow(client, post)
    approve(post, mona, parent=root)
    (message,) = send_replies()
    assert message.to == [MUD]


def test_one_address_with_and_without_an_account_gets_one_mail(client, post, mona):
    root = make_comment(post)
    reader = make_user("reader")
    User.objects.filter(pk=reader.pk).update(email=MUD)
    reader.refresh_from_db()
    moderation.follow(root, Commenter(user=reader))
    follow(client, post)
    approve(post, mona, parent=root)
    assert len(send_replies()) == 1


def test_nobody_is_mailed_the_own_comment(client, post, mona):
    follow(client, post)
    comment = make_own(post, commenter=Commenter.objects.get(), status="pending")
    moderation.decide([comment], "approve", actor=mona)
    assert not send_replies()


def test_other_posts_comments_are_not_mailed(client, post, mona):
    follow(client, post)
    approve(make_post(), mona)
    assert not send_replies()


def test_each_mail_ends_it_with_one_press_and_its_threads_too(client, post, mona):
    root = make_comment(post)
    follow(client, post)
    moderation.follow(root, Commenter.objects.get())
    approve(post, mona)
    (message,) = send_replies()
    link = link_to(message, "/unsubscribe/")
    assert message.extra_headers["List-Unsubscribe"] == f"<http://testserver{link}>"
    assert message.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"

    response = client.post(link, {"List-Unsubscribe": "One-Click"}, headers={"Origin": "https://mail.example"})

    assert response.status_code == 200 and "no more mail about this post" in response.content.decode()
    assert not Subscription.objects.exists() and Commenter.objects.exists()


def test_it_ends_this_post_alone(client, post, mona):
    follow(client, post)
    follow(client, make_post(title="Gulls"))
    approve(post, mona)
    (message,) = send_replies()
    client.post(link_to(message, "/unsubscribe/"))
    assert Subscription.objects.get().post.title == "Gulls"


def test_who_never_wrote_can_be_forgotten_there_at_once(client, post, mona):
    follow(client, post)
    approve(post, mona)
    link = link_to(send_replies()[0], "/unsubscribe/")
    assert "forget my address" in client.get(link).content.decode()
    client.post(link, {"forget": "yes"})
    assert not Subscription.objects.exists() and not Commenter.objects.exists()


def test_who_wrote_is_not_forgotten_by_a_mails_link(client, post, mona):
    follow(client, post)
    make_own(post, commenter=Commenter.objects.get())
    approve(post, mona)
    link = link_to(send_replies()[0], "/unsubscribe/")
    assert "forget my address" not in client.get(link).content.decode()
    client.post(link, {"forget": "yes"})
    assert Commenter.objects.exists() and not Subscription.objects.exists()


def test_the_page_of_everything_lists_it_and_ends_it(client, post):
    follow(client, post)
    commenter = Commenter.objects.get()
    page = f"/comment/mine/{links.make(Purpose.MINE, commenter.reference)}/"
    html = client.get(page).content.decode()
    which = re.search(r'name="which" value="(\d+)"', html)[1]
    assert post.title in html and "all comments" in html
    exported = client.post(f"{page}export/").json()
    assert exported["follows"][0]["post"] == post.title and exported["follows"][0]["thread"] is None

    assert "You get no more of this mail." in client.post(f"{page}unfollow/", {"which": which}).content.decode()
    assert not Subscription.objects.exists()


def test_nobody_ends_what_somebody_else_follows(client, post):
    follow(client, post)
    other = make_commenter("heron@example.org")
    page = f"/comment/mine/{links.make(Purpose.MINE, other.reference)}/"
    client.post(f"{page}unfollow/", {"which": Subscription.objects.get().pk})
    assert Subscription.objects.exists()


def test_erasing_forgets_what_was_asked_for_too(client, post):
    follow(client, post)
    ask(client, make_post())
    moderation.erase(Commenter.objects.get())
    assert not FollowRequest.objects.exists() and not Subscription.objects.exists()
