"""The desk of the block rules."""

from datetime import timedelta

import pytest
from django.contrib.admin.models import LogEntry
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from comments import blocking
from comments.blocking import Texts, keys
from comments.models import AddressKey, BlockRule, CommentSettings
from tests.factories import make_comment, make_post

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("moderator")]


def _address(name: str, *args) -> str:
    return reverse(f"admin:comments_blockrule_{name}", args=args)


def _payload(**fields) -> dict:
    return {
        "match": "word",
        "pattern": "casino",
        "field": "any",
        "action": "hold",
        "note": "",
        "expires_at": "",
    } | fields


def _text(response) -> str:
    return " ".join(response.content.decode().split())


def _said(response) -> str:
    return " ".join(str(message) for message in response.context["messages"])


def test_a_rule_is_added_and_hits(client):
    response = client.post(_address("add"), _payload(action="spam", note="the May wave"), follow=True)

    assert "saved and in force" in _said(response)
    rule = BlockRule.objects.get()
    assert (rule.match, rule.pattern, rule.folded, rule.action, rule.note) == (
        "word",
        "casino",
        "casino",
        "spam",
        "the May wave",
    )
    assert blocking.hits(Texts(body="Casino!"), timezone.now())


@pytest.mark.parametrize(
    ("match", "typed", "kept", "folded", "said"),
    [
        ("phrase", "Casino", "word", "casino", "One word only"),
        ("word", "cheap flights", "phrase", "cheap flights", "kept as a phrase"),
        ("word", "c++", "word", "c", "found as “c”"),
        ("word", "博彩", "fragment", "博彩", "no spaces"),
        ("fragment", "ass", "fragment", "ass", "inside longer words"),
        ("domain", "https://www.Example.com/path?x", "domain", "example.com", "Only the domain is kept"),
        ("domain", "*.example.com", "domain", "example.com", "Only the domain is kept"),
        ("network", "192.0.2.7", "network", "192.0.2.0/24", "192.0.2.0/24"),
        ("network", "2001:db8:1:2::3", "network", "2001:db8:1::/48", "2001:db8:1::/48"),
        ("network", "10.1.", "network", "10.1.0.0/16", "moment when somebody writes"),
    ],
)
def test_what_becomes_of_a_pattern_is_said(client, match, typed, kept, folded, said):
    response = client.post(_address("add"), _payload(match=match, pattern=typed), follow=True)

    rule = BlockRule.objects.get()
    assert (rule.match, rule.folded) == (kept, folded)
    assert said in _said(response)


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"pattern": ""}, "required"),
        ({"pattern": "!!!"}, "no letter or digit"),
        ({"match": "fragment", "pattern": "\u200b"}, "Nothing in this can be seen"),
        ({"match": "prefix", "pattern": "two words"}, "no space or mark inside"),
        ({"match": "domain", "pattern": "not a domain"}, "not a domain"),
        ({"match": "domain", "pattern": "localhost"}, "not a domain"),
        ({"match": "email", "pattern": "me@"}, "not an e-mail address"),
        ({"match": "network", "pattern": "300.1.2.3"}, "This is no network"),
        ({"match": "network", "pattern": "192.0.2.1", "field": "name"}, "choose “anywhere”"),
        ({"match": "nothing"}, "Select a valid choice"),
        ({"expires_at": "2020-01-01T00:00"}, "This is past"),
        ({"expires_at": "9999-12-31T23:59"}, "leave it empty"),
        ({"pattern": "a" * 201}, "at most 200 characters"),
    ],
)
def test_what_is_wrong_is_said_beside_it_and_nothing_is_lost(client, fields, said):
    response = client.post(_address("add"), _payload(note="my note", **fields))

    assert response.status_code == 200
    assert said in _text(response) and 'value="my note"' in _text(response)
    assert not BlockRule.objects.exists()


def test_a_twin_is_refused_with_the_way_to_it(client):
    twin = BlockRule.objects.create(pattern="casino")
    response = client.post(_address("add"), _payload(pattern="ＣＡＳＩＮＯ"))
    assert "There is a rule for this already" in _text(response)
    assert _address("change", twin.pk) in _text(response)


def test_a_rule_is_changed(client):
    rule = BlockRule.objects.create(pattern="casino", hits=3, overturned=1, last_hit_at=timezone.now())
    page = _text(client.get(_address("change", rule.pk)))
    assert "Has hit 3 comments" in page and "1 of them is approved now" in page

    client.post(_address("change", rule.pk), _payload(pattern="poker"))
    rule.refresh_from_db()
    assert (rule.folded, rule.hits) == ("poker", 3)


