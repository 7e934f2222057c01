"""Settings tried on past comments: which, with which words and writers, what is counted, and that nothing changes."""

from datetime import timedelta

import pytest
import time_machine
from django.apps import apps
from django.contrib.auth.models import AnonymousUser
from django.core import serializers
from django.utils import timezone

from comments import moderation
from comments.models import BlockRule, Comment, Commenter, CommentSettings, Job, ModerationNote
from comments.policy import Facts, Verdict
from comments.simulation import asking, running
from comments.simulation.running import simulate
from config import tick
from tests.factories import make_comment, make_post, make_user

pytestmark = pytest.mark.django_db
LENIENT = {"hold_all": False, "approved_needed": 0, "max_links": 0, "flood_seconds": 0, "probation_needed": 0}


@pytest.fixture
def clock():
    with time_machine.travel(timezone.now().replace(microsecond=0), tick=False) as clock:
        yield clock


@pytest.fixture
def came(clock, post):
    """Has a comment come, as the form would; the clock goes on by a minute."""

    def come(body: str = "Surely the wind?", status: str = "pending", **fields) -> Comment:
        fields = {"author_name": "Mud", "author_email": "mud@example.org", "post": post} | fields
        comment = Comment(body=body, created_at=timezone.now(), **fields)
        moderation.receive(comment, Verdict(status, ["held_all"], "hold_all"))
        clock.shift(60)
        return comment

    return come


def settings(**fields) -> CommentSettings:
    return CommentSettings(**LENIENT | fields)


def test_verdicts_are_counted_as_they_were_and_as_they_would_be(came):
    held = came("One https://a.example")
    came("Two", "approved")
    settings(max_links=1).save()

    found = simulate(settings(max_links=1), 100)

    assert (found.looked_at, found.changes) == (2, [])
    found = simulate(settings(), 100)
    assert (found.then, found.now) == ({"pending": 1, "approved": 1}, {"approved": 2})
    assert found.saved == {"pending": 1, "approved": 1}
    assert found.changes == [[held.pk, "pending", "pending", ["links:1/1"], "approved", ["nothing_against"]]]


def test_what_was_saved_since_it_came_is_no_change(came):
    came("One https://a.example")
    came("Two", "approved")
    settings().save()

    found = simulate(CommentSettings.load(), 100)

    assert (found.then, found.now) == ({"pending": 1, "approved": 1}, {"approved": 2})
    assert found.changes == []


def test_a_post_that_was_closed_since_is_no_change(came, post):
    came("One", "approved")
    post.comments_mode = "closed"
    post.save()
    settings().save()

    found = simulate(settings(max_links=1), 100)

    assert (found.saved, found.now, found.changes) == ({"refused": 1}, {"refused": 1}, [])


def test_it_is_held_beside_what_people_decided(came, moderator):
    for number in range(6):
        comment = came(f"{number} https://a.example" if number < 4 else f"{number}")
        verb = ["spam", "spam", "approve", "reject", "remove", "approve"][number]
        moderation.decide([comment], verb, actor=moderator)
    moderation.decide([came("Nobody’s: a rule decided")], "approve", rule="import")
    came("Nobody’s")

    people = simulate(settings(max_links=1), 100).people

    assert {group: (one["of"], dict(one["now"])) for group, one in people.items()} == {
        "spam": (2, {"pending": 2}),
        "approved": (2, {"pending": 1, "approved": 1}),
        "refused": (2, {"pending": 1, "approved": 1}),
    }


def test_a_decision_that_was_taken_back_is_none(came, moderator):
    comment = came()
    first = moderation.decide([comment], "approve", actor=moderator).batch
    second = moderation.decide([comment], "spam", actor=moderator).batch
    moderation.undo(second, actor=moderator, among=Comment.objects.all())
    assert list(simulate(settings(), 100).people) == ["approved"]
    moderation.undo(first, actor=moderator, among=Comment.objects.all())
    assert simulate(settings(), 100).people == {}


