"""A post's page in a browser whose processor is four times slower: when its words are there, and what it weighs."""

import gzip
from collections.abc import Iterator

from playwright.sync_api import sync_playwright

from tests.benchmarks.cached import POST
from tests.benchmarks.servers import LeftOut, Servers
from tests.benchmarks.table import COUNT, MS, Line
from tests.e2e.conftest import ARGUMENTS, CHROMIUM

TITLE = "In a browser"
SAYS = (
    "A post with 20 comments, from gunicorn over the loopback, in Chromium with its processor slowed to a quarter and "
    "nothing in its cache. The largest thing (LCP) is what Chromium takes for it; what moves (CLS) is its sum. Bytes "
    "are those of the page, its style sheets and scripts, packed; images apart."
)
KB = "{:.1f} kB"
SLOWER = 4
LOADED = """() => new Promise((done) => {
  const found = { lcp: 0, cls: 0 }
  new PerformanceObserver((list) => {
    for (const one of list.getEntries()) found.lcp = one.startTime
  }).observe({ type: "largest-contentful-paint", buffered: true })
  new PerformanceObserver((list) => {
    for (const one of list.getEntries()) found.cls += one.value
  }).observe({ type: "layout-shift", buffered: true })
  setTimeout(() => done(found), 1000)
})"""


def measure(bench) -> Iterator[Line]:
    if not CHROMIUM:
        raise LeftOut("there is no Chromium here: apt-get install chromium")
    with Servers() as servers, sync_playwright() as playwright:
        site, _master = servers.gunicorn(bench.sites.sqlite(servers))
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        visits = [visit(browser, site) for _round in range(bench.rounds)]
        without = visit(browser, site, java_script_enabled=False)
        browser.close()
    yield Line("largest thing painted", [one["lcp"] for one in visits], most=1000, form=MS)
    yield Line("moved while it loaded", [one["cls"] for one in visits], most=0, form="{:.3f}")
    yield Line("page, styles and scripts, packed", [one["bytes"] / 1000 for one in visits], most=60, form=KB)
    yield Line("of that, scripts", [one["scripts"] / 1000 for one in visits], form=KB)
    yield Line("requests to anybody else", [one["foreign"] for one in visits], most=0, form=COUNT)
    yield Line("without JavaScript", [without["bytes"] / 1000], form=KB)


def visit(browser, site: str, **options) -> dict[str, float]:
    context = browser.new_context(viewport={"width": 390, "height": 844}, **options)
    page, seen = context.new_page(), {"bytes": 0, "scripts": 0, "foreign": 0}

    def count(response) -> None:
        kind = response.request.resource_type
        size = 0 if kind == "image" else len(gzip.compress(response.body()))
        seen["bytes"] += size
        seen["scripts"] += size if kind == "script" else 0
        seen["foreign"] += not response.url.startswith(site)

    page.on("response", count)
    session = context.new_cdp_session(page)
    session.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    page.goto(f"{site}{POST}", wait_until="networkidle")
    if options.get("java_script_enabled", True):
        seen |= page.evaluate(LOADED)
    context.close()
    return seen