def test_check_shows_what_it_would_hit_and_saves_nothing(client):
    post = make_post()
    good = make_comment(post, body="My grandfather built the <b>casino</b> here.", author_name="Ann")
    make_comment(post, body="Nothing of the kind.")
    make_comment(post, body="casino casino", status="spam")

    page = _text(client.post(_address("add"), _payload(_check="1", note="my note")))
    assert "<strong>1</strong> of the newest 2 approved comments" in page
    assert reverse("admin:comments_comment_change", args=[good.pk]) in page
    assert 'value="my note"' in page and "errornote" not in page
    assert not BlockRule.objects.exists()


def test_check_without_comments(client):
    assert "no approved comments yet" in _text(client.post(_address("add"), _payload(_check="1")))


def test_check_says_what_is_wrong(client):
    page = _text(client.post(_address("add"), _payload(_check="1", match="domain", pattern="none")))
    assert "not a domain" in page and "What it would have hit" not in page


def test_check_of_a_rule_that_is_there_leaves_it(client):
    rule = BlockRule.objects.create(pattern="casino")
    make_comment(make_post(), body="poker")
    page = _text(client.post(_address("change", rule.pk), _payload(_check="1", pattern="poker")))
    assert "<strong>1</strong> of the newest 1 approved comment." in page
    rule.refresh_from_db()
    assert rule.pattern == "casino"


def test_saving_says_what_it_would_have_hit(client):
    make_comment(make_post(), body="casino")
    response = client.post(_address("add"), _payload(), follow=True)
    assert "Of the newest 1 approved comment it would have hit 1." in _said(response)


def test_the_list_searches_and_filters(client, django_assert_max_num_queries):
    now = timezone.now()
    BlockRule.objects.create(pattern="casino", hits=2, overturned=1)
    BlockRule.objects.create(pattern="example.com", match="domain", expires_at=now - timedelta(days=1))
    with django_assert_max_num_queries(12):
        page = _text(client.get(_address("changelist")))
    assert "casino" in page and "over since" in page
    for query, shown, left_out in [
        ("q=casi", "casino", "example.com"),
        ("match__exact=domain", "example.com", ">casino<"),
        ("in_force=yes", "casino", "example.com"),
        ("in_force=no", "example.com", ">casino<"),
        ("record=overturned", "casino", "example.com"),
        ("record=never", "example.com", ">casino<"),
        ("record=hit", "casino", "example.com"),
    ]:
        page = _text(client.get(f"{_address('changelist')}?{query}"))
        assert shown in page and left_out not in page, query


def test_selected_rules_are_deleted(client):
    rules = [BlockRule.objects.create(pattern=word) for word in ("casino", "poker", "dice")]
    chosen = {"action": "delete_selected", "_selected_action": [rule.pk for rule in rules[:2]]}
    assert blocking.hits(Texts(body="casino"), timezone.now())

    page = _text(client.post(_address("changelist"), chosen))
    assert "Delete these 2 rules?" in page and "poker" in page and "dice" not in page
    client.post(_address("changelist"), chosen | {"post": "yes"})
    assert [rule.pattern for rule in BlockRule.objects.all()] == ["dice"]
    assert not blocking.hits(Texts(body="casino"), timezone.now())


def test_more_than_a_page_is_deleted_as_what_the_list_found(client):
    BlockRule.objects.bulk_create(BlockRule(pattern=f"casino{n}") for n in range(2_500))
    BlockRule.objects.create(pattern="other")
    chosen = {"action": "delete_selected", "select_across": "1", "_selected_action": [BlockRule.objects.first().pk]}

    page = client.post(f"{_address('changelist')}?q=casino", chosen)
    assert "Delete these 2500 rules?" in _text(page) and "and 2480 more" in _text(page)
    assert page.content.count(b'name="_selected_action"') == 1
    client.post(f"{_address('changelist')}?q=casino", chosen | {"post": "yes"})
    assert [rule.pattern for rule in BlockRule.objects.all()] == ["other"]
    assert [entry.object_repr for entry in LogEntry.objects.all()] == ["2500 block rules"]


# The test box.


