"""What stands with a comment in the queue: its writer's record, its place, and what was decided before."""

import pytest
from django.urls import reverse
from django.utils import formats, timezone

from blog.models import Post
from comments import moderation
from comments.admin import cases
from comments.models import BlockHit, BlockRule, ModerationEvent
from tests.comments.queue_pages import QUEUE, START, make_many, record
from tests.factories import make_comment, make_page, make_post, make_user

pytestmark = pytest.mark.django_db


def test_the_record_of_an_account(client, moderator, post):
    reader, other = make_user("reader"), make_user("other")
    for status in ("approved", "approved", "rejected", "spam"):
        make_comment(post, status=status, user=reader, created_at=START)
    make_comment(post, status="spam", user=other)
    comment = make_comment(post, status="pending", user=reader)

    html = client.get(QUEUE).content.decode()
    known = record(client.get(QUEUE))

    assert known.counts == {"pending": 0, "spam": 1, "approved": 2, "rejected": 1, "removed": 0}
    assert known.first == START
    assert "Others from this account:" in html
    assert f"?status=pending&amp;by={comment.pk}" in html


def test_the_record_of_a_typed_address_is_not_mixed_with_an_accounts(client, moderator, post):
    reader = make_user("reader")
    make_comment(post, status="approved", user=reader, author_email="mud@example.org")
    make_comment(post, status="spam", author_email="Mud@Example.org")
    make_comment(post, status="spam", author_email="other@example.org")
    make_comment(post, status="pending", author_email="mud@example.org")

    response = client.get(QUEUE)

    assert record(response).counts == {"pending": 0, "spam": 1, "approved": 0, "rejected": 0, "removed": 0}
    assert "Others under this typed e-mail:" in response.content.decode()


def test_where_links_lead_is_said_unless_their_words_do(client, moderator, post):
    body = """https://plain.example/a <a href="https://named.example/">to named.example.</a>
    <a href="https://hidden.example/?a=1&amp;b=2">here</a> <a href="https://a.co">a.com</a>"""
    make_comment(post, status="pending", body=body)

    response = client.get(QUEUE)

    assert response.context["cases"][0].leads_to == ["https://hidden.example/?a=1&b=2", "https://a.co"]
    assert '<bdi dir="ltr">https://a.co</bdi>' in response.content.decode()


def test_a_reply_comes_first_where_nothing_is_to_be_approved(client, moderator, post):
    make_comment(post)

    html = client.get(f"{QUEUE}?status=approved").content.decode().partition('id="comment-')[2]

    assert html.index('data-panel="reply"') < html.index('data-panel="reject"')


def test_the_record_of_a_busy_writer_is_bounded(client, moderator, post, monkeypatch):
    monkeypatch.setattr(cases, "RECORD", 5)
    reader = make_user("reader")
    make_many(post, 8, status="approved", user=reader)
    make_comment(post, status="pending", user=reader)

    response = client.get(QUEUE)

    assert record(response).counts["approved"] == 4
    assert record(response).first == START
    assert "Of the newest 500; there are more." in response.content.decode()


def test_guests_without_an_address_have_nothing_in_common(client, moderator, post):
    make_comment(post, status="spam", author_email="")
    make_comment(post, status="pending", author_email="")

    response = client.get(QUEUE)

    assert record(response).total == 0
    assert "No e-mail: nothing known" in response.content.decode()


def test_a_reply_shows_what_it_answers(client, moderator, post):
    parent = make_comment(post, status="rejected", author_name="Rude", body="Said before. " * 40)
    make_comment(post, status="pending", parent=parent)

    html = client.get(QUEUE).content.decode()

    assert "In answer to" in html
    assert "<bdi>Rude</bdi></a> (rejected)" in html
    assert "Said before. Said before." in html
    assert "Said before. " * 20 not in html


def test_what_people_typed_stays_text(client, moderator):
    post = make_post(title='<i>Title</i>"')
    make_comment(
        post,
        status="pending",
        author_name='<script>alert(1)</script>"',
        author_url="javascript:alert(1)",
        body="<script>alert(2)</script>",
    )

    html = client.get(QUEUE).content.decode()

    assert "<script>alert" not in html
    assert "<i>Title</i>" not in html
    assert 'href="javascript:' not in html


def test_a_post_that_is_not_public_is_named_without_a_link(client, moderator):
    make_comment(make_post(title="Not out yet", status=Post.Status.DRAFT), status="pending")

    html = client.get(QUEUE).content.decode()

    assert "<bdi>Not out yet</bdi> (not public)" in html


def test_links_to_edit_are_for_those_who_may(client, moderator, post):
    page = make_page(title="About")
    make_comment(post, status="pending")
    make_comment(page, status="pending")
    links = [reverse("admin:blog_post_change", args=[post.pk]), reverse("admin:blog_page_change", args=[page.pk])]

    html = client.get(QUEUE).content.decode()
    assert not any(link in html for link in links)

    client.force_login(make_user("owner", "Owner"))
    html = client.get(QUEUE).content.decode()
    assert all(link in html for link in links)


def test_what_was_decided_stands_with_the_comment(client, moderator, post):
    comment = make_comment(post, status="pending")
    bob = make_user("bob", "Moderator", display_name="Bob")
    moderation.decide([comment], "reject", actor=bob, tell="Please be kind.")

    html = client.get(QUEUE, {"status": "rejected"}).content.decode()

    when = timezone.localtime(ModerationEvent.objects.get().at)
    assert f"Rejected by <bdi>Bob</bdi>, {formats.date_format(when, 'j F Y, H:i')}" in html
    assert "The writer was told:" in html and "Please be kind." in html


def test_the_number_of_replies_is_said_where_they_can_go_with_it(client, moderator, post):
    root = make_comment(post)
    child = make_comment(post, parent=root)
    make_comment(post, parent=child, status="pending")
    make_comment(post, parent=root, status="spam")

    response = client.get(QUEUE, {"status": "approved"})

    assert {case.comment.pk: case.replies for case in response.context["cases"]} == {root.pk: 2, child.pk: 1}
    assert "and its 2 replies" in response.content.decode()


def test_what_its_writer_withdrew_has_no_buttons(client, moderator, post):
    comment = make_comment(post)
    moderation.withdraw(comment)

    html = client.get(QUEUE, {"status": "removed"}).content.decode()

    assert "Withdrawn by its writer" in html
    assert "data-verb" not in html and "data-panel" not in html


def test_the_block_rules_that_hit_are_linked_once(client, moderator, post):
    comment = make_comment(post, status="pending", reasons=["blocked:word/number", "blocked:word/boats"])
    rules = [BlockRule.objects.create(pattern=pattern) for pattern in ("number", "boats")]
    for rule in rules:
        BlockHit.objects.create(comment=comment, rule=rule)

    html = client.get(QUEUE).content.decode()

    assert html.count("Block rule, word: number") == 1
    address = f"{reverse('admin:comments_blockrule_changelist')}?id__in={rules[0].pk},{rules[1].pk}"
    assert html.count(f'<a class="also" href="{address}">See the 2 block rules</a>') == 1
    assert client.get(address).context["cl"].result_count == 2
