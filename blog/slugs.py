"""Slugs keep the letters of every script; the converters that take them in addresses."""

import unicodedata
from itertools import chain, count

from django.core.exceptions import ValidationError
from django.db.models import Model
from django.utils.translation import gettext as _

ZWNJ = "\u200c"


def make_slug(text: str, max_length: int = 80) -> str:
    """Lower-case letters, marks and digits of any script, other characters as single hyphens; may be empty."""
    text = unicodedata.normalize("NFKC", text).replace("'", "").replace("’", "").casefold()
    kept = "".join(c if unicodedata.category(c)[0] in "LMN" else "-" for c in text)
    words = [word for word in kept.split("-") if word]
    slug = "-".join(words)
    if len(slug) <= max_length:
        return slug
    return slug[: max_length + 1].rpartition("-")[0] or slug[:max_length]


def free_slug(model: type[Model], name: str, otherwise: str) -> str:
    """A slug that no row has yet, made of the name, or of `otherwise` if nothing of it is left."""
    base = make_slug(name, 100) or otherwise
    taken = set(model._default_manager.filter(slug__startswith=base).values_list("slug", flat=True))
    return next(slug for slug in chain([base], (f"{base}-{number}" for number in count(2))) if slug not in taken)


def validate_slug(value: str) -> None:
    if make_slug(value, len(value)) != value:
        raise ValidationError(
            _("Use letters, digits and hyphens only, for example “%(slug)s”."),
            params={"slug": make_slug(value) or "my-post"},
            code="invalid",
        )


class SlugConverter:
    """Exact look-ups refuse what is not a slug; the pattern only keeps to one part of the path."""

    regex = r"[^/\s.]+"

    def to_python(self, value: str) -> str:
        return unicodedata.normalize("NFC", value)

    def to_url(self, value: str) -> str:
        return value


class YearConverter:
    regex = r"[0-9]{4}"

    def to_python(self, value: str) -> int:
        return int(value)

    def to_url(self, value: int) -> str:
        return f"{value:04d}"


class MonthConverter:
    regex = r"0[1-9]|1[0-2]"

    def to_python(self, value: str) -> int:
        return int(value)

    def to_url(self, value: int) -> str:
        return f"{value:02d}"
