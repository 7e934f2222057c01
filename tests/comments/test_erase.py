"""Erasing all that one wrote: what goes, everywhere, and what stays for the others."""

import pytest
from django.apps import apps
from django.contrib.auth.models import AnonymousUser
from django.core.management import call_command
from django.db import connection
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from comments import counts, links, moderation, proof, search
from comments.links import Purpose
from comments.models import (
    BlockRule,
    Comment,
    Commenter,
    CommenterNote,
    ModerationEvent,
    ModerationNote,
    Report,
    Subscription,
)
from comments.policy import Facts
from tests.comments.people import make_commenter, make_own, open_site, own, send, write
from tests.factories import make_comment, make_post, make_user

ADDRESS = "zanzibar@xylophone.example"
MARKS = ["Zanzibar", "xylophone", "quixotic", "ybbinstane", "wolfram", "kindly", "estuary", "harbour"]


@pytest.fixture
def commenter():
    return make_commenter(ADDRESS)


@pytest.fixture
def comment(post, commenter):
    return make_own(
        post,
        commenter=commenter,
        author_name="Zanzibar",
        author_url="https://ybbinstane.example",
        body="quixotic",
        address_digest="d" * 32,
    )


def link_of(commenter) -> str:
    return f"/comment/mine/{links.make(Purpose.MINE, commenter.reference)}/"


def erase(client, commenter):
    return client.post(f"{link_of(commenter)}erase/", {"sure": "on"})


def kept_marks() -> dict[str, set[str]]:
    """In which tables a mark still stands, the search's own table too. Block rules are the moderators' own words."""
    found = {}
    for model in apps.get_models():
        if model is not BlockRule:
            found[model.__name__] = str(list(model.objects.values()))
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM comments_search")
        found["search"] = str(cursor.fetchall())
    kept = {name: {mark for mark in MARKS if mark.lower() in text.lower()} for name, text in found.items()}
    return {name: marks for name, marks in kept.items() if marks}


@pytest.mark.django_db
def test_it_works(client, commenter, comment):
    response = erase(client, commenter)
    comment.refresh_from_db()
    assert response.status_code == 200 and "Everything is erased" in response.content.decode()
    assert (comment.status, comment.body, comment.author_name, comment.author_email) == ("removed", "", "—", "")
    assert comment.withdrawn_at and not Commenter.objects.exists()
    assert response.cookies[proof.COOKIE]["max-age"] == 0


@pytest.mark.django_db
def test_without_the_tick_nothing_goes(client, commenter, comment):
    response = client.post(f"{link_of(commenter)}erase/")
    assert response.status_code == 422 and "Nothing was erased" in response.content.decode()
    assert Comment.objects.get().body == "quixotic"


@pytest.mark.django_db
def test_it_empties_everything_everywhere(client, post, commenter, comment):
    open_site()
    mona = make_user("mona", "Moderator")
    BlockRule(match="email", pattern=ADDRESS).save()
    held = write(client, post, name="Zanzibar", email=ADDRESS, text="wolfram")
    moderation.prove(held, Facts(AnonymousUser()))
    moderation.decide([held], "reject", actor=mona, tell="Not so kindly.")
    moderation.appeal(held, "It was meant kindly.")
    moderation.edit(comment, "quixotic wolfram", actor=mona, seen=comment.state)
    moderation.report(comment, "private", "It names my harbour.", "a" * 32)
    moderation.follow(comment, commenter)
    CommenterNote.objects.create(commenter=commenter, author=mona, text="Knows the estuary.")
    assert {"Comment", "Commenter", "CommenterNote", "ModerationNote", "Report", "search"} <= set(kept_marks())

    erase(client, commenter)

    assert kept_marks() == {}
    assert not Subscription.objects.exists() and not ModerationNote.objects.exists()
    assert not Comment.objects.exclude(address_digest="").exists()
    assert not search.matching(Comment.objects.all(), "quixotic").exists()
    assert counts.recount() == 0


