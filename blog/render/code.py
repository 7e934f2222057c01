"""Blocks of code say their language and are coloured by it, in a few classes that static/css/text.css paints."""

import re
import time
from functools import lru_cache
from html import unescape
from itertools import groupby

from django.utils.translation import gettext as _
from pygments.lexer import Lexer
from pygments.lexers import get_lexer_by_name
from pygments.token import Token, _TokenType

from blog.render.tree import Element, find, text

# Those that the editor offers: what classes call them, and their names.
LANGUAGES = {
    "bash": "Shell",
    "c": "C",
    "cpp": "C++",
    "csharp": "C#",
    "css": "CSS",
    "diff": "Diff",
    "docker": "Dockerfile",
    "elixir": "Elixir",
    "go": "Go",
    "haskell": "Haskell",
    "html": "HTML",
    "http": "HTTP",
    "ini": "INI",
    "java": "Java",
    "javascript": "JavaScript",
    "json": "JSON",
    "kotlin": "Kotlin",
    "lua": "Lua",
    "make": "Makefile",
    "markdown": "Markdown",
    "nginx": "nginx",
    "php": "PHP",
    "powershell": "PowerShell",
    "python": "Python",
    "r": "R",
    "ruby": "Ruby",
    "rust": "Rust",
    "scss": "SCSS",
    "sql": "SQL",
    "swift": "Swift",
    "tex": "TeX",
    "toml": "TOML",
    "typescript": "TypeScript",
    "xml": "XML",
    "yaml": "YAML",
}
ALIASES = {
    "c#": "csharp",
    "c++": "cpp",
    "console": "bash",
    "dockerfile": "docker",
    "golang": "go",
    "htm": "html",
    "js": "javascript",
    "kt": "kotlin",
    "latex": "tex",
    "makefile": "make",
    "md": "markdown",
    "ps1": "powershell",
    "py": "python",
    "python3": "python",
    "rb": "ruby",
    "rs": "rust",
    "sh": "bash",
    "shell": "bash",
    "ts": "typescript",
    "yml": "yaml",
    "zsh": "bash",
}
# Over what nobody writes by hand lexers may take quadratic time, and C's over white space alone cubic time within one
# step, where nothing can stop it. What is longer, or takes longer, stays plain.
MAX_LENGTH = 20_000  # characters of one block
MAX_LINE = 500
MAX_TIME = 0.5  # seconds of this thread's own time, for one block
MAX_TIME_OF_BODY = 2
GAP = re.compile(r"\s{100}")

# The innermost of these that a token belongs to.
CLASSES = {
    Token.Comment: "c",
    Token.Keyword: "k",
    Token.Keyword.Constant: "n",
    Token.Operator.Word: "k",
    Token.Literal.String: "s",
    Token.Literal.Number: "n",
    Token.Name.Function: "f",
    Token.Name.Class: "f",
    Token.Name.Decorator: "f",
    Token.Name.Tag: "k",
    Token.Name.Attribute: "f",
    Token.Name.Builtin: "b",
    Token.Name.Variable: "b",
    Token.Generic.Deleted: "d",
    Token.Generic.Inserted: "i",
    Token.Generic.Heading: "f",
    Token.Generic.Subheading: "f",
}


def colour_code(root: Element) -> None:
    """Every <pre> gets a name and can be scrolled by keyboard; code of a known language, its colours."""
    left = MAX_TIME_OF_BODY
    for block in find(root, "pre", nested=False):
        code = next((part for part in block.parts() if part.name == "code"), None)
        language = _language_of(block, code)
        block.attributes.pop("class", None)
        block.attributes |= {"tabindex": "0", "role": "group"}
        if not language:
            block.attributes["aria-label"] = _("Code") if code else _("Preformatted text")
            continue
        name = LANGUAGES[language]
        block.attributes |= {"aria-label": _("Code in %(language)s") % {"language": name}, "data-language": name}
        inner = code or block
        if left > 0 and all(isinstance(child, str) for child in inner.children):
            began = time.thread_time()
            source = unescape("".join(inner.children))
            inner.children = coloured(source, language) or inner.children
            left -= time.thread_time() - began


def coloured(source: str, language: str) -> list[Element | str]:
    """The code with its parts in classes; empty if it is not coloured."""
    if len(source) > MAX_LENGTH or max(map(len, source.split("\n"))) > MAX_LINE or GAP.search(source):
        return []
    kinds = _kinds(source, _lexer(language))
    parts: list[Element | str] = []
    for kind, values in groupby(kinds, key=lambda part: part[0]):
        html = text("".join(value for _kind, value in values))
        parts.append(Element("span", {"class": kind}, [html]) if kind else html)
    return parts


def _kinds(source: str, lexer: Lexer) -> list[tuple[str, str]]:
    """Class and text of each token; none if it takes too long, or if the text would not be what it was."""
    until = time.thread_time() + MAX_TIME
    found = []
    at = 0
    for place, kind, value in lexer.get_tokens_unprocessed(f"{source}\n"):  # some know whole lines alone
        if place != at or time.thread_time() > until:
            return []
        at += len(value)
        value = value if at <= len(source) else value[:-1]
        found.append((_class_of(kind) if value.strip() else "", value))
    return found if at == len(source) + 1 else []


@lru_cache(maxsize=500)
def _class_of(kind: _TokenType) -> str:
    while kind is not Token:
        if kind in CLASSES:
            return CLASSES[kind]
        kind = kind.parent
    return ""


@lru_cache(maxsize=len(LANGUAGES))
def _lexer(language: str) -> Lexer:
    return get_lexer_by_name(language)


def _language_of(block: Element, code: Element | None) -> str:
    for element in (code, block):
        if element and (given := element.attributes.get("class", "").removeprefix("language-")):
            name = ALIASES.get(given, given)
            return name if name in LANGUAGES else ""
    return ""
