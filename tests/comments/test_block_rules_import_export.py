"""Block rules as lines of text: brought in, and taken out again."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from comments import blocking
from comments.blocking import Texts, keys
from comments.models import BlockRule
from tests.comments.block_rule_pages import address_of, messages_of, text_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("moderator")]

OWN = """\
# A remark
spam domain: example.com
hold word: casino until 2030-01-01
reject phrase in name: cheap flights  # the May wave
"""
KEYS = "viagra\nbuy now\n192.168.0.\n10.1.\nspammer@example.org\nspam.example.net\n/x/\n#1\n"


def test_nothing_is_stored_before_it_was_looked_at(client):
    page = text_of(client.post(address_of("import"), {"text": OWN + KEYS, "action": "hold", "_look": "1"}))
    assert "11 new rules, not saved yet" in page and "2 × network addresses" in page
    assert "viagra" in page
    assert not BlockRule.objects.exists()


def test_import(client):
    data = {"text": OWN + KEYS + "VIAGRA\n", "action": "spam", "_import": "1"}
    assert "11 rules are new." in messages_of(client.post(address_of("import"), data, follow=True))

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

    assert "0 rules are new." in messages_of(client.post(address_of("import"), data, follow=True))
    assert BlockRule.objects.count() == 11


def test_doubles_are_counted(client):
    BlockRule.objects.create(pattern="casino")
    page = text_of(client.post(address_of("import"), {"text": "Casino\npoker\nPOKER", "action": "hold"}))
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
    page = text_of(client.post(address_of("import"), {"text": f"good\n\n{line}", "action": "hold"}))
    assert "Line 3" in page and said in page and "1 new rule, not saved yet" in page

    response = client.post(address_of("import"), {"text": f"good\n\n{line}", "action": "hold", "_import": "1"})
    assert [rule.pattern for rule in BlockRule.objects.all()] == ["good"]
    assert f"\n{line}</textarea>" in response.content.decode()


def test_zero_bytes_in_a_file_are_dropped(client):
    upload = SimpleUploadedFile("keys.txt", b"hold word: casino  # from\0 May\nhold word: \0\n")
    page = text_of(client.post(address_of("import"), {"text": "", "upload": upload, "action": "hold", "_import": "1"}))
    assert "1 rule is new" in page and "Write what to look for" in page
    assert BlockRule.objects.get().note == "from May"


def test_a_file_is_read(client):
    upload = SimpleUploadedFile("keys.txt", "\ufeffcasino\r\npoker\r\n".encode())
    page = text_of(client.post(address_of("import"), {"text": "dice", "upload": upload, "action": "hold"}))
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
    response = client.post(address_of("import"), {"text": "", "action": "hold", "_import": "1"} | fields)
    assert response.status_code == 422
    assert said in text_of(response)
    assert not BlockRule.objects.exists()


def test_export(client):
    client.post(address_of("import"), {"text": OWN, "action": "hold", "_import": "1"})
    response = client.get(address_of("export"))
    assert response["Content-Disposition"] == 'attachment; filename="block-rules.txt"'
    assert b"".join(response.streaming_content).decode() == OWN.partition("\n")[2]


def test_export_for_wordpress(client):
    client.post(address_of("import"), {"text": KEYS, "action": "hold", "_import": "1"})
    BlockRule.objects.create(pattern="poker", action="spam")
    BlockRule.objects.create(pattern="2001:db8::/48", match="network", action="spam")
    BlockRule.objects.create(pattern="over", expires_at=timezone.now() - timedelta(days=1))

    hold = b"".join(client.get(f"{address_of('export')}?for=hold").streaming_content).decode()
    assert hold == KEYS
    disallow = b"".join(client.get(f"{address_of('export')}?for=disallow").streaming_content).decode()
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
