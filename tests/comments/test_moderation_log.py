import re

import pytest
from django.db.models import ProtectedError
from django.urls import reverse

from comments import moderation
from comments.admin import log
from comments.models import Comment, ModerationEvent
from tests.comments.log_pages import EXPORT, LOG, received
from tests.factories import make_comment, make_post, make_user

pytestmark = pytest.mark.django_db


def lines(response) -> list[ModerationEvent]:
    return [line.event for line in response.context["page"].lines]


def text_of(response) -> str:
    return " ".join(
        re.sub(r"<[^>]*>", " ", response.content.decode().replace('<span class="unseen">to</span>', "")).split()
    )


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

    response = client.get(LOG)
    html = text_of(response)

    assert "Mona" in html
    assert "pending → approved" in html
    assert "Decided by a moderator" in html
    assert f"Comment {event.comment_id} by Reader" in html
    assert reverse("admin:comments_comment_change", args=[event.comment_id]) in response.content.decode()


def test_it_names_the_rule_where_no_person_decided(client, moderator):
    received(make_post())
    client.force_login(moderator)

    html = text_of(client.get(LOG))

    assert "Hold every comment" in html
    assert "new → pending" in html
    assert "Every comment is read before it appears" in html


def test_it_says_what_was_told_and_keeps_words_before_an_edit_to_itself(client, moderator):
    post = make_post()
    told, edited = make_comment(post, status="pending"), make_comment(post, body="Before.")
    moderation.decide([told], "reject", actor=moderator, tell="Please keep to the <subject>.")
    moderation.edit(edited, "After.", actor=moderator, seen=edited.state)
    client.force_login(moderator)

    html = client.get(LOG).content.decode()

    assert "Please keep to the &lt;subject&gt;." in html
    assert "words changed" in html and "Before." not in html


def test_a_deleted_comments_lines_stay(client, moderator):
    comment = make_comment(make_post(), author_name="Nobody now")
    moderation.delete(comment, actor=moderator)
    client.force_login(moderator)

    html = text_of(client.get(LOG))

    assert f"Comment {comment.pk} (deleted for good)" in html
    assert "approved → deleted for good" in html
    assert "Nobody now" not in html


def test_it_marks_what_was_taken_back(client, moderator):
    comment = make_comment(make_post(), status="pending")
    decision = moderation.decide([comment], "spam", actor=moderator)
    moderation.undo(decision.batch, actor=moderator, among=Comment.objects.all())
    client.force_login(moderator)

    html = text_of(client.get(LOG))

    assert html.count("Taken back by Mona") == 1
    assert "spam → pending Decision taken back" in html


def test_it_filters(client, moderator, time_machine):
    time_machine.move_to("2026-03-10 12:00Z")
    other, post = make_user("other", "Moderator"), make_post()
    comments = [make_comment(post, status="pending") for _ in range(4)]
    moderation.decide([comments[0]], "approve", actor=moderator)
    moderation.decide([comments[1]], "spam", actor=other)
    time_machine.move_to("2026-03-11 12:00Z")
    arrived = received(post)
    time_machine.move_to("2026-03-12 12:00Z")
    batch = moderation.decide(comments[2:], "remove", actor=other).batch
    time_machine.move_to("2026-03-13 12:00Z")
    client.force_login(moderator)

    def found(**query) -> list[str]:
        return [event.to_status for event in lines(client.get(LOG, query))]

    assert found() == ["removed", "removed", "pending", "spam", "approved"]
    assert found(who=moderator.pk) == ["approved"]
    assert found(who=other.pk, what="spam") == ["spam"]
    assert found(who="rule") == found(what="arrived") == found(who="rule:hold_all") == ["pending"]
    assert found(why="held_all") == ["pending"]
    assert found(who="rule:hold_all", why="by_moderator") == []
    assert found(what="approve") == ["approved"]
    assert found(what="restore") == found(what="undone") == []
    assert found(since="2026-03-11", until="2026-03-11") == ["pending"]
    assert found(since="2026-03-12") == ["removed", "removed"]
    assert found(until="2026-03-10", what="spam") == ["spam"]
    assert found(comment=comments[1].pk) == ["spam"]
    assert found(comment=arrived.pk, what="approve") == []
    assert found(batch=batch) == ["removed", "removed"]
    assert found(batch="5e8b5b3c-0000-4000-8000-000000000000") == []


@pytest.mark.parametrize(
    "query",
    [
        {"what": "dance"},
        {"who": "nobody"},
        {"who": "rule:none"},
        {"why": "none"},
        {"since": "soon"},
        {"since": "0001-01-01"},
        {"until": "9999-12-31"},
        {"comment": "x"},
        {"comment": "9" * 30},
        {"comment": "-1"},
    ],
    ids=str,
)
def test_a_filter_that_is_not_understood_says_so_and_filters_nothing(client, moderator, event, query):
    client.force_login(moderator)
    [name] = query

    response = client.get(LOG, query)

    assert lines(response) == [event]
    assert response.context["form"].errors[name]
    assert str(response.context["form"].errors[name][0]).replace("'", "&#x27;") in response.content.decode()
    assert client.get(EXPORT, query).status_code == 400


