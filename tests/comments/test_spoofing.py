"""The spoofing table: what a stranger gains by typing somebody's name or address, and what that one loses by it.

Rows: a commenter who proved the address, a reader with an account, the post's author, a moderator. Columns: the name,
the e-mail address, both. In every cell: nothing.
"""

from dataclasses import dataclass
from datetime import timedelta

import pytest
from django.core import mail
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.utils import timezone

from blog.mail import send_due
from blog.models import Post, User
from comments import moderation, proof
from comments.admin.cases import cases_of
from comments.export import everything_of
from comments.models import Comment, Commenter, CommentSettings
from comments.standing import standing
from comments.templatetags.comments import face_of
from tests.comments.people import ELSEWHERE, make_commenter, make_own, open_site, own, send, write
from tests.factories import make_comment, make_post, make_user

pytestmark = pytest.mark.django_db


@dataclass
class Victim:
    name: str
    email: str
    post: Post
    user: User | None = None
    commenter: Commenter | None = None

    @property
    def person(self) -> Commenter:
        """Whose standing it is."""
        return self.commenter or Commenter.of(Comment(user_id=self.user.pk))

    def browser(self) -> Client:
        """Signed in, or keeping the proof."""
        client = Client()
        if self.user:
            client.force_login(self.user)
        else:
            keep_proof(client, self.commenter)
        return client


def keep_proof(client: Client, commenter: Commenter) -> None:
    response = HttpResponse()
    proof.remember(HttpRequest(), response, commenter)
    client.cookies.update(response.cookies)


def make_victim(who: str) -> Victim:
    """With three approved comments, so that another one need not wait."""
    author = make_user("author", "Author", display_name="Ada")
    post = make_post(author=author)
    users = {
        "reader": lambda: make_user("reader", display_name="Rhea"),
        "author": lambda: author,
        "moderator": lambda: make_user("mona", "Moderator", display_name="Mona"),
    }
    if who == "commenter":
        victim = Victim("Mudlark", "mud@example.org", post, commenter=make_commenter())
    else:
        user = users[who]()
        victim = Victim(user.name, user.email, post, user=user)
    earlier = timezone.now() - timedelta(days=40)
    for number in range(3):
        make_own(
            post,
            body=f"Number {number}",
            created_at=earlier,
            author_name=victim.name,
            user=victim.user,
            commenter=victim.commenter,
        )
    return victim


WHO = ["commenter", "reader", "author", "moderator"]
TYPED = {
    "name": lambda victim: {"name": victim.name, "email": "stranger@example.com"},
    "e-mail": lambda victim: {"name": "Stranger", "email": victim.email},
    "both": lambda victim: {"name": victim.name, "email": victim.email},
    "both, shouted": lambda victim: {"name": victim.name.upper(), "email": victim.email.upper()},
}


@pytest.fixture(params=WHO)
def victim(request):
    open_site(approved_needed=1)
    return make_victim(request.param)


@pytest.fixture(params=TYPED)
def typed(request, victim) -> dict:
    return TYPED[request.param](victim)


def spoof(client, victim: Victim, typed: dict, **fields) -> Comment:
    """Written by a stranger, who has neither a session nor a cookie."""
    return write(client, victim.post, ELSEWHERE, **typed, **fields)


def test_it_waits_as_any_guests(client, victim, typed):
    comment = spoof(client, victim, typed)
    assert (comment.status, comment.reasons) == ("pending", ["first_time:guest/1"])
    assert (comment.user, comment.commenter) == (None, None)


def test_it_shows_neither_their_face_nor_the_authors_badge(client, victim, typed):
    theirs = Comment.objects.first()
    comment = spoof(client, victim, typed)
    moderation.decide([comment], "approve", actor=make_user("ben", "Moderator"))
    assert face_of(comment) != face_of(theirs)
    page = client.get(victim.post.get_absolute_url()).content.decode()
    (article,) = [part for part in page.split("<article") if f'id="comment-{comment.pk}"' in part]
    assert typed["name"] in article and 'class="badge"' not in article


def test_it_adds_nothing_to_their_standing(client, victim, typed):
    settings = CommentSettings.load()
    before = standing(victim.person, settings)
    for number, verb in enumerate(["approve", "reject", "spam"]):
        comment = spoof(client, victim, typed, text=f"Spoof {number}")
        moderation.decide([comment], verb, actor=make_user(f"mod{number}", "Moderator"))
    assert standing(victim.person, settings) == before


