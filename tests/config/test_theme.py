"""A theme in DATA_DIR: its templates and static files in the place of the program's own, by a site of its own."""

import pytest

from tests.config.command import manage

PAGE = """
from django.test import Client
print(Client().get("/", headers={"host": "127.0.0.1"}).content.decode())
"""


@pytest.fixture
def theme(demo_site):
    folder = demo_site / "theme"
    (folder / "templates").mkdir(parents=True)
    (folder / "static" / "css").mkdir(parents=True)
    return folder


def home(folder, **values: str) -> str:
    done = manage(folder, "shell", "--no-imports", "-c", PAGE, **values)
    assert done.returncode == 0, done.stderr
    return done.stdout


def collected(folder, name: str) -> list[str]:
    """The texts of a static file under its names with a digest."""
    stem, end = name.rsplit(".", 1)
    return [path.read_text() for path in (folder / "static").glob(f"{stem}.*.{end}")]


def test_a_themes_templates_and_sheet_are_on_every_page(demo_site, theme):
    (theme / "templates" / "_footer.html").write_text("<footer>Made by the sea, {{ title }}</footer>")
    (theme / "static" / "theme.css").write_text(":root { --measure: 30rem }")
    assert "Static files" in manage(demo_site, "prepare").stdout
    html = home(demo_site)
    assert "<footer>Made by the sea, " in html and "data-choose-scheme" not in html
    assert 'class="masthead"' in html  # what the theme leaves alone
    sheets = [line for line in html.splitlines() if 'rel="stylesheet"' in line]
    assert "/static/theme." in sheets[-1]
    assert collected(demo_site, "theme.css") == [":root { --measure: 30rem }"]


def test_a_themes_file_takes_the_place_of_the_programs(demo_site, theme):
    (theme / "static" / "css" / "tokens.css").write_text(":root { --paper: #fff }")
    manage(demo_site, "prepare")
    assert ":root { --paper: #fff }" in collected(demo_site, "css/tokens.css")
    assert (demo_site / "static" / "css" / "tokens.css").read_text() == ":root { --paper: #fff }"


def test_a_sheet_that_was_not_collected_is_left_out_and_breaks_nothing(demo_site, theme):
    (theme / "static" / "theme.css").write_text(":root { --measure: 30rem }")
    assert "theme." not in home(demo_site)


def test_in_development_it_is_there_at_once(demo_site, theme):
    (theme / "static" / "theme.css").write_text(":root { --measure: 30rem }")
    assert '"/static/theme.css"' in home(demo_site, DEBUG="true")


def test_a_theme_that_is_taken_away_is_gone(demo_site, theme):
    (theme / "static" / "theme.css").write_text(":root { --measure: 30rem }")
    manage(demo_site, "prepare")
    (theme / "static" / "theme.css").unlink()
    manage(demo_site, "prepare")
    assert "theme." not in home(demo_site)
