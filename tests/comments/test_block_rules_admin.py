"""The desk of the block rules."""

from datetime import timedelta

import pytest
from django.contrib.admin.models import LogEntry
from django.urls import reverse
from django.utils import timezone

from comments import blocking
from comments.blocking import Texts
from comments.models import AddressKey, BlockRule, CommentSettings
from tests.comments.block_rule_pages import address_of, messages_of, text_of
from tests.factories import make_comment, make_post

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("moderator")]


def form_data(**fields) -> dict:
    return {
        "match": "word",
        "pattern": "casino",
        "field": "any",
        "action": "hold",
        "note": "",
        "expires_at": "",
    } | fields


def test_a_rule_is_added_and_hits(client):
    response = client.post(address_of("add"), form_data(action="spam", note="the May wave"), follow=True)

    assert "saved and in force" in messages_of(response)
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
    response = client.post(address_of("add"), form_data(match=match, pattern=typed), follow=True)

    rule = BlockRule.objects.get()
    assert (rule.match, rule.folded) == (kept, folded)
    assert said in messages_of(response)


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
    response = client.post(address_of("add"), form_data(note="my note", **fields))

    assert response.status_code == 200
    assert said in text_of(response) and 'value="my note"' in text_of(response)
    assert not BlockRule.objects.exists()


def test_a_twin_is_refused_with_the_way_to_it(client):
    twin = BlockRule.objects.create(pattern="casino")
    response = client.post(address_of("add"), form_data(pattern="ＣＡＳＩＮＯ"))
    assert "There is a rule for this already" in text_of(response)
    assert address_of("change", twin.pk) in text_of(response)


def test_a_rule_is_changed(client):
    rule = BlockRule.objects.create(pattern="casino", hits=3, overturned=1, last_hit_at=timezone.now())
    page = text_of(client.get(address_of("change", rule.pk)))
    assert "Has hit 3 comments" in page and "1 of them is approved now" in page

    client.post(address_of("change", rule.pk), form_data(pattern="poker"))
    rule.refresh_from_db()
    assert (rule.folded, rule.hits) == ("poker", 3)


def test_check_shows_what_it_would_hit_and_saves_nothing(client):
    post = make_post()
    good = make_comment(post, body="My grandfather built the <b>casino</b> here.", author_name="Ann")
    make_comment(post, body="Nothing of the kind.")
    make_comment(post, body="casino casino", status="spam")

    page = text_of(client.post(address_of("add"), form_data(_check="1", note="my note")))
    assert "<strong>1</strong> of the newest 2 approved comments" in page
    assert reverse("admin:comments_comment_change", args=[good.pk]) in page
    assert 'value="my note"' in page and "errornote" not in page
    assert not BlockRule.objects.exists()


def test_check_without_comments(client):
    assert "no approved comments yet" in text_of(client.post(address_of("add"), form_data(_check="1")))


def test_check_says_what_is_wrong(client):
    page = text_of(client.post(address_of("add"), form_data(_check="1", match="domain", pattern="none")))
    assert "not a domain" in page and "What it would have hit" not in page


def test_check_of_a_rule_that_is_there_leaves_it(client):
    rule = BlockRule.objects.create(pattern="casino")
    make_comment(make_post(), body="poker")
    page = text_of(client.post(address_of("change", rule.pk), form_data(_check="1", pattern="poker")))
    assert "<strong>1</strong> of the newest 1 approved comment." in page
    rule.refresh_from_db()
    assert rule.pattern == "casino"


def test_saving_says_what_it_would_have_hit(client):
    make_comment(make_post(), body="casino")
    response = client.post(address_of("add"), form_data(), follow=True)
    assert "Of the newest 1 approved comment it would have hit 1." in messages_of(response)