def test_it_is_none_of_all_that_they_wrote(client, victim, typed):
    spoof(client, victim, typed, text="By a stranger")
    data = everything_of(victim.person)
    assert len(data["comments"]) == 3
    assert "By a stranger" not in [comment["text"] for comment in data["comments"]]


def test_moderators_are_shown_no_record_of_theirs(client, victim, typed):
    comment = spoof(client, victim, typed)
    (case,) = cases_of([comment], make_user("ben", "Moderator"))
    assert case.record.total == 0


def test_its_page_opens_nothing_of_theirs(client, victim, typed):
    """No link to all that they wrote, nor an appeal; what is mailed goes to who was typed and asks who it was."""
    comment = spoof(client, victim, typed)
    assert client.post(own(comment, "mine")).status_code == 409
    assert client.post(own(comment, "appeal"), {"words": "Please"}).status_code == 409
    client.post(own(comment, "mail"), {"decision": "on", "replies": "on"})
    send_due()
    (message,) = mail.outbox
    assert (message.to, message.subject) == ([typed["email"]], "Is this your address?")
    assert set(Comment.objects.values_list("status", flat=True)) == {"approved", "pending"}


def write_as(victim: Victim, **fields) -> Comment:
    """By the victim's own browser."""
    return write(victim.browser(), victim.post, **{"name": victim.name, "email": victim.email} | fields)


def assert_nothing_lost(victim: Victim, **fields) -> None:
    comment = write_as(victim, **fields)
    assert comment.status == "approved", comment.reasons
    assert (comment.user, comment.commenter) == (victim.user, victim.commenter)


def test_a_spoof_that_was_decided_against_costs_them_nothing(client, victim, typed):
    for number, verb in enumerate(["reject", "spam", "reject"]):
        comment = spoof(client, victim, typed, text=f"Spoof {number}")
        moderation.decide([comment], verb, actor=make_user(f"mod{number}", "Moderator"))
    assert_nothing_lost(victim)


def test_a_spoof_of_a_moment_ago_makes_them_wait_for_nothing(client, victim, typed):
    CommentSettings.objects.update(flood_seconds=3600)
    spoof(client, victim, typed)
    assert_nothing_lost(victim)


def test_the_same_words_from_a_stranger_do_not_take_them_from_them(client, victim, typed):
    spoof(client, victim, typed, text="These very words")
    assert_nothing_lost(victim, text="These very words")


def test_one_that_they_disown_costs_them_nothing(client, victim, typed):
    comment = spoof(client, victim, typed)
    moderation.disown(comment)
    assert_nothing_lost(victim)


def test_nor_does_their_own_comment_take_the_strangers_words(client, victim, typed):
    write_as(victim, text="These very words")
    assert spoof(client, victim, typed, text="These very words").status == "pending"


def test_wordpress_a_registered_users_address_inherits_no_standing(client):
    """WordPress approves whatever name goes with the address of a user who has an approved comment."""
    open_site(approved_needed=1)
    victim = make_victim("reader")
    assert spoof(client, victim, {"name": "Anybody", "email": victim.email}).status == "pending"


def test_wordpress_a_pair_of_name_and_address_once_approved_inherits_no_standing(client, post):
    open_site(approved_needed=1)
    make_comment(post, author_name="Mudlark", author_email="mud@example.org")
    assert write(client, post, ELSEWHERE).status == "pending"


def test_isso_an_address_approved_within_six_months_inherits_no_standing(client, post):
    """Isso's `approve-if-email-previously-approved`."""
    open_site(approved_needed=1)
    make_comment(post, author_email="mud@example.org", created_at=timezone.now() - timedelta(days=30))
    assert write(client, post, ELSEWHERE, name="Anybody").status == "pending"


def test_a_blocked_writers_address_has_nobody_else_refused(client, post):
    """Or whoever types an address would learn that it is blocked, and could have its owner refused."""
    open_site()
    make_commenter(blocked_at=timezone.now())
    assert write(client, post, ELSEWHERE).status == "pending"


def test_a_blocked_writer_is_refused_by_the_proof(post):
    open_site()
    victim = Victim("Mudlark", "mud@example.org", post, commenter=make_commenter(blocked_at=timezone.now()))
    response = send(victim.browser(), post)
    assert response.status_code == 403 and "can no longer comment here" in response.content.decode()
    assert "Surely the wind?" in response.content.decode() and not Comment.objects.exists()
