"""A site with a row in every table, what is in it as Django reads it, and how it is emptied."""

import re
import uuid
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.apps import apps
from django.contrib.auth.models import Group
from django.core.management import call_command
from django.db import connection, models

from blog import search, totals
from blog.models import Post
from comments import counts
from config.backup.tables import tables
from config.roles import make_roles
from tests.e2e.pages import everything

WORDS = "Ä “quoted” \\ \u2028 🦀 \t'; {} % ساحل"
BY_KIND = {
    "BooleanField": True,
    "DateTimeField": datetime(2026, 3, 14, 23, 59, 59, 1, tzinfo=UTC),
    "DateField": date(2024, 2, 29),
    "DecimalField": Decimal("0.1"),
    "FloatField": 0.1 + 0.2,
    "JSONField": {"a": [1, 2.5, None, True, WORDS], "b": {}},
    "BinaryField": bytes(range(256)),
    "UUIDField": uuid.UUID("0123456789abcdef0123456789abcdef"),
}
NULL = {"comments_commenter.user_id"}  # where another column says who it is


@pytest.fixture
def site(transactional_db, settings, tmp_path):
    """Its folders are its own."""
    settings.MEDIA_ROOT, settings.THEME_DIR = str(tmp_path / "media"), tmp_path / "theme"
    make_roles(apps)
    everything("en")
    for table in tables():
        if not table.model._base_manager.exists():
            add_one(table.model)
    for post in Post.objects.all():
        search.index(post)  # labels were set after saving
    counts.recount()  # what was made up above is no count
    totals.recount()
    Group.objects.first().permissions.clear()  # an owner has changed what migrations made
    (tmp_path / "theme" / "templates").mkdir(parents=True)
    (tmp_path / "theme" / "templates" / "Übersicht.html").write_text("<p>{{ site }}</p>")
    return tmp_path


def add_one(model: type[models.Model]) -> models.Model:
    """A row with something in every column."""
    row = model()
    for field in model._meta.concrete_fields:
        if f"{model._meta.db_table}.{field.column}" in NULL:
            continue
        if not (field.generated or field.primary_key and isinstance(field, models.AutoField)):
            setattr(row, field.attname, _value(field))
    model._base_manager.bulk_create([row])
    return row


def _value(field: models.Field) -> object:
    if field.remote_field:
        found = field.related_model._base_manager.order_by("pk").last() or add_one(field.related_model)
        return getattr(found, field.target_field.attname)
    if field.choices:
        return field.choices[0][0]
    name = field.get_internal_type()
    if name in BY_KIND:
        return BY_KIND[name]
    return WORDS[: field.max_length] if isinstance(field, models.CharField | models.TextField | models.FileField) else 7


def content() -> dict[str, list[dict]]:
    """Every row of every table of a backup, read by Django and not by the backup; in the order of the keys."""
    found = {}
    for table in tables():
        rows = table.model._base_manager.order_by("pk").values()
        found[table.name] = [
            {key: bytes(value) if isinstance(value, memoryview) else value for key, value in row.items()}
            for row in rows
        ]
    return found


def searchable() -> dict[str, list]:
    """The words in the tables of the searches, in whatever order a post's labels were read."""
    names = {"sqlite": ("rowid, *", "rowid, *"), "postgresql": ("post_id, vector::text", "comment_id, words::text")}
    found = {}
    with connection.cursor() as cursor:
        for table, columns in zip(("blog_search", "comments_search"), names[connection.vendor], strict=True):
            cursor.execute(f"SELECT {columns} FROM {table} ORDER BY 1")
            found[table] = [
                (pk, sorted(set(re.findall(r"[^\W\d_]{2,}", " ".join(map(str, words))))))
                for pk, *words in cursor.fetchall()
            ]
    return found


def files(folder) -> dict[str, bytes]:
    tops = (folder / "media", folder / "theme")
    return {
        str(path.relative_to(folder)): path.read_bytes() for top in tops for path in top.rglob("*") if path.is_file()
    }


def empty(folder) -> None:
    """As after `manage.py migrate`, but for what migrations put in."""
    call_command("flush", interactive=False, verbosity=0)
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM blog_search")
        cursor.execute("DELETE FROM comments_search")
    for top in (folder / "media", folder / "theme"):
        if top.exists():
            top.rename(top.with_name(f"{top.name}-{uuid.uuid4().hex}"))
