"""Queries of pages that readers ask for all the time: their SQL is written once a process, since Django needs several
times as long to write it as the database to answer.

    MENU = Prepared(lambda: Page.objects.published(Given("now")).order_by("pk")[:8])
    pages = MENU(now=timezone.now())

The queryset is an ordinary one, made of the models' own rules, with `Given` where a value comes later: of models, with
select_related, defer, only and annotate, or a values_list. Nothing else that a queryset can do is done here.

WrittenOnce does the same for the rows of a model that are saved one by one, while others wait for their transaction.
"""

import re
from collections.abc import Callable, Iterable
from datetime import datetime
from functools import cache, cached_property

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import Expression, Model, QuerySet
from django.db.models.query import FlatValuesListIterable, ModelIterable, ValuesListIterable, get_related_populators
from django.db.models.sql import InsertQuery

PLACE = re.compile(r"(?<!%)%s")


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
        sql, params = _with_constants(*compiler.as_sql())
        converted = _converted(compiler, [column for column, *_alias in compiler.select])
        kinds = {ModelIterable: _models(compiler), FlatValuesListIterable: _flat, ValuesListIterable: list}
        return sql, params, converted, kinds[queryset._iterable_class]


def _with_constants(sql: str, params: Iterable) -> tuple[str, list]:
    """Numbers and words that do not change stand in the SQL itself. Of a parameter SQLite cannot know that a partial
    index has it (`status = 'published'`), but by planning the query anew each time."""
    first, *parts = PLACE.split(sql)
    written, left = [first], []
    for param, part in zip(params, parts, strict=True):
        constant = _constant(param)
        if constant is None:
            left.append(param)
        written += constant or "%s", part
    return "".join(written), left


def _constant(value) -> str | None:
    """As SQL that both databases read; None for what has no such form."""
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, int):
        return str(int(value))
    if isinstance(value, str):
        return "'" + str(value).replace("'", "''").replace("%", "%%") + "'"
    return None


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
    annotated = compiler.annotation_col_map.items()

    def made(rows: list) -> list:
        found = []
        for row in rows:
            instance = model.from_db(DEFAULT_DB_ALIAS, names, row[own])
            for populator in related:
                populator.populate(row, instance)
            for name, place in annotated:
                setattr(instance, name, row[place])
            found.append(instance)
        return found

    return made


class WrittenOnce(Model):
    """New rows are saved by an INSERT that is written once a process. Their values are values, not expressions."""

    class Meta:
        abstract = True

    def _do_insert(self, manager, using, fields, returning_fields, raw) -> list[tuple]:
        # What Model.save calls for its INSERT: read it in Django before allowing another version.
        database = connections[using]
        sql, returning, converted = _insert(type(self), using, len(fields))
        values = [field.get_db_prep_save(field.pre_save(self, add=True), database) for field in fields]
        with database.cursor() as cursor:
            cursor.execute(sql, values)
            return converted([database.ops.fetch_returned_insert_columns(cursor, returning)])


@cache
def _insert(model: type[Model], using: str, columns: int) -> tuple:
    """The statement for a row of so many columns (one more where its key is given); and what makes its answer's values
    into those of the model."""
    options = model._meta
    fields = [field for field in options.local_concrete_fields if not field.generated]
    fields = fields if len(fields) == columns else [field for field in fields if field is not options.auto_field]
    query = InsertQuery(model)
    query.insert_values(fields, [model()])
    compiler = query.get_compiler(using)
    compiler.returning_fields = options.db_returning_fields
    ((sql, _values),) = compiler.as_sql()
    returned = [field.get_col(options.db_table) for field in options.db_returning_fields]
    return sql, compiler.returning_params, _converted(compiler, returned)


def _converted(compiler, columns: list) -> Callable[[list], list]:
    converters = compiler.get_converters(columns)

    def converted(rows: list) -> list:
        return [tuple(row) for row in compiler.apply_converters(rows, converters)] if converters else rows

    return converted
