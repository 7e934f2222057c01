from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from blog import totals
from blog.archive import labels, months
from blog.models import Label, LabelCount, MonthCount, Page, Post, PostTag
from config import bin as rubbish
from tests.comments.racing import at_once
from tests.factories import make_page, make_post, make_user

MARCH = datetime(2026, 3, 14, 12, tzinfo=ZoneInfo("UTC"))
TO_COME = timedelta(days=4000)


def by_label() -> dict[str, int]:
    return {label.name: label.posts for label in labels(100)}


def by_month() -> dict[tuple[int, int], int]:
    return {(month["year"], month["month"]): month["posts"] for year in months() for month in year["months"]}


@pytest.mark.django_db
def test_labels_and_months_count_what_readers_find():
    make_post(labels=("sea", "moon"), published_at=MARCH)
    make_post(labels=("sea",), published_at=MARCH - timedelta(days=31))
    make_post(labels=("sea", "draft"), status="draft")
    make_page(title="About", labels=("sea",))
    assert by_label() == {"sea": 2, "moon": 1}
    assert by_month() == {(2026, 3): 1, (2026, 2): 1}
    assert totals.recount() == 0


@pytest.mark.django_db
def test_pages_that_become_posts_count_from_then_on():
    page = make_page(title="Tides", labels=("sea",), published_at=MARCH)
    assert (by_label(), by_month()) == ({}, {})
    Page.objects.filter(pk=page.pk).update(kind=Post.Kind.POST, year=2026, month=3)
    assert (by_label(), by_month()) == ({"sea": 1}, {(2026, 3): 1})
    assert totals.recount() == 0


@pytest.mark.django_db
def test_a_scheduled_post_counts_from_its_time_on(time_machine):
    time_machine.move_to(MARCH)
    make_post(labels=("sea",))
    make_post(labels=("sea", "later"), published_at=MARCH + timedelta(hours=1))
    assert (by_label(), by_month()) == ({"sea": 1}, {(2026, 3): 1})
    time_machine.move_to(MARCH + timedelta(hours=1))
    assert (by_label(), by_month()) == ({"sea": 2, "later": 1}, {(2026, 3): 2})


@pytest.mark.django_db
def test_the_busiest_labels_come_first_whatever_is_still_to_come():
    for number in range(5):
        make_post(title=f"Later {number}", labels=("later",), published_at=timezone.now() + TO_COME)
    make_post(title="One", labels=("sea", "later"))
    make_post(title="Two", labels=("sea", "moon"))
    assert [label.name for label in labels(2)] == ["sea", "later"]


@pytest.mark.django_db
def test_labels_follow_their_posts():
    post = make_post(labels=("sea", "moon"))
    post.tags.remove("moon")
    post.tags.add("tides")
    assert by_label() == {"sea": 1, "tides": 1}
    post.tags.set(["moon"])
    assert by_label() == {"moon": 1}
    post.tags.clear()
    assert by_label() == {}


@pytest.mark.django_db
def test_a_deleted_label_takes_its_total_along():
    make_post(labels=("sea", "moon"))
    Label.objects.filter(name="sea").delete()
    assert by_label() == {"moon": 1}
    assert list(LabelCount.objects.values_list("label__name", flat=True)) == ["moon"]


@pytest.mark.django_db
def test_the_bin_and_what_comes_after_it():
    post = make_post(labels=("sea",))
    post.status = Post.Status.BINNED
    post.save()
    assert (by_label(), by_month()) == ({}, {})
    Post.objects.update(binned_at=timezone.now() - 2 * rubbish.KEPT)
    rubbish._delete([post.pk])
    assert not Post.objects.exists() and totals.recount() == 0


@pytest.mark.django_db
@pytest.mark.parametrize("how", ["instance", "queryset"])
def test_a_published_post_that_is_deleted_outright_is_taken_off(how):
    post = make_post(labels=("sea",))
    make_post(labels=("sea",))
    (post if how == "instance" else Post.objects.filter(pk=post.pk)).delete()
    assert by_label() == {"sea": 1} and totals.recount() == 0


@pytest.mark.django_db
def test_rows_changed_many_at_a_time_count_too():
    posts = [make_post(title=f"Post {number}", labels=("sea",), published_at=MARCH) for number in range(3)]
    Post.objects.filter(pk=posts[0].pk).update(status=Post.Status.DRAFT)
    assert (by_label(), by_month()) == ({"sea": 2}, {(2026, 3): 2})
    Post.objects.update(status=Post.Status.PUBLISHED, month=4)
    assert (by_label(), by_month()) == ({"sea": 3}, {(2026, 4): 3})
    moon = Label.objects.create(name="moon")
    PostTag.objects.bulk_create(PostTag(tag=moon, content_object=post, published_at=MARCH) for post in posts)
    PostTag.objects.filter(tag__name="sea").update(tag=Label.objects.create(name="tides"))
    assert by_label() == {"moon": 3, "tides": 3} and totals.recount() == 0


@pytest.mark.django_db
def test_recounting_mends_wrong_totals_and_says_how_many(capsys):
    make_post(labels=("sea",))
    LabelCount.objects.update(count=7)
    MonthCount.objects.all().delete()
    call_command("recount")
    assert capsys.readouterr().out == "Stored counts that were wrong and are right now: 2.\n"
    assert by_label() == {"sea": 1} and len(by_month()) == 1


