"""Whatever the cleaner lets through outlives the editor: opened, one key typed, saved."""

import random
import re
from html import escape

import pytest
from playwright.sync_api import expect

from blog import soup
from blog.models import Post
from blog.sanitize import POST, clean_post
from config.demo.pictures import dusk
from tests.e2e.desk import sign_in
from tests.e2e.hands import ADD, body, html, settle
from tests.e2e.test_editor import arno
from tests.factories import make_post

__all__ = ["arno"]  # a fixture

# Of every attribute that a tag may have, a value; of the class, one for each tag.
VALUES = {
    "title": "007",
    "alt": "0.50",
    "data-credit": "Mona",
    "data-image": "7",
    "dir": "rtl",
    "lang": "fa",
    "width": "40",
    "height": "30",
    "colspan": "2",
    "rowspan": "2",
    "start": "5",
    "scope": "row",
    "href": "https://example.org/a?b=1&c=2",
    "src": "/media/a.png",
}
CLASSES = {
    "code": "language-python",
    "pre": "language-rust",
    "div": "embed",
    "figure": "table",
    "small": "footnote",
}
NEEDED = {"a": ["href"], "img": ["src"], "span": ["dir"]}
# Where a tag has to stand, and what has to stand in it, if it is not words alone.
AROUND = {
    "li": "<ul>{}</ul>",
    "dt": "<dl>{}<dd>what it is</dd></dl>",
    "dd": "<dl><dt>a word</dt>{}</dl>",
    "summary": "<details>{}<p>more</p></details>",
    "figcaption": '<figure><img src="/media/a.png">{}</figure>',
    "caption": "<table>{}<tbody><tr><td>cell</td></tr></tbody></table>",
    "thead": "<table>{}<tbody><tr><td>cell</td></tr></tbody></table>",
    "tbody": "<table>{}</table>",
    "tfoot": "<table><tbody><tr><td>cell</td></tr></tbody>{}</table>",
    "tr": "<table><tbody>{}</tbody></table>",
    "td": "<table><tbody><tr>{}<td>cell</td></tr><tr><td>cell</td><td>cell</td></tr></tbody></table>",
    "th": "<table><tbody><tr>{}<td>cell</td></tr><tr><td>cell</td><td>cell</td></tr></tbody></table>",
}
WITHIN = {
    "ul": "<li>one</li><li>two</li>",
    "ol": "<li>one</li><li>two</li>",
    "dl": "<dt>a word</dt><dd>what it is</dd>",
    "table": "<tbody><tr><td>cell</td><td></td></tr></tbody>",
    "thead": "<tr><th>heading</th></tr>",
    "tbody": "<tr><td>cell</td></tr>",
    "tfoot": "<tr><td>sum</td></tr>",
    "tr": "<td>cell</td>",
    "figure": '<a href="/b/"><img src="/media/a.png" alt=""></a><figcaption>Low <u>water</u></figcaption>',
    "details": "<summary>short</summary><p>long</p>",
}
WITHIN_CLASS = {
    "embed": '<a href="https://vimeo.com/1">A film</a>',
    "table": "<table><tbody><tr><td>cell</td></tr></tbody></table><figcaption>Heights</figcaption>",
    "footnote": 'See <a href="https://example.org/">the <em>table</em></a>.',
}
# What the editor has no part for. Everything else can be written on.
KEPT = {
    "dl",
    "dt",
    "dd",
    "details",
    "summary",
    "tfoot",
    "caption dir",
    "thead dir",
    "thead lang",
    "tbody dir",
    "tbody lang",
}


def element(tag: str, attributes: dict[str, str], words: str = "some words") -> str:
    within = WITHIN_CLASS.get(attributes.get("class", "")) or WITHIN.get(tag, words)
    inside = "" if tag in soup.VOID else f"{within}</{tag}>"
    return soup.tag(tag, attributes) + inside


