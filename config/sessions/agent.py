"""What kind of browser asks: two names of ours, and not what it says of itself, which may single somebody out."""

from dataclasses import dataclass

from django.http import HttpRequest
from django.utils.translation import gettext as _

# The first whose mark is found: most browsers also bear the marks of those that they want to be taken for.
BROWSERS = {
    "Edg": "Edge",
    "OPR/": "Opera",
    "SamsungBrowser/": "Samsung Internet",
    "Firefox/": "Firefox",
    "FxiOS/": "Firefox",
    "CriOS/": "Chrome",
    "Chrome/": "Chrome",
    "Safari/": "Safari",
}
SYSTEMS = {
    "iPhone": "iOS",
    "iPad": "iOS",
    "Android": "Android",
    "Windows": "Windows",
    "CrOS": "ChromeOS",
    "Macintosh": "macOS",
    "Linux": "Linux",
}


@dataclass(frozen=True)
class Agent:
    browser: str = ""
    system: str = ""

    @classmethod
    def of(cls, request: HttpRequest) -> "Agent":
        said = request.headers.get("User-Agent", "")
        return cls(_first(BROWSERS, said), _first(SYSTEMS, said))

    def __str__(self) -> str:
        if self.browser and self.system:
            return _("%(browser)s on %(system)s") % {"browser": self.browser, "system": self.system}
        return self.browser or self.system or _("a browser of an unknown kind")


def _first(names: dict[str, str], said: str) -> str:
    return next((name for mark, name in names.items() if mark in said), "")
