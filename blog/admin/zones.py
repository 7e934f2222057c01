"""Time zones, as choices for people."""

from importlib import resources

from django.utils.translation import gettext as _


def time_zones() -> list[tuple[str, list[tuple[str, str]]]]:
    """The zones people live in, by continent, as choices: no aliases, none that differ only before 1970."""
    areas: dict[str, list[tuple[str, str]]] = {}
    table = resources.files("tzdata").joinpath("zoneinfo/zone.tab").read_text(encoding="utf-8")
    for name in sorted(line.split("\t")[2].strip() for line in table.splitlines() if not line.startswith("#")):
        area, _slash, city = name.partition("/")
        areas.setdefault(area, []).append((name, city.replace("_", " ")))
    return [("UTC", [("UTC", "UTC")]), *areas.items()]


def with_present(present: str) -> list[tuple[str, list[tuple[str, str]]]]:
    """Those, and the present one too, though it be an old name."""
    zones = time_zones()
    if present and not any(present == name for _area, cities in zones for name, _city in cities):
        return [(_("In use"), [(present, present)]), *zones]
    return zones