def samples() -> dict[str, str]:
    """By the tag, or the tag and an attribute, a piece of a text that has it."""
    found = {}
    for tag in sorted(POST.tags):
        given = {name: VALUES[name] for name in NEEDED.get(tag, ())}
        for name in ["", *sorted(POST.attributes[tag] - set(given))]:
            value = {} if not name else {name: CLASSES[tag] if name == "class" else VALUES[name]}
            piece = AROUND.get(tag, "{}").format(element(tag, given | value))
            is_inline = tag not in soup.BLOCKS
            found[f"{tag} {name}".strip()] = f"<p>before {piece} after</p>" if is_inline else piece
    return found


class Outline:
    """The lines of a text, each with its words and the elements around them, but for those that add nothing."""

    def __init__(self, source: str) -> None:
        self.lines: list[str] = []
        self.open: list[str] = []
        is_line_over = True
        for token in soup.tokens(source):
            if token.kind == "text":
                words = (
                    soup.words_of(token)
                    if any("pre" in tag.split() for tag in self.open)
                    else "".join(token.raw.split())
                )
                if words:
                    self._say(words, is_line_over)
                    is_line_over = False
            elif token.kind == "start":
                is_line_over = is_line_over or token.name in soup.BLOCKS
                if token.name in soup.VOID:
                    self._say(tag_of(token), is_line_over)
                    is_line_over = token.name == "hr"
                else:
                    self.open.append(tag_of(token))
            else:
                is_line_over = is_line_over or token.name in soup.BLOCKS
                self.open.pop()

    def _say(self, words: str, is_new: bool) -> None:
        tags = [tag for tag in self.open if tag not in ("p", "tbody", "thead", "figure class=table")]
        blocks = [tag for tag in tags if tag.split()[0] in soup.BLOCKS]
        marks = sorted(tag for tag in tags if tag.split()[0] not in soup.BLOCKS)
        start = f"{' > '.join(blocks)} | {' '.join(marks)}: "
        if is_new or not self.lines or not self.lines[-1].startswith(start):
            self.lines.append(start + words)
        else:
            self.lines[-1] += words


def tag_of(token) -> str:
    given = {name: value for name, value in token.attributes.items() if (name, value) != ("start", "1")}
    return " ".join([token.name, *(f"{name}={escape(value)}" for name, value in sorted(given.items()))])


def captions_outside(source: str) -> str:
    """The editor writes a table's caption behind it, in a figure: the page's table has it inside either way."""
    figure = r'<figure class="table"><table>\2</table><figcaption\1</figcaption></figure>'
    return re.sub(r"<table><caption(.*?)</caption>(.*?)</table>", figure, source)


def outline(source: str) -> list[str]:
    return Outline(clean_post(source)).lines


def test_every_element_and_attribute_outlives_the_editor(person, arno):
    every = {name: clean_post(piece) for name, piece in samples().items()}
    for name, piece in every.items():
        assert all(re.search(rf"[< ]{re.escape(part)}\b", piece) for part in name.split()), (name, piece)
    source = "".join(every.values()) + "<p>The end</p>"
    post = make_post(author=arno, body=source, status="draft")
    page = with_pictures(person())
    sign_in(page, "arno", f"/admin/blog/post/{post.pk}/change/")
    kept = {name for name, piece in every.items() if is_kept(page, piece)}
    assert {name for name in kept if not {name, name.split()[0]} & KEPT} == set()
    set_text(page, source)
    body(page).click()
    page.keyboard.press("Control+End")
    page.keyboard.type("!")
    expect(body(page)).to_contain_text("The end!")
    page.get_by_role("button", name="Publish", exact=True).click()
    page.get_by_text("View on the site").first.wait_for()
    assert outline(newest(post)) == outline(captions_outside(source.replace("The end", "The end!")))


def with_pictures(page):
    page.route("**/media/a.png", lambda route: route.fulfill(body=dusk().getvalue(), content_type="image/png"))
    return page


def newest(post) -> str:
    return Post.objects.get(pk=post.pk).body


def set_text(page, source: str) -> None:
    page.locator("#id_body").evaluate(
        "(field, html) => { field.value = html; field.dispatchEvent(new Event('marginalia:set')) }", source
    )