def test_the_test_box_names_the_rules_and_what_would_become_of_it(client):
    BlockRule.objects.create(pattern="casino", action="hold")
    BlockRule.objects.create(pattern="example.com", match="domain", action="spam")
    BlockRule.objects.create(pattern="poker", action="reject")

    page = _text(client.post(_address("test"), {"text": "A CАSINO", "email": "me@shop.example.com"}))
    assert "2 rules match" in page and "It would be marked as spam." in page
    assert "A CАSINO" in page and "me@shop.example.com" in page
    assert not BlockRule.objects.filter(hits__gt=0).exists()
    assert "No rule has anything against it." in _text(client.post(_address("test"), {"text": "Fine."}))
    assert "would not be taken" in _text(client.post(_address("test"), {"text": "casino poker"}))


def test_a_network_is_not_known_without_an_address(client):
    BlockRule.objects.create(pattern="10.1.0.0/16", match="network")
    assert "Not known: 1 rule is about a network" in _text(client.post(_address("test"), {"text": "x"}))
    page = _text(client.post(_address("test"), {"address": "10.1.2.3"}))
    assert "1 rule matches" in page and "Not known" not in page


def test_an_address_that_is_none(client):
    response = client.post(_address("test"), {"text": "kept", "address": "here"})
    assert response.status_code == 422
    assert "This is no network address" in _text(response) and "kept" in _text(response)


# Import and export.

OWN = """\
# A remark
spam domain: example.com
hold word: casino until 2030-01-01
reject phrase in name: cheap flights  # the May wave
"""
KEYS = "viagra\nbuy now\n192.168.0.\n10.1.\nspammer@example.org\nspam.example.net\n/x/\n#1\n"


def test_nothing_is_stored_before_it_was_looked_at(client):
    page = _text(client.post(_address("import"), {"text": OWN + KEYS, "action": "hold", "_look": "1"}))
    assert "11 new rules, not saved yet" in page and "2 × network addresses" in page
    assert "viagra" in page
    assert not BlockRule.objects.exists()


def test_import(client):
    data = {"text": OWN + KEYS + "VIAGRA\n", "action": "spam", "_import": "1"}
    assert "11 rules are new." in _said(client.post(_address("import"), data, follow=True))

    rules = {rule.pattern: rule for rule in BlockRule.objects.all()}
    assert {pattern: (rule.match, rule.action) for pattern, rule in rules.items()} == {
        "example.com": ("domain", "spam"),
        "casino": ("word", "hold"),
        "cheap flights": ("phrase", "reject"),
        "viagra": ("word", "spam"),
        "buy now": ("phrase", "spam"),
        "192.168.0.0/24": ("network", "spam"),
        "10.1.0.0/16": ("network", "spam"),
        "spammer@example.org": ("email", "spam"),
        "spam.example.net": ("domain", "spam"),
        "/x/": ("fragment", "spam"),
        "#1": ("fragment", "spam"),
    }
    assert (rules["cheap flights"].field, rules["cheap flights"].note) == ("name", "the May wave")
    assert timezone.localtime(rules["casino"].expires_at).isoformat().startswith("2030-01-01T00:00")
    assert blocking.hits(Texts(body="viagra"), timezone.now())

    assert "0 rules are new." in _said(client.post(_address("import"), data, follow=True))
    assert BlockRule.objects.count() == 11


def test_doubles_are_counted(client):
    BlockRule.objects.create(pattern="casino")
    page = _text(client.post(_address("import"), {"text": "Casino\npoker\nPOKER", "action": "hold"}))
    assert "1 new rule, not saved yet" in page
    assert "1 line is left out" in page and "1 line says again" in page


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("spam domain: none", "not a domain"),
        ("hold network: 1.2.3", "no network"),
        ("hold network in name: 192.0.2.0/24", "has no “in”"),
        ("hold word: casino until 2030-02-31", "no such day"),
        ("hold word: casino until 0001-01-01", "no such day"),
        ("hold word: casino until 9999-12-31 23:59", "no such day"),
        ("hold word:", "Write what to look for"),
        ("x" * 201, "too long"),
    ],
)
def test_a_line_that_cannot_be_read_is_named_and_stays(client, line, said):
    page = _text(client.post(_address("import"), {"text": f"good\n\n{line}", "action": "hold"}))
    assert "Line 3" in page and said in page and "1 new rule, not saved yet" in page

    response = client.post(_address("import"), {"text": f"good\n\n{line}", "action": "hold", "_import": "1"})
    assert [rule.pattern for rule in BlockRule.objects.all()] == ["good"]
    assert f"\n{line}</textarea>" in response.content.decode()