@pytest.mark.django_db
def test_no_page_counts_posts(django_assert_num_queries):
    make_post(labels=("sea",))
    with django_assert_num_queries(1) as queries:
        labels(30)
    # But the few whose time is over and whom the clock has not taken offline yet: an index has no others.
    assert queries[0]["sql"].count('"blog_post"') == queries[0]["sql"].count(
        'FROM "blog_post" U0 WHERE (U0."expires_at"'
    )
    with django_assert_num_queries(1):
        months()


# With real commits, just before which totals are written.


@pytest.mark.django_db(transaction=True)
def test_a_change_of_totals_needs_a_transaction():
    with pytest.raises(transaction.TransactionManagementError):
        totals.note(totals.Change())


@pytest.mark.django_db(transaction=True)
def test_what_is_rolled_back_counts_nothing():
    post = make_post(labels=("sea",))
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        post.tags.add("moon")
        raise ZeroDivisionError
    with transaction.atomic():
        post.tags.add("tides")
        with pytest.raises(IntegrityError), transaction.atomic():  # of this only the inner part goes
            post.tags.add("fog")
            Label.objects.create(name="sea")
    assert by_label() == {"sea": 1, "tides": 1} and totals.recount() == 0


@pytest.mark.django_db(transaction=True)
def test_a_label_that_goes_while_it_is_taken_off_a_post():
    post = make_post(labels=("sea",))
    with transaction.atomic():
        post.tags.clear()
        Label.objects.all().delete()
    assert by_label() == {}


@pytest.mark.django_db(transaction=True)
def test_writers_at_the_same_moment_neither_lose_a_count_nor_block_each_other():
    names = [f"label {number}" for number in range(8)]
    for name in names:
        Label.objects.create(name=name)
    posts = [make_post(title=f"Post {number}", status="draft") for number in range(4)]

    def publish(number: int) -> None:
        for turn in range(6):
            with transaction.atomic():  # as a form is saved: the post, then its labels, in any order
                post = Post.objects.get(pk=posts[number].pk)
                post.status = Post.Status.DRAFT if turn % 2 else Post.Status.PUBLISHED
                post.save()
                post.tags.set(names[number:] + names[:number] if turn % 3 else names[::-1][: number + 2])

    def retag(number: int) -> None:
        for turn in range(6):
            post = Post.objects.get(pk=posts[number].pk)
            post.tags.set(names[: turn + 1] if turn % 2 else names[::-1])

    jobs = [lambda n=n: publish(n) for n in range(4)] + [lambda n=n: retag(n) for n in range(2)]
    assert at_once(*jobs) == [None] * len(jobs)
    assert totals.recount() == 0


NAMES = st.lists(st.sampled_from(["sea", "moon", "tides"]), max_size=3, unique=True)
ACT = st.one_of(
    st.tuples(st.just("status"), st.integers(0, 3), st.sampled_from(Post.Status.values)),
    st.tuples(st.just("date"), st.integers(0, 3), st.sampled_from([-400, -31, 0, 400])),
    st.tuples(st.just("labels"), st.integers(0, 3), NAMES),
    st.tuples(st.just("remove"), st.integers(0, 3), NAMES),
    st.tuples(st.just("delete"), st.integers(0, 3), st.booleans()),
    st.tuples(st.just("rename label"), st.integers(0, 2), st.just(None)),
    st.tuples(st.just("delete label"), st.integers(0, 2), st.just(None)),
    st.tuples(st.just("all"), st.just(0), st.sampled_from(Post.Status.values)),
)


class AnythingHappens(TestCase):
    def act(self, what: str, which: int, to) -> None:
        if what == "all":
            Post.objects.filter(published_at__isnull=False).update(status=to)
            return
        if "label" in what and what != "labels":
            label = Label.objects.order_by("pk")[which : which + 1].first()
            if label and what == "delete label":
                label.delete()
            elif label:
                label.name = f"{label.name}'"
                label.save()
            return
        post = Post.objects.filter(pk=self.posts[which]).first()
        if post is None:
            return
        if what == "delete":
            (Post.objects.filter(pk=post.pk) if to else post).delete()
        elif what == "labels":
            post.tags.set(to)
        elif what == "remove":
            post.tags.remove(*to)
        elif what == "date":
            post.published_at = MARCH + timedelta(days=to)
            post.save()
        else:
            post.status = to
            post.save()

    @settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.lists(ACT, max_size=12))
    def test_totals_are_what_a_count_made_anew_would_be(self, acts):
        author = make_user("author", "Author")
        models = [Post, Post, Post, Page]
        self.posts = [make_post(author, model=model, title=f"Post {n}").pk for n, model in enumerate(models)]
        for act in acts:
            self.act(*act)
        now = timezone.now()
        shown = Post.objects.published(now).prefetch_related("tags")
        counted: dict[str, int] = {}
        for name in (label.name for post in shown for label in post.tags.all()):
            counted[name] = counted.get(name, 0) + 1
        assert by_label() == counted
        assert sum(by_month().values()) == len(shown)
        assert totals.recount() == 0
