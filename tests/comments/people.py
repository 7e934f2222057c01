"""What people do with their comments, by way of the pages and the mails: write, ask for a link, follow it."""

import re
import secrets
from urllib.parse import urlsplit

from django.core import mail
from django.urls import reverse
from django.utils import timezone

from blog.mail import send_due
from comments import tokens
from comments.models import Comment, Commenter, CommentSettings
from tests.factories import make_comment

MUD = "mud@example.org"
ELSEWHERE = "198.51.100.7"  # another network than that of the client
A_LINK = re.compile(r"http://testserver(/[^\s\"'<>]*)")


def open_site(**fields) -> None:
    """Comments wait for nothing but proof and what `fields` say, and may follow one another at once."""
    CommentSettings(**{"hold_all": False, "flood_seconds": 0} | fields).save()


def payload(post, **fields) -> dict:
    """What a browser sends a minute after it fetched a token; a guest's, called Mudlark."""
    typed = {"name": "Mudlark", "email": MUD, "url": "", "text": "Surely the wind?", "topic": "", "parent": ""}
    return typed | {"token": tokens.for_writer(post.pk, now=timezone.now().timestamp() - 60)} | fields


def send(client, post, network: str = "127.0.0.1", **fields):
    return client.post(f"{post.get_absolute_url()}comment/", payload(post, **fields), REMOTE_ADDR=network)


def write(client, post, network: str = "127.0.0.1", **fields) -> Comment:
    """Writes a comment through the form; gives the stored one."""
    response = send(client, post, network, **fields)
    assert response.status_code == 303, response.content.decode()
    capability = response["Location"].split("/")[3]
    return Comment.objects.get(capability_hash=tokens.capability_hash(capability))


def make_own(post, **fields) -> Comment:
    """A comment with an own page; `commenter` says who proved it, by default nobody."""
    submission = secrets.token_hex(16)
    fields.setdefault("author_email", fields["commenter"].email if fields.get("commenter") else MUD)
    if fields.get("user"):
        fields |= {"author_name": fields["user"].name, "author_email": ""}
    code = tokens.capability_hash(tokens.capability(submission))
    return make_comment(post, submission=submission, capability_hash=code, **fields)


def make_commenter(email: str = MUD, **fields) -> Commenter:
    return Commenter.objects.create(email=email, **fields)


def own(comment: Comment, what: str = "status") -> str:
    """An address of the comment's own page."""
    return reverse(f"comment_{what}", args=[tokens.capability_of(comment)])


def ask(client, comment: Comment, *wishes: str, **extra):
    """Asks on the own page for mail."""
    return client.post(own(comment, "mail"), dict.fromkeys(wishes, "on"), **extra)


def links_in(message) -> list[str]:
    """The paths of this site that a message leads to, in each of its parts and headers."""
    texts = [message.body, *(text for text, _kind in message.alternatives), *map(str, message.extra_headers.values())]
    return sorted({path.replace("&amp;", "&") for text in texts for path in A_LINK.findall(text)})


def link_to(message, beginning: str) -> str:
    """The one path that begins so."""
    (path,) = {urlsplit(path).path for path in links_in(message) if path.startswith(beginning)}
    return path


def mailed(beginning: str, now=None) -> str:
    """Sends what is owed; the path, that begins so, in the newest mail."""
    send_due(now)
    return link_to(mail.outbox[-1], beginning)


def proving_link(client, comment: Comment, *wishes: str) -> str:
    assert ask(client, comment, *wishes).status_code == 303
    return mailed("/comment/prove/")


def prove(client, comment: Comment, *wishes: str, remember: bool = False):
    """Goes all the way from the own page through the mail to the “yes”."""
    answer = {"answer": "yes"} | ({"remember": "on"} if remember else {})
    return client.post(proving_link(client, comment, *wishes), answer)
