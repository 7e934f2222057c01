"""The link that proves an address: how it is asked for, what its page shows, and what the answer does."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from blog.models import Mail
from comments import links, moderation
from comments.links import Purpose
from comments.models import BlockRule, Comment, Commenter, ModerationEvent, Subscription
from tests.comments.people import (
    ELSEWHERE,
    MUD,
    mailed,
    make_commenter,
    make_own,
    open_site,
    own,
    prove,
    proving_link,
    write,
)
from tests.factories import make_comment, make_user

pytestmark = pytest.mark.django_db

FOREIGN = [{"Origin": "https://evil.example"}, {"Origin": "null"}, {"Sec-Fetch-Site": "cross-site"}]


@pytest.fixture
def comment(client, post):
    return write(client, post)


def status_of(comment) -> str:
    return Comment.objects.get(pk=comment.pk).status


def test_it_works(client, comment):
    link = proving_link(client, comment)
    page = client.get(link).content.decode()
    assert "Surely the wind?" in page and MUD in page and "Is this your comment?" in page
    assert not Commenter.objects.exists()

    response = client.post(link, {"answer": "yes"})

    comment.refresh_from_db()
    assert (response.status_code, response["Location"]) == (303, f"{own(comment)}?done=proved")
    assert comment.commenter == Commenter.objects.get() and comment.commenter.email == MUD
    assert "your address is proved" in client.get(response["Location"]).content.decode()


def test_the_page_is_kept_by_nobody(client, comment):
    response = client.get(proving_link(client, comment))
    assert "no-store" in response["Cache-Control"] and response["X-Robots-Tag"] == "noindex"
    assert response["Referrer-Policy"] == "same-origin" and not response.cookies


def test_looking_changes_nothing(client, comment):
    link = proving_link(client, comment)
    for method in (client.get, client.head):
        assert method(link).status_code == 200
    comment.refresh_from_db()
    assert comment.commenter is None and not Commenter.objects.exists()


def test_another_comment_of_the_same_address_has_the_same_commenter(client, post):
    known = make_commenter()
    comment = write(client, post, email="Mud@Example.ORG")
    prove(client, comment)
    assert Commenter.objects.get() == known == Comment.objects.get(pk=comment.pk).commenter


@pytest.mark.parametrize("wishes", [(), ("decision",), ("replies",), ("decision", "replies")])
def test_what_was_ticked_holds_once_the_address_is_proved(client, comment, wishes):
    link = proving_link(client, comment, *wishes)
    comment.refresh_from_db()
    assert not comment.mail_wanted and not Subscription.objects.exists()
    client.post(link, {"answer": "yes"})
    comment.refresh_from_db()
    assert comment.mail_wanted == ("decision" in wishes)
    followed = [(row.commenter_id, row.thread) for row in Subscription.objects.all()]
    assert followed == ([(comment.commenter_id, comment.pk)] if "replies" in wishes else [])


def test_a_reply_follows_its_whole_thread(client, post):
    root = make_comment(post)
    prove(client, write(client, post, parent=str(root.pk)), "replies")
    assert Subscription.objects.get().thread == root.pk


def make_standing(post, approved: int = 1) -> Commenter:
    commenter = make_commenter()
    for _ in range(approved):
        make_comment(post, commenter=commenter, author_email=MUD)
    return commenter


def test_a_comment_that_waited_for_its_writer_alone_is_judged_again(client, post):
    open_site()
    make_standing(post)
    comment = write(client, post)
    assert comment.status == "pending"

    prove(client, comment)

    event = ModerationEvent.objects.filter(comment_id=comment.pk).first()
    assert status_of(comment) == "approved"
    assert (event.rule, event.reason, event.from_status, event.batch) == ("standing", "proved", "pending", None)


def test_a_first_comment_stays_where_it_is(client, post):
    open_site()
    comment = write(client, post)
    prove(client, comment)
    assert status_of(comment) == "pending"


def test_nothing_is_judged_again_where_every_comment_is_held(client, post):
    open_site(hold_all=True)
    make_standing(post)
    comment = write(client, post)
    prove(client, comment)
    assert status_of(comment) == "pending"


@pytest.mark.parametrize("field, pattern", [("any", "wind"), ("browser", "netscape")])
def test_what_a_block_rule_hit_stays_where_it_is(client, post, field, pattern):
    open_site()
    BlockRule(pattern=pattern, field=field).save()
    make_standing(post)
    client.defaults["HTTP_USER_AGENT"] = "Netscape 4"
    comment = write(client, post)
    assert comment.block_hits.exists()
    prove(client, comment)
    assert status_of(comment) == "pending"


def test_a_blocked_writer_gains_nothing_by_proving(client, post):
    open_site()
    commenter = make_standing(post)
    commenter.blocked_at = timezone.now()
    commenter.save()
    comment = write(client, post)
    prove(client, comment)
    comment.refresh_from_db()
    assert (comment.status, comment.commenter) == ("pending", commenter)


@pytest.mark.parametrize("verbs", [["reject"], ["reject", "restore"]])
def test_what_a_moderator_had_decided_stands(client, post, verbs):
    open_site()
    make_standing(post)
    comment, mona = write(client, post), make_user("mona", "Moderator")
    for verb in verbs:
        moderation.decide([comment], verb, actor=mona)
    status = status_of(comment)
    prove(client, comment)
    assert status_of(comment) == status != "approved"


def test_no_takes_the_address_off_and_asks_a_moderator(client, post):
    comment = make_own(post)
    link = proving_link(client, comment, "decision")
    response = client.post(link, {"answer": "no"})
    comment.refresh_from_db()
    assert response.status_code == 200 and "Thank you for telling" in response.content.decode()
    assert (comment.author_email, comment.status, comment.commenter) == ("", "pending", None)
    assert comment.reasons[0] == "disowned" and not comment.mail_wanted
    assert ModerationEvent.objects.get(comment_id=comment.pk).reason == "disowned"
    again = client.post(link, {"answer": "yes"})
    assert again.status_code == 410 and "taken off this comment" in again.content.decode()
    assert not Commenter.objects.exists()


def test_no_takes_it_off_what_a_block_rule_said_too(client, post):
    BlockRule(match="email", pattern=MUD).save()
    comment = write(client, post)
    assert f"blocked:email/{MUD}" in comment.reasons
    client.post(proving_link(client, comment), {"answer": "no"})
    comment.refresh_from_db()
    assert "blocked" in comment.reasons and MUD not in str(comment.reasons) and not comment.block_hits.exists()


def test_no_brings_back_nothing_that_was_decided_against(client, post):
    comment = make_own(post, status="rejected")
    client.post(proving_link(client, comment), {"answer": "no"})
    comment.refresh_from_db()
    assert (comment.author_email, comment.status) == ("", "rejected")


@pytest.mark.parametrize("method", ["get", "post"])
def test_a_link_that_was_followed_says_so(client, comment, method):
    link = proving_link(client, comment)
    client.post(link, {"answer": "yes"})
    response = getattr(client, method)(link, {"answer": "no"})
    assert response.status_code == 200 and "followed this link already" in response.content.decode()
    assert own(comment) in response.content.decode() and Comment.objects.get(pk=comment.pk).commenter


def test_without_an_answer_it_asks_again(client, comment):
    link = proving_link(client, comment)
    assert "Is this your comment?" in client.post(link, {"answer": "perhaps"}).content.decode()
    assert not Commenter.objects.exists()


@pytest.mark.parametrize("headers", FOREIGN)
def test_another_site_cannot_answer(client, comment, headers):
    link = proving_link(client, comment)
    response = client.post(link, {"answer": "yes"}, headers=headers)
    assert response.status_code == 403 and "another site" in response.content.decode()
    assert not Commenter.objects.exists() and not response.cookies


def test_an_expired_link_offers_a_new_one_and_that_works(client, comment):
    link = proving_link(client, comment, "decision")
    with time_machine.travel(timezone.now() + timedelta(hours=49)):
        page = client.get(link)
        assert (
            page.status_code == 410 and "expired" in page.content.decode() and 'value="again"' in page.content.decode()
        )
        assert client.post(link, {"answer": "yes"}).status_code == 410 and not Commenter.objects.exists()
        assert Mail.objects.filter(status="waiting").count() == 0

        assert client.post(link, {"answer": "again"}).status_code == 200
        new = mailed("/comment/prove/")
        assert new != link and client.post(new, {"answer": "yes"}).status_code == 303
    assert Comment.objects.get(pk=comment.pk).mail_wanted


def test_an_expired_link_mails_one_new_one_at_a_time(client, comment):
    link = proving_link(client, comment)
    with time_machine.travel(timezone.now() + timedelta(hours=49), tick=False):
        client.post(link, {"answer": "again"})
        response = client.post(link, {"answer": "again"}, REMOTE_ADDR=ELSEWHERE)
    assert response.status_code == 429 and 'value="again"' in response.content.decode()
    assert Mail.objects.filter(kind="prove").count() == 2


def test_a_withdrawn_comment_has_nothing_to_prove(client, comment):
    link = proving_link(client, comment)
    moderation.withdraw(comment)
    assert client.get(link).status_code == client.post(link, {"answer": "yes"}).status_code == 410
    assert not Commenter.objects.exists()


def test_a_deleted_comment_has_nothing_to_prove(client, comment):
    link = proving_link(client, comment)
    moderation.delete(comment, actor=make_user("mona", "Moderator"))
    assert client.get(link).status_code == 410


@pytest.mark.parametrize("purpose", [purpose for purpose in Purpose if purpose is not Purpose.PROVE])
def test_a_link_for_another_purpose_is_none(client, comment, purpose):
    token = links.make(purpose, comment.pk)
    response = client.post(f"/comment/prove/{token}/", {"answer": "yes"})
    assert response.status_code == 404 and "not whole" in response.content.decode()
    assert not Commenter.objects.exists()


def test_a_cut_link_is_none(client, comment):
    link = proving_link(client, comment)
    assert client.get(f"{link[:-6]}/").status_code == client.get("/comment/prove/x/").status_code == 404
