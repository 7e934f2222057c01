"""Rows of the posts' search index, made of ready parts: what blog.search.index() would write, for a fraction of it."""

from functools import cache, lru_cache

from django.db import connection

from blog.search.normalise import forms, mark
from config.generate.bulk import Rows

COLUMNS = {"sqlite": ["rowid", "title", "labels", "body"], "postgresql": ["post_id", "vector"]}


def rows() -> Rows:
    return Rows("blog_search", COLUMNS[connection.vendor])


def row(post_id: int, language: str, named: str, title: str, labels: list[str], body: list[str]) -> tuple:
    """`named` is the language that the post itself names; `body` in parts that many posts share."""
    marks = [form for forms in mark(named) for form in forms]
    if connection.vendor == "sqlite":
        texts = [" ".join(_plain(part, language) for part in parts) for parts in ([title], labels, body)]
        return post_id, *texts[:2], " ".join([*marks, texts[2]])
    vector, at = [], 1
    for weight, parts in (("A", [title]), ("B", labels), ("D", body)):
        if weight == "D":
            vector += [f"'{form}':{place}D" for place, form in enumerate(marks, at)]
            at += len(marks)
        for part in parts:
            text, at = _placed(part, language, weight, at)
            vector.append(text)
    return post_id, " ".join(vector)


_forms = cache(forms)


@cache
def _plain(part: str, language: str) -> str:
    return " ".join(form for word in _forms(part, language) for form in word)


@lru_cache(maxsize=200_000)
def _placed(part: str, language: str, weight: str, at: int) -> tuple[str, int]:
    """The words of a part that begins at this place, and the place behind them."""
    found = _forms(part, language)
    text = " ".join(f"'{form}':{place}{weight}" for place, word in enumerate(found, at) for form in word)
    return text, at + len(found)
