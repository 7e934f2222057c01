"""“How good is the filter?”: beginning anew, by a reset or from all decisions, and how far that is."""

from datetime import UTC, datetime

import pytest
from django.urls import reverse

from comments import moderation
from comments.models import Comment, Job
from comments.spam import store
from comments.spam.model import Model
from tests.comments.spam.retrained import retrain
from tests.comments.spam.teaching import counts, decide, learnt, make_decided, standing
from tests.factories import make_comment, make_user

pytestmark = pytest.mark.django_db
PAGE = reverse("admin:comments_comment_filter")
START = datetime(2026, 3, 14, 12, tzinfo=UTC)


@pytest.fixture
def olive(client):
    user = make_user("olive", "Owner")
    client.force_login(user)
    return user


def page_of(client, address: str = PAGE) -> str:
    response = client.get(address)
    assert response.status_code == 200
    return response.content.decode()


def test_a_reset_asks_first(client, olive, post):
    make_decided(post, olive, 4)

    html = page_of(client, reverse("admin:comments_comment_filter_reset"))

    assert "2 good comments and 2 of spam" in html
    assert counts()[0] == (2, 2)


def test_after_a_reset_nothing_is_known_and_every_decision_stands(client, olive, post):
    make_decided(post, olive, 4)
    job = Job.objects.create(kind=Job.Kind.RETRAIN, user=olive)

    response = client.post(reverse("admin:comments_comment_filter_reset"), follow=True)

    assert "has forgotten all" in response.content.decode()
    assert counts()[0] == (0, 0)
    assert not any(store.model().counts)
    assert learnt() == [False] * 4
    assert response.context["record"].whole.decided == 4
    assert set(Comment.objects.values_list("status", flat=True)) == {"approved", "spam"}
    job.refresh_from_db()
    assert job.problem


def test_after_a_reset_a_decision_taken_back_takes_nothing_away(client, olive, post):
    made = make_decided(post, olive, 4)
    client.post(reverse("admin:comments_comment_filter_reset"))

    decide(made[0], "restore", olive)
    decide(made[1], "approve", olive)

    assert counts()[0] == (1, 0)


def test_retraining_shows_how_far_it_is(client, olive, post, django_capture_on_commit_callbacks):
    make_decided(post, olive, 4, make=make_comment)

    with django_capture_on_commit_callbacks(execute=True):
        response = client.post(reverse("admin:comments_comment_filter_retrain"))

    html = page_of(client, response.url)
    assert "The filter knows 2 good comments and 2 of spam now." in html
    assert "It had not seen 4 of them before." in html
    assert counts() == standing()


def test_while_it_waits_and_works_the_page_says_so_and_looks_again(client, olive):
    job = Job.objects.create(kind=Job.Kind.RETRAIN, user=olive)
    address = reverse("admin:comments_comment_filter_progress", args=[job.pk])

    assert "as soon as the worker has a hand free" in page_of(client, address)
    Job.objects.update(done=1200, total=5000)
    html = page_of(client, address)
    assert '<progress id="bar" value="1200" max="5000">' in html
    assert "1,200 of about 5,000" in html
    assert '<meta http-equiv="refresh"' in html
    assert address in page_of(client)


def test_it_can_be_stopped(client, olive):
    job = Job.objects.create(kind=Job.Kind.RETRAIN, user=olive)

    response = client.post(reverse("admin:comments_comment_filter_stop", args=[job.pk]), follow=True)

    assert "It was stopped." in response.content.decode()
    assert '<meta http-equiv="refresh"' not in response.content.decode()


def test_the_progress_of_other_work_is_not_here(client, olive):
    job = Job.objects.create(kind=Job.Kind.SIMULATE, user=olive)

    assert client.get(reverse("admin:comments_comment_filter_progress", args=[job.pk])).status_code == 404


def test_retraining_asks_first_and_says_what_would_be_lost(client, olive, post):
    made = make_decided(post, olive, 4)
    moderation.delete(made[0], actor=olive)
    address = reverse("admin:comments_comment_filter_retrain")
    assert "cannot be taken back" not in page_of(client, address)

    brought = Model()
    brought.lessons = [5, 4]
    store.replace(brought, is_brought=True)
    html = page_of(client, address)

    assert "At least 8 that it has learnt come of no decision here" in html
    assert reverse("admin:comments_comment_filter_export") in html
    assert not Job.objects.exists()


def test_a_reset_leaves_to_retraining_what_deleted_words_taught_unless_that_is_to_go_too(client, olive, post):
    made = make_decided(post, olive, 4)
    moderation.delete(made[0], actor=olive)
    address = reverse("admin:comments_comment_filter_reset")
    assert "what 1 comment taught" in page_of(client, address)

    client.post(address)
    retrain(Job.objects.create(kind=Job.Kind.RETRAIN, user=olive))
    assert counts()[0] == (2, 2)

    client.post(address, {"forgotten": "on"})
    retrain(Job.objects.create(kind=Job.Kind.RETRAIN, user=olive))
    assert counts()[0] == (1, 2)
    assert 'name="forgotten"' not in page_of(client, address)


def test_an_address_that_only_changes_changes_nothing_when_it_is_opened(client, olive, job):
    assert client.get(reverse("admin:comments_comment_filter_stop", args=[job.pk])).status_code == 405
    job.refresh_from_db()
    assert not job.finished_at
