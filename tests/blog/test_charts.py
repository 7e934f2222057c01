"""Charts say in their table what they draw, and carry no style and no script."""

import re
from datetime import date, timedelta

import lxml.etree
import pytest

from blog.admin.charts import LEVELS, bars, days_until, year_map

TODAY = date(2026, 3, 14)  # a Saturday
SVG = "{http://www.w3.org/2000/svg}"


def drawn(chart: dict) -> lxml.etree._Element:
    return lxml.etree.fromstring(chart["svg"].replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1))


def squares(chart: dict) -> list:
    return drawn(chart).findall(f"{SVG}rect")


def test_days_end_today():
    assert days_until(TODAY, 3) == [date(2026, 3, 12), date(2026, 3, 13), TODAY]


def test_a_bar_is_as_high_as_its_day():
    chart = bars("reads", "Reads", {TODAY: 4, TODAY - timedelta(days=2): 1}, days_until(TODAY, 3))
    assert [(bar.get("y"), bar.get("height")) for bar in squares(chart)] == [("75.0", "25.0"), ("0.0", "100.0")]
    assert chart["rows"] == [("14 March 2026", 4), ("13 March 2026", 0), ("12 March 2026", 1)]
    assert (chart["total"], chart["peak"]) == (5, 4)


def test_days_without_a_read_have_no_bar_and_no_fault():
    chart = bars("reads", "Reads", {}, days_until(TODAY, 3))
    assert (squares(chart), chart["total"]) == ([], 0)


def test_one_read_beside_very_many_is_still_seen():
    chart = bars("reads", "Reads", {TODAY: 1_000_000, TODAY - timedelta(days=1): 1}, days_until(TODAY, 2))
    assert squares(chart)[0].get("height") == "1"


def test_the_year_has_a_square_for_each_day_and_weeks_begin_on_monday():
    chart = year_map("year", "Posts", [TODAY, TODAY, date(2026, 3, 9)], TODAY)
    found = squares(chart)
    assert len(found) == 365
    monday, today = found[-6], found[-1]
    assert (monday.get("y"), today.get("y")) == ("0", "60")
    assert monday.get("x") == today.get("x") == "624"  # the last of 53 weeks
    assert [square.get("class") for square in (monday, today)] == ["level-2", "level-4"]
    assert today.findtext(f"{SVG}title") == "14 March 2026: 2"


def test_what_is_older_than_a_year_or_to_come_is_not_drawn():
    days = [TODAY - timedelta(days=365), TODAY + timedelta(days=1), TODAY - timedelta(days=364)]
    chart = year_map("year", "Posts", days, TODAY)
    assert chart["total"] == sum(count for _month, count in chart["rows"]) == 1


@pytest.mark.parametrize("count", range(1, 40))
def test_every_count_has_one_of_the_levels(count):
    days = [TODAY] * 39 + [TODAY - timedelta(days=1)] * count
    levels = {square.get("class") for square in squares(year_map("year", "Posts", days, TODAY))}
    assert levels <= {f"level-{level}" for level in range(LEVELS + 1)}
    assert len(levels) in (2, 3)


def test_the_table_has_each_month_of_the_year_the_newest_first():
    rows = year_map("year", "Posts", [TODAY, date(2025, 12, 24)], TODAY)["rows"]
    assert (rows[0], rows[3], rows[-1], len(rows)) == (("March 2026", 1), ("December 2025", 1), ("March 2025", 0), 13)


@pytest.mark.parametrize("chart", [bars("a", "<b>", {TODAY: 1}, [TODAY]), year_map("a", "<b>", [TODAY], TODAY)])
def test_a_chart_is_a_picture_with_a_name_and_without_style(chart):
    svg = drawn(chart)
    assert svg.get("role") == "img"
    assert svg.find(f"{SVG}title").get("id") == svg.get("aria-labelledby")
    assert svg.find(f"{SVG}desc").get("id") == svg.get("aria-describedby")
    assert svg.findtext(f"{SVG}title") == "<b>"
    assert not re.search(r"style=|<script|on\w+=|<b>", chart["svg"])
