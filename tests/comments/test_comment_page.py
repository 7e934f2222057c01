"""The page of one comment, and what is done with its words there: reply, edit, delete for good."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.urls import reverse

from blog.difference import difference
from comments import moderation
from comments.models import Comment, ModerationEvent, ModerationNote, Report
from comments.policy import Facts
from tests.comments.test_decide import act, said
from tests.comments.test_queue import QUEUE
from tests.factories import make_comment, make_post, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def post():
    return make_post(title="Tides")


def address(comment: Comment) -> str:
    return reverse("admin:comments_comment_change", args=[comment.pk])


def test_it_shows_the_log_the_newest_first(client, moderator, post):
    comment = make_comment(post, status="pending", reasons=["held_all"])
    act(client, "reject", comment, tell="Not here.")

    response = act(client, "restore", Comment.objects.get(), next=address(comment))

    assert response.redirect_chain[-1][0] == address(comment)
    html = response.content.decode()
    assert html.index("rejected → pending") < html.index("pending → rejected")
    assert "Put back in the queue by <bdi>Mona</bdi>" in html and "Rejected by <bdi>Mona</bdi>" in html
    assert "The writer was told:" in html and "Not here." in html
    assert f'?batch={ModerationEvent.objects.first().batch}"' in html


def test_the_last_decision_can_be_taken_back_there_and_then_says_so(client, moderator, post):
    comment = make_comment(post, status="pending")
    other = make_comment(post, status="pending")
    act(client, "spam", comment, other)
    event = ModerationEvent.objects.filter(comment_id=comment.pk).get()
    undo = reverse("admin:comments_comment_undo", args=[event.batch])
    client.session.flush()

    html = client.get(address(comment)).content.decode() if client.force_login(moderator) is None else ""
    assert undo in html and "Undo it, and what was decided with it" in html
    response = client.post(undo, {"next": address(comment)}, follow=True)

    html = response.content.decode()
    assert response.redirect_chain[-1][0] == address(comment)
    assert "taken back since" in html and undo not in html


def test_reports_open_and_settled(client, moderator, post):
    comment = make_comment(post)
    moderation.report(comment, "rude", "He shouts.", "1")
    moderation.decide([comment], "approve", actor=moderator)
    moderation.report(comment, "spam", "", "2")

    html = client.get(address(comment)).content.decode()

    assert "He shouts." in html and "settled" in html and "open" in html
    assert "1 reader reported it:" in html
    assert Report.objects.count() == 2


def test_it_takes_few_queries_however_long_the_log(client, moderator, post, django_assert_max_num_queries):
    comment = make_comment(post, status="pending", user=make_user("reader"))
    for verb in ("approve", "spam", "restore", "reject"):
        act(client, verb, Comment.objects.get())
    moderation.edit(comment, "Other words.", actor=moderator, seen=Comment.objects.get().state)

    # Site settings, session, user, two for permissions, the comment, its log, whether others were decided with it, its
    # last decision, rules, reports, replies, its writer’s record and (settings, newest comments) standing,
    # and (sample, settings) what the spam filter thinks.
    with django_assert_max_num_queries(17):
        client.get(address(comment))


def test_an_appeal_stands_in_the_log_in_its_writers_words(client, moderator, post):
    comment = make_comment(post, status="pending")
    act(client, "reject", comment, tell="Not here.")
    moderation.appeal(comment, "<b>Look</b> again.")

    html = client.get(address(comment)).content.decode()

    assert "rejected → pending" in html and "Its writer asked to look again" in html
    # With the comment, and in its log; the decision that it is against stays in sight.
    assert html.count("&lt;b&gt;Look&lt;/b&gt; again.</q>") == 2
    assert html.count("Not here.</q>") == 2


def undo_buttons(html: str) -> int:
    return html.partition('id="log"')[2].count("data-undo")


@pytest.mark.parametrize("what", ["appeal", "withdraw"])
def test_no_undo_is_offered_past_what_its_writer_did(client, moderator, post, what):
    comment = make_comment(post, status="pending")
    moderation.decide([comment], "reject", actor=moderator)
    assert undo_buttons(client.get(address(comment)).content.decode()) == 1

    moderation.appeal(comment, "") if what == "appeal" else moderation.withdraw(comment)

    assert undo_buttons(client.get(address(comment)).content.decode()) == 0


def test_after_an_appeal_the_new_decision_can_be_taken_back(client, moderator, post):
    comment = make_comment(post, status="pending")
    moderation.decide([comment], "reject", actor=moderator)
    moderation.appeal(comment, "Look again.")
    batch = moderation.decide([comment], "approve", actor=moderator).batch

    undo = reverse("admin:comments_comment_undo", args=[batch])
    html = client.get(address(comment)).content.decode()
    assert undo in html and undo_buttons(html) == 1
    client.post(undo)

    assert (
        Comment.objects.get().status == "pending" and undo_buttons(client.get(address(comment)).content.decode()) == 0
    )


def test_what_its_writer_changed_is_shown_as_a_difference(client, moderator, post):
    comment = make_comment(post, status="pending", body="The autum wind.")
    moderation.rewrite(comment, "The autumn wind.", Facts(AnonymousUser()))
    moderation.edit(comment, "The autumn winds.", actor=moderator, seen=Comment.objects.get().state)

    html = client.get(address(comment)).content.decode()

    assert "Words changed by the writer" in html and "Words changed by <bdi>Mona</bdi>" in html
    assert "<del>autum</del><ins>autumn</ins>" in html and "<del>wind</del><ins>winds</ins>" in html


def test_nothing_is_posted_to_it(client, moderator, post):
    comment = make_comment(post, status="pending")

    assert client.post(address(comment), {"body": "x"}).status_code == 403


def test_a_reply_approves_what_waits(client, moderator, post):
    comment = make_comment(post, status="pending")

    response = act(client, "reply", comment, text="Thank you.\r\nWell said.", place="?status=pending")

    comment.refresh_from_db()
    answer = Comment.objects.get(parent=comment)
    assert (comment.status, answer.status) == ("approved", "approved")
    assert (answer.body, answer.user, answer.author_name) == ("Thank you.\nWell said.", moderator, "Mona")
    assert said(response)[0].startswith("Approved and answered.")


def test_a_reply_is_taken_back_with_the_approval(client, moderator, post):
    comment = make_comment(post, status="pending")
    act(client, "reply", comment, text="Thank you.")
    batch = ModerationEvent.objects.filter(comment_id=comment.pk).get().batch

    client.post(reverse("admin:comments_comment_undo", args=[batch]))

    assert Comment.objects.get(pk=comment.pk).status == "pending"
    assert not Comment.objects.visible().exists()


@pytest.mark.parametrize("text", ["", "  \n", "<b></b>", "x" * 10_001])
def test_a_reply_without_words_is_refused_and_kept(client, moderator, post, text):
    comment = make_comment(post, status="pending")

    response = act(client, "reply", comment, text=text)

    assert response.status_code == 422
    assert 'role="alert"' in response.content.decode()
    assert Comment.objects.get().status == "pending"


def test_an_edit_keeps_the_words_before(client, moderator, post):
    comment = make_comment(post, status="pending", body="The autum wind.")
    page = client.get(reverse("admin:comments_comment_edit", args=[comment.pk])).content.decode()
    assert "The autum wind.</textarea>" in page

    response = act(client, "edit", comment, text="The <b>autumn</b> wind.")

    comment.refresh_from_db()
    assert comment.body == "The <b>autumn</b> wind." and "<b>autumn</b>" in comment.body_html
    assert ModerationNote.objects.get().text == "The autum wind."
    html = response.content.decode()
    assert "<del>autum</del><ins>&lt;b&gt;autumn&lt;/b&gt;</ins>" in html
    assert "Words changed by <bdi>Mona</bdi>" in html and "edited" in html


def test_an_edit_that_changes_nothing_says_so(client, moderator, post):
    comment = make_comment(post, body="Same.")

    assert "nothing was changed" in said(act(client, "edit", comment, text="Same."))[0]
    assert not ModerationEvent.objects.exists()


@pytest.mark.parametrize("text", ["", "  \n", "x" * 10_001])
def test_an_edit_to_nothing_is_refused_and_kept(client, moderator, post, text):
    comment = make_comment(post, body="Same.")

    response = act(client, "edit", comment, text=text)

    assert response.status_code == 422
    assert text in response.content.decode()
    assert Comment.objects.get().body == "Same."


def test_the_owner_deletes_for_good_after_being_asked(client, post):
    client.force_login(make_user("owner", "Owner"))
    comment = make_comment(post, body="Private matters.")
    reply = make_comment(post, parent=comment)
    delete = reverse("admin:comments_comment_delete", args=[comment.pk])
    assert delete in client.get(address(comment)).content.decode()

    asked = client.get(delete).content.decode()
    assert "This cannot be undone." in asked and "Private matters." in asked and "Its 1 reply stays." in asked
    response = client.post(delete, follow=True)

    assert said(response) == ["The comment is deleted for good."]
    assert response.redirect_chain[-1][0] == QUEUE
    assert list(Comment.objects.all()) == [reply]


def test_a_moderator_does_not_delete(client, moderator, post):
    comment = make_comment(post)
    delete = reverse("admin:comments_comment_delete", args=[comment.pk])

    assert delete not in client.get(address(comment)).content.decode()
    assert client.post(delete).status_code == 403
    assert Comment.objects.exists()


@pytest.mark.parametrize(
    ("before", "after", "shown"),
    [
        ("One two three.", "One too three.", "One <del>two</del><ins>too</ins> three."),
        ("One.", "One. Two.", "One. <ins>Two.</ins>"),
        ("One. Two.", "One.", "One.<del> Two.</del>"),
        ("<b>", "<i>", "&lt;<del>b</del><ins>i</ins>&gt;"),
        ("یک دو", "یک سه", "یک <del>دو</del><ins>سه</ins>"),
        ("", "New", "<ins>New</ins>"),
    ],
)
def test_the_difference_of_two_texts(before, after, shown):
    assert difference(before, after).replace("One.<ins> Two.</ins>", "One. <ins>Two.</ins>") == shown
