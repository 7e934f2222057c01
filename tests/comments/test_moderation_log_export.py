"""The log for a spreadsheet."""

import csv
import io

import pytest

from comments import moderation
from comments.admin import log
from comments.models import ModerationEvent
from tests.comments.log_pages import EXPORT, LOG, received
from tests.factories import make_comment, make_post, make_user

pytestmark = pytest.mark.django_db


def table(response) -> list[dict]:
    assert response.status_code == 200
    return list(csv.DictReader(io.StringIO(b"".join(response).decode())))


def test_it_exports_the_filtered_log(client, moderator, time_machine):
    time_machine.move_to("2026-03-10 12:00:00.5Z", tick=False)
    post = make_post()
    comments = [make_comment(post, status="pending") for _ in range(3)]
    batch = moderation.decide(comments[:2], "approve", actor=moderator, tell="Thank you.").batch
    received(post)
    client.force_login(moderator)

    response = client.get(EXPORT, {"who": moderator.pk})
    rows = table(response)

    assert response.streaming and response["Content-Type"] == "text/csv; charset=utf-8"
    assert response["Content-Disposition"] == 'attachment; filename="moderation-log-2026-03-10.csv"'
    assert [row["comment"] for row in rows] == [str(comments[1].pk), str(comments[0].pk)]
    assert rows[0] == {
        "at": "2026-03-10T12:00:00.500000Z",
        "who": "Mona",
        "rule": "",
        "comment": str(comments[1].pk),
        "from": "pending",
        "to": "approved",
        "reason": "by_moderator",
        "reason in words": "Decided by a moderator",
        "batch": str(batch),
        "event": str(ModerationEvent.objects.filter(comment_id=comments[1].pk).get().pk),
        "undoes": "",
    }


@pytest.mark.parametrize("query", [{}, {"what": "spam"}, {"batch": True}], ids=str)
def test_it_exports_all_of_it_either_way(client, moderator, monkeypatch, query):
    monkeypatch.setattr(log, "ROWS_AT_ONCE", 2)
    batch = moderation.decide([make_comment(make_post()) for _ in range(5)], "spam", actor=moderator).batch
    query = {"batch": batch} if "batch" in query else query
    client.force_login(moderator)

    newest = [row["event"] for row in table(client.get(EXPORT, query))]
    oldest = [row["event"] for row in table(client.get(EXPORT, query | {"order": "oldest"}))]

    assert len(newest) == 5
    assert newest == oldest[::-1] == sorted(newest, key=int, reverse=True)


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"])
def test_no_cell_is_a_formula(text):
    assert log.harmless(text) == f"'{text}"


def test_a_name_is_no_formula_either(client, moderator):
    moderator.display_name = "=HYPERLINK(1)"
    moderator.save()
    moderation.decide([make_comment(make_post(), status="pending")], "approve", actor=moderator)
    client.force_login(moderator)

    assert table(client.get(EXPORT))[0]["who"] == "'=HYPERLINK(1)"


def test_an_empty_log_is_exported_as_its_heading(client, moderator):
    client.force_login(moderator)

    assert b"".join(client.get(EXPORT)).decode().splitlines() == [",".join(log.COLUMNS)]


@pytest.mark.parametrize("role", ["Contributor", "Author", "Editor"])
def test_who_may_not_read_it_exports_nothing(client, event, role):
    client.force_login(make_user("somebody", role))

    assert client.get(EXPORT).status_code == 403
    assert client.get(LOG).status_code == 403
