import re
import time
from html import unescape

import pytest
from pygments.lexers import get_lexer_by_name

from blog.render import render
from blog.render.code import ALIASES, LANGUAGES, MAX_LENGTH


def block(source: str, language: str = "python") -> str:
    escaped = source.replace("&", "&amp;").replace("<", "&lt;")
    return render(f'<pre><code class="language-{language}">{escaped}</code></pre>').html


def words(html: str) -> str:
    return unescape(re.sub(r"<[^>]*>", "", html))


def test_it_works():
    assert block('def tide(a: int) -> str:\n    return "a < b"  # &amp; so on') == (
        '<pre tabindex="0" role="group" aria-label="Code in Python" data-language="Python">'
        '<code class="language-python"><span class="k">def</span> <span class="f">tide</span>(a: '
        '<span class="b">int</span>) -&gt; <span class="b">str</span>:\n    <span class="k">return</span> '
        '<span class="s">"a &lt; b"</span>  <span class="c"># &#38;amp; so on</span></code></pre>'
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_keeps_the_code(language):
    source = 'if (a < b && c > "d") { return 42; } // é 日本\n\n\t# x\n<a href="b">&amp;</a>\n'
    html = block(source, language)
    assert words(html) == source
    assert f'data-language="{LANGUAGES[language]}"' in html
    assert get_lexer_by_name(language)


def test_a_last_line_without_an_end_is_coloured():
    assert block("-a\n+b", "diff").endswith('<span class="d">-a</span>\n<span class="i">+b</span></code></pre>')


def test_other_names_of_languages():
    assert 'data-language="JavaScript"' in block("let a", "js")
    assert 'data-language="C++"' in block("int a;", "c++")
    assert set(ALIASES.values()) <= set(LANGUAGES) and not set(ALIASES) & set(LANGUAGES)


def test_an_older_bodys_class_on_pre():
    assert '<span class="k">def</span>' in render('<pre class="language-python">def a</pre>').html


@pytest.mark.parametrize("language", ["brainfuck", "x", "python-"])
def test_an_unknown_language_stays_plain(language):
    html = block("def a", language)
    assert "<span" not in html and "data-language" not in html and 'aria-label="Code"' in html


def test_code_without_a_language_and_text_that_is_no_code():
    assert render("<pre><code>a</code></pre>").html == (
        '<pre tabindex="0" role="group" aria-label="Code"><code>a</code></pre>'
    )
    assert 'aria-label="Preformatted text"' in render("<pre>a poem</pre>").html


def test_code_with_markup_of_its_own_keeps_it():
    html = render('<pre><code class="language-python">def <b>a</b></code></pre>').html
    assert "<b>a</b>" in html and "<span" not in html


@pytest.mark.parametrize("source", ["a = 1\n" * 34_000, "a = " + "1" * 600])
def test_a_very_long_one_stays_plain(source):
    html = block(source)
    assert "<span" not in html and 'data-language="Python"' in html and words(html) == source


# What its lexer takes quadratic time over, or worse.
HOSTILE = {"c": "\n ", "cpp": "//", "java": "x<", "html": "<?", "python": "\n ", "ruby": "x;\n", "markdown": "\n "}


@pytest.mark.parametrize("language", HOSTILE)
def test_a_hostile_one_stays_plain_in_time(language):
    piece = HOSTILE[language] * (400 // len(HOSTILE[language]))
    source = "x" + f"{piece}\n" * (MAX_LENGTH // (len(piece) + 1) - 1) + "x"
    start = time.thread_time()
    html = block(source, language)
    assert time.thread_time() - start < 1.5
    assert words(html) == source


def test_a_body_of_hostile_blocks_takes_a_few_seconds():
    piece = "x" + "\n " * 9_900 + "x"
    start = time.thread_time()
    html = render(f'<pre><code class="language-c">{piece}</code></pre>' * 10).html
    assert time.thread_time() - start < 6
    assert html.count("</pre>") == 10
