import json
from pathlib import Path

import pytest

from blog.sanitize import clean_comment, clean_post


def _vectors(corpus: Path) -> list[dict]:
    return [json.loads(line) for line in (corpus / "sanitise" / "open.jsonl").read_text(encoding="utf-8").splitlines()]


@pytest.mark.parametrize("clean", [clean_comment, clean_post])
def test_no_vector_gets_through_and_cleaning_twice_changes_nothing(corpus, violations, clean):
    found = []
    vectors = _vectors(corpus)
    for vector in vectors:
        cleaned = clean(vector["payload"])
        found += [(vector["id"], wrong) for wrong in violations(cleaned)]
        if clean(cleaned) != cleaned:
            found.append((vector["id"], "changes when cleaned again"))
    assert len(vectors) >= 777
    assert found == []


def test_all_vectors_in_one_text(corpus, violations):
    everything = "\n".join(vector["payload"] for vector in _vectors(corpus))
    for clean in (clean_comment, clean_post):
        cleaned = clean(everything)
        assert violations(cleaned) == []
        assert clean(cleaned) == cleaned
