"""The looks a site may have: sheets of tokens in static/css/looks/, and the theme that its owner may put over them.

What is said here of their colours is what the sheets say, light pages first: a browser's own bars take the paper's, and
the settings name the accent. No paper is further from white, or from black, than those of `blog.colour`, so that
an accent which can be read in one look can be read in each.
"""

from functools import cache
from typing import NamedTuple

from django.contrib.staticfiles import finders
from django.templatetags.static import static

from blog.models import SiteSettings


class Look(NamedTuple):
    sheet: str  # of tokens, over tokens.css; empty where that is all
    paper: tuple[str, str]
    accent: tuple[str, str]


LOOKS = {
    "paper": Look("", ("#fbfaf6", "#171614"), ("#9c2f2a", "#f0938a")),
    "slate": Look("css/looks/slate.css", ("#f7f9fb", "#11151a"), ("#1d5b9e", "#8fbcf0")),
    "garden": Look("css/looks/garden.css", ("#f6f9f0", "#121711"), ("#2f6631", "#9bcf92")),
}


def look_of(site: SiteSettings | None) -> Look:
    return LOOKS[site.look if site else SiteSettings.Look.PAPER]


@cache
def theme_sheet() -> str:
    """The address of the theme's own sheet; empty if there is none, or it has not been collected yet."""
    try:
        return static("theme.css") if finders.find("theme.css") else ""
    except ValueError:  # `manage.py prepare` has not seen it
        return ""