def test_the_list_searches_and_filters(client, django_assert_max_num_queries):
    now = timezone.now()
    BlockRule.objects.create(pattern="casino", hits=2, overturned=1)
    BlockRule.objects.create(pattern="example.com", match="domain", expires_at=now - timedelta(days=1))
    with django_assert_max_num_queries(12):
        page = text_of(client.get(address_of("changelist")))
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
        page = text_of(client.get(f"{address_of('changelist')}?{query}"))
        assert shown in page and left_out not in page, query


def test_selected_rules_are_deleted(client):
    rules = [BlockRule.objects.create(pattern=word) for word in ("casino", "poker", "dice")]
    chosen = {"action": "delete_selected", "_selected_action": [rule.pk for rule in rules[:2]]}
    assert blocking.hits(Texts(body="casino"), timezone.now())

    page = text_of(client.post(address_of("changelist"), chosen))
    assert "Delete these 2 rules?" in page and "poker" in page and "dice" not in page
    client.post(address_of("changelist"), chosen | {"post": "yes"})
    assert [rule.pattern for rule in BlockRule.objects.all()] == ["dice"]
    assert not blocking.hits(Texts(body="casino"), timezone.now())


def test_more_than_a_page_is_deleted_as_what_the_list_found(client):
    BlockRule.objects.bulk_create(BlockRule(pattern=f"casino{n}") for n in range(2_500))
    BlockRule.objects.create(pattern="other")
    chosen = {"action": "delete_selected", "select_across": "1", "_selected_action": [BlockRule.objects.first().pk]}

    page = client.post(f"{address_of('changelist')}?q=casino", chosen)
    assert "Delete these 2500 rules?" in text_of(page) and "and 2480 more" in text_of(page)
    assert page.content.count(b'name="_selected_action"') == 1
    client.post(f"{address_of('changelist')}?q=casino", chosen | {"post": "yes"})
    assert [rule.pattern for rule in BlockRule.objects.all()] == ["other"]
    assert [entry.object_repr for entry in LogEntry.objects.all()] == ["2500 block rules"]


# The test box.


def test_the_test_box_names_the_rules_and_what_would_become_of_it(client):
    BlockRule.objects.create(pattern="casino", action="hold")
    BlockRule.objects.create(pattern="example.com", match="domain", action="spam")
    BlockRule.objects.create(pattern="poker", action="reject")

    page = text_of(client.post(address_of("test"), {"text": "A CАSINO", "email": "me@shop.example.com"}))
    assert "2 rules match" in page and "It would be marked as spam." in page
    assert "A CАSINO" in page and "me@shop.example.com" in page
    assert not BlockRule.objects.filter(hits__gt=0).exists()
    assert "No rule has anything against it." in text_of(client.post(address_of("test"), {"text": "Fine."}))
    assert "would not be taken" in text_of(client.post(address_of("test"), {"text": "casino poker"}))


def test_a_network_is_not_known_without_an_address(client):
    BlockRule.objects.create(pattern="10.1.0.0/16", match="network")
    assert "Not known: 1 rule is about a network" in text_of(client.post(address_of("test"), {"text": "x"}))
    page = text_of(client.post(address_of("test"), {"address": "10.1.2.3"}))
    assert "1 rule matches" in page and "Not known" not in page


def test_an_address_that_is_none(client):
    response = client.post(address_of("test"), {"text": "kept", "address": "here"})
    assert response.status_code == 422
    assert "This is no network address" in text_of(response) and "kept" in text_of(response)


def test_the_key_of_addresses_is_made_when_it_is_needed(client):
    AddressKey.objects.all().delete()
    client.post(address_of("add"), form_data(match="network", pattern="192.0.2.0/24"))
    assert client.post(address_of("test"), {"address": "192.0.2.9"}).status_code == 200


def test_settings_that_were_open_meanwhile_do_not_hide_a_new_rule(db):
    CommentSettings().save()
    opened = CommentSettings.load()
    rule = BlockRule(pattern="casino")
    rule.save()
    version = CommentSettings.load().rules_version

    opened.message = "Welcome."
    opened.save()

    assert (CommentSettings.load().rules_version, CommentSettings.load().message) == (version, "Welcome.")
