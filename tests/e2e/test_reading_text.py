"""A post with everything that a text can hold, as readers see and use it."""

import io

import pytest
from axe_playwright_python.sync_playwright import Axe
from PIL import Image as Picture
from playwright.sync_api import expect

from blog.models import Image
from tests.e2e.desk import START, wait_until
from tests.factories import make_post

FILM = "https://www.youtube.com/watch?v=dQw4w9WgXcQ"
WORDS = {
    "en": {
        "title": "How the harbour was built",
        "p": "Every harbour sells the same book about the tides, and nobody has read it to its end. "
        "The water comes and goes, and with it the boats, the gulls, and those who write about them.",
        "h": "The first wall",
        "note": "Harbour office, letters of 1874, see https://example.org/letters.",
        "caption": "The wall at low tide",
        "table": "Depth in metres",
        "film": "How boats are built",
    },
    "fa": {
        "title": "بندر چگونه ساخته شد",
        "p": "هر بندری همان کتاب را دربارهٔ جزر و مد می‌فروشد و هیچ‌کس آن را تا پایان نخوانده است. "
        "آب می‌آید و می‌رود و با آن قایق‌ها و مرغان دریایی و آنان که از ایشان می‌نویسند.",
        "h": "نخستین دیوار",
        "note": "دفتر بندر، نامه‌های سال ۱۸۷۴، نگاه کنید به https://example.org/letters.",
        "caption": "دیوار هنگام جزر",
        "table": "ژرفا به متر",
        "film": "قایق چگونه ساخته می‌شود",
    },
}
CODE = """@dataclass
class Tide:
    height: float  # in metres above the chart's zero, as the harbour office has measured it since 1874

    def turns(self, hours=6.2):
        return f"{self.height:.1f} m" if self.height &gt; 0 else None"""


def body(language: str, image: Image) -> str:
    said = WORDS[language]
    return f"""<p>{said["p"]}<small class="footnote">{said["note"]}</small> {said["p"]}</p>
<h2>{said["h"]}</h2><p>{said["p"]}</p>
<figure><img src="{image.file.url}" data-image="{image.pk}" alt="{said["caption"]}" data-credit="Ada">
<figcaption>{said["caption"]}</figcaption></figure>
<p>{said["p"]}<small class="footnote">Ibid., p. 12.</small></p>
<pre><code class="language-python">{CODE}</code></pre>
<figure class="table"><table><tr><th><p>{said["h"]}</p></th><th><p>1874</p></th><th><p>1924</p></th></tr>
<tr><th><p>A</p></th><td><p>3.2</p></td><td><p>4.1</p></td></tr><tr><th><p>B</p></th><td><p>2.8</p></td><td><p>3.9</p></td></tr></table>
<figcaption>{said["table"]}</figcaption></figure>
<blockquote><p>{said["p"]}</p></blockquote>
<div class="embed"><a href="{FILM}">{said["film"]}</a></div>
<div class="embed"><a href="https://www.openstreetmap.org/#map=15/53.5436/9.9660">{said["h"]}</a></div>
<pre><code class="language-diff">-old line
+new line</code></pre><ul><li><p>{said["h"]}</p></li></ul><p>{said["p"]}</p>"""


@pytest.fixture
def posts(site):
    file = io.BytesIO()
    Picture.linear_gradient("L").resize((1600, 900)).convert("RGB").save(file, "JPEG")
    image, _is_new = Image.objects.from_upload(file, alt="A wall")
    return {
        language: make_post(
            title=said["title"], slug=language, body=body(language, image), published_at=START,
            language=language if language != "en" else "",
        )
        for language, said in WORDS.items()
    }  # fmt: skip


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 360])
@pytest.mark.parametrize("language", WORDS)
def test_everything_is_accessible_and_fits(person, posts, language, width, scheme):
    page = person(color_scheme=scheme, viewport={"width": width, "height": 800})
    page.goto(posts[language].get_absolute_url())
    results = Axe().run(page)
    assert not results.response["violations"], results.generate_report()
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0


def test_notes_lead_there_and_back(person, posts):
    page = person()
    page.goto(posts["en"].get_absolute_url())
    page.get_by_role("link", name="2", exact=True).click()
    note = page.locator(":target")
    expect(note).to_contain_text("Ibid., p. 12.")
    note.get_by_role("link", name="Back to the text, 2").click()
    expect(page.locator(":target")).to_have_text("2", use_inner_text=True)


def test_a_player_comes_only_when_it_is_asked_for(chromium, posts, site):
    context = chromium.new_context(base_url=site)
    asked, troubles = [], []
    context.on("request", lambda request: asked.append(request.url))
    context.on("console", lambda message: message.type == "error" and troubles.append(message.text))
    context.route(lambda url: not url.startswith(site), lambda route: route.fulfill(body="<p>A player.</p>"))
    page = context.new_page()
    page.goto(posts["en"].get_absolute_url(), wait_until="networkidle")
    assert all(url.startswith(site) for url in asked)
    page.get_by_role("button", name="Play here: How boats are built").focus()
    page.keyboard.press("Enter")
    frame = page.get_by_title("How boats are built")
    frame.content_frame.get_by_text("A player.").wait_for()
    assert "https://www.youtube-nocookie.com/embed/dQw4w9WgXcQ" in asked
    assert frame.get_attribute("sandbox").split()[0] == "allow-scripts"
    assert page.evaluate("document.activeElement.title") == "How boats are built"
    expect(page.get_by_text("Nothing is asked of www.youtube-nocookie.com")).to_have_count(0)
    expect(page.get_by_text("Nothing is asked of www.openstreetmap.org")).to_be_visible()
    assert not troubles
    context.close()


def test_without_scripts_the_link_is_there_and_no_dead_button(person, posts):
    page = person(java_script_enabled=False)
    page.goto(posts["en"].get_absolute_url())
    assert page.get_by_role("link", name="How boats are built").get_attribute("href") == FILM
    expect(page.locator("[data-player]:visible")).to_have_count(0)


def test_wide_code_scrolls_by_keyboard(person, posts):
    page = person(viewport={"width": 360, "height": 800})
    page.goto(posts["en"].get_absolute_url())
    block = page.get_by_role("group", name="Code in Python")
    block.focus()
    page.keyboard.press("ArrowRight")
    wait_until(page, "document.querySelector('pre').scrollLeft > 0")


# Where each paragraph's first letter stands: on the left or on the right of the text.
SIDES = """() => [...document.querySelectorAll(".text p")].map((one) => {
  const range = document.createRange()
  range.setStart(one.firstChild, 0)
  range.setEnd(one.firstChild, 1)
  const letter = range.getBoundingClientRect(), box = one.getBoundingClientRect()
  return letter.left - box.left > box.width / 2 ? "right" : "left"
})"""


@pytest.mark.parametrize(("language", "sides"), [("fa", ["right", "right"]), ("", ["left", "right"])])
def test_a_text_stands_as_its_language_is_written_or_else_as_its_words_are(person, site, language, sides):
    post = make_post(language=language, body="<p>Django در ساحل</p><p>دریا</p>", published_at=START)
    page = person()
    page.goto(post.get_absolute_url())
    assert page.evaluate(SIDES) == sides
