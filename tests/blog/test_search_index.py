"""The index of the search: it follows the posts, a search uses it, and a rollback takes it along."""

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from blog import search
from blog.models import Post, User
from tests.blog.searching import found, labelled, make_many
from tests.factories import make_post

pytestmark = pytest.mark.django_db


def test_a_label_that_is_gone_is_not_found():
    post = labelled("Sea shore")
    post.tags.clear()
    search.index(post)
    assert found("shore") == []


def test_a_change_is_found_at_once_and_the_old_words_no_more():
    post = make_post(body="<p>lighthouse</p>")
    post.body = "<p>harbour</p>"
    post.save()
    assert (found("lighthouse"), found("harbour")) == ([], ["Post 1"])


def test_a_removed_row_is_not_found():
    search.remove(make_post(body="<p>lighthouse</p>").pk)
    assert found("lighthouse") == []


def test_a_row_without_its_post_does_no_harm():
    post = make_post(body="<p>lighthouse</p>")
    Post.objects.filter(pk=post.pk).delete()
    assert search.search("lighthouse").total == 0


def test_indexing_is_one_write(django_assert_num_queries):
    post = labelled("Sea")
    # labels, the row; the site's language is given
    with django_assert_num_queries(2):
        search.index(post, "en")


def test_a_search_uses_the_index():
    make_many(1_000, lambda n: f"word{n} filler " * 40)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
        with CaptureQueriesContext(connection) as queries:
            search.search("word500", language="en")
        ranked = next(query["sql"] for query in queries if "WITH newest" in query["sql"])
        explain = "EXPLAIN " if connection.vendor == "postgresql" else "EXPLAIN QUERY PLAN "
        cursor.execute(explain + ranked)
        plan = "\n".join(" ".join(str(cell) for cell in row) for row in cursor.fetchall())
    if connection.vendor == "postgresql":
        assert "Bitmap Index Scan on blog_search_vector" in plan
    else:
        assert plan.count("SCAN blog_search VIRTUAL TABLE INDEX 0:M") == 2
        assert "SEARCH blog_post USING INTEGER PRIMARY KEY" in plan


def test_a_post_of_many_different_words_can_be_saved():
    text = " ".join(f"{n:x}" + "ж" * 60 for n in range(12_000))
    make_post(title="Found", body=f"<p>{text}</p>")
    assert found("0" + "ж" * 60) == ["Found"]


def test_the_index_rolls_back_with_the_post():
    with pytest.raises(RuntimeError), transaction.atomic():
        make_post(body="<p>lighthouse</p>")
        raise RuntimeError
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM blog_search")
        assert cursor.fetchone() == (0,)


@pytest.mark.django_db(transaction=True)
def test_a_committed_post_leaves_nothing_for_the_next_test():
    # Together with the next test: the fixture in tests/conftest.py empties the table, flush cannot.
    make_post(body="<p>lighthouse</p>")
    assert found("lighthouse") == ["Post 1"]


@pytest.mark.django_db(transaction=True)  # pytest-django runs these last, in their order
def test_the_table_is_empty_after_a_test_that_commits():
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM blog_search")
        assert cursor.fetchone() == (0,)
    assert not User.objects.exists()