def test_zero_bytes_in_a_file_are_dropped(client):
    upload = SimpleUploadedFile("keys.txt", b"hold word: casino  # from\0 May\nhold word: \0\n")
    page = _text(client.post(_address("import"), {"text": "", "upload": upload, "action": "hold", "_import": "1"}))
    assert "1 rule is new" in page and "Write what to look for" in page
    assert BlockRule.objects.get().note == "from May"


def test_a_file_is_read(client):
    upload = SimpleUploadedFile("keys.txt", "\ufeffcasino\r\npoker\r\n".encode())
    page = _text(client.post(_address("import"), {"text": "dice", "upload": upload, "action": "hold"}))
    assert "3 new rules, not saved yet" in page
    assert "casino" in page.partition("<textarea")[2].partition("</textarea>")[0]


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"text": " "}, "at least one rule"),
        ({"upload": SimpleUploadedFile("keys.txt", b"\xff\xfe\x00c")}, "no text in UTF-8"),
        ({"upload": SimpleUploadedFile("keys.txt", b"x" * 2_000_001)}, "too large"),
        ({"text": "é" * 1_000_001}, "too much at once"),
        ({"text": "casino", "action": "burn"}, "Select a valid choice"),
        ({"text": "casino\0", "upload": SimpleUploadedFile("keys.txt", b"dice")}, "Null characters"),
    ],
)
def test_an_import_that_is_refused(client, fields, said):
    response = client.post(_address("import"), {"text": "", "action": "hold", "_import": "1"} | fields)
    assert response.status_code == 422
    assert said in _text(response)
    assert not BlockRule.objects.exists()


def test_export(client):
    client.post(_address("import"), {"text": OWN, "action": "hold", "_import": "1"})
    response = client.get(_address("export"))
    assert response["Content-Disposition"] == 'attachment; filename="block-rules.txt"'
    assert b"".join(response.streaming_content).decode() == OWN.partition("\n")[2]


def test_export_for_wordpress(client):
    client.post(_address("import"), {"text": KEYS, "action": "hold", "_import": "1"})
    BlockRule.objects.create(pattern="poker", action="spam")
    BlockRule.objects.create(pattern="2001:db8::/48", match="network", action="spam")
    BlockRule.objects.create(pattern="over", expires_at=timezone.now() - timedelta(days=1))

    hold = b"".join(client.get(f"{_address('export')}?for=hold").streaming_content).decode()
    assert hold == KEYS
    disallow = b"".join(client.get(f"{_address('export')}?for=disallow").streaming_content).decode()
    assert disallow == "poker\n"


@given(
    st.sampled_from(BlockRule.Match.values),
    st.text(min_size=1, max_size=20)
    | st.sampled_from(["a until 2030-01-01", "until 2030-01-01", '"x"', '"', "x  # y", "# x", "spam word: x"]),
    st.sampled_from(BlockRule.Field.values),
    st.sampled_from(BlockRule.Action.values),
    st.none() | st.datetimes(timezone.datetime(2001, 1, 1), timezone.datetime(2100, 1, 1)),
    st.text(st.characters(categories=["L", "N", "P", "Zs"]), max_size=20),
)
def test_what_is_exported_is_read_again(match, pattern, field, action, moment, note):
    rule = BlockRule(match=match, pattern=pattern, field=field, action=action, note=" ".join(note.split()))
    rule.expires_at = timezone.make_aware(moment.replace(microsecond=0)) if moment else None
    try:
        rule.read()
    except ValidationError:
        return
    if rule.match == "network":
        rule.field = "any"

    (line,) = keys.lines([rule])
    made = keys.draft(line, "hold")

    assert made.faults == []
    (again,) = made.rules
    for name in ("match", "pattern", "folded", "field", "action", "expires_at", "note"):
        assert getattr(again, name) == getattr(rule, name), line


def test_the_key_of_addresses_is_made_when_it_is_needed(client):
    AddressKey.objects.all().delete()
    client.post(_address("add"), _payload(match="network", pattern="192.0.2.0/24"))
    assert client.post(_address("test"), {"address": "192.0.2.9"}).status_code == 200


def test_settings_that_were_open_meanwhile_do_not_hide_a_new_rule(db):
    CommentSettings().save()
    opened = CommentSettings.load()
    rule = BlockRule(pattern="casino")
    rule.save()
    version = CommentSettings.load().rules_version

    opened.message = "Welcome."
    opened.save()

    assert (CommentSettings.load().rules_version, CommentSettings.load().message) == (version, "Welcome.")
