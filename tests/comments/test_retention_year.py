"""A year passes on a site with one of everything that is known of people: what should be gone is gone from every table,
the log and what goes out, and nothing else is."""

import re
from datetime import timedelta

import pytest
from django.apps import apps
from django.db import connection
from django.utils import timezone

from comments import addresses, blocking, counts, moderation
from comments.models import AddressKey
from config.tick import tick
from tests.comments.log_pages import EXPORT
from tests.comments.retention_site import NETWORK, START, Site

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

WEEKS = 62  # longer than the longest of what is kept for a time: links that were used


@pytest.fixture
def site(time_machine):
    AddressKey.objects.all().delete()  # the migrations made one, by another clock
    time_machine.move_to(START, tick=False)
    return Site()


def dump() -> dict[str, dict[tuple, dict]]:
    """Every table, also those without a model: key to row."""
    keys = {model._meta.db_table: model._meta.pk.column for model in apps.get_models(include_auto_created=True)}
    found = {}
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')
            names = [column[0] for column in cursor.description]
            rows = (dict(zip(names, map(_plain, row), strict=True)) for row in cursor.fetchall())
            found[table] = {row.get(keys.get(table), str(row)): row for row in rows}
    return found


def _plain(value):
    return bytes(value).decode("latin-1") if isinstance(value, (bytes, memoryview)) else value


