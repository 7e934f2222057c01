"""Whatever readers, commenters and the receivers of mails can be told, there is a Persian translation of it.

The words are those that Django itself would ask for: of templates by their nodes, of Python by its calls.
"""

import ast
import re
from pathlib import Path

import pytest
from django.template import engines
from django.templatetags.i18n import BlockTranslateNode, TranslateNode

from tests.config.command import ROOT
from tests.config.test_translation import MESSAGES, po_entries

CALLS = {"_", "gettext", "gettext_lazy", "ngettext", "ngettext_lazy", "pgettext", "pgettext_lazy", "npgettext"}
# The desk is in English, whatever the site's language (blog/middleware.py).
DESK = (
    *("blog/admin/", "blog/images/", "blog/importers/", "blog/management/", "blog/migrations/", "blog/models/"),
    *("blog/apps.py", "blog/checklist.py", "blog/difference.py", "blog/mail/sending.py", "blog/merging.py"),
    *("blog/slugs.py", "comments/admin/", "comments/blocking/", "comments/cases/", "comments/folding/"),
    *("comments/management/", "comments/migrations/", "comments/models/", "comments/apps.py"),
    *(
        "comments/effective.py",
        "comments/importing.py",
        "comments/simulation/",
        "comments/spam/",
        "config/demo/",
        "config/generate/",
        "config/management/",
        "config/wellbeing/",
    ),
    *(
        "config/migrations/",
        "config/admin.py",
        "config/apps.py",
        "config/desk.py",
        "config/models/",
        "config/roles.py",
    ),
    *("config/invitations/desk.py", "config/sessions/desk.py"),
    "config/settings.py",
    *(f"config/signin/{name}.py" for name in ("account", "recently", "required", "settings")),
)


# What a tag or a filter is given: {% include … with hint=_("never shown") %}
IN_TAG = re.compile(r"""{[{%][^}]*?\b_\((?:"([^"]*)"|'([^']*)')\)""")


def of_template(path: Path) -> set[str]:
    nodes = engines["django"].from_string(path.read_text(encoding="utf-8")).template.nodelist
    words = {node.filter_expression.var.literal for node in nodes.get_nodes_by_type(TranslateNode)}
    for node in nodes.get_nodes_by_type(BlockTranslateNode):
        words.add(node.render_token_list(node.singular)[0])
        if node.plural:
            words.add(node.render_token_list(node.plural)[0])
    return words | {words for pair in IN_TAG.findall(path.read_text(encoding="utf-8")) for words in pair if words}


def of_module(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        name = getattr(getattr(node, "func", None), "id", None) or getattr(getattr(node, "func", None), "attr", None)
        if isinstance(node, ast.Call) and name in CALLS:
            words = node.args[1:] if name.startswith(("pget", "npget")) else node.args
            found |= {word.value for word in words if isinstance(word, ast.Constant) and isinstance(word.value, str)}
    return found


def known() -> set[str]:
    text = (MESSAGES / "django.po").read_text(encoding="utf-8")
    plurals = {
        "".join(ast.literal_eval(line) for line in lines.splitlines())
        for lines in re.findall(r'^msgid_plural ((?:".*"\n)+)', text, re.MULTILINE)
    }
    return {key if isinstance(key, str) else key[0] for key, words in po_entries(text).items() if words} | plurals


TEMPLATES = [path for path in (ROOT / "templates").rglob("*.*") if "admin" not in path.relative_to(ROOT).parts]
MODULES = [
    path
    for app in ("blog", "comments", "config")
    for path in (ROOT / app).rglob("*.py")
    if not str(path.relative_to(ROOT)).startswith(DESK)
]


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_template_is_persian(path):
    assert of_template(path) - known() == set()


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_module_is_persian(path):
    assert of_module(path) - known() == set()


def test_the_words_are_found():
    """As they would be asked for: a block's line breaks and its gaps included."""
    assert "Skip to the text" in of_template(ROOT / "templates" / "base.html")
    assert "never shown" in of_template(ROOT / "templates" / "comments" / "follow.html")
    words = {word for path in TEMPLATES for word in of_template(path)}
    assert len(words) > 150 and any("%(" in word for word in words)
    assert len({word for path in MODULES for word in of_module(path)}) > 100