@pytest.mark.django_db
def test_a_strangers_comment_stays_without_the_address(client, post, commenter, comment):
    typed = make_comment(post, author_name="Stranger", author_email=ADDRESS.upper(), body="By a stranger")
    erase(client, commenter)
    typed.refresh_from_db()
    assert (typed.status, typed.body, typed.author_name, typed.author_email) == (
        "approved",
        "By a stranger",
        "Stranger",
        "",
    )
    assert kept_marks() == {}
    assert list(search.matching(Comment.objects.all(), "stranger")) == [typed]


@pytest.mark.django_db
def test_other_peoples_stay_as_they_are(client, post, commenter, comment):
    others = [
        make_comment(post, author_name="Gull", author_email="gull@example.org"),
        make_comment(post, commenter=make_commenter("heron@example.org"), author_email="heron@example.org"),
        make_comment(post, user=make_user("reader")),
    ]
    before = list(Comment.objects.filter(pk__in=[other.pk for other in others]).order_by("pk").values())
    erase(client, commenter)
    assert list(Comment.objects.exclude(pk=comment.pk).order_by("pk").values()) == before
    assert Commenter.objects.get().email == "heron@example.org"


@pytest.mark.django_db
def test_the_thread_still_reads_well(client, post, commenter, comment):
    reply = make_comment(post, parent=comment, author_name="Gull", body="No, the moon.")
    erase(client, commenter)
    html = client.get(post.get_absolute_url()).content.decode()
    assert "Comment withdrawn by its writer." in html and "No, the moon." in html and f"comment-{reply.pk}" in html
    assert not [mark for mark in MARKS if mark.lower() in html.lower()] and "1 comment" in html


@pytest.mark.django_db
def test_the_log_keeps_its_lines(client, commenter, comment):
    moderation.decide([comment], "reject", actor=make_user("mona", "Moderator"))
    erase(client, commenter)
    last, first = ModerationEvent.objects.filter(comment_id=comment.pk)
    assert (first.reason, last.reason, last.rule, last.to_status, last.batch) == (
        "by_moderator",
        "erased",
        "writer",
        "removed",
        None,
    )


@pytest.mark.django_db
def test_what_was_withdrawn_before_is_emptied_too_and_said_once(client, commenter, comment):
    moderation.withdraw(comment)
    erase(client, commenter)
    assert kept_marks() == {}
    assert [event.reason for event in ModerationEvent.objects.all()] == ["withdrawn"]


@pytest.mark.django_db
def test_no_moderator_brings_it_back(client, commenter, comment):
    mona = make_user("mona", "Moderator")
    batch = moderation.decide([comment], "reject", actor=mona).batch
    erase(client, commenter)
    for verb in moderation.Verb:
        assert moderation.decide([comment], verb, actor=mona).left == [comment.pk]
    assert moderation.undo(batch, actor=mona, among=Comment.objects.all()).left == [comment.pk]


@pytest.mark.django_db
def test_the_comments_own_page_says_that_it_is_gone(client, commenter, comment):
    address = own(comment)
    erase(client, commenter)
    html = client.get(address).content.decode()
    assert "You have withdrawn this comment." in html and not [mark for mark in MARKS if mark in html]
    for what in ("edit", "appeal", "mail", "mine"):
        assert client.post(f"{address}{what}/", {"text": "New", "words": "Please"}).status_code == 409


@pytest.mark.django_db
def test_a_second_visit_says_that_there_is_nothing(client, commenter, comment):
    link = link_of(commenter)
    erase(client, commenter)
    for method, what in ((client.get, ""), (client.post, "erase/"), (client.post, "export/")):
        response = method(f"{link}{what}", {"sure": "on"})
        assert response.status_code == 410 and "nothing any more" in response.content.decode()


@pytest.mark.django_db
def test_an_accounts_comments_go_and_the_account_stays(client, post):
    reader = make_user("reader")
    comment = make_own(post, user=reader, body="quixotic")
    moderation.follow(comment, Commenter(user=reader))
    response = erase(client, Commenter.objects.get())
    comment.refresh_from_db()
    assert response.status_code == 200 and (comment.user, comment.body, comment.author_name) == (None, "", "—")
    assert not Commenter.objects.exists() and not Subscription.objects.exists()
    again = client.get(link_of(Commenter(user=reader)))
    assert again.status_code == 200 and "There is no comment." in again.content.decode()


