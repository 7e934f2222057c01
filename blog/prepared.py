"""Queries of pages that readers ask for all the time: their SQL is written once a process, since Django needs several
times as long to write it as the database to answer.

    MENU = Prepared(lambda: Page.objects.published(Given("now")).order_by("pk")[:8])
    pages = MENU(now=timezone.now())

The queryset is an ordinary one, made of the models' own rules, with `Given` where a value comes later: of models, with
select_related, defer and only, or a values_list. Nothing else that a queryset can do is done here.
"""

from collections.abc import Callable
from datetime import datetime
from functools import cached_property

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import Expression, QuerySet
from django.db.models.query import FlatValuesListIterable, ModelIterable, ValuesListIterable, get_related_populators


class Given(Expression):
    """A value that comes when the query is asked: as the column holds it, or a moment."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.name = name

    def as_sql(self, compiler, connection) -> tuple[str, list]:
        return "%s", [self]


class Prepared:
    def __init__(self, build: Callable[[], QuerySet]) -> None:
        self.build = build

    def __call__(self, **values) -> list:
        sql, params, converted, made = self._written
        database = connections[DEFAULT_DB_ALIAS]
        for name, value in values.items():
            if isinstance(value, datetime):
                values[name] = database.ops.adapt_datetimefield_value(value)
        with database.cursor() as cursor:
            cursor.execute(sql, [values[param.name] if isinstance(param, Given) else param for param in params])
            rows = cursor.fetchall()
        return made(converted(rows))

    @cached_property
    def _written(self) -> tuple:
        queryset = self.build()
        compiler = queryset.query.get_compiler(DEFAULT_DB_ALIAS)
        sql, params = compiler.as_sql()
        converters = compiler.get_converters([column for column, *_alias in compiler.select])

        def converted(rows: list) -> list:
            return [tuple(row) for row in compiler.apply_converters(rows, converters)] if converters else rows

        kinds = {ModelIterable: _models(compiler), FlatValuesListIterable: _flat, ValuesListIterable: list}
        return sql, params, converted, kinds[queryset._iterable_class]


def _flat(rows: list) -> list:
    return [value for (value,) in rows]


def _models(compiler) -> Callable[[list], list] | None:
    """What makes rows into models, as Django's ModelIterable does; None for a query that selects no model."""
    if (info := compiler.klass_info) is None:
        return None
    model, columns = info["model"], info["select_fields"]
    own = slice(columns[0], columns[-1] + 1)
    names = [column.target.attname for column, *_alias in compiler.select[own]]
    related = get_related_populators(info, compiler.select, DEFAULT_DB_ALIAS)

    def made(rows: list) -> list:
        found = []
        for row in rows:
            instance = model.from_db(DEFAULT_DB_ALIAS, names, row[own])
            for populator in related:
                populator.populate(row, instance)
            found.append(instance)
        return found

    return made
