"""Nothing that strangers or writers send makes the site ask another server for anything."""

import ast
import io
import socket

import pytest
from django.urls import reverse

from blog.importers import blogger
from blog.importers.records import PostRecord
from blog.importers.store import PostStore
from blog.models import Post
from comments.models import Comment
from tests.comments.people import send
from tests.config.command import ROOT
from tests.factories import make_post, make_user

# What opens connections, and where to: nowhere that a visitor or a writer names.
MAY = {
    "blog/mail/sending.py": "EMAIL_URL, of the owner's environment",
    "blog/mail/server.py": "the same",
    "config/cdn.py": "CDN_PURGE_URL, of the owner's environment; it follows no redirect",
    "config/doctor/mail.py": "EMAIL_URL",
    "config/gthread.py": "takes connections and opens none",
    "config/paced.py": "the same",
    "config/sentry.py": "SENTRY_DSN, of the owner's environment",
    "config/management/commands/serve.py": "the site's own port, to see that it answers",
}
OPENERS = {"socket", "ssl", "http.client", "urllib.request", "urllib3", "requests", "httpx", "aiohttp", "asyncio"}
OPENERS |= {"ftplib", "smtplib", "poplib", "imaplib", "xmlrpc.client", "boto3", "sentry_sdk"}
INSIDE = "http://169.254.169.254/latest/meta-data/"  # where clouds keep their keys
WORDS = f"""<p><a href="{INSIDE}">a</a> <img src="{INSIDE}a.png" alt="x"> {INSIDE}</p>
<p>https://www.youtube.com/watch?v=dQw4w9WgXcQ</p><iframe src="{INSIDE}"></iframe>
<figure><img src="{INSIDE}b.png" alt="y" srcset="{INSIDE}c.png 2x"></figure><link rel="stylesheet" href="{INSIDE}">"""
FEED = """<feed xmlns="http://www.w3.org/2005/Atom"><id>tag:blogger.com,1999:blog-1</id><title>x</title>
<generator>Blogger</generator><link rel="self" href="{url}"/><entry><id>tag:blogger.com,1999:blog-1.post-1</id>
<category scheme="http://schemas.google.com/g/2005#kind" term="http://schemas.google.com/blogger/2008/kind#post"/>
<published>2020-01-01T00:00:00Z</published><updated>2020-01-01T00:00:00Z</updated><title>Old</title>
<content type="html">{words}</content><author><name>Ada</name></author>
<link rel="alternate" href="http://x.blogspot.com/2020/01/old.html"/></entry></feed>"""


@pytest.fixture
def asked(monkeypatch) -> list:
    """Whatever this process would connect to, or look up. The database's own library does without."""
    found = []

    def refuse(*args, **kwargs):
        found.append(args)
        raise OSError("Nothing is to be asked.")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    return found


@pytest.mark.django_db
def test_ssrf(client, asked):
    post = make_post(make_user("ada", "Author"), title="Tides", body=WORDS)
    assert client.get(post.get_absolute_url()).status_code == 200
    assert send(client, post, text=WORDS, url=INSIDE).status_code == 303
    assert Comment.objects.get().author_url == INSIDE
    feed = FEED.format(url=INSIDE, words=WORDS.replace("<", "&lt;"))
    for record in blogger.read(io.BytesIO(feed.encode())):
        if isinstance(record, PostRecord):
            PostStore().store(record)
    assert Post.objects.filter(title="Old").exists()
    client.force_login(make_user("olive", "Owner"))
    form = {"title": "New", "body": WORDS, "comments_mode": "inherit", "author": post.author_id, "_save": "1"}
    form |= {"canonical_url": INSIDE}
    assert client.post(reverse("admin:blog_post_add"), form).status_code == 302
    assert client.post(reverse("admin:blog_post_checklist"), form).status_code == 200
    assert asked == []


def test_what_opens_connections_is_known():
    found = set()
    for app in ("blog", "comments", "config"):
        for path in (ROOT / app).rglob("*.py"):
            names = set()
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Import):
                    names |= {alias.name for alias in node.names}
                elif isinstance(node, ast.ImportFrom) and node.module:
                    names |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
            if names & OPENERS:
                found.add(path.relative_to(ROOT).as_posix())
    assert found == MAY.keys(), "Where does it connect to, and who says so? Then add it above."
