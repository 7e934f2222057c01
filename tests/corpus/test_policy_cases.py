"""WordPress's rules for comments, restated as cases, through our policy."""

from comments import cases

# Trust by a typed name and address.
DEVIATING = ["wp-004"]


def read(corpus, name: str) -> list:
    path = corpus / "wp-moderation-cases" / name
    return cases.run(cases.read(path.read_text(encoding="utf-8")))


def test_every_case_is_as_expected_or_differs_on_purpose(corpus, db):
    outcomes = read(corpus, "policy.json")
    assert len(outcomes) >= 31
    assert [outcome.id for outcome in outcomes if not outcome.agrees and not outcome.deviation] == []
    assert [outcome.id for outcome in outcomes if outcome.deviation] == DEVIATING
    assert [outcome.unknown for outcome in outcomes if outcome.unknown] == []


def test_the_facts_on_posting_in_general_as_far_as_they_are_of_the_policy(corpus, db):
    """An undated draft (wp-074) is refused here before its age is asked for; the others' reasons are given."""
    outcomes = read(corpus, "open.json")
    judged = [outcome for outcome in outcomes if outcome.verdict]
    assert len(outcomes) >= 71 and len(judged) >= 58
    assert [outcome.id for outcome in judged if not outcome.agrees and not outcome.deviation] == ["wp-074"]
    assert [outcome.id for outcome in judged if outcome.deviation] == ["wp-004", "wp-035", "wp-049"]
