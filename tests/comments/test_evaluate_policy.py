import json
from io import StringIO

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command

from comments import cases
from comments.models import BlockRule, CommentSettings
from tests.factories import make_comment, make_post, make_user

pytestmark = pytest.mark.django_db


def outcome(setup: dict, expected: str = "approve", **given):
    """What becomes of one case."""
    given = {"author": "Bob", "email": "bob@example.com", "text": "Yes, we can!", "ip": "192.0.2.1"} | given
    case = {"id": "x", "setup": setup, "input": given, "expected": expected}
    return cases.run(cases.read(json.dumps({"cases": [case]})))[0]


BOB = {"author": "Bob", "email": "bob@example.com"}


@pytest.mark.parametrize(
    "setup, given, verdict",
    [
        ({}, {}, "approve"),
        ({"comment_moderation": 1}, {}, "hold"),
        ({"comment_moderation": "1"}, {}, "hold"),
        ({"comment_moderation": True}, {}, "hold"),
        ({"comment_previously_approved": 1}, {}, "hold"),
        ({"comment_max_links": 2}, {"text": "https://a.example"}, "approve"),
        ({"comment_max_links": 2}, {"text": "https://a.example https://b.example"}, "hold"),
        ({"moderation_keys": ["", "scoop "]}, {"text": "Scoop?"}, "hold"),
        ({"moderation_keys": "foo\nscoop"}, {"author": "Scoop"}, "hold"),
        ({"disallowed_keys": ["bob@example.com"]}, {}, "spam"),
        ({"disallowed_keys": ["scoop"], "moderation_keys": ["scoop"]}, {"text": "Scoop"}, "spam"),
        ({"disallowed_keys": ["scoop"], "comment_moderation": 1}, {"text": "Scoop"}, "spam"),
        ({"moderation_keys": ["192.0."]}, {}, "hold"),
        ({"moderation_keys": ["198.51.100."]}, {}, "approve"),
        ({"moderation_keys": ["192.0.2"]}, {}, "hold"),
        ({"moderation_keys": ["2001:db8:"]}, {"ip": "2001:db8:5::1"}, "hold"),
        ({"close_comments_for_old_posts": 1, "close_comments_days_old": 1, "post_age_hours": 24}, {}, "approve"),
        ({"close_comments_for_old_posts": 1, "close_comments_days_old": 1, "post_age_hours": 24.1}, {}, "refuse"),
        ({"close_comments_for_old_posts": 1, "post_age_hours": 24 * 15}, {}, "refuse"),
        ({"close_comments_for_old_posts": 0, "post_age_hours": 24 * 900}, {}, "approve"),
        ({"close_comments_for_old_posts": 1, "post_age_hours": 9000, "post": {"type": "page"}}, {}, "approve"),
        ({"post": {"comments": "closed"}, "logged_in": "admin"}, {}, "refuse"),
        ({"post": {"status": "draft"}}, {}, "refuse"),
        ({"post": {"status": "trash"}}, {}, "refuse"),
        ({"post": {"status": "scheduled"}}, {}, "refuse"),
        ({"comment_registration": 1}, {}, "refuse"),
        ({"comment_registration": 1, "logged_in": "member"}, {}, "approve"),
        ({"seconds_since_last": 14}, {}, "refuse"),
        ({"seconds_since_last": 15}, {}, "approve"),
        ({"seconds_since_last": 1, "same_ip": False, "same_email": False}, {}, "approve"),
        ({"seconds_since_last": 1, "same_ip": False}, {}, "refuse"),
        ({"seconds_since_last": 1, "same_email": False}, {}, "refuse"),
        ({"seconds_since_last": 1, "logged_in": "moderator"}, {}, "approve"),
        ({"seconds_since_last": 1, "logged_in": "member"}, {}, "refuse"),
        ({"history": [BOB | {"text": "Yes, we can!", "status": "hold"}]}, {}, "refuse"),
        ({"history": [BOB | {"text": "Yes, we can!", "status": "trash"}]}, {}, "approve"),
        ({"history": [BOB | {"text": "Yes, we can!", "same_post": False}]}, {}, "approve"),
        ({"history": [BOB | {"text": "Yes, we can!", "parent": 7}]}, {}, "approve"),
        ({"history": [BOB | {"text": "Yes, we can!", "parent": 7}]}, {"parent": 7}, "refuse"),
        ({"history": [{"author": "Bob", "text": "Yes, we can!"}]}, {"email": ""}, "refuse"),
        ({"comment_previously_approved": 1, "logged_in": "post author"}, {}, "approve"),
        ({"comment_previously_approved": 1, "logged_in": "editor"}, {}, "approve"),
        ({"comment_previously_approved": 1, "logged_in": "member"}, {}, "hold"),
        (
            {"comment_previously_approved": 1, "logged_in": "member", "history": [{"by_user": True, "text": "x"}]},
            {},
            "approve",
        ),
        ({"comment_previously_approved": 1, "registered_user": {}, "history": [{"by_user": True}]}, {}, "hold"),
        ({"require_name_email": 1}, {"email": ""}, "refuse"),
        ({}, {"email": ""}, "approve"),
        ({}, {"text": ""}, "refuse"),
        ({}, {"text": {"random_length": 65_536}}, "refuse"),
        ({}, {"url": {"random_length": 200, "suffix": ".com"}}, "refuse"),
        ({}, {"text": ["One", "Two"]}, "refuse"),
        ({"logged_in": "editor"}, {"text": ["One", "Two"]}, "approve"),
        ({"parent": "pending", "logged_in": "editor"}, {}, "refuse"),
        ({"parent": "approved"}, {}, "approve"),
    ],
)
def test_wordpress_options_mean_ours(setup, given, verdict):
    if setup.get("registered_user") == {}:
        setup = setup | {"history": [{"by_user": True, "status": "hold"}]}
    assert outcome(setup, **given).verdict == verdict


