"""Charts drawn here, as SVG that static/css/desk.css colours, each with its numbers as a table."""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date, timedelta

from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext

YEAR = 365
WEEK = 7
LEVELS = 4
STEP, SIDE = 12, 10  # of the map's squares
HEIGHT = 100  # of the highest bar
MARKS = 5  # months that are named below the map

Counts = Mapping[date, int]


def days_until(last: date, number: int) -> list[date]:
    return [last - timedelta(days=before) for before in range(number - 1, -1, -1)]


def bars(name: str, title: str, counts: Counts, days: list[date]) -> dict:
    """One bar a day. `name` tells this chart from others on the page."""
    rows = [(date_format(day, "DATE_FORMAT"), counts.get(day, 0)) for day in days]
    numbers = [number for _day, number in rows]
    said = gettext("Most on one day: %(peak)d. Together: %(total)d.") % {"peak": max(numbers), "total": sum(numbers)}
    marks = [date_format(day, "j M Y") for day in (days[0], days[-1])]
    return columns(name, title, said, rows, marks) | {"rows": rows[::-1]}


def columns(name: str, title: str, said: str, rows: list[tuple[str, int]], marks: list[str]) -> dict:
    """One bar for each row, which is what it is called and how many; `marks` stand below them."""
    peak = max(number for _called, number in rows)
    shapes = []
    for place, (called, number) in enumerate(rows):
        if number:
            height = max(round(HEIGHT * number / peak, 1), 1)
            shapes.append((STEP * place + 1, HEIGHT - height, SIDE, height, f"{called}: {number}"))
    drawn = format_html_join(
        "", '<rect class="bar-of-day" x="{}" y="{}" width="{}" height="{}"><title>{}</title></rect>', shapes
    )
    return {
        "name": name,
        "title": title,
        "total": sum(number for _called, number in rows),
        "peak": peak,
        "marks": marks,
        "rows": rows,
        "svg": _svg(name, title, said, STEP * len(rows), HEIGHT, drawn, stretched=True),
    }


def share(name: str, title: str, said: str, part: float, whole: float) -> SafeString:
    """A bar across, filled as far as the part is of the whole."""
    filled = round(HEIGHT * part / whole, 1) if whole else 0
    drawn = format_html(
        '<rect class="level-0" width="{}" height="{}" /><rect class="level-4" width="{}" height="{}" />',
        *(HEIGHT, SIDE, filled, SIDE),
    )
    return _svg(name, title, said, HEIGHT, SIDE, drawn, stretched=True)


def year_map(name: str, title: str, moments: Iterable[date], today: date) -> dict:
    """A square for each day of the year that ends today: a column is a week, from Monday to Sunday."""
    days = days_until(today, YEAR)
    counts = Counter(moments)
    monday = days[0] - timedelta(days=days[0].weekday())
    most = max((counts[day] for day in days), default=0)
    shapes = []
    for day in days:
        week, weekday = divmod((day - monday).days, WEEK)
        level = -(-LEVELS * counts[day] // most) if counts[day] else 0
        label = format_html("<title>{}</title>", _said(day, counts[day])) if level else ""
        shapes.append((level, STEP * week, STEP * weekday, SIDE, SIDE, label))
    drawn = format_html_join("", '<rect class="level-{}" x="{}" y="{}" width="{}" height="{}" rx="2">{}</rect>', shapes)
    total, width = sum(counts[day] for day in days), STEP * ((today - monday).days // WEEK + 1)
    said = gettext("A square a day, weeks from Monday to Sunday. %(total)d in all, at most %(most)d on one day.")
    months = Counter(day.replace(day=1) for day in days for _each in range(counts[day]))
    named = dict.fromkeys(day.replace(day=1) for day in days)
    return {
        "name": name,
        "title": title,
        "total": total,
        "marks": [
            date_format(days[(len(days) - 1) * place // (MARKS - 1)], "M Y" if place in (0, MARKS - 1) else "M")
            for place in range(MARKS)
        ],
        "levels": range(LEVELS + 1),
        "rows": [(date_format(month, "F Y"), months[month]) for month in named][::-1],
        "svg": _svg(name, title, said % {"total": total, "most": most}, width, STEP * WEEK, drawn),
    }


def _said(day: date, number: int) -> str:
    return f"{date_format(day, 'DATE_FORMAT')}: {number}"


def _svg(name: str, title: str, said: str, width: int, height: int, drawn: str, stretched: bool = False) -> SafeString:
    return format_html(
        '<svg viewBox="0 0 {} {}" role="img" aria-labelledby="{}-title" aria-describedby="{}-said"{}>'
        '<title id="{}-title">{}</title><desc id="{}-said">{}</desc>{}</svg>',
        *(width, height, name, name, SafeString(' preserveAspectRatio="none"') if stretched else ""),
        *(name, title, name, said, drawn),
    )
