"""Asking for the link that proves an address: what is mailed, to whom, and how often."""

from datetime import timedelta

import pytest
import time_machine
from django.core import mail
from django.test import Client
from django.utils import timezone

from blog.mail import send_due
from blog.models import Mail
from comments import links, moderation, proving
from comments.links import Purpose
from tests.comments.people import ELSEWHERE, MUD, ask, link_to, make_own, proving_link, write

pytestmark = pytest.mark.django_db


@pytest.fixture
def comment(client, post):
    return write(client, post)


def test_it_works(client, comment):
    response = ask(client, comment)
    assert response.status_code == 303 and "on its way" in client.get(response["Location"]).content.decode()
    send_due()
    assert [message.to for message in mail.outbox] == [[MUD]]


def test_the_mail_holds_no_word_that_a_visitor_typed(client, post):
    comment = write(client, post, name="Zanzibar", url="https://ybbinstane.example", text="Xylophone casino")
    ask(client, comment)
    send_due()
    (message,) = mail.outbox
    (html, _kind) = message.alternatives[0]
    for part in (message.subject, message.body, html, str(message.message())):
        assert not [word for word in ("Zanzibar", "ybbinstane", "Xylophone") if word.lower() in part.lower()]
    assert post.title in message.body and post.title in html and post.title not in message.subject


def test_a_comment_withdrawn_before_the_mail_goes_out_is_written_nothing(client, comment):
    ask(client, comment)
    moderation.withdraw(comment)
    send_due()
    assert not mail.outbox and Mail.objects.get().status == "dropped"


class TestHowOftenItIsMailed:
    """At one moment of the clock: the windows are fixed."""

    @pytest.fixture(autouse=True)
    def _noon(self, time_machine_at_noon):
        pass

    def test_one_address_gets_one_at_a_time_whoever_asks(self, client, post):
        assert ask(client, make_own(post)).status_code == 303
        shouted = make_own(post, author_email="MUD@Example.org")
        response = ask(Client(), shouted, REMOTE_ADDR=ELSEWHERE)
        assert response.status_code == 429 and "Look for one among your mail" in response.content.decode()
        assert Mail.objects.count() == 1

    def test_one_address_gets_four_a_day(self, client, post, time_machine_at_noon):
        answers = []
        for _ in range(6):
            answers.append(ask(client, make_own(post)).status_code)
            time_machine_at_noon.shift(timedelta(minutes=5))
        assert answers == [303] * 4 + [429] * 2

    def test_one_network_asks_for_ten_an_hour(self, client, post):
        addresses = [f"reader{number}@example.org" for number in range(11)]
        answers = [ask(client, make_own(post, author_email=address)).status_code for address in addresses]
        assert answers == [303] * proving.FROM_NETWORK[0][0] + [429]
        assert ask(client, make_own(post), REMOTE_ADDR=ELSEWHERE).status_code == 303


@pytest.fixture
def time_machine_at_noon():
    noon = timezone.now().replace(hour=12, minute=0, second=5, microsecond=0)
    with time_machine.travel(noon, tick=False) as clock:
        yield clock


def test_a_comment_without_an_address_has_nowhere_to_mail_to(client, post):
    response = ask(client, make_own(post, author_email=""))
    assert response.status_code == 409 and "no address to mail to" in response.content.decode()
    assert not Mail.objects.exists()


def test_what_the_link_says_is_ids_alone(client, comment):
    token = proving_link(client, comment, "decision").split("/")[3]
    assert links.read(Purpose.PROVE, token).parts == (str(comment.pk), "decision")
    assert link_to(mail.outbox[0], "/comment/prove/").count("@") == 0
