"""Colours as people type them, and whether text in one can be read on another.

The contrast of two colours is WCAG 2.2's contrast ratio, which follows from their relative luminance:
https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio and https://www.w3.org/TR/WCAG22/#dfn-relative-luminance
"""

import colorsys
import math
import re

READABLE = 4.5  # to one: WCAG's AA, for text of any size
STEPS = 100  # from a colour to black or white
# What text in the accent stands on: --paper, --sheet and --wash of static/css/tokens.css.
LIGHT = ("#fbfaf6", "#ffffff", "#f3eee2")
DARK = ("#171614", "#1f1d1a", "#25221e")
COLOUR = re.compile(r"#(?:[0-9a-f]{3}){1,2}", re.IGNORECASE)


def parse(text: str) -> str | None:
    """#rgb or #rrggbb as #rrggbb in small letters; None for anything else."""
    text = text.strip().lower()
    if not COLOUR.fullmatch(text):
        return None
    return text if len(text) == 7 else "#" + "".join(2 * digit for digit in text[1:])


def contrast(one: str, other: str) -> float:
    """From 1 (the same) to 21 (black and white)."""
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def weakest(colour: str, papers: tuple[str, ...]) -> float:
    """The contrast where there is least of it."""
    return min(contrast(colour, paper) for paper in papers)


def spoken(ratio: float) -> str:
    """A ratio as people read it: never rounded up to what it does not reach."""
    return f"{math.floor(ratio * 100) / 100:.2f}"


def for_light(accent: str) -> str:
    """The accent, or the nearest darker one of its hue that can be read on light pages."""
    return _readable(accent, LIGHT, 0)


def for_dark(accent: str) -> str:
    """The accent, or the nearest lighter one of its hue that can be read on dark pages."""
    return _readable(accent, DARK, 1)


def _readable(colour: str, papers: tuple[str, ...], end: int) -> str:
    hue, lightness, saturation = colorsys.rgb_to_hls(*_channels(colour))
    found = colour
    for step in range(1, STEPS + 1):  # the last one is black or white, which can be read on any of them
        if weakest(found, papers) >= READABLE:
            break
        found = _written(colorsys.hls_to_rgb(hue, lightness + (end - lightness) * step / STEPS, saturation))
    return found


def _channels(colour: str) -> list[float]:
    return [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]


def _written(channels: tuple[float, ...]) -> str:
    return "#" + "".join(f"{round(255 * channel):02x}" for channel in channels)


def _luminance(colour: str) -> float:
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in _channels(colour)]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
