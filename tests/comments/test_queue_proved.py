"""How the queue says by what a writer is known, and that a typed address borrows nothing from whoever proved it."""

import pytest
from django.urls import reverse
from django.utils import timezone

from comments import moderation
from comments.models import Commenter, CommentSettings
from tests.comments.queue_pages import QUEUE, START, record
from tests.factories import make_comment, make_post, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def rita():
    return Commenter.objects.create(email="rita@example.org")


def case_of(response):
    return response.context["cases"][0]


def margin(response) -> str:
    html = " ".join(response.content.decode().split())
    return html.partition('<div class="record">')[2].partition("</article>")[0]


def head(response) -> str:
    html = " ".join(response.content.decode().split())
    return html.partition('<header class="who">')[2].partition("</header>")[0]


def test_a_proved_address(client, moderator, post, rita):
    written = {"commenter": rita, "author_email": "Rita@example.org"}
    make_comment(post, **written, created_at=START)
    make_comment(post, **written, status="spam", created_at=START)
    make_comment(post, status="spam", author_email="rita@example.org")
    make_comment(post, **written, status="pending")

    response = client.get(QUEUE)

    assert "<bdi>Rita@example.org</bdi> (proved)" in head(response)
    said = margin(response)
    assert "Writer: <b>e-mail, proved</b>" in said and "Standing: <b>on probation</b>" in said
    assert "Others from this proved e-mail:" in said
    assert f'href="{reverse("admin:comments_commenter_change", args=[rita.pk])}"' in said
    assert (record(response).counts["approved"], record(response).counts["spam"]) == (1, 1)


def test_an_account_of_which_nothing_is_kept(client, moderator, post):
    reader = make_user("reader")
    make_comment(post, user=reader, author_email="")
    make_comment(post, user=reader, author_email="", status="pending")

    said = margin(client.get(QUEUE))

    assert "Writer: <b>account</b>" in said and "Standing: <b>known</b>" in said
    assert f'href="{reverse("admin:comments_commenter_account", args=[reader.pk])}"' in said
    assert not Commenter.objects.exists()


def test_an_account_that_is_blocked(client, moderator, post):
    kept = Commenter.objects.create(user=make_user("reader"), blocked_at=timezone.now())
    make_comment(post, user=kept.user, status="pending")

    said = margin(client.get(QUEUE))

    assert "Standing: <b>blocked</b>" in said
    assert f'href="{reverse("admin:comments_commenter_change", args=[kept.pk])}"' in said


@pytest.mark.parametrize("blocked_at", [None, START])
def test_a_typed_address_borrows_nothing_from_whoever_proved_it(client, moderator, post, rita, blocked_at):
    """The spoof: the name and the address of somebody trusted, of an account of this site, of somebody blocked."""
    reader = make_user("rita")
    CommentSettings(trusted_needed=2, trusted_days=0).save()
    Commenter.objects.update(blocked_at=blocked_at)
    for _ in range(3):
        make_comment(post, author_name="Rita", author_email="rita@example.org", commenter=rita)
        make_comment(post, author_name="Rita", author_email=reader.email, user=reader)
    make_comment(post, author_name="Rita", author_email="RITA@example.org", status="pending")

    response = client.get(QUEUE)

    assert "<bdi>RITA@example.org</bdi> (typed, not proved)" in head(response) and "account" not in head(response)
    said = margin(response)
    assert "Writer: <b>typed, not proved</b>" in said
    assert "The first under this typed e-mail" in said
    for word in (
        "Standing",
        "trusted",
        "known",
        "blocked",
        "Writer’s page",
        reverse("admin:comments_commenter_changelist"),
    ):
        assert word not in said
    assert (case_of(response).standing, case_of(response).writer, record(response).total) == (None, "", 0)


def test_what_others_typed_is_not_counted_for_whoever_proved_it(client, moderator, post, rita):
    for status in ("spam", "rejected", "approved"):
        make_comment(post, author_email="rita@example.org", status=status)
    make_comment(post, author_email="rita@example.org", commenter=rita, status="pending")

    response = client.get(QUEUE)

    assert record(response).total == 0 and "The first from this proved e-mail" in margin(response)
    assert "Standing: <b>new</b>" in margin(response)


@pytest.mark.parametrize("role", ["Author", "Editor"])
def test_an_author_is_told_how_the_writer_is_known_and_no_more(client, rita, role):
    author = make_user("alice", role)
    make_comment(make_post(author=author), commenter=rita, author_email="rita@example.org", status="pending")
    client.force_login(author)

    said = margin(client.get(QUEUE))

    assert "Writer: <b>e-mail, proved</b>" in said
    assert "Standing" not in said and "Writer’s page" not in said


def test_all_by_a_proved_writer(client, moderator, post, rita):
    theirs = make_comment(post, commenter=rita, author_email="rita@example.org", status="spam")
    make_comment(post, author_email="rita@example.org", status="spam")
    comment = make_comment(post, commenter=rita, author_email="rita@example.org", status="pending")

    assert client.get(QUEUE, {"status": "spam", "by": comment.pk}).context["page"].comments == [theirs]


# Appeals.


def appealed(post, moderator, words: str):
    comment = make_comment(post, status="pending", reasons=["held_all"])
    moderation.decide([comment], "reject", actor=moderator, tell="Please stay with the subject.")
    moderation.appeal(comment, words)
    return comment


def test_an_appeal_stands_out_with_its_words_and_what_it_is_against(client, moderator, post):
    appealed(post, moderator, "But <b>I</b> did.")

    html = " ".join(client.get(QUEUE).content.decode().split())

    said = html.partition('<div class="appeal">')[2].partition("</div>")[0]
    assert "<b>Its writer asks to look again</b>:" in said
    assert '<q dir="auto">But &lt;b&gt;I&lt;/b&gt; did.</q>' in said
    assert "Rejected by <bdi>Mona</bdi>" in html and "Please stay with the subject." in html
    assert "<li>Its writer asks to look again</li>" in html


def test_an_appeal_without_a_word(client, moderator, post):
    appealed(post, moderator, "")

    html = " ".join(client.get(QUEUE).content.decode().split())

    assert "<b>Its writer asks to look again</b></p>" in html and '<q dir="auto"></q>' not in html


def test_once_it_is_decided_the_appeal_is_past(client, moderator, post):
    moderation.decide([appealed(post, moderator, "I did.")], "approve", actor=moderator)

    html = client.get(QUEUE, {"status": "approved"}).content.decode()

    assert "<b>Its writer asked to look again</b>:" in html and "I did." in html
    assert "Approved by <bdi>Mona</bdi>" in html


def test_appeals_cost_one_query_more(client, moderator, post, django_assert_num_queries):
    appealed(post, moderator, "First.")
    with django_assert_num_queries(18):
        client.get(QUEUE)
    for number in range(5):
        appealed(post, moderator, f"Number {number}.")
    with django_assert_num_queries(18):
        client.get(QUEUE)