@pytest.mark.parametrize(
    "expected, agrees",
    [
        ("approve", True),
        ("publish", True),
        ("not spam", True),
        ("not approve", False),
        ("hold", False),
        ("reject:closed", False),
        ("no match", True),
        ("not a duplicate", True),
        ("second: accepted", True),
        ("accepted; identity = account", True),
    ],
)
def test_expectations_are_understood(expected, agrees):
    assert outcome({}, expected).agrees is agrees


def test_what_is_not_about_the_policy_gets_no_verdict():
    found = outcome({}, "no mail")
    assert (found.verdict, found.agrees, found.deviation) == (None, False, None)


DEVIATING = [
    ({"comment_previously_approved": 1, "history": [BOB]}, {}, "approve", "proves nothing"),
    (
        {
            "comment_previously_approved": 1,
            "registered_user": {"email": "bob@example.com"},
            "history": [{"by_user": True, "author": "Robert"}],
            "logged_in": False,
        },
        {},
        "approve",
        "proves nothing",
    ),
    ({"moderation_keys": ["press"]}, {"text": "I love WordPress"}, "hold", "matched whole"),
    ({"disallowed_keys": ["press"]}, {"author": "WordPresser"}, "spam", "matched whole"),
    ({"disallowed_keys": ["spam.example"]}, {"text": "http://nospam.example/"}, "spam", "matched whole"),
    ({"moderation_keys": ["92.0"]}, {}, "hold", "matched whole"),
    ({"moderation_keys": ["curl"]}, {"user_agent": "curl/8.0"}, "hold", "browser"),
    ({"moderation_keys": ["192.0.2.77"]}, {}, "approve", "networks"),
    ({"moderation_keys": ["casino"]}, {"text": "The \u0441asin\u043e"}, "approve", "look-alikes"),
    ({"moderation_keys": ["onclick"]}, {"text": '<b onclick="x">Hello</b> there'}, "hold", "without markup"),
    ({"seconds_since_last": 1, "logged_in": "post author"}, {}, "refuse", "as quickly"),
    ({"logged_in": "post author"}, {"text": ["One", "Two"]}, "refuse", "as quickly"),
    ({}, {"type": "pingback"}, "hold", "pingbacks"),
    ({"post": {"status": "private"}}, {}, "accepted", "only some may read"),
    ({}, {"email": {"random_length": 99, "suffix": "@example.com"}}, "reject:email too long", "254"),
]


@pytest.mark.parametrize("setup, given, expected, words", DEVIATING)
def test_what_differs_on_purpose_says_why(setup, given, expected, words):
    found = outcome(setup, expected, **given)
    assert not found.agrees and words in found.deviation


@pytest.mark.parametrize(
    "setup, given, expected",
    [
        ({"moderation_keys": ["press"]}, {"text": "No such word"}, "hold"),  # WordPress would not find it either
        ({"comment_previously_approved": 1}, {}, "approve"),  # nor trust him
        ({"comment_previously_approved": 1, "comment_moderation": 1, "history": [BOB]}, {}, "approve"),
        ({"comment_previously_approved": 1, "history": [BOB | {"status": "hold"}]}, {}, "approve"),
        ({"moderation_keys": ["press"]}, {"text": "The press"}, "approve"),
        ({"seconds_since_last": 20}, {}, "refuse"),
    ],
)
def test_other_differences_are_not_excused(setup, given, expected):
    found = outcome(setup, expected, **given)
    assert not found.agrees and found.deviation is None


def test_what_has_no_counterpart_is_named():
    setup = {"moderation_notify": 1, "post": {"password": "x"}, "history": [{"author": "Bob", "karma": 1}]}
    assert outcome(setup).unknown == ["history.karma", "moderation_notify", "post.password"]


def rows() -> dict[str, list]:
    """Every row of every table."""
    return {model._meta.label: sorted(map(repr, model._base_manager.values_list())) for model in apps.get_models()}


