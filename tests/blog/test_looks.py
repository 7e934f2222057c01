"""The looks: all of their words can be read, in both schemes; and what a page says of the one it has."""

import re
from pathlib import Path

import pytest
from django.conf import settings as given

from blog import accent, colour
from blog.looks import LOOKS
from blog.models import SiteSettings
from tests.blog.settings_form import refused, save
from tests.factories import make_user

CSS = Path(given.BASE_DIR) / "static" / "css"
TOKEN = re.compile(r"^  --([a-z0-9-]+): (.+);$", re.MULTILINE)
PAIR = re.compile(r"light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\)")
PAPERS = ("paper", "sheet", "wash")
CODE = ("comment", "keyword", "string", "number", "name", "builtin")
# What is written on what. A line that shows where a button or a field ends needs 3 to 1 (WCAG 1.4.11).
WRITTEN = [(text, paper, 4.5) for text in ("ink", "faded", "rubric", "good", "wrong") for paper in PAPERS]
WRITTEN += [(f"code-{kind}", "wash", 4.5) for kind in CODE]
WRITTEN += [("ink", "mark", 4.5), ("paper", "ink", 4.5), ("paper", "rubric", 4.5)]
WRITTEN += [("edge", paper, 3) for paper in PAPERS]


def tokens(*names: str) -> dict[str, str]:
    """Of these sheets, one over the other."""
    return {name: value for sheet in names for name, value in TOKEN.findall((CSS / sheet).read_text())}


def tokens_of(look: str) -> dict[str, str]:
    return tokens("tokens.css", *([LOOKS[look].sheet.removeprefix("css/")] if LOOKS[look].sheet else []))


def pair(look: str, name: str) -> tuple[str, str]:
    return PAIR.fullmatch(tokens_of(look)[name]).groups()


def test_each_look_that_can_be_chosen_is_there():
    assert set(LOOKS) == set(SiteSettings.Look)
    assert {f"css/looks/{path.name}" for path in (CSS / "looks").iterdir()} == {
        look.sheet for look in LOOKS.values()
    } - {""}


@pytest.mark.parametrize("look", LOOKS)
def test_all_that_is_written_can_be_read(look):
    hard = []
    for text, paper, least in WRITTEN:
        for scheme, one, other in zip(("light", "dark"), pair(look, text), pair(look, paper), strict=True):
            if (ratio := colour.contrast(one, other)) < least:
                hard.append(f"{scheme}: {text} on {paper} is {colour.spoken(ratio)}")
    assert hard == []


@pytest.mark.parametrize("look", LOOKS)
def test_no_colour_of_the_looks_is_left_out_of_the_test_above(look):
    coloured = {name for name, value in tokens_of(look).items() if "#" in value}
    assert coloured - {"line"} == {name for text, paper, _least in WRITTEN for name in (text, paper)}


@pytest.mark.parametrize("look", [look for look in LOOKS if LOOKS[look].sheet])
def test_a_look_overrides_tokens_and_nothing_else(look):
    text = re.sub(r"/\*.*?\*/", "", (CSS / LOOKS[look].sheet.removeprefix("css/")).read_text(), flags=re.DOTALL)
    [(selector, inside)] = re.findall(r"(\S+) \{(.*?)\}", text, re.DOTALL)
    own = re.findall(r"--([a-z0-9-]+):", inside)
    assert selector == ":root" and re.sub(r"\S+ \{.*?\}", "", text, flags=re.DOTALL).strip() == ""
    assert len(own) == inside.count(";") and set(own) <= set(tokens("tokens.css"))


@pytest.mark.parametrize("look", LOOKS)
def test_a_sites_own_accent_can_be_read_in_every_look(look):
    """It is measured on the papers of `blog.colour`: none of a look's may be nearer to it."""
    light, dark = zip(*(pair(look, paper) for paper in PAPERS), strict=True)
    assert colour.weakest("#000000", light) >= colour.weakest("#000000", colour.LIGHT)
    assert colour.weakest("#ffffff", dark) >= colour.weakest("#ffffff", colour.DARK)


