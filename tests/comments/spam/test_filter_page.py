"""“How good is the filter?”: who sees it, what it says, and what can be done there."""

from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from comments import moderation
from comments.models import Comment, CommentSettings, SpamSample
from comments.spam import store
from tests.comments.spam.teaching import counts, decide, make_decided, make_seen
from tests.factories import make_comment, make_user

pytestmark = pytest.mark.django_db
PAGE = reverse("admin:comments_comment_filter")
START = datetime(2026, 3, 14, 12, tzinfo=UTC)


@pytest.fixture
def olive(client):
    user = make_user("olive", "Owner")
    client.force_login(user)
    return user


def say(comment: Comment, is_spam: bool, probability: float, share: float, at=START, **fields) -> SpamSample:
    """What the filter said of a comment when it came, and what a person has decided."""
    status = "spam" if is_spam else "approved"
    Comment.objects.filter(pk=comment.pk).update(status=status)
    fields = {"evidence": 1, "is_sure": True, "features": b"x", "why": []} | fields
    return SpamSample.objects.create(
        comment=comment, is_spam=is_spam, probability=probability, share=share, decided_at=at, **fields
    )


def page_of(client, address: str = PAGE) -> str:
    response = client.get(address)
    assert response.status_code == 200
    return response.content.decode()


def test_it_says_what_it_would_have_got_right_and_wrong(client, moderator, post):
    say(make_comment(post), True, 0.99, 0.001)
    say(make_comment(post, body="Passed."), True, 0.2, 0.5)
    say(make_comment(post, body="Held."), False, 0.8, 0.015)
    say(make_comment(post), False, 0.1, 0.8)
    say(make_comment(post), False, 0.9, 0.01, is_sure=False)

    response = client.get(PAGE)
    whole = response.context["record"].whole

    assert (whole.spam, whole.caught, whole.recall) == (2, 1, 50)
    assert (whole.good, whole.stopped_good, whole.good_as_spam) == (3, 1, 0)
    assert whole.precision == 50
    assert (whole.unsure, whole.unsure_good) == (1, 1)
    assert [mistake.comment.body for mistake in response.context["mistakes"]] == ["Held.", "Passed."]


def test_the_thresholds_are_those_that_are_set_now(client, moderator, post):
    say(make_comment(post), True, 0.99, 0.01)
    say(make_comment(post), False, 0.6, 0.015)
    CommentSettings(spam_hold_percent=1, spam_spam_percent=1).save()

    whole = client.get(PAGE).context["record"].whole

    assert (whole.caught, whole.stopped_good) == (1, 0)


def test_figures_run_over_time(client, moderator, post):
    for number in range(120):
        at = START + timedelta(days=number)
        is_spam = number % 2 == 0
        say(make_comment(post), is_spam, 0.99 if is_spam and number >= 60 else 0.1, 0.001, at)

    response = client.get(PAGE)
    record = response.context["record"]

    assert [group.decided for group in record.groups] == [20, 50, 50]
    assert [group.recall for group in record.groups] == [0, 20, 100]
    assert [month.first.month for month in record.months] == [3, 4, 5, 6, 7]
    assert sum(month.decided for month in record.months) == 120
    html = response.content.decode()
    assert html.count('class="chart bars"') == 3
    assert "25 of 25" in html


def test_months_are_at_most_twelve(client, moderator, post):
    for number in range(20):
        say(make_comment(post), True, 0.99, 0.001, START + timedelta(days=31 * number))

    assert len(client.get(PAGE).context["record"].months) == 12


def test_it_looks_at_the_newest_decisions_alone(client, moderator, post, monkeypatch):
    monkeypatch.setattr("comments.spam.figures.LOOKED_AT", 3)
    for number in range(5):
        say(make_comment(post), True, 0.99, 0.001, START + timedelta(days=number))

    response = client.get(PAGE)

    assert response.context["record"].whole.decided == 3
    assert response.context["since"] == START
    assert "more than 3" in response.content.decode()


def test_a_mistake_is_corrected_with_one_press(client, moderator, post):
    comment = make_seen(post, "Subscribe to my channel!")
    decide(comment, "approve", moderator)
    SpamSample.objects.update(probability=0.97, share=0.001, is_sure=True)
    (mistake,) = client.get(PAGE).context["mistakes"]
    (spam, reject) = mistake.buttons
    assert (spam["verb"], reject["verb"]) == ("spam", "reject") or (spam["verb"], reject["verb"]) == ("reject", "spam")

    url = reverse("admin:comments_comment_spam", args=[comment.pk])
    state = Comment.objects.get(pk=comment.pk).state
    response = client.post(url, {f"seen-{comment.pk}": state, "next": f"{PAGE}#mistakes"}, follow=True)

    assert response.redirect_chain == [(f"{PAGE}#mistakes", 302)]
    assert response.context["mistakes"] == []
    assert "1 comment marked as spam." in response.content.decode()
    assert counts()[0] == (0, 1)


def test_who_saw_another_state_corrects_nothing(client, moderator, post):
    comment = make_seen(post, "Subscribe to my channel!")
    decide(comment, "approve", moderator)

    url = reverse("admin:comments_comment_spam", args=[comment.pk])
    response = client.post(url, {f"seen-{comment.pk}": "pending", "next": PAGE}, follow=True)

    assert "Not done" in response.content.decode()
    assert Comment.objects.get(pk=comment.pk).status == "approved"


