"""The queue's buttons, one by one and in bulk, and the pages they lead to."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from comments.models import Comment, ModerationEvent, ModerationNote, Report
from tests.comments.test_queue import QUEUE, START, make_many, shown
from tests.factories import make_comment, make_post, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def post():
    return make_post(title="What the tide table leaves out")


def act(client, verb: str, *comments: Comment, place: str = "", follow: bool = True, bulk: bool = False, **data):
    """Presses a button of the queue, as the page's form sends it: with the state in which these were read."""
    data = {f"seen-{comment.pk}": comment.state for comment in comments} | data
    if bulk or len(comments) != 1:
        url = reverse(f"admin:comments_comment_{verb}_selected")
        data["selected"] = [comment.pk for comment in comments]
    else:
        url = reverse(f"admin:comments_comment_{verb}", args=[comments[0].pk])
    return client.post(url, {"place": place, **data}, follow=follow)


def said(response) -> list[str]:
    return [str(message) for message in response.context["said"]]


@pytest.mark.parametrize(
    ("verb", "before", "after", "message"),
    [
        ("approve", "pending", "approved", "1 comment approved."),
        ("reject", "pending", "rejected", "1 comment rejected."),
        ("spam", "pending", "spam", "1 comment marked as spam."),
        ("remove", "approved", "removed", "1 comment removed."),
        ("restore", "spam", "pending", "1 comment put back in the queue."),
    ],
)
def test_a_button_decides_and_leads_back(client, moderator, post, verb, before, after, message):
    comments = make_many(post, 3, status=before)
    place = f"?status={before}"

    response = act(client, verb, comments[1], place=place)

    assert [comment.status for comment in Comment.objects.order_by("pk")] == [before, after, before]
    assert ModerationEvent.objects.values_list("comment_id", "actor").get() == (comments[1].pk, moderator.pk)
    assert said(response)[0].startswith(message)
    following = comments[2] if before == "pending" else comments[0]
    assert response.redirect_chain[-1][0] == f"{QUEUE}{place}#comment-{following.pk}"


def test_after_the_last_comment_the_one_before_is_gone_on_with(client, moderator, post):
    comments = make_many(post, 3)

    response = act(client, "approve", comments[2], place="?status=pending")

    assert response.redirect_chain[-1][0].endswith(f"#comment-{comments[1].pk}")


def test_after_the_last_comment_there_is_none_to_go_on_with(client, moderator, post):
    response = act(client, "approve", make_comment(post, status="pending"), place="?status=pending")

    assert response.redirect_chain[-1][0] == f"{QUEUE}?status=pending"


def test_a_page_emptied_by_decisions_gives_way_to_the_first(client, moderator, post):
    comments = make_many(post, 26)
    second = client.get(QUEUE).context["page"].newer.query()

    response = act(client, "approve", comments[-1], place=second)

    assert shown(response) == comments[:25]


def test_search_leads_through_tabs_pages_and_verbs(client, moderator, post):
    comments = make_many(post, 30, author_name="Mudlark")
    make_comment(post, status="pending", created_at=START - timedelta(days=1))

    response = client.get(QUEUE, {"q": "mudlark"})
    assert "q=mudlark" in response.context["tabs"][1].query
    following = client.get(QUEUE + response.context["page"].newer.query())
    assert shown(following) == comments[25:]
    response = act(client, "spam", comments[0], place=response.context["place"].query())

    assert response.redirect_chain[-1][0] == f"{QUEUE}?status=pending&q=mudlark#comment-{comments[1].pk}"


def test_a_verb_with_nothing_to_do_says_so(client, moderator, post):
    response = act(client, "approve", make_comment(post, status="approved"))

    assert "there was nothing to do" in said(response)[0]
    assert not ModerationEvent.objects.exists()


def test_keep_settles_the_reports(client, moderator, post):
    comment = make_comment(post, reported_at=START)
    Report.objects.create(comment=comment, kind="rude", address_digest="1")

    response = act(client, "approve", comment, place="?status=reported")

    assert said(response)[0].startswith("1 comment kept.")
    comment.refresh_from_db()
    assert (comment.status, comment.reported_at) == ("approved", None)
    assert not Report.objects.filter(closed_at=None).exists()


def test_a_reason_is_kept_for_the_writer(client, moderator, post):
    comment = make_comment(post, status="pending")

    act(client, "reject", comment, tell="  Please stay with\nthe subject. ")

    note = ModerationNote.objects.get()
    assert (note.comment, note.kind, note.text) == (comment, "told", "Please stay with the subject.")


def test_a_reason_goes_with_a_rejection_alone(client, moderator, post):
    act(client, "spam", make_comment(post, status="pending"), tell="Away with you.")

    assert not ModerationNote.objects.exists()


def test_a_reason_that_is_too_long_comes_back_whole(client, moderator, post):
    comment, words = make_comment(post, status="pending"), "why " * 150

    response = act(client, "reject", comment, tell=words)
    ticked = act(client, "reject", comment, tell=words, bulk=True)

    assert response.status_code == ticked.status_code == 422
    for answer in (response, ticked):
        assert words.strip() in answer.content.decode() and "more than 500 characters" in answer.content.decode()
    assert Comment.objects.get().status == "pending"


