"""Which module may import what. The source is read, not run, so imports inside functions count too."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
APPS = ("blog", "comments", "config")
# Libraries that one module alone may use, so that one place decides what is safe.
ONLY_IN = {
    "PIL": {f"blog/images/{name}.py" for name in ("icon", "reading", "sizes", "upload", "writing")},
    "bleach": {"blog/sanitize.py"},
    "nh3": {"blog/sanitize.py"},
}
FORBIDDEN = {"blog": {"comments", "config"}, "comments": {"config"}, "config": set()}


def _modules(app: str) -> list[Path]:
    return sorted((ROOT / app).rglob("*.py"))


def _imports(path: Path) -> set[str]:
    """The top-level names that a module imports."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {name.name.split(".")[0] for name in node.names}
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            found.add(node.module.split(".")[0])
        elif (
            isinstance(node, ast.Call)
            and getattr(node.func, "attr", getattr(node.func, "id", "")) in ("import_module", "__import__", "get_model")
            and node.args
            and isinstance(node.args[0], ast.Constant)
        ):
            found.add(str(node.args[0].value).split(".")[0])
    return found


@pytest.mark.parametrize("app", APPS)
def test_imports_go_one_way(app):
    assert _modules(app)
    wrong = {str(path.relative_to(ROOT)): _imports(path) & FORBIDDEN[app] for path in _modules(app)}
    assert {path: names for path, names in wrong.items() if names} == {}


@pytest.mark.parametrize("library", ONLY_IN)
def test_a_library_that_guards_something_is_used_in_one_place(library):
    users = {str(path.relative_to(ROOT)) for app in APPS for path in _modules(app) if library in _imports(path)}
    assert users == ONLY_IN[library]


def test_the_blog_never_names_comments_in_a_query():
    """Nor as a lookup in a string: `filter(comments__status=…)` would tie the lower app to the upper one."""
    wrong = []
    for path in _modules("blog"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.keyword) and node.arg and node.arg.split("__")[0] == "comments":
                wrong.append((str(path.relative_to(ROOT)), node.value.lineno))
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value.startswith("comments__"):
                wrong.append((str(path.relative_to(ROOT)), node.lineno))
    assert wrong == []