@pytest.mark.django_db
def test_an_account_that_is_blocked_stays_so(client, post):
    """Or whoever is blocked would be free again by erasing what was held against them."""
    reader = make_user("reader")
    make_own(post, user=reader)
    blocked = Commenter.objects.create(user=reader, blocked_at=timezone.now())
    CommenterNote.objects.create(commenter=blocked, text="kindly")
    erase(client, blocked)
    assert Commenter.objects.get().blocked_at == blocked.blocked_at and not CommenterNote.objects.exists()
    client.force_login(reader)
    assert send(client, post).status_code == 403


@pytest.mark.django_db
def test_begun_again_it_goes_on_where_it_was(client, post, commenter, monkeypatch):
    monkeypatch.setattr("comments.moderation.writer.AT_ONCE", 2)
    for _ in range(5):
        make_own(post, commenter=commenter, body="quixotic")
    Comment.objects.filter(pk__in=Comment.objects.values("pk")[:2]).update(commenter=None, body="", author_email="")
    assert moderation.erase(commenter) == 3
    assert not Comment.objects.exclude(body="").exists() and counts.recount() == 0


ONE = st.tuples(
    st.sampled_from(Comment.Status.values),
    st.booleans(),  # a reply to the one before
    st.sampled_from(["theirs", "typed", "another"]),
    st.sampled_from(["", "withdrawn", "reported", "appealed", "answered"]),
)


class ErasingAnything(TestCase):
    @settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.lists(ONE, max_size=8))
    def test_nothing_of_theirs_is_left_and_all_others_are(self, written):
        open_site()
        mona, post, commenter = make_user("mona", "Moderator"), make_post(), make_commenter(ADDRESS)
        theirs, others, before = [], {}, None
        for status, is_reply, whose, then in written:
            values = {"status": status, "parent": before if is_reply else None}
            if whose == "another":
                comment = make_own(post, author_name="Gull", author_email="gull@example.org", body="No.", **values)
                others[comment.pk] = "No."
            elif whose == "typed":
                comment = make_own(post, author_email=ADDRESS, author_name="Stranger", body="Well.", **values)
                others[comment.pk] = "Well."
            else:
                comment = make_own(post, author_name="Zanzibar", commenter=commenter, body="quixotic", **values)
                theirs.append(comment.pk)
            if then == "withdrawn" and whose == "theirs":
                moderation.withdraw(comment)
            elif then == "reported":
                moderation.report(comment, "rude", "harbour" if whose == "theirs" else "", "a" * 32)
            elif then == "appealed" and whose == "theirs":
                moderation.decide([comment], "reject", actor=mona, tell="kindly")
                moderation.appeal(comment, "kindly")
            elif then == "answered" and status == "approved":
                moderation.reply(comment, "Yes.", actor=mona, seen=comment.state)
            before = comment
        shown = set(Comment.objects.filter(status="approved").exclude(pk__in=theirs).values_list("pk", flat=True))
        events = set(ModerationEvent.objects.values_list("pk", flat=True))

        moderation.erase(commenter)

        assert kept_marks() == {}
        assert set(Comment.objects.filter(pk__in=theirs).values_list("status", "body")) <= {("removed", "")}
        assert dict(Comment.objects.filter(pk__in=others).values_list("pk", "body")) == others
        assert set(Comment.objects.filter(status="approved").values_list("pk", flat=True)) == shown
        assert events <= set(ModerationEvent.objects.values_list("pk", flat=True))
        assert counts.recount() == 0
        assert self.client.get(post.get_absolute_url()).status_code == 200


@pytest.mark.django_db
def test_the_counts_are_right_afterwards(client, commenter, comment, capsys):
    erase(client, commenter)
    call_command("recount")
    assert "right" in capsys.readouterr().out
    assert Report.objects.count() == 0
