import re

import pytest

from blog.render import render


def table(html: str) -> str:
    return re.sub(r"</?tbody>", "", re.search(r"<table.*</table>", render(html).html)[0])


def test_a_first_row_of_headings_is_the_head():
    html = table("<table><tr><th>A</th><th>B</th></tr><tr><th>c</th><td>d</td></tr></table>")
    assert html == (
        '<table><thead><tr><th scope="col">A</th><th scope="col">B</th></tr></thead>'
        '<tr><th scope="row">c</th><td>d</td></tr></table>'
    )


@pytest.mark.parametrize(
    "row", ["<th>A</th><td>B</td>", "<td>A</td><td>B</td>", '<th rowspan="2">A</th><th>B</th>', ""]
)
def test_another_first_row_is_not(row):
    assert "thead" not in table(f"<table><tr>{row}</tr><tr><td>c</td><td>d</td></tr></table>")


def test_what_the_author_said_of_cells_stays():
    html = table(
        '<table><thead><tr><th scope="colgroup">A</th></tr></thead><tr><th scope="rowgroup">b</th></tr></table>'
    )
    assert 'scope="colgroup"' in html and 'scope="rowgroup"' in html and html.count("<thead") == 1


def test_a_table_of_headings_alone_has_no_empty_body():
    assert render("<table><tr><th>A</th></tr></table>").html.count("tbody") == 0


def test_a_figures_caption_becomes_the_tables_and_names_its_box():
    html = render(
        '<figure class="table"><table><tr><th><p>A</p></th></tr><tr><td><p>1</p></td></tr></table>'
        "<figcaption>Tides &amp; <em>winds</em></figcaption></figure>"
    ).html
    assert html.startswith(
        '<div class="scroll" tabindex="0" role="region" aria-label="Tides &amp; winds">'
        "<table><caption>Tides &amp; <em>winds</em></caption><thead>"
    )
    assert "figure" not in html and "figcaption" not in html


@pytest.mark.parametrize(
    "inside",
    [
        "<p>no table</p><figcaption>Words</figcaption>",
        "<table><tr><td>1</td></tr></table><table><tr><td>2</td></tr></table><figcaption>Words</figcaption>",
        "<table><caption>Own</caption><tr><td>1</td></tr></table><figcaption>Words</figcaption>",
        "<table><tr><td>1</td></tr></table><figcaption>Words<table><tr><td>2</td></tr></table></figcaption>",
        "loose <table><tr><td>1</td></tr></table><figcaption>Words</figcaption>",
    ],
)
def test_another_figure_stays_one(inside):
    html = render(f'<figure class="table">{inside}</figure>').html
    assert html.startswith("<figure>") and "<figcaption>Words" in html


def test_an_empty_caption_is_none():
    html = render('<figure class="table"><table><tr><td>1</td></tr></table><figcaption></figcaption></figure>').html
    assert "caption" not in html and 'aria-label="Table"' in html
