"""The link walk: whatever opens the links of a mail (a reader, a prefetch, a mail scanner), nothing changes by it.

Each kind of mail is caused for real; all its links are found in it, and those that its pages lead on to.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from django.apps import apps
from django.conf import settings
from django.core import mail
from django.db import connection
from django.test import Client
from django.utils import timezone

from blog.mail import send_due
from blog.models import Mail
from comments import moderation, tokens, waiting
from comments.models import Comment, Commenter, Subscription
from tests.comments.people import ask, links_in, make_commenter, make_own, own, write
from tests.factories import make_comment, make_post, make_user

pytestmark = pytest.mark.django_db

TEN = 10
OPENINGS = [
    ("get", {}),
    ("head", {}),
    ("get", {"Sec-Purpose": "prefetch", "Sec-Fetch-Site": "none"}),
    ("get", {"Purpose": "prefetch"}),
    ("get", {"X-Moz": "prefetch"}),
    ("get", {"User-Agent": "Mozilla/5.0 (compatible; LinkScanner/2.1; +https://scanner.example)"}),
]


@dataclass
class Scenario:
    """`cause` has the mail sent; `form` is what the page at the link that begins with `link` sends, to `action` below
    it; `done` says whether that was done."""

    kind: str
    cause: Callable[[], None]
    link: str = ""
    action: str = ""
    form: Callable[[], dict] = dict
    done: Callable[[], bool] = bool

    def __str__(self) -> str:
        return f"{self.kind} {self.cause.__name__}".strip()


def password() -> None:
    make_user("alice", "Author")
    Client().post("/password/", {"who": "alice"})


def sign_in() -> None:
    make_user("alice", "Author")
    for _browser in range(2):
        Client().post("/sign-in/", {"username": "alice", "password": "correct horse"})


def invitation() -> None:
    owner = Client()
    owner.force_login(make_user("olga", "Owner"))
    owner.post("/admin/invitations/", {"email": "alice@example.org", "role": "Author", "language": "en"})


def prove() -> None:
    ask(Client(), write(Client(), make_post()), "decision", "replies")


def follow() -> None:
    post = make_post()
    typed = {"email": "gull@example.org", "token": tokens.for_writer(post.pk)}
    Client().post(f"{post.get_absolute_url()}follow/", typed)


def mine() -> None:
    comment = make_own(make_post(), commenter=make_commenter())
    moderation.follow(comment, comment.commenter)
    Client().post(own(comment, "mine"))


def mine_of_account() -> None:
    Client().post(own(make_own(make_post(), user=make_user("reader")), "mine"))


def _decided(verb: str) -> None:
    comment = make_own(make_post(), commenter=make_commenter(), status="pending", mail_wanted=True)
    moderation.decide([comment], verb, actor=make_user("mona", "Moderator"), tell="Not here." * (verb == "reject"))


def approved() -> None:
    _decided("approve")


def rejected() -> None:
    _decided("reject")


def reply() -> None:
    root = make_comment(make_post())
    moderation.follow(root, make_commenter("gull@example.org"))
    moderation.reply(root, "No, the moon.", actor=make_user("mona", "Moderator"), seen=root.state)


def held() -> None:
    make_user("mona", "Moderator")
    post = make_post(author=make_user("carl", "Contributor"))
    waiting.tell(timezone.now())
    write(Client(), post)
    waiting.tell(timezone.now() + timedelta(minutes=2))


def is_withdrawn() -> bool:
    return Comment.objects.filter(withdrawn_at__isnull=False).exists()


PASSWORD = "sea-kelp-and-14-gulls"
NEW_PASSWORD = {"new_password1": PASSWORD, "new_password2": PASSWORD}
SURE = {"sure": "on"}

SCENARIOS = [
    Scenario("password", password, "/password/", "", lambda: NEW_PASSWORD, lambda: signs_in("alice")),
    Scenario(
        "invitation",
        invitation,
        "/invitation/",
        "",
        lambda: {"username": "alice", "password1": PASSWORD, "password2": PASSWORD},
        lambda: signs_in("alice"),
    ),
    Scenario("prove", prove, "/comment/prove/", "", lambda: {"answer": "yes"}, Commenter.objects.exists),
    Scenario("follow", follow, "/comment/follow/", "", dict, Subscription.objects.exists),
    Scenario("mine", mine, "/comment/mine/", "erase/", lambda: SURE, lambda: not Commenter.objects.exists()),
    Scenario("mine", mine_of_account, "/comment/mine/", "erase/", lambda: SURE, is_withdrawn),
    Scenario("decision", approved, "/comment/status/", "withdraw/", dict, is_withdrawn),
    Scenario("decision", rejected, "/comment/status/", "withdraw/", dict, is_withdrawn),
    Scenario("reply", reply, "/unsubscribe/", "", dict, lambda: not Subscription.objects.exists()),
    Scenario(
        "held",
        held,
        "/moderate/",
        "",
        lambda: {"verb": "approve", "seen": Comment.objects.get().state},
        Comment.objects.filter(status="approved").exists,
    ),
]
# Its links lead to pages that are open to everybody, and to the desk.
WITHOUT_KEY = [Scenario("sign_in", sign_in, "/password/")]
SENDS_NONE = {"announce"}


def signs_in(username: str) -> bool:
    user = apps.get_model("blog.User").objects.filter(username=username).first()
    return bool(user and user.check_password(PASSWORD))


@pytest.fixture(params=[*SCENARIOS, *WITHOUT_KEY], ids=str)
def scenario(request, django_capture_on_commit_callbacks):
    """Its mails are in the outbox."""
    scenario = request.param
    with django_capture_on_commit_callbacks(execute=True):
        scenario.cause()
    send_due(timezone.now() + timedelta(minutes=6))
    send_due(timezone.now() + timedelta(minutes=6))  # what finding those who follow has owed
    assert Mail.objects.filter(kind=scenario.kind, status="sent").exists()
    return scenario


def everything() -> dict[str, list]:
    """All rows of all tables."""
    rows = {
        model._meta.label: list(model._base_manager.order_by("pk").values())
        for model in apps.get_models()
        if not model._meta.proxy
    }
    for table in ("blog_search", "comments_search"):
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT * FROM {table} ORDER BY 1")
            rows[table] = cursor.fetchall()
    return rows


def mailed() -> set[str]:
    return {urlsplit(path)._replace(fragment="").geturl() for message in mail.outbox for path in links_in(message)}


def all_links(scenario) -> list[str]:
    """Those of the mails, and those below them that the secret page leads on to, its forms' too."""
    found = mailed()
    for path in [path for path in found if path.startswith(scenario.link)]:
        html = Client().get(path).content.decode()
        found |= {there for there in re.findall(r'(?:href|action)="([^"#]+)', html) if there.startswith(path)}
    return sorted(found)