def test_only_the_newest_that_came_through_the_form(came, post, moderator):
    comments = [came(f"{number}") for number in range(5)]
    imported = Comment(post=post, author_name="Old", body="Words", created_at=timezone.now() - timedelta(days=900))
    moderation.receive(imported, Verdict("approved", ["imported"], "import"))
    moderation.reply(comments[0], "An answer", actor=moderator, seen=comments[0].state)
    assert simulate(settings(), 100).looked_at == 5
    found = simulate(settings(), 3).as_json()
    assert [pk for pk, *_rest in found["changes"]] == [comment.pk for comment in reversed(comments[2:])]


def test_its_words_are_those_that_came(came, moderator):
    comment = came("See https://a.example")
    moderation.edit(comment, "See", actor=moderator, seen=comment.state)
    assert simulate(settings(max_links=1), 100).now == {"pending": 1}
    ModerationNote.objects.all().delete()
    assert simulate(settings(max_links=1), 100).now == {"approved": 1}, "forgotten: those it has now"


def test_who_proved_it_later_had_not_when_it_came(came, clock):
    comment = came()
    moderation.prove(comment, Facts(AnonymousUser()))
    clock.shift(60)
    came("Known now", commenter=Commenter.objects.get())
    found = list(running.verdicts([one.pk for one in Comment.objects.order_by("pk")], [settings(approved_needed=1)]))
    assert [verdict.reasons for _one, (verdict,) in found] == [["first_time:guest/1"], ["first_time:0/1"]]


def test_the_same_words_are_found_as_they_were_then(came, moderator):
    first = came("Twice")
    came("Twice")
    assert simulate(settings(), 100).now == {"approved": 1, "refused": 1}
    moderation.edit(first, "Other words", actor=moderator, seen=Comment.objects.get(pk=first.pk).state)
    assert simulate(settings(), 100).now == {"approved": 1, "refused": 1}, "they were the same then"
    came("Twice", author_name="mud")
    came("Twice", author_email="gull@example.org")
    assert simulate(settings(), 100).now == {"approved": 2, "refused": 2}


def test_what_was_rejected_before_may_be_said_again(came, moderator):
    moderation.decide([came("Twice")], "reject", actor=moderator)
    came("Twice")
    assert simulate(settings(), 100).now == {"approved": 2}


def test_a_flood_from_a_network_is_one_that_was(came):
    came("One", address_digest="north")
    came("Two", address_digest="north", author_email="gull@example.org")
    came("Three", address_digest="south", author_email="tern@example.org")
    assert simulate(settings(flood_seconds=60), 100).now == {"approved": 3}
    assert simulate(settings(flood_seconds=61), 100).now == {"approved": 2, "refused": 1}


def test_what_came_before_the_first_one_that_is_looked_at_counts(came):
    came("Before", address_digest="north")
    came("After", address_digest="north", author_email="gull@example.org")
    assert simulate(settings(flood_seconds=61), 1).now == {"refused": 1}


def test_a_writer_is_blocked_from_then_on_and_not_before(came, clock):
    rita = make_user("rita")
    came("Before", user=rita, author_name="Rita")
    Commenter.objects.create(user=rita, blocked_at=timezone.now())
    clock.shift(60)
    came("After", user=rita, author_name="Rita")
    assert simulate(settings(), 100).now == {"approved": 1, "refused": 1}


def test_who_may_moderate_now_is_let_through(came):
    came("https://a.example", user=make_user("mona", "Moderator"))
    came("https://b.example", user=make_user("olive", "Owner"))
    came("https://c.example", user=make_user("gone", "Moderator", is_active=False))
    assert simulate(settings(max_links=1), 100).now == {"approved": 2, "pending": 1}