def test_replies_go_with_a_removed_comment_where_asked(client, moderator, post):
    root = make_comment(post)
    child = make_comment(post, parent=root)
    make_comment(post, parent=child, status="spam")

    response = act(client, "remove", root, place="?status=approved", replies="1")

    assert said(response)[0].startswith("2 comments removed.")
    assert list(Comment.objects.order_by("pk").values_list("status", flat=True)) == ["removed", "removed", "spam"]
    assert ModerationEvent.objects.values("batch").distinct().count() == 1


def test_replies_stay_where_not(client, moderator, post):
    root = make_comment(post)
    make_comment(post, parent=root)

    act(client, "remove", root)

    assert list(Comment.objects.order_by("pk").values_list("status", flat=True)) == ["removed", "approved"]


def test_buttons_decide_on_the_selected(client, moderator, post):
    comments = make_many(post, 4)

    response = act(client, "approve", *comments[:3], place="?status=pending")

    assert said(response) == ["3 comments approved."]
    assert shown(response) == comments[3:]
    assert response.redirect_chain[-1][0] == f"{QUEUE}?status=pending#comment-{comments[3].pk}"
    assert len(set(ModerationEvent.objects.values_list("batch", flat=True))) == 1
    assert ModerationEvent.objects.filter(actor=moderator, batch__isnull=False).count() == 3


def test_a_batch_says_what_it_left_alone(client, moderator, post):
    waiting, done = make_comment(post, status="pending"), make_comment(post, status="spam")

    response = act(client, "spam", waiting, done)

    assert said(response)[0] == "1 comment marked as spam."
    assert said(response)[1].startswith("1 comment was left as it was: there was nothing to do")


def test_a_batch_of_none_asks_for_one(client, moderator, post):
    make_comment(post, status="pending")

    response = act(client, "approve")

    assert said(response) == ["Tick at least one comment first."]
    assert not ModerationEvent.objects.exists()


def test_a_batch_is_bounded(client, moderator):
    response = client.post(
        reverse("admin:comments_comment_approve_selected"), {"selected": list(range(1, 502))}, follow=True
    )

    assert said(response) == ["Nothing changed: tick at most 500 comments."]


def test_numbers_that_are_none_are_passed_over(client, moderator, post):
    comment = make_comment(post, status="pending")
    selected = ["x", "", "-1", "9" * 30, "٣", str(comment.pk), str(comment.pk + 1000)]

    data = {"selected": selected, f"seen-{comment.pk}": comment.state}
    response = client.post(reverse("admin:comments_comment_approve_selected"), data, follow=True)

    assert said(response) == ["1 comment approved."]


def test_one_forged_number_stops_the_whole_batch(client, post):
    author = make_user("alice", "Author")
    mine, theirs = (
        make_comment(make_post(author=author, title="Mine"), status="pending"),
        make_comment(post, status="pending"),
    )
    client.force_login(author)

    response = act(client, "approve", mine, theirs)

    assert response.status_code == 403
    assert set(Comment.objects.values_list("status", flat=True)) == {"pending"}
    assert not ModerationEvent.objects.exists()


@pytest.mark.parametrize("place", ["https://evil.example/", "//evil.example", "?status=pending&next=//evil.example"])
def test_a_verb_leads_nowhere_else(client, moderator, post, place):
    response = act(client, "approve", make_comment(post, status="pending"), place=place, follow=False)

    assert response.url.startswith(QUEUE + "?status=")
    assert "evil" not in response.url


def test_a_verb_needs_the_forms_token(moderator, post):
    comment = make_comment(post, status="pending")
    client = Client(enforce_csrf_checks=True)
    client.force_login(moderator)

    response = client.post(reverse("admin:comments_comment_approve", args=[comment.pk]))

    assert response.status_code == 403
    assert Comment.objects.get().status == "pending"


def test_a_verbs_address_opened_like_a_page_says_so(client, moderator, post):
    comment = make_comment(post, status="pending")

    response = client.get(reverse("admin:comments_comment_approve", args=[comment.pk]))

    assert response.status_code == 405
    assert response.headers["Allow"] == "POST"
    assert b"an address alone changes nothing" in response.content


@pytest.mark.parametrize("name", ["change", "approve"])
def test_a_comment_that_is_not_there(client, moderator, name):
    method = client.get if name == "change" else client.post

    assert method(reverse(f"admin:comments_comment_{name}", args=[404])).status_code == 404
    assert client.get(f"{QUEUE}no-number/change/").status_code == 404


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example", "javascript:alert(1)"])
def test_next_leads_nowhere_else(client, moderator, post, target):
    response = act(client, "approve", make_comment(post, status="pending"), follow=False, next=target)

    assert response.url.startswith(QUEUE)


def test_the_settings_page_is_one_row(client):
    client.force_login(make_user("owner", "Owner"))
    address = reverse("admin:comments_commentsettings_change", args=[1])

    assert client.get(reverse("admin:comments_commentsettings_changelist")).url == address
    assert client.get(reverse("admin:comments_commentsettings_change", args=[2])).status_code == 302