def test_comments_that_are_gone_are_counted_and_not_listed(client, moderator, post):
    gone, other = make_comment(post), make_comment(post, body="Still here.")
    for comment in (gone, other):
        say(comment, False, 0.97, 0.001)
    moderation.delete(gone, actor=moderator)

    response = client.get(PAGE)

    assert [mistake.comment.body for mistake in response.context["mistakes"]] == ["Still here."]
    assert "1 is deleted since." in response.content.decode()
    assert response.context["record"].whole.good == 2


def test_a_comment_withdrawn_since_has_no_buttons(client, moderator, post):
    comment = make_comment(post)
    say(comment, False, 0.97, 0.001)
    Comment.objects.update(withdrawn_at=timezone.now(), status="removed")

    (mistake,) = client.get(PAGE).context["mistakes"]

    assert mistake.buttons == []


def test_what_people_typed_stays_text(client, moderator, post):
    comment = make_comment(post, author_name="<i>A</i>", body="<b>bold</b> <script>alert(1)</script>")
    say(comment, False, 0.97, 0.001, why=[["word", "<script>alert(2)</script>", 2.5], ["link", '"><b>', -1.5]])

    for address in (PAGE, reverse("admin:comments_comment_change", args=[comment.pk])):
        html = page_of(client, address)
        assert "<script>alert" not in html
        assert "<i>A</i>" not in html
        assert "&lt;script&gt;alert(2)" in html
        assert '"><b>' not in html


def test_the_queue_shows_what_the_filter_thinks(client, moderator, post):
    comment = make_comment(post, status="pending")
    SpamSample.objects.create(
        comment=comment, evidence=3, probability=0.97, share=0.001, is_sure=True, features=b"x",
        why=[["word", "subscribe", 2.5], ["link", "example.com", 1.2], ["word", "marsh", -0.7]],
    )  # fmt: skip

    html = page_of(client, reverse("admin:comments_comment_changelist"))

    assert "The filter:" in html
    assert "spam, 97 in 100" in html
    assert html.index("subscribe") < html.index("example.com") < html.index("against it:") < html.index("marsh")


@pytest.mark.parametrize(
    ("probability", "share", "is_sure", "said"),
    [
        (0.6, 0.015, True, "doubtful, 60 in 100 for spam"),
        (0.04, 0.6, True, "good, 4 in 100 for spam"),
        (0.9, 0.001, False, "not sure, it has not seen enough like it"),
    ],
)
def test_it_says_so_in_words(client, moderator, post, probability, share, is_sure, said):
    comment = make_comment(post, status="pending")
    SpamSample.objects.create(
        comment=comment, evidence=0, probability=probability, share=share, is_sure=is_sure, features=b"x"
    )

    assert said in page_of(client, reverse("admin:comments_comment_change", args=[comment.pk]))


def test_of_a_comment_that_it_has_not_seen_nothing_is_said(client, moderator, post):
    make_comment(post, status="pending")
    emptied = make_comment(post, status="pending")
    SpamSample.objects.create(comment=emptied, evidence=0, probability=0, share=1, is_sure=False)

    assert "The filter:" not in page_of(client, reverse("admin:comments_comment_changelist"))


@pytest.mark.parametrize("number", [3, 60])
def test_it_takes_few_queries_however_many_decisions(client, olive, post, number, django_assert_max_num_queries):
    for _each in range(number):
        say(make_comment(post), False, 0.97, 0.001)
    client.get(PAGE)
    with django_assert_max_num_queries(10):
        client.get(PAGE)


def test_at_most_fifty_mistakes_are_listed(client, moderator, post):
    for _each in range(53):
        say(make_comment(post), False, 0.97, 0.001)

    response = client.get(PAGE)

    assert len(response.context["mistakes"]) == 50
    assert "53 comments among these decisions" in response.content.decode()


def lessons_of(monkeypatch, good: int, spam: int) -> None:
    monkeypatch.setattr(store.model(), "lessons", [good, spam])


@pytest.mark.parametrize(
    ("mode", "lessons", "wrong", "said"),
    [
        ("off", (50, 50), 0, "It is off"),
        ("observe", (0, 0), 0, "Retrain it from history"),
        ("observe", (50, 50), 0, "turn it on in the settings"),
        ("observe", (50, 50), 20, "more than you allow"),
        ("act", (50, 50), 0, "it caught 30"),
    ],
)
def test_it_advises(client, olive, post, monkeypatch, mode, lessons, wrong, said):
    CommentSettings(spam_mode=mode).save()
    for number in range(30):
        say(make_comment(post), True, 0.99, 0.001)
        say(make_comment(post), False, 0.99 if number < wrong else 0.1, 0.001)
    lessons_of(monkeypatch, *lessons)

    assert said in page_of(client)


def test_without_decisions_it_says_so(client, olive):
    html = page_of(client)

    assert "Nobody has decided on a comment that the filter has seen." in html
    assert "Retrain it from history" in html


def test_a_moderator_looks_and_corrects_and_changes_nothing(client, moderator, post):
    make_decided(post, moderator, 2)
    html = page_of(client)
    assert "Forget everything" not in html
    assert "Retrain" not in html

    for name in ("reset", "import", "retrain"):
        assert client.post(reverse(f"admin:comments_comment_filter_{name}")).status_code == 403
    assert client.get(reverse("admin:comments_comment_filter_export")).status_code == 403
    assert counts()[0] == (1, 1)


def test_the_queue_leads_to_it(client, moderator):
    assert f'href="{PAGE}"' in page_of(client, reverse("admin:comments_comment_changelist"))


def test_an_author_is_not_led_to_it(client):
    client.force_login(make_user("ada", "Author"))

    assert PAGE not in page_of(client, reverse("admin:comments_comment_changelist"))
    assert client.get(PAGE).status_code == 403
