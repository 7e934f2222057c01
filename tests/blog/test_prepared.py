"""Queries whose SQL is written once."""

import types
from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction
from django.db.models import CharField, F, Model, Value
from django.db.models.functions import Now
from django.utils import timezone
from hypothesis import example, given, settings
from hypothesis import strategies as st

from blog.models import Page, Post
from blog.prepared import Given, Prepared
from blog.views import POST
from comments.models import Comment, ModerationEvent
from tests.factories import make_page, make_post, make_user

pytestmark = pytest.mark.django_db

TITLED = Prepared(
    lambda: Post.objects.filter(title=Given("title")).select_related("author").only("title", "author__slug")
)
DUE = Prepared(lambda: Post.objects.published(Given("now")).values_list("title", "published_at"))
SLUGS = Prepared(lambda: Post.objects.order_by("pk").values_list("slug", flat=True))


def test_it_gives_the_rows_of_a_queryset(django_assert_num_queries):
    make_post(make_user("gull"), title="Tides")
    make_post(title="Harbour")
    for title, author in (("Tides", "gull"), ("Harbour", "author")):
        with django_assert_num_queries(1):
            (post,) = TITLED(title=title)
            assert (post.title, post.author.slug) == (title, author)
    assert TITLED(title="Moon") == []
    assert SLUGS() == ["tides", "harbour"]


def test_what_was_worked_out_stands_on_each():
    tides = make_post(title="Tides")
    twice = Post.objects.filter(title=Given("title")).annotate(twice=F("pk") * 2)
    asked = Prepared(lambda: twice.select_related("author").only("title", "author__slug"))
    assert [(post.twice, post.author.slug) for post in asked(title="Tides")] == [(2 * tides.pk, "author")]


def test_what_was_left_out_is_read_when_asked_for(django_assert_num_queries):
    make_post(title="Tides", body="<p>Low water.</p>")
    (post,) = TITLED(title="Tides")
    with django_assert_num_queries(1):
        assert "Low water." in post.body_html


def test_a_moment_is_compared_as_the_database_keeps_it():
    now = timezone.now()
    due = make_post(title="Soon", published_at=now + timedelta(hours=1))
    assert DUE(now=now) == []
    assert DUE(now=now + timedelta(hours=1)) == [("Soon", due.published_at)]


def test_rows_read_later_are_those_of_later():
    post = make_post(title="Tides")
    assert SLUGS() == ["tides"]
    Post.objects.filter(pk=post.pk).update(slug="ebb")
    assert SLUGS() == ["ebb"]


@given(words=st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=20))
@example(words="'; --")
@example(words="100% of %s, %%s and \\'")
@settings(max_examples=50)
def test_words_that_do_not_change_stand_in_the_query(words):
    said = Post.objects.annotate(words=Value(words, CharField()), many=Value(-len(words)), pin=Value(True))
    asked = Prepared(lambda: said.filter(slug=Given("slug")).values_list("words", "many", "pin")[:5])
    with transaction.atomic():
        Post.objects.all().delete()
        make_post(slug="here")
        assert asked(slug="here") == [(words, -len(words), True)] and asked(slug="there") == []
    _sql, left, *_made = asked._written
    assert [type(param) for param in left] == [Given]


def test_a_post_is_found_by_a_plan_that_stands():
    """SQLite plans anew, each time, what could use a partial index depending on a parameter."""
    sql, left, *_made = POST._written
    assert "\"status\" = 'published'" in sql
    assert all(isinstance(param, Given) for param in left)


def test_it_takes_no_query_that_it_would_answer_wrongly():
    with pytest.raises(KeyError):
        Prepared(lambda: Post.objects.values("title"))()


def test_a_scheduled_page_comes_into_the_menu_and_a_post_to_its_address_in_time(client, time_machine):
    time_machine.move_to("2026-03-14 12:00Z", tick=False)
    later = timezone.now() + timedelta(hours=1)
    make_page(title="About tides", published_at=later)
    post = make_post(title="Harbour", published_at=later)
    assert "About tides" not in client.get("/").content.decode()
    assert client.get(post.get_absolute_url()).status_code == 404
    time_machine.move_to("2026-03-14 13:00Z", tick=False)
    assert "About tides" in client.get("/").content.decode()
    assert client.get(post.get_absolute_url()).status_code == 200


def test_pages_are_not_taken_for_posts(client):
    page = make_page(title="About")
    assert isinstance(Page.objects.get(pk=page.pk), Page)
    assert client.get(f"/2026/03/{page.slug}/").status_code == 404


def test_a_row_written_once_is_as_any_other():
    values = {
        "author_name": "Gull",
        "author_email": "g@example.org",
        "body": "Low “water” \U0001f30a",
        "submission": None,
    }
    values |= {"post": make_post(), "reasons": [{"a": "b"}, "ü"], "spam_score": 0.5, "status": "approved"}
    ours, theirs = Comment(**values), Comment(**values)
    ours.save()
    theirs._do_insert = types.MethodType(Model._do_insert, theirs)
    theirs.save()
    assert ours.in_thread is theirs.in_thread is True
    columns = [
        field.attname for field in Comment._meta.concrete_fields if field.name not in ("id", "path", "created_at")
    ]
    rows = Comment.objects.values_list(*columns).order_by("pk")
    assert rows[0] == rows[1]
    assert Comment.objects.get(pk=ours.pk).created_at == ours.created_at


def test_a_row_written_once_may_bring_its_key():
    Comment(pk=70, post=make_post(), author_name="Gull", body="Low").save(force_insert=True)
    assert Comment.objects.get().pk == 70 and Comment.objects.get().path == "0000000070"


def test_a_row_written_once_takes_no_expression():
    with pytest.raises((DatabaseError, TypeError)), transaction.atomic():
        ModerationEvent(comment_id=1, at=Now()).save()