def is_kept(page, piece: str) -> bool:
    set_text(page, piece)
    return page.locator(".ProseMirror .kept").count() > 0


def grown(chance: random.Random, depth: int, tags: list[str]) -> str:
    """Elements in one another as they come, as imports bring them."""
    parts: list[str] = []
    for _ in range(chance.randint(1, 4)):
        if depth == 0 or chance.random() < 0.3:
            parts.append(chance.choice(["words ", "more", " \n", "سلام ", "a & b "]))
            continue
        tag = chance.choice(tags)
        names = [name for name in sorted(POST.attributes[tag]) if chance.random() < 0.3]
        given = {name: CLASSES[tag] if name == "class" else VALUES[name] for name in [*NEEDED.get(tag, ()), *names]}
        inside = "" if tag in soup.VOID else f"{grown(chance, depth - 1, tags)}</{tag}>"
        parts.append(AROUND.get(tag, "{}").format(soup.tag(tag, given) + inside))
    return "".join(parts)


@pytest.mark.parametrize("seed", range(3))
def test_what_imports_bring_outlives_the_editor(person, arno, seed):
    page = with_pictures(person())
    sign_in(page, "arno", "/admin/blog/post/add/")
    tags, chance = sorted(POST.tags - {"caption"}), random.Random(seed)
    for number in range(20):
        source = clean_post(grown(chance, 3, tags)) + "<p>The end</p>"
        set_text(page, source)
        body(page).evaluate("dom => { const { editor } = dom; editor.chain().focus('end').insertContent('!').run() }")
        assert outline(html(page)) == outline(source.replace("The end", "The end!")), (number, source)


def test_what_is_kept_can_be_read_changed_and_deleted(person, arno):
    page = person()
    sign_in(page, "arno", ADD)
    set_text(page, "<p>Before</p><details><summary>Short</summary><p>Long</p></details>")
    kept = body(page).locator(".kept")
    expect(kept).to_contain_text("Long")
    kept.click()
    settle(page)
    page.keyboard.press("Enter")
    dialog = page.locator("dialog[open]")
    dialog.locator("textarea").fill("<details><summary>Short</summary><p>Longer</p></details>")
    dialog.get_by_role("button", name="Done").click()
    expect(kept).to_contain_text("Longer")
    assert html(page) == "<p>Before</p><details><summary>Short</summary><p>Longer</p></details>"
    kept.click()
    settle(page)
    page.keyboard.press("Delete")
    expect(kept).to_have_count(0)
    assert html(page) == "<p>Before</p>"


def test_a_footnote_keeps_its_link_when_its_words_change(person, arno):
    page = person()
    sign_in(page, "arno", ADD)
    set_text(page, '<p>Words<small class="footnote">See <a href="https://example.org/">it</a>.</small></p>')
    body(page).locator(".footnote-mark").dblclick()
    dialog = page.locator("dialog[open]")
    words = dialog.locator("textarea")
    words.fill(words.input_value().replace("See", "Read"))
    dialog.get_by_role("button", name="Done").click()
    expect(dialog).to_have_count(0)
    assert html(page) == '<p>Words<small class="footnote">Read <a href="https://example.org/">it</a>.</small></p>'


def test_an_image_in_a_text_leads_where_its_dialog_says(person, arno):
    page = with_pictures(person())
    sign_in(page, "arno", ADD)
    set_text(page, '<figure><img src="/media/a.png" alt="Sea"></figure><p>Words</p>')
    body(page).locator("img").click()
    page.get_by_role("button", name="Image", exact=True).click()
    dialog = page.locator("dialog[open]")
    dialog.get_by_label("Address that it leads to").fill("example.org/tides")
    dialog.get_by_label("Caption").fill("Low water")
    dialog.get_by_role("button", name="Done").click()
    expect(dialog).to_have_count(0)
    image = '<a href="https://example.org/tides"><img src="/media/a.png" alt="Sea"></a>'
    assert clean_post(html(page)) == f"<figure>{image}<figcaption>Low water</figcaption></figure><p>Words</p>"