def test_what_is_not_known_is_counted(came):
    came("Deleted", address_digest="north")
    deleted = came("Deleted")
    came("Forgotten", address_digest="north")
    moderation.empty([came("Emptied").pk])
    moderation.expire([deleted.pk])
    for fields in (
        {"match": "word", "pattern": "firefox", "field": "browser"},
        {"match": "network", "pattern": "203.0.0.0/16"},
        {"match": "network", "pattern": "203.0.113.0/24"},
    ):
        BlockRule(**fields).save()
    found = simulate(settings(), 100)
    assert (found.looked_at, found.gone, found.wordless, found.no_network) == (2, 1, 1, 0)
    assert (found.unscored, found.unknown_rules) == (2, 2)


def test_nothing_but_the_job_changes(came, moderator, django_capture_on_commit_callbacks):
    BlockRule(match="word", pattern="wind", action="spam").save()
    moderation.decide([came()], "approve", actor=moderator)
    came("Two", user=make_user("rita"), author_name="Rita")
    before = everything()
    with django_capture_on_commit_callbacks(execute=True):
        job = asking.ask(moderator, settings(), 100)
    job.refresh_from_db()
    assert (job.found["looked_at"], job.done, job.total, job.problem) == (2, 2, 2, "")
    assert job.finished_at
    assert everything() == before


def everything() -> list[str]:
    """All rows of the site, but those of jobs and of the queue of tasks."""
    others = [model for model in apps.get_models() if not model.__module__.startswith("django_tasks") and model != Job]
    return [serializers.serialize("json", model.objects.order_by("pk")) for model in others]


def test_only_what_is_edited_is_kept_of_the_settings(moderator):
    CommentSettings(max_links=3, message="Be kind.").save()
    edited = CommentSettings.load()
    edited.max_links, edited.hold_all = 5, False
    job = asking.ask(moderator, edited, 100)
    assert job.asked == {"size": 100, "changes": {"hold_all": ["True", "False"], "max_links": ["3", "5"]}}
    CommentSettings(message="Be brief.").save()
    tried = asking.settings_of(job)
    assert (tried.max_links, tried.hold_all, tried.message) == (5, False, "Be brief.")


def test_one_that_fails_says_so_in_words(came, moderator, monkeypatch, caplog):
    came()
    monkeypatch.setattr(running.policy, "judge", lambda *args: 1 / 0)
    job = Job.objects.create(kind="simulate", user=moderator, asked={"size": 100, "changes": {}})
    running.run(job.pk)
    job.refresh_from_db()
    assert job.problem.startswith("Something went wrong")
    assert job.finished_at and not job.found
    assert "failed" in caplog.text


def test_what_is_finished_is_not_done_again(moderator):
    job = Job.objects.create(kind="simulate", user=moderator, finished_at=timezone.now())
    running.run(job.pk)
    running.run(Job(kind="retrain", user=moderator).pk)
    job.refresh_from_db()
    assert not job.found


def test_all_changes_are_kept_the_newest_first(came):
    comments = [came(f"{number}") for number in range(3)]
    found = simulate(settings(), 100)
    assert [pk for pk, *_rest in found.as_json()["changes"]] == [comment.pk for comment in reversed(comments)]


def test_old_jobs_are_dropped_after_a_week(moderator):
    now = timezone.now()
    Job.objects.create(kind="simulate", user=moderator, created_at=now - timedelta(days=8))
    kept = Job.objects.create(kind="retrain", user=moderator, created_at=now - timedelta(days=6))
    tick.tick(now)
    assert list(Job.objects.all()) == [kept]


def test_no_comment_at_all(moderator):
    make_comment(make_post())  # the log says nothing of it
    assert simulate(settings(), 100).looked_at == 0


def test_it_shows_how_far_it_is_step_by_step(came, monkeypatch):
    monkeypatch.setattr(running, "SHOWN_EVERY", 2)
    for number in range(5):
        came(f"{number}")
    steps = []
    simulate(settings(), 100, lambda done, total: steps.append((done, total)))
    assert steps == [(0, 5), (2, 5), (4, 5), (5, 5)]
