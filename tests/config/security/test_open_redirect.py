"""An address that somebody hands out leads to this site, or nowhere."""

from urllib.parse import urlsplit

import pytest
from django.urls import reverse

from comments.models import Comment
from tests.factories import make_comment, make_post, make_user

pytestmark = pytest.mark.django_db
ELSEWHERE = [
    "https://elsewhere.example/",
    "//elsewhere.example/",
    "///elsewhere.example/",
    "/\\elsewhere.example/",
    "\\\\elsewhere.example/",
    "https:elsewhere.example",
    "http:///elsewhere.example",
    "https://testserver@elsewhere.example/",
    "https://testserver.elsewhere.example/",
    "/\t/elsewhere.example/",
    "\x08//elsewhere.example",
    "javascript:alert(1)",
    "data:text/html,x",
]


def stays(response) -> bool:
    """Whether a browser would stay on this site: it drops tabs and reads backslashes as slashes."""
    assert response.status_code in (301, 302, 303), response.status_code
    address = response["Location"].replace("\\", "/").translate({9: None, 10: None, 13: None}).lstrip("\x00\x08 ")
    parts = urlsplit(address)
    return parts.scheme in ("", "http") and parts.netloc in ("", "testserver") and not address.startswith("//")


@pytest.mark.parametrize("target", ELSEWHERE)
def test_open_redirect(client, target):
    owner = make_user("olive", "Owner")
    for door in ("/sign-in/", "/admin/login/"):
        form = {"username": "olive", "password": "correct horse", "next": target}
        assert stays(client.post(door, form)), door
        assert stays(client.post("/sign-out/", {"next": target}))
    client.force_login(owner)
    comment = make_comment(make_post(title="Tides"), status="pending")
    form = {"next": target, f"seen-{comment.pk}": comment.state}
    assert stays(client.post(reverse("admin:comments_comment_approve", args=[comment.pk]), form))
    assert Comment.objects.get().status == "approved"


@pytest.mark.parametrize(
    "path", ["//elsewhere.example", "//elsewhere.example/..", "/\\elsewhere.example", "/%5celsewhere"]
)
@pytest.mark.parametrize("query", ["", "?m=1", "?alt=rss", "?next=//elsewhere.example"])
def test_an_address_without_its_last_slash_does_not_lead_elsewhere(client, path, query):
    response = client.get(f"http://testserver{path}{query}")
    assert response.status_code == 404 or stays(response)
