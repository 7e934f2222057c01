"""What a comment costs the database: short transactions, one of them waited for, and none of them twice."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from comments import addresses, policy
from comments.models import Comment, CommentSettings, RateCount
from tests.comments.racing import at_once
from tests.comments.test_write import payload, send
from tests.factories import make_post

pytestmark = pytest.mark.django_db(transaction=True)
WRITES = ("INSERT", "UPDATE", "DELETE")


def statements(queries: CaptureQueriesContext) -> list[str]:
    return [query["sql"].strip() for query in queries.captured_queries]


def test_within_the_transaction_it_only_writes(client):
    """Everybody waits for whoever writes on SQLite: what can be read and worked out before is."""
    post = make_post()
    assert send(client, post).status_code == 303  # the first one makes the key of addresses
    data = payload(post, text="Another", email="b@example.org")
    with CaptureQueriesContext(connection) as queries:
        client.post(f"{post.get_absolute_url()}comment/", data, REMOTE_ADDR="203.0.113.9")
    done = statements(queries)
    begun = max(number for number, sql in enumerate(done) if sql.startswith("BEGIN"))
    inside = done[begun + 1 : done.index("COMMIT", begun)]
    assert len(inside) <= 9 and all(sql.startswith(WRITES) for sql in inside), inside


def test_a_comment_waits_for_the_disk_once_and_a_preview_never(client):
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL has no setting for each transaction here")
    post = make_post()
    send(client, post)
    orders = []
    for changes in ({}, {"preview": "1"}):
        data = payload(post, text="Another", email="b@example.org", **changes)
        with CaptureQueriesContext(connection) as queries:
            client.post(f"{post.get_absolute_url()}comment/", data, REMOTE_ADDR="203.0.113.9")
        orders.append([sql for sql in statements(queries) if sql == "COMMIT" or "synchronous" in sql])
    assert orders == [["COMMIT"], ["PRAGMA synchronous = NORMAL", "COMMIT", "PRAGMA synchronous = FULL"]]
    with connection.cursor() as cursor:
        assert cursor.execute("PRAGMA synchronous").fetchone() == (2,)


def test_the_same_form_sent_twice_at_once_makes_one_comment():
    post = make_post()
    for number in range(10):
        data = payload(post, text=f"Number {number}", email=f"{number}@example.org")
        sent = [lambda: Client().post(address, data, REMOTE_ADDR=network)] * 2  # noqa: B023  done within the loop
        address, network = f"{post.get_absolute_url()}comment/", f"203.0.{number}.9"
        first, second = at_once(*sent)
        assert (first.status_code, second.status_code) == (303, 303)
        assert first["Location"] == second["Location"]
        assert Comment.objects.count() == number + 1


def test_the_rules_do_not_hold_a_form_against_itself(client, monkeypatch):
    """Its twin is stored after this one has looked for it, and before the flood rule does."""
    post, judge, twins = make_post(), policy.judge, []
    data = payload(post, text="Once")

    def judge_late(*facts):
        monkeypatch.setattr(policy, "judge", judge)
        twins.append(Client().post(f"{post.get_absolute_url()}comment/", data))
        return judge(*facts)

    monkeypatch.setattr(policy, "judge", judge_late)
    response = client.post(f"{post.get_absolute_url()}comment/", data)
    assert (response.status_code, response["Location"]) == (303, twins[0]["Location"])
    assert Comment.objects.count() == 1


def test_too_many_at_once_are_told_to_wait_and_none_of_those_is_stored(time_machine):
    time_machine.move_to("2026-03-20 12:00:05Z")
    CommentSettings(flood_seconds=0).save()
    post = make_post()
    addresses.digest("unknown")  # makes the key
    forms = [payload(post, text=f"Number {number}") for number in range(8)]
    jobs = [lambda data=data: Client().post(f"{post.get_absolute_url()}comment/", data) for data in forms]
    codes = sorted(response.status_code for response in at_once(*jobs))
    assert codes == [303] * 6 + [429] * 2
    assert Comment.objects.count() == 6
    assert RateCount.objects.get(key__startswith="60:comment:").count == 8
