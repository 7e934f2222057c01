"""How each kind of column stands in a backup: the same form from either database, and exact.

Moments are “2026-03-14 12:00:00.000001” in UTC, decimals and JSON are text, bytes are base64, UUIDs 32 digits.
"""

from base64 import b64decode, b64encode
from collections.abc import Callable
from decimal import Decimal

from django.db import models

Convert = Callable[[object], object] | None

PLAIN = {
    "AutoField", "BigAutoField", "BigIntegerField", "IntegerField", "SmallIntegerField",
    "PositiveIntegerField", "PositiveSmallIntegerField", "PositiveBigIntegerField",
    "CharField", "TextField", "SlugField", "FileField", "FloatField",
}  # fmt: skip
# An expression has no declared type, so that Python's sqlite3 leaves what is stored as it is.
SQL = {
    ("sqlite", "DateTimeField"): "{} || ''",
    ("sqlite", "DateField"): "{} || ''",
    ("postgresql", "DateTimeField"): "to_char({} AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.US')",
    ("postgresql", "DateField"): "{}::text",
    ("postgresql", "DecimalField"): "{}::text",
    ("postgresql", "JSONField"): "{}::text",
    ("postgresql", "UUIDField"): "{}::text",
}
SPECIAL = {"BooleanField", "DateTimeField", "DateField", "DecimalField", "JSONField", "BinaryField", "UUIDField"}


def kind(field: models.Field) -> str:
    """What a column holds; of a foreign key, what it points to. Raises TypeError for one that no form is known of."""
    while field.remote_field:
        field = field.target_field
    name = field.get_internal_type()
    if name not in PLAIN | SPECIAL:
        raise TypeError(f"{field}: a backup knows no form for {name}.")
    return name


def selected(field: models.Field, vendor: str) -> str:
    """The column as a SELECT names it."""
    column = f'"{field.column}"'
    return SQL.get((vendor, kind(field)), column).format(column)


def portable(field: models.Field, vendor: str) -> Convert:
    """What makes a selected value the one that a backup holds; None: it is that already. Never called for a null."""
    name = kind(field)
    if name == "BooleanField":
        return bool if vendor == "sqlite" else None
    if name == "BinaryField":
        return lambda value: b64encode(value).decode()
    if name == "DecimalField" and vendor == "sqlite":
        return lambda value: f"{Decimal(str(value)):.{field.decimal_places}f}"
    if vendor == "postgresql":
        return {"DateTimeField": _as_python_says_it, "UUIDField": _digits}.get(name)
    return None


def storable(field: models.Field) -> Convert:
    """The way back: to what both databases take."""
    return {"BinaryField": _bytes, "BooleanField": _yes_or_no}.get(kind(field))


def _as_python_says_it(moment: str) -> str:
    return moment.removesuffix(".000000")


def _digits(uuid: str) -> str:
    return uuid.replace("-", "")


def _bytes(value: str) -> bytes:
    return b64decode(value, validate=True)


def _yes_or_no(value: object) -> bool:
    if value is not True and value is not False:
        raise ValueError("is neither true nor false")
    return value