def read(client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200, address
    return b"".join(response).decode()


def log_of(site: Site, client) -> list[str]:
    client.force_login(site.owner)
    lines = read(client, f"{EXPORT}?order=oldest").splitlines()
    client.logout()
    return lines


def entries(client, address: str) -> set[str]:
    return set(re.findall(r"(?s)<entry>.*?</entry>", read(client, address)))


def pass_a_year(site: Site, time_machine) -> None:
    for week in range(1, WEEKS + 1):
        time_machine.move_to(START + timedelta(weeks=week), tick=False)
        if week == 2:
            moderation.erase(site.leaving)
        if week == WEEKS - 1:
            site.digest = addresses.digest(NETWORK)
            site.lately = site.decide(site.comes("one of lately", "name site words mail"), "approve", "Thank you.")
        tick(timezone.now())


def test_what_should_be_gone_is_gone_from_everywhere(site, time_machine, client, caplog):
    before, lines = str(dump()), "".join(log_of(site, client))
    assert site.gone.in_(before) == set(site.gone.planted)
    key = dump()["comments_addresskey"].popitem()[1]["key"]

    pass_a_year(site, time_machine)

    after = dump()
    assert {table: found for table, rows in after.items() if (found := site.gone.in_(str(rows)))} == {}
    assert key not in str(after) and len(after["comments_addresskey"]) == 1
    places = ["/", site.post.get_absolute_url(), f"{site.post.get_absolute_url()}feed.atom", "/comments/feed.atom"]
    assert {place: found for place in places if (found := site.gone.in_(read(client, place)))} == {}
    assert site.gone.in_(lines + "".join(log_of(site, client))) == set()  # the log never had any
    assert [record.getMessage() for record in caplog.records if record.levelname != "INFO"] == []


def test_nothing_else_is_gone_nor_changed(site, time_machine, client):
    shown, lines = entries(client, "/comments/feed.atom"), log_of(site, client)
    before = dump()
    assert site.kept.in_(str(before)) == set(site.kept.planted)

    pass_a_year(site, time_machine)

    after = dump()
    assert site.kept.in_(str(after)) == set(site.kept.planted)
    # Stored counts are counted anew, and the search is looked at below.
    tables = [table for table in before if "_search" not in table and not table.endswith("count")]
    found = {table: changes(before, after, table) for table in [*tables, "comments_ratecount"]}
    assert {table: change for table, change in found.items() if any(change)} == what_may_change(site, before)
    assert counts.recount() == 0
    # The search finds what is still there.
    searched = [table for table in before if table in ("blog_search", "comments_search")]
    assert len(searched) == 2 and all(
        site.kept.in_(str(before[table])) <= site.kept.in_(str(after[table])) for table in searched
    )
    assert log_of(site, client)[: len(lines)] == lines
    news = entries(client, "/comments/feed.atom")
    assert [site.gone.in_(entry) for entry in shown - news] == [
        {"name of one erased", "words of one erased"},
    ]
    assert [site.kept.in_(entry) for entry in news - shown] == [{"name of one of lately", "words of one of lately"}]


def test_rules_for_networks_hold_after_the_key_has_changed(site, time_machine):
    pass_a_year(site, time_machine)
    assert addresses.digest(NETWORK) != site.gone.planted["digests"]
    for texts in (
        blocking.Texts(address="192.0.2.7"),
        blocking.Texts(network_digest=addresses.digest(NETWORK)),
        blocking.of_comment(site.lately),
    ):
        assert [hit.pattern for hit in blocking.hits(texts, timezone.now())] == [NETWORK]
    assert blocking.hits(blocking.of_comment(site.guest), timezone.now()) == []


def changes(before: dict, after: dict, table: str) -> tuple[set, int, dict]:
    """Of one table: the keys that are gone, how many are new, and which columns of the others changed."""
    old, new = before[table], after[table]
    columns = {key: {name for name in old[key] if old[key][name] != new[key][name]} for key in old.keys() & new.keys()}
    return (
        old.keys() - new.keys(),
        len(new.keys() - old.keys()),
        {key: names for key, names in columns.items() if names},
    )


def what_may_change(site: Site, before: dict) -> dict[str, tuple[set, int, dict]]:
    """As changes() gives it. What is not named here stays as it was, in every column."""

    def keys(table: str, **values) -> set:
        return {key for key, row in before[table].items() if all(row[name] == value for name, value in values.items())}

    deleted = {site.spam.pk, site.rejected.pk, *keys("comments_comment", post_id=site.binned.pk)}
    reasons = set().union(*(keys("comments_commentreason", comment_id=pk) for pk in deleted))
    people = {site.leaving_id, site.idle.pk}
    notes = set().union(*(keys("comments_commenternote", commenter_id=pk) for pk in people))
    (settled,), (open_one,) = (
        keys("comments_report", comment_id=comment.pk) for comment in (site.removed, site.reported)
    )
    typed = {"address_digest", "author_email"}
    words = typed | {"author_name", "author_url", "body", "body_html"}
    stay = [site.guest, site.waiting, site.appealed, site.reported, site.answer]
    comments = {comment.pk: typed for comment in stay} | {site.known.pk: {"address_digest"}}
    comments |= {site.removed.pk: words, site.withdrawn.pk: words}
    comments |= {site.erased.pk: words | {"status", "withdrawn_at", "commenter_id"}}
    whole = [
        "blog_mail",
        "comments_blockhit",
        "comments_bulkdecision",
        "comments_followrequest",
        "comments_ratecount",
        "comments_usedlink",
        "django_session",
        "django_tasks_database_dbtaskresult",
    ]
    return {table: (keys(table), 0, {}) for table in whole} | {
        "config_heartbeat": (set(), 1, {}),  # the tick says that it came
        "blog_oldpath": (set(), 1, {site.old_path.pk: {"post_id"}}),  # its last address answers that it is gone, too
        "blog_post": ({site.binned.pk}, 0, {}),
        "blog_posttag": (keys("blog_posttag", content_object_id=site.binned.pk), 0, {}),
        "comments_addresskey": (keys("comments_addresskey"), 1, {}),
        "comments_comment": (deleted, 1, comments),
        "comments_commenter": (people, 0, {}),
        "comments_commenternote": (notes, 0, {}),
        "comments_commentreason": (
            reasons,
            1,
            dict.fromkeys(keys("comments_commentreason", comment_id=site.erased.pk), {"status"}),
        ),
        "comments_commentsettings": (set(), 0, {1: {"purged_at"}}),
        "comments_mailchoice": (set(), 3, {}),
        # Four were deleted, one was erased; one came lately and was approved.
        "comments_moderationevent": (set(), 7, {}),
        "comments_moderationnote": (keys("comments_moderationnote"), 1, {}),
        "comments_report": ({settled}, 0, {open_one: {"address_digest"}}),
        "comments_subscription": (keys("comments_subscription", commenter_id=site.leaving_id), 0, {}),
    }