def open_it(path: str) -> None:
    for method, headers in OPENINGS:
        for _ in range(TEN):
            response = getattr(Client(), method)(path, headers=headers)
            assert response.status_code < 500, (method, path)
            cookies = {"csrftoken"} if path.startswith("/password/") else set()
            assert set(response.cookies) <= cookies, (method, path)


def test_every_kind_of_mail_is_walked():
    assert {scenario.kind for scenario in [*SCENARIOS, *WITHOUT_KEY]} | SENDS_NONE == set(settings.MAIL_KINDS)


def test_the_walk_finds_the_links_and_what_lies_behind_them(scenario):
    found = all_links(scenario)
    assert [path for path in found if path.startswith(scenario.link) and path.endswith(scenario.action)]
    assert "/" in found and len([path for path in mailed() if path.startswith(scenario.link)]) == 1


@pytest.mark.slow
def test_opening_the_links_changes_nothing_however_often(scenario):
    before = everything()  # to look for the links opens some already
    for path in all_links(scenario):
        open_it(path)
        assert everything() == before, path


@pytest.mark.parametrize("scenario", SCENARIOS, ids=str, indirect=True)
def test_the_form_behind_the_link_acts_once(scenario):
    (path,) = [path for path in mailed() if path.startswith(scenario.link)]
    form = scenario.form()
    assert not scenario.done()

    client = Client(enforce_csrf_checks=not path.startswith("/password/"))
    assert client.post(f"{path}{scenario.action}", form).status_code in (200, 303)

    assert scenario.done()
    before = everything()
    assert client.post(f"{path}{scenario.action}", form).status_code < 500
    assert everything() == before


@pytest.mark.parametrize("kind", sorted(SENDS_NONE))
def test_who_sends_none_sends_none(kind):
    reply()
    send_due(timezone.now() + timedelta(minutes=6))
    assert set(Mail.objects.filter(kind=kind).values_list("status", flat=True)) == {"dropped"}