def test_nothing_on_the_site_counts_or_changes():
    CommentSettings(hold_all=True, max_links=1).save()
    BlockRule.objects.create(pattern="can", action="reject")
    make_comment(make_post(labels=("boats",)), author_name="Bob", author_email="bob@example.com", body="Yes, we can!")
    make_user("mod", "Moderator")
    outcome({})  # makes the key under which addresses are kept, if there is none
    before = rows()
    assert outcome({}).verdict == "approve"
    assert outcome({"moderation_keys": ["can"]}).verdict == "hold"
    assert outcome({"logged_in": "moderator", "history": [BOB]}).verdict == "approve"
    assert rows() == before


def test_cases_do_not_see_one_another():
    one = {"id": "a", "setup": {"moderation_keys": ["wind"]}, "input": BOB | {"text": "The wind"}, "expected": "hold"}
    two = one | {"id": "b", "setup": {}, "expected": "approve"}
    found = cases.run(cases.read(json.dumps({"cases": [one, two, one, two]})))
    assert [outcome.verdict for outcome in found] == ["hold", "approve", "hold", "approve"]


# The command.


def write(path, *given) -> str:
    path.write_text(json.dumps({"about": "x", "cases": list(given)}), encoding="utf-8")
    return str(path)


CASE = {"id": "x-1", "setup": {"comment_moderation": 1}, "input": BOB | {"text": "Hello"}, "expected": "hold"}


def test_it_prints_json(tmp_path):
    out = StringIO()
    trusted = {"comment_previously_approved": 1, "history": [BOB], "karma": 1}
    other = CASE | {"id": "x-2", "setup": trusted, "expected": "approve"}
    call_command("evaluate_policy", write(tmp_path / "cases.json", CASE, other), "--json", stdout=out)
    first, second = json.loads(out.getvalue())["cases"]
    assert first == {
        "id": "x-1",
        "expected": "hold",
        "verdict": "hold",
        "deviation": None,
        "reasons": ["Every comment is read before it appears"],
    }
    assert second["verdict"] == "hold" and "proves nothing" in second["deviation"] and second["unknown"] == ["karma"]


def test_it_prints_a_table(tmp_path):
    out = StringIO()
    other = CASE | {"id": "x-22", "setup": {}}
    call_command("evaluate_policy", write(tmp_path / "cases.json", CASE, other), stdout=out)
    said = out.getvalue()
    assert "= x-1   hold" in said and "! x-22  approve" in said and "No rule was against it" in said
    assert said.endswith("2 cases: 1 as expected, 0 differ on purpose, 1 differ, 0 not about the policy.\n")


@pytest.mark.parametrize(
    "text, words",
    [
        ("", "not JSON"),
        ("[" * 100_000, "not JSON"),
        ("[]", "list “cases”"),
        ('{"cases": {}}', "list “cases”"),
        ('{"cases": [1]}', "Case number 1 has no “id”"),
        ('{"cases": [{"id": "a", "setup": 1}]}', "Case a: “setup” should be an object"),
        ('{"cases": [{"id": "a", "setup": {}, "input": []}]}', "Case a: “input” should be an object"),
        ('{"cases": [{"id": "a", "setup": {}, "input": {}, "expected": 1}]}', "“expected” should be a word"),
    ],
)
def test_a_bad_file_is_one_clear_message(tmp_path, text, words):
    path = tmp_path / "cases.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(CommandError, match=words) as error:
        call_command("evaluate_policy", str(path))
    assert "\n" not in str(error.value)


@pytest.mark.parametrize(
    "setup",
    [
        {"comment_max_links": "many"},
        {"comment_max_links": -1},
        {"comment_max_links": 10**9},
        {"comment_max_links": [1]},
        {"post_age_hours": "nan"},
        {"moderation_keys": 5},
        {"moderation_keys": [5]},
        {"history": {"author": "Bob"}},
        {"history": [5]},
        {"post": "closed"},
        {"registered_user": [1]},
    ],
)
def test_a_bad_value_names_its_case_and_the_others_are_run(tmp_path, setup):
    out = StringIO()
    other = CASE | {"id": "x-2"}
    call_command(
        "evaluate_policy", write(tmp_path / "cases.json", CASE | {"setup": setup}, other), "--json", stdout=out
    )
    bad, good = json.loads(out.getvalue())["cases"]
    assert (bad["verdict"], good["verdict"]) == (None, "hold")
    assert bad["reasons"][0].startswith("Case x-1: “")


def test_a_file_that_is_none_is_one_clear_message(tmp_path):
    (tmp_path / "picture.json").write_bytes(b"\xff\xfe\x00")
    for path in (tmp_path / "nothing.json", tmp_path, tmp_path / "picture.json"):
        with pytest.raises(CommandError, match="cannot be read"):
            call_command("evaluate_policy", str(path))


@pytest.mark.parametrize("given", [{"text": "\ud800"}, {"author": 5}, {"text": None}, {"ip": "x"}, {"parent": {}}])
def test_odd_input_is_taken_as_it_can_be(given):
    assert outcome({}, **given).verdict in ("approve", "refuse")
