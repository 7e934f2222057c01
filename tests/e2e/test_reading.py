import gzip
from datetime import UTC, datetime

import pytest
from axe_playwright_python.sync_playwright import Axe

from comments import tokens
from tests.factories import make_comment, make_page, make_post

BODY = """<p>Some <a href="https://example.org/">words</a>.</p><h2>The stick</h2><p>More.</p><h2>A year</h2>
<table><caption>Seasons</caption><thead><tr><th scope="col">Season</th><th scope="col">Mean</th></tr></thead>
<tbody><tr><td>Spring</td><td>4</td></tr></tbody></table>
<pre><code class="language-python">print("a line")</code></pre><blockquote><p>Said.</p></blockquote>"""


@pytest.fixture
def content(site):
    post = make_post(title="Tides", body=BODY, labels=("sea",), published_at=datetime(2026, 3, 14, tzinfo=UTC))
    root = make_comment(post, author_name="Mudlark", author_url="https://example.org/")
    make_comment(post, parent=root, user=post.author, body="An <i>answer</i>.")
    make_comment(post, parent=make_comment(post, status="removed"), author_name="ساحل", body="یادداشت بسیار خوبی بود.")
    make_page(title="About", author=post.author)
    make_comment(post, status="pending", capability_hash=tokens.capability_hash("abc"))
    return post


PAGES = [
    "/", "/2026/03/tides/", "/2026/03/tides/comment/", "/label/sea/", "/author/author/", "/2026/", "/2026/03/",
    "/archive/", "/search/", "/search/?q=words", "/search/?q=nothing", "/p/about/", "/comment/status/abc/",
]  # fmt: skip


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 360])
def test_every_public_page_is_accessible_and_fits(person, content, scheme, width):
    page = person(color_scheme=scheme, viewport={"width": width, "height": 800})
    axe = Axe()
    for address in PAGES:
        assert page.goto(address).status == 200, address
        results = axe.run(page)
        assert not results.response["violations"], f"{address}: {results.generate_report()}"
        room = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert room <= 0, f"{address} is wider than the window by {room}px"


def test_the_missing_page_is_accessible(chromium, site):
    page = chromium.new_page(base_url=site)
    assert page.goto("/nothing/").status == 404
    assert not Axe().run(page).response["violations"]
    page.close()


def test_the_first_tab_leads_past_the_header(person, content):
    page = person()
    page.goto("/")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "content"


def test_a_post_page_weighs_little(person, content):
    page = person()
    weights = {}
    page.on("response", lambda response: weights.update({response.url: len(gzip.compress(response.body()))}))
    page.goto("/2026/03/tides/", wait_until="networkidle")
    assert len(weights) >= 5
    assert sum(weights.values()) < 60_000, weights
