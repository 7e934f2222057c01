"""Inputs that nobody here wrote. They are others' work and lie beside the repository, not in it."""

import importlib.util
import os
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="session")
def corpus() -> Path:
    """The folder of the corpus: CORPUS_DIR, or ../shared/data beside the repository."""
    folder = Path(os.environ.get("CORPUS_DIR") or ROOT.parent / "shared" / "data").resolve()
    if folder.is_dir():
        return folder
    missing = f"There is no corpus at {folder}: set CORPUS_DIR to the folder that holds it."
    if os.environ.get("CI") == "true":
        pytest.fail(missing, pytrace=False)
    pytest.skip(missing)


@pytest.fixture(scope="session")
def violations(corpus):
    """The corpus's own judge: what a browser's tree of some cleaned HTML must not hold, as a list of lines."""
    path = corpus.parent / "tools" / "sanitise_oracle.py"
    spec = importlib.util.spec_from_file_location("sanitise_oracle", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.violations
