import pytest
from django.db.models import ProtectedError
from django.urls import reverse

from comments import moderation
from comments.models import Comment, ModerationEvent
from comments.policy import Verdict
from tests.factories import make_comment, make_post, make_user

pytestmark = pytest.mark.django_db

LOG = reverse("admin:comments_moderationevent_changelist")


@pytest.fixture
def moderator():
    return make_user("mod", "Moderator", display_name="Mona")


@pytest.fixture
def event(moderator):
    moderation.approve(make_comment(make_post(), status="pending"), actor=moderator)
    return ModerationEvent.objects.get()


def rows(response) -> list[ModerationEvent]:
    return list(response.context["cl"].result_list)


CHANGES = {
    "save": lambda event: event.save(),
    "delete": lambda event: event.delete(),
    "update": lambda event: ModerationEvent.objects.update(reason="other"),
    "update of some": lambda event: ModerationEvent.objects.filter(pk=event.pk).update(reason="other"),
    "delete all": lambda event: ModerationEvent.objects.all().delete(),
    "bulk_update": lambda event: ModerationEvent.objects.bulk_update([event], ["reason"]),
    "bulk_create over it": lambda event: ModerationEvent.objects.bulk_create(
        [event], update_conflicts=True, update_fields=["reason"], unique_fields=["id"]
    ),
    "update_or_create": lambda event: ModerationEvent.objects.update_or_create(
        pk=event.pk, defaults={"reason": "other"}
    ),
    "delete the actor's": lambda event: event.actor.moderation_events.all().delete(),
    "update the actor's": lambda event: event.actor.moderation_events.update(reason="other"),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_an_event_is_never_changed(event, change):
    before = ModerationEvent.objects.values().get()
    event.reason = "other"

    with pytest.raises(TypeError, match="only ever added to"):
        change(event)

    assert ModerationEvent.objects.values().get() == before


def test_who_decided_cannot_be_deleted(event):
    with pytest.raises(ProtectedError):
        event.actor.delete()


def test_the_log_outlives_the_comment(event):
    Comment.objects.filter(pk=event.comment_id).delete()

    assert ModerationEvent.objects.get() == event


def test_the_page_says_who_what_when_and_why(client, moderator, event):
    client.force_login(moderator)

    html = client.get(LOG).content.decode()

    assert "Mona" in html
    assert "pending → approved" in html
    assert "Decided by a moderator" in html
    assert reverse("admin:comments_comment_change", args=[event.comment_id]) in html


def test_it_names_the_rule_where_no_person_decided(client, moderator):
    moderation.receive(
        Comment(post=make_post(), author_name="Reader", body="Hello."), Verdict("pending", ["held_all"], "hold_all")
    )
    client.force_login(moderator)

    html = client.get(LOG).content.decode()

    assert "Hold every comment" in html
    assert "new → pending" in html


def test_it_filters(client, moderator):
    other, post = make_user("other", "Moderator"), make_post()
    comments = [make_comment(post, status="pending") for _ in range(3)]
    moderation.approve(comments[0], actor=moderator)
    moderation.mark_spam(comments[1], actor=other)
    moderation.receive(
        Comment(post=post, author_name="Reader", body="Hello."), Verdict("pending", ["held_all"], "hold_all")
    )
    batch = moderation.decide(comments[2:], "remove", actor=other)
    client.force_login(moderator)

    def found(**query) -> list[str]:
        return [event.to_status for event in rows(client.get(LOG, query))]

    assert found() == ["removed", "pending", "spam", "approved"]
    assert found(actor=moderator.pk) == ["approved"]
    assert found(actor=other.pk, verb="spam") == ["spam"]
    assert found(actor="rule") == found(verb="arrived") == ["pending"]
    assert found(verb="approve") == ["approved"]
    assert found(verb="restore") == []
    assert found(at__gte="2000-01-01 00:00:00+00:00", at__lt="2000-01-02 00:00:00+00:00") == []
    assert found(q=str(comments[1].pk)) == ["spam"]
    assert found(q=str(batch.id)) == ["removed"]
    assert found(q="nothing like it") == []
    assert found(actor="x", verb="y") == found()


def test_it_offers_nothing_to_change(client, event):
    client.force_login(make_user("owner", "Owner"))

    page = client.get(reverse("admin:comments_moderationevent_change", args=[event.pk]))

    assert page.status_code == 200
    assert b'name="_save"' not in page.content
    assert b'type="checkbox"' not in client.get(LOG).content


def test_many_events_take_no_more_queries(client, moderator, django_assert_max_num_queries):
    post = make_post()
    moderation.decide([make_comment(post, status="pending") for _ in range(40)], "approve", actor=moderator)
    client.force_login(moderator)

    # Session, user, site settings, two for permissions, the people of the filter, three counts and spans, the rows.
    with django_assert_max_num_queries(10):
        assert len(rows(client.get(LOG))) == 40