@pytest.mark.parametrize("look", LOOKS)
def test_what_is_said_of_a_look_is_what_its_sheet_says(look):
    assert (LOOKS[look].paper, LOOKS[look].accent) == (pair(look, "paper"), pair(look, "rubric"))


def test_no_colour_stands_outside_the_tokens():
    """In what readers load; #000 and #fff alone, where a device asks for all the contrast there is."""
    for sheet in ("site.css", "text.css", "comments.css", "error.css"):
        text = (CSS / sheet).read_text()
        assert set(re.findall(r"#[0-9a-fA-F]{3,8}\b", text)) <= {"#000", "#fff"}, sheet
        assert not re.findall(r"\b(?:rgb|hsl|oklch)a?\(", text), sheet


def test_layout_knows_no_left_and_no_right():
    sided = re.compile(
        r"(?<![-\w])(?:(?:margin|padding|border)-(?:left|right|top|bottom)|(?:left|right|top|bottom|width|height|max-width|"
        r"min-width|min-height|max-height)\s*:|float:\s*(?:left|right)|text-align:\s*right)"
    )
    for sheet in ("site.css", "text.css", "comments.css", "preview.css", "error.css"):
        text = re.sub(r"@media[^{]*", "", (CSS / sheet).read_text())
        assert sided.findall(text) == [], sheet


@pytest.mark.django_db
@pytest.mark.parametrize("look", LOOKS)
def test_a_page_has_the_look_that_was_chosen_under_the_sites_accent(client, look):
    SiteSettings(look=look, accent="#123456").save()
    html = client.get("/").content.decode()
    sheets = re.findall(r'<link rel="stylesheet" href="([^"]+)"', html)
    assert [sheet for sheet in sheets if "/looks/" in sheet] == [f"/static/{s}" for s in [LOOKS[look].sheet] if s]
    own = [LOOKS[look].sheet] if LOOKS[look].sheet else []
    names = ["tokens.css", *own, "colours-", "site.css"]
    at = [next(number for number, sheet in enumerate(sheets) if name in sheet) for name in names]
    assert at == sorted(at)
    assert [paper in html for paper in LOOKS[look].paper] == [True, True]


@pytest.mark.django_db
def test_a_site_with_an_accent_for_dark_pages_alone_keeps_its_looks_on_light_ones():
    site = SiteSettings(look="slate", accent_dark="#abcdef")
    assert f"light-dark({LOOKS['slate'].accent[0]}, #abcdef)" in accent.sheet(site)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("scheme", "said", "bars"),
    [
        ("system", None, ["(prefers-color-scheme: light)", "(prefers-color-scheme: dark)"]),
        ("light", "light", ["all", "not all"]),
        ("dark", "dark", ["not all", "all"]),
    ],
)
def test_a_page_says_which_scheme_readers_meet_first(client, scheme, said, bars):
    SiteSettings(scheme=scheme).save()
    html = client.get("/").content.decode()
    found = re.search(r'<html[^>]* data-scheme="(\w+)"', html)
    assert (found and found[1]) == said
    assert f'name="color-scheme" content="{said or "light dark"}"' in html
    assert re.findall(r'theme-color" content="[^"]+" media="([^"]+)"', html) == bars
    # Before the first sheet, which it would wait for; and not deferred, or the page would be painted before.
    script = html.index('<script src="/static/js/scheme.js"></script>')
    assert script < html.index('rel="stylesheet"')


@pytest.mark.django_db
def test_an_owner_chooses_look_and_scheme(client):
    client.force_login(make_user("olive", "Owner"))
    page = client.get("/admin/blog/sitesettings/1/change/").content.decode()
    assert page.count('type="radio" name="look"') == 3 and page.count('type="radio" name="scheme"') == 3
    save(client, look="garden", scheme="dark")
    assert "looks/garden.css" in client.get("/").content.decode()


@pytest.mark.django_db
def test_a_look_that_there_is_not_is_refused(client):
    client.force_login(make_user("olive", "Owner"))
    assert "valid choice" in refused(client, look="marble")
