"""Following the comments on a post by mail, with a mail server that really listens."""

import re
from datetime import timedelta
from email.message import EmailMessage
from urllib.parse import urlsplit

import pytest
from django.utils import timezone

from blog.mail import send_due
from comments import moderation, tokens
from comments.models import FollowRequest, Subscription
from tests.comments.people import MUD
from tests.factories import make_comment, make_user

pytestmark = pytest.mark.django_db


def part(message: EmailMessage, kind: str) -> str:
    return message.get_body((kind,)).get_content()


def path_in(text: str, beginning: str) -> str:
    (path,) = {urlsplit(link).path for link in re.findall(r"http://testserver/[^\s\"'<>]*", text) if beginning in link}
    return path


def test_it_works(client, post, mail_server):
    root = make_comment(post, author_name="Keeper")
    token = tokens.for_writer(post.pk)
    form = {"email": MUD, "topic": "", "token": token}
    assert client.post(f"{post.get_absolute_url()}follow/", form).status_code == 303
    assert send_due() == 1
    (asked,) = mail_server.messages
    assert asked["To"] == MUD and post.title in part(asked, "plain") and not asked["List-Unsubscribe"]

    link = path_in(part(asked, "plain"), "/comment/follow/")
    assert link == path_in(part(asked, "html"), "/comment/follow/")
    assert client.get(link).status_code == 200 and not Subscription.objects.exists()
    assert client.post(link).status_code == 200
    assert Subscription.objects.count() == 1 and not FollowRequest.objects.exists()

    words = "Näher am Ufer, 潮: surely the wind?"
    reply = make_comment(post, parent=root, status="pending", author_name="Gull", body=words)
    moderation.decide([reply], "approve", actor=make_user("mona", "Moderator"))
    for _ in range(2):  # finding who follows, then the mail
        send_due(timezone.now() + timedelta(minutes=6))
    _asked, told = mail_server.messages
    assert told["To"] == MUD and told["Subject"] == f"Gull on “{post.title}”"
    assert words in part(told, "plain") and words in part(told, "html")
    assert path_in(part(told, "plain"), f"/comment/{reply.pk}/")

    # RFC 8058: a mail program posts this to the address in the header, from wherever it runs.
    assert told["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    header = re.fullmatch(r"<(http://testserver/unsubscribe/[^>\s]+/)>", told["List-Unsubscribe"].strip())
    ended = client.post(urlsplit(header[1]).path, {"List-Unsubscribe": "One-Click"}, headers={"Origin": "null"})
    assert ended.status_code == 200 and not Subscription.objects.exists()

    later = make_comment(post, status="pending")
    moderation.decide([later], "approve", actor=make_user("mike", "Moderator"))
    for _ in range(2):
        send_due(timezone.now() + timedelta(minutes=6))
    assert len(mail_server.messages) == 2
