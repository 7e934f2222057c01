"""The version before this one, as far as its statements go: its columns, and no others.

Its models are made from its migrations, which are still there. RELEASED says which they were.
"""

import datetime
import uuid

# The migrations of the newest release; when one is made, its go here.
RELEASED = [("blog", "0008_reading"), ("comments", "0010_spam_filter"), ("config", "0006_missing_paths")]
# Where a row of nothing but what must be is refused.
EXTRA = {"comments.commenter": lambda round_: {"email": f"{round_}@example.org"}}
OURS = {app for app, _name in RELEASED}


def models() -> list:
    """Those who are pointed at first."""
    from django.db import connection
    from django.db.migrations.loader import MigrationLoader

    apps = MigrationLoader(connection).project_state(RELEASED).apps
    found = [model for model in apps.get_models() if model._meta.app_label in OURS and not model._meta.proxy]
    ordered: list = []

    def add(model) -> None:
        if model in ordered or model not in found:
            return
        for field in model._meta.local_concrete_fields:
            if field.is_relation and not field.null and field.related_model is not model:
                add(field.related_model)
        ordered.append(model)

    for model in found:
        add(model)
    return ordered


def write(round_: int) -> None:
    """One row in each table."""
    rows: dict = {}
    for model in models():
        values = {field.attname: _value(field, round_, rows) for field in model._meta.local_concrete_fields}
        values |= EXTRA.get(model._meta.label_lower, lambda _round: {})(round_)
        rows[model] = model._base_manager.create(**{name: value for name, value in values.items() if value is not ...})


def _value(field, round_: int, rows: dict):
    from django.db import models

    if field.is_relation and field.related_model in rows and not field.null:
        return rows[field.related_model].pk
    if field.null or isinstance(field, models.AutoField):
        return None if field.null else ...
    if isinstance(field, models.BooleanField):
        return False
    if isinstance(field, models.DateTimeField):
        return datetime.datetime(2026, 3, 14, round_, tzinfo=datetime.UTC)
    if isinstance(field, models.DateField):
        return datetime.date(2026, 3, round_)
    if isinstance(field, models.UUIDField):
        return uuid.UUID(int=round_)
    if isinstance(field, models.JSONField):
        return {}
    if isinstance(field, models.BinaryField):
        return b"x"
    if isinstance(field, models.FloatField):
        return 0.5
    if isinstance(field, models.IntegerField):
        return round_
    if field.choices:
        return field.choices[0][0]
    return f"{round_}"


def read_and_change() -> None:
    """Each row, by every column; then each is saved as it is."""
    for model in models():
        rows = list(model._base_manager.all())
        assert len(rows) >= 2 or model._meta.pk.name != "id" or rows, model
        for row in rows:
            row.save(force_update=len(model._meta.local_concrete_fields) > 1)


def delete(round_: int) -> None:
    """What write() of this round made that nobody points at any more, the newest first."""
    for model in reversed(models()):
        newest = model._base_manager.order_by("pk").last()
        model._base_manager.filter(pk=newest.pk)._raw_delete(model._base_manager.db)
