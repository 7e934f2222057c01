"""The sites whose films, sounds and maps a post may hold: their addresses, as people copy them, and their players'.

A player is loaded only when a reader asks for it. Each of these needs no script of its own on our page.
"""

import re
from collections.abc import Callable
from math import cos, radians
from typing import NamedTuple
from urllib.parse import SplitResult, parse_qs, urlencode, urlsplit

FILM, SOUND, MAP = "film", "sound", "map"


class Player(NamedTuple):
    site: str  # its name
    kind: str  # FILM, SOUND or MAP
    src: str  # of the frame


class Site(NamedTuple):
    name: str
    kind: str
    hosts: tuple[str, ...]  # of addresses, without www.
    frame: str  # the origin that the player comes from
    path: Callable[[SplitResult, dict[str, str]], str]  # the player's, from an address and its query; empty: none


def _youtube(url: SplitResult, query: dict[str, str]) -> str:
    found = re.fullmatch(r"/(?:embed|shorts|live|v)/([\w-]{11})/?", url.path, re.ASCII)
    if url.hostname == "youtu.be":
        found = re.fullmatch(r"/([\w-]{11})/?", url.path, re.ASCII)
    film = found[1] if found else query.get("v", "") if url.path == "/watch" else ""
    if not re.fullmatch(r"[\w-]{11}", film, re.ASCII):
        return ""
    time = re.fullmatch(r"(?:(\d{1,2})h)?(?:(\d{1,4})m)?(?:(\d{1,6})s?)?", query.get("t") or query.get("start", ""))
    hours, minutes, seconds = (int(part or 0) for part in (time.groups() if time else "000"))
    start = 3600 * hours + 60 * minutes + seconds
    return f"/embed/{film}" + (f"?start={start}" if start else "")


def _vimeo(url: SplitResult, query: dict[str, str]) -> str:
    path = r"/(?:video/|channels/[\w-]+/|groups/[\w-]+/videos/)?(\d{1,12})(?:/([0-9a-f]{6,20}))?/?"
    found = re.fullmatch(path, url.path, re.ASCII)
    if not found:
        return ""
    key = found[2] or query.get("h", "")  # of a film that only those with the link may see
    return f"/video/{found[1]}?dnt=1" + (f"&h={key}" if re.fullmatch(r"[0-9a-f]{6,20}", key) else "")


def _soundcloud(url: SplitResult, query: dict[str, str]) -> str:
    if url.hostname == "w.soundcloud.com":
        return f"/player/?{urlencode({'url': query['url']})}" if url.path == "/player/" and "url" in query else ""
    if not re.fullmatch(r"/[\w-]+/(?:sets/)?[\w-]+(?:/s-\w+)?/?", url.path, re.ASCII):
        return ""
    return f"/player/?{urlencode({'url': f'https://soundcloud.com{url.path}'})}"


def _spotify(url: SplitResult, query: dict[str, str]) -> str:
    kinds = "track|album|playlist|episode|show|artist"
    found = re.fullmatch(rf"/(?:intl-\w+/)?(?:embed/)?({kinds})/(\w{{22}})/?", url.path, re.ASCII)
    return f"/embed/{found[1]}/{found[2]}" if found else ""


def _archive(url: SplitResult, query: dict[str, str]) -> str:
    found = re.fullmatch(r"/(?:details|embed)/([\w.-]{1,100})(?:/.*)?", url.path, re.ASCII)
    return f"/embed/{found[1]}" if found else ""


def _openstreetmap(url: SplitResult, query: dict[str, str]) -> str:
    number = r"-?\d{1,3}(?:\.\d{1,20})?"
    if url.path == "/export/embed.html":
        bounds = query.get("bbox", "")
        if not re.fullmatch(rf"{number}(?:,{number}){{3}}", bounds):
            return ""
    else:
        place = re.search(rf"(?:^|&)map=(\d{{1,2}})/({number})/({number})(?:&|$)", url.fragment)
        if url.path not in ("", "/") or not place:
            return ""
        across, down = float(place[3]), float(place[2])
        half = 450 / 2 ** int(place[1])  # degrees, in a frame of some 600 pixels
        tall = half * 0.56 * cos(radians(down))
        corners = (across - half, down - tall, across + half, down + tall)
        bounds = ",".join(f"{corner:.5f}" for corner in corners)
        if "mlat" in query and "mlon" in query:
            query = query | {"marker": f"{query['mlat']},{query['mlon']}"}
    given = {"bbox": bounds, "layer": "mapnik"}
    if re.fullmatch(rf"{number},{number}", query.get("marker", "")):
        given["marker"] = query["marker"]
    return f"/export/embed.html?{urlencode(given)}"


SITES = (
    Site(
        "YouTube",
        FILM,
        ("youtube.com", "m.youtube.com", "music.youtube.com", "youtu.be", "youtube-nocookie.com"),
        "https://www.youtube-nocookie.com",
        _youtube,
    ),
    Site("Vimeo", FILM, ("vimeo.com", "player.vimeo.com"), "https://player.vimeo.com", _vimeo),
    Site("Internet Archive", FILM, ("archive.org",), "https://archive.org", _archive),
    Site("SoundCloud", SOUND, ("soundcloud.com", "w.soundcloud.com"), "https://w.soundcloud.com", _soundcloud),
    Site("Spotify", SOUND, ("open.spotify.com",), "https://open.spotify.com", _spotify),
    Site("OpenStreetMap", MAP, ("openstreetmap.org",), "https://www.openstreetmap.org", _openstreetmap),
)
FRAMES = tuple(site.frame for site in SITES)  # what a page may load into frames
HOSTS = tuple(host for site in SITES for host in site.hosts)
_BY_HOST = {host: site for site in SITES for host in site.hosts}


def player_of(url: str) -> Player | None:
    """The player of what an address leads to; None if it is none of these sites', or names nothing to play there."""
    try:
        parts = urlsplit(url.strip())
        host = (parts.hostname or "").removeprefix("www.")
    except ValueError:
        return None
    site = _BY_HOST.get(host)
    if site is None or parts.scheme not in ("http", "https"):
        return None
    query = {name: values[0] for name, values in parse_qs(parts.query).items()}
    path = site.path(parts, query)
    return Player(site.name, site.kind, f"{site.frame}{path}") if path else None
