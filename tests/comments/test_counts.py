import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from comments import counts, moderation
from comments.models import Comment, PostCount, SiteCount
from comments.policy import Verdict
from tests.factories import make_comment, make_post, make_user

pytestmark = pytest.mark.django_db
NONE = dict.fromkeys(counts.KEYS, 0)


def receive(post, status="pending") -> Comment:
    comment = Comment(post=post, author_name="Reader", body="Hello.")
    moderation.receive(comment, Verdict(status, ["held_all"], "hold_all"))
    return comment


def test_arrivals_and_decisions_are_counted():
    mod, post, other = make_user("mod", "Moderator"), make_post(), make_post()
    first, second = receive(post), receive(post)
    receive(other, "spam")
    assert counts.site() == NONE | {"pending": 2, "spam": 1}

    moderation.decide([first, second], "approve", actor=mod)

    assert counts.site() == NONE | {"approved": 2, "spam": 1}
    assert counts.of_posts([post.pk, other.pk]) == {post.pk: 2, other.pk: 0}
    assert counts.recount() == 0


def test_an_authors_counts_are_of_own_posts():
    ada = make_user("ada", "Author")
    receive(make_post(author=ada))
    receive(make_post())

    assert counts.of_author(ada) == NONE | {"pending": 1}


def test_deleting_for_good_uncounts():
    comment = make_comment(make_post())
    moderation.report(comment, "spam", "", "a")
    assert counts.site() == NONE | {"approved": 1, "reported": 1}

    moderation.delete(comment, actor=make_user("owner", "Owner"))

    assert counts.site() == NONE
    assert counts.recount() == 0


def test_recounting_mends_wrong_counts_and_says_how_many():
    post = make_post()
    make_comment(post)
    make_comment(post, status="spam")
    SiteCount.objects.filter(status="spam").update(count=7)
    PostCount.objects.filter(status="approved").delete()
    PostCount.objects.create(post=make_post(), status="pending", count=3)

    assert counts.recount() == 3

    assert counts.site() == NONE | {"approved": 1, "spam": 1}
    assert counts.of_posts([post.pk]) == {post.pk: 1}
    assert counts.recount() == 0


def test_no_page_counts_a_table():
    with CaptureQueriesContext(connection) as queries:
        counts.site()
        counts.of_posts([1, 2])

    assert not any("comments_comment" in query["sql"] for query in queries)


def test_a_count_that_went_wrong_is_never_shown_negative():
    SiteCount.objects.create(status="pending", count=-3)

    assert counts.site()["pending"] == 0