@pytest.mark.parametrize("query", [{"batch": "x"}, {"before": "x"}, {"before": "9" * 60}, {"nonsense": "1"}], ids=str)
def test_an_address_cut_short_leads_to_the_log(client, moderator, event, query):
    client.force_login(moderator)

    assert lines(client.get(LOG, query)) == [event]


def test_it_pages_by_key(client, moderator, monkeypatch):
    monkeypatch.setattr(log, "PAGE_SIZE", 2)
    comments = [make_comment(make_post(), status="pending") for _ in range(5)]
    for comment in comments:
        moderation.decide([comment], "approve", actor=moderator)
    client.force_login(moderator)

    seen, address = [], f"{LOG}?who={moderator.pk}"
    while address:
        response = client.get(address)
        seen += [event.comment_id for event in lines(response)]
        older = response.context["older_query"]
        address = older and LOG + older

    assert seen == [comment.pk for comment in reversed(comments)]


def test_a_batch_pages_by_key_too(client, moderator, monkeypatch):
    monkeypatch.setattr(log, "PAGE_SIZE", 2)
    batch = moderation.decide([make_comment(make_post()) for _ in range(3)], "spam", actor=moderator).batch
    client.force_login(moderator)

    first = client.get(LOG, {"batch": batch})
    second = client.get(LOG + first.context["older_query"])

    assert [len(lines(page)) for page in (first, second)] == [2, 1]
    assert len({event.pk for page in (first, second) for event in lines(page)}) == 3


def test_what_is_rare_is_looked_for_a_bounded_way(client, moderator, monkeypatch):
    monkeypatch.setattr(log, "LOOKED_AT", 2)
    comments = [make_comment(make_post(), status="pending") for _ in range(4)]
    moderation.decide([comments[0]], "spam", actor=moderator)
    for comment in comments[1:]:
        moderation.decide([comment], "approve", actor=moderator)
    client.force_login(moderator)

    first = client.get(LOG, {"what": "spam"})
    second = client.get(LOG + first.context["older_query"])
    third = client.get(LOG + second.context["older_query"])

    assert lines(first) == [] and "Look further back" in first.content.decode()
    assert [event.comment_id for event in lines(second)] == [comments[0].pk]
    assert lines(third) == [] and third.context["older_query"] == ""


def test_undo_is_offered_where_it_would_do_something(client, moderator):
    post = make_post()
    alone, later, pair = (make_comment(post, status="pending") for _ in range(3))
    moderation.decide([alone], "approve", actor=moderator)
    moderation.decide([later], "approve", actor=moderator)
    moderation.decide([later], "spam", actor=moderator)
    taken_back = moderation.decide([make_comment(post)], "spam", actor=moderator).batch
    moderation.undo(taken_back, actor=moderator, among=Comment.objects.all())
    received(post)
    together = moderation.decide([pair, make_comment(post, status="pending")], "reject", actor=moderator).batch
    client.force_login(moderator)

    page = client.get(LOG)
    offered = [line.event for line in page.context["page"].lines if line.may_undo]

    assert [(event.comment_id == pair.pk, event.to_status) for event in offered] == [
        (False, "rejected"),
        (False, "spam"),
        (False, "approved"),
    ]
    html = page.content.decode()
    assert html.count(f'action="{reverse("admin:comments_comment_undo", args=[together])}"') == 1
    assert html.count("one of several at once") == 2
    assert str(taken_back) not in html


def test_the_undo_button_leads_back_to_the_log(client, moderator):
    comment = make_comment(make_post(), status="pending")
    batch = moderation.decide([comment], "spam", actor=moderator).batch
    client.force_login(moderator)
    here = f"{LOG}?who={moderator.pk}"
    assert f'name="next" value="{here}"' in client.get(here).content.decode()

    response = client.post(reverse("admin:comments_comment_undo", args=[batch]), {"next": here})

    comment.refresh_from_db()
    assert (response.url, comment.status) == (here, "pending")


def test_it_offers_nothing_to_change(client, event):
    client.force_login(make_user("owner", "Owner"))

    assert client.post(LOG).status_code == client.post(EXPORT).status_code == 405

    one = reverse("admin:comments_moderationevent_change", args=[event.pk])

    assert client.get(one).url == f"{LOG}?comment={event.comment_id}#event-{event.pk}"
    assert client.post(one, {"reason": "other"}).status_code == 403
    assert client.get(reverse("admin:comments_moderationevent_change", args=[event.pk + 1])).status_code == 404
    assert b'type="checkbox"' not in client.get(LOG).content


def test_many_events_take_no_more_queries(client, moderator, django_assert_max_num_queries):
    post = make_post()
    moderation.decide([make_comment(post, status="pending") for _ in range(40)], "approve", actor=moderator)
    client.force_login(moderator)

    # Session, user, site settings, two for permissions, the people of the filter, the lines, three on their comments.
    with django_assert_max_num_queries(10):
        assert len(lines(client.get(LOG))) == 40


def test_names_of_people_are_shown_as_text(client, moderator):
    moderator.display_name = "<b>Mona</b>"
    moderator.save()
    moderation.decide(
        [make_comment(make_post(), status="pending", author_name="<i>Eve</i>")], "approve", actor=moderator
    )
    client.force_login(moderator)

    html = client.get(LOG).content.decode()

    assert "<b>Mona" not in html and "<i>Eve" not in html
