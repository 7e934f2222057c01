"""From one kind of database to the other and back, and what values may be."""

from collections import defaultdict
from datetime import UTC

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from blog.models import User
from comments.models import Job, SpamCheckpoint
from config.backup import archive
from config.backup.tables import Table
from tests.config.backup_site import content, empty, files, searchable, site  # noqa: F401  a fixture
from tests.config.command import manage
from tests.config.test_backup import run
from tests.factories import make_user


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite is the other kind")
def test_to_sqlite_and_back(site, tmp_path):  # noqa: F811
    before, found, there = content(), searchable(), files(site)
    run("backup", tmp_path / "postgresql.backup")
    other = tmp_path / "other"
    key = {"SECRET_KEY": "k" * 40}
    done = manage(other, "restore", str(tmp_path / "postgresql.backup"), **key)
    assert done.returncode == 0, done.stderr
    assert files(other) == there
    done = manage(other, "backup", str(tmp_path / "sqlite.backup"), **key)
    assert done.returncode == 0, done.stderr
    # The form in a backup is the same from either: this is every row, as SQLite holds it.
    counted = {"blog_labelcount", "blog_monthcount", "comments_sitecount", "comments_postcount"}
    of_one, of_other = rows(tmp_path / "postgresql.backup"), rows(tmp_path / "sqlite.backup")
    assert of_one.keys() == before.keys() == of_other.keys()
    for name in before.keys() - counted:
        assert of_other[name] == of_one[name], name
    empty(site)
    run("restore", tmp_path / "sqlite.backup")
    after = content()
    for name in before.keys() - counted:
        assert after[name] == before[name], name
    assert searchable() == found and files(site) == there


def rows(path) -> dict[str, bytes]:
    """What a backup holds of each table."""
    found = defaultdict(bytes)
    with path.open("rb") as file:
        for member in archive.members(file, ""):
            if member.table:
                found[member.table] += member.content.read()
    return found


text = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]))
number = st.integers(-(2**53), 2**53) | st.floats(allow_nan=False, allow_infinity=False)
plain_json = st.recursive(
    st.none() | st.booleans() | number | text,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(text, inner, max_size=4),
    max_leaves=10,
)
objects = st.dictionaries(text, plain_json, max_size=4)
moments = st.datetimes(timezones=st.just(UTC))
EXAMPLES = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.mark.django_db
@EXAMPLES
@given(st.binary(), objects, st.integers(-(2**63), 2**63 - 1), moments)
def test_values_are_exact(counts, calibration, stamp, at):
    SpamCheckpoint.objects.all().delete()
    SpamCheckpoint.objects.create(number=1, stamp=stamp, counts=counts, calibration=calibration, made_at=at)
    assert_same_after(SpamCheckpoint)


@pytest.mark.django_db
@EXAMPLES
@given(st.uuids(), objects, text)
def test_json_and_uuids_are_exact(pk, asked, words):
    user = User.objects.first() or make_user()
    Job.objects.all().delete()
    Job.objects.create(id=pk, user=user, kind=Job.Kind.SIMULATE, asked=asked, found={}, problem=words[:300])
    assert_same_after(Job)


def assert_same_after(model) -> None:
    before, table = list(model.objects.values()), Table(model)
    lines = [table.line(row) for row in table.rows()]
    model.objects.all().delete()
    assert table.write(lines) == 1
    assert list(map(_plain, model.objects.values())) == list(map(_plain, before))


def _plain(row: dict) -> dict:
    return {key: bytes(value) if isinstance(value, memoryview) else value for key, value in row.items()}
