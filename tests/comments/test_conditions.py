from datetime import timedelta

import pytest
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from blog.models import Label
from comments.conditions import RULES, Conditions, Value
from comments.models import CommentSettings, LabelPolicy, PostPolicy
from tests.factories import make_page, make_post

pytestmark = pytest.mark.django_db
SITE = {"hold_all": False, "approved_needed": 2, "max_links": 4, "hold_after_days": 30, "close_after_days": 90}


def site(**values) -> CommentSettings:
    return CommentSettings(pk=1, **SITE | values)


def label_says(name: str, **values) -> None:
    LabelPolicy.objects.create(label=Label.objects.get(name=name), **values)


def test_the_site_speaks_where_nobody_else_does():
    conditions = Conditions.of(make_post(labels=("boats",)), site())
    assert {name: getattr(conditions, name) for name in RULES} == {name: Value(SITE[name]) for name in RULES}
    assert conditions.mode == Value("open")


@pytest.mark.parametrize("value", [1, 9, 0])
def test_a_label_replaces_the_sites_value_be_it_stricter_or_looser(value):
    post = make_post(labels=("boats",))
    label_says("boats", max_links=value)
    assert Conditions.of(post, site()).max_links == Value(value, "label", "boats")
    assert Conditions.of(post, site()).approved_needed == Value(2)


@pytest.mark.parametrize(
    "name, of_boats, of_tides, strictest",
    [
        ("hold_all", False, True, "tides"),
        ("hold_all", False, False, "boats"),
        ("approved_needed", 1, 3, "tides"),
        ("approved_needed", 0, 1, "tides"),
        ("max_links", 5, 3, "tides"),
        ("max_links", 0, 9, "tides"),
        ("max_links", 0, 0, "boats"),
        ("hold_after_days", 7, 30, "boats"),
        ("close_after_days", 7, 0, "boats"),
    ],
)
def test_of_several_labels_the_strictest_counts_and_is_named(name, of_boats, of_tides, strictest):
    post = make_post(labels=("boats", "tides"))
    label_says("boats", **{name: of_boats})
    label_says("tides", **{name: of_tides})
    value = of_boats if strictest == "boats" else of_tides
    found = getattr(Conditions.of(post, site()), name)
    assert found == Value(value, "label", strictest) and type(found.value) is type(value)


def test_another_posts_labels_and_policy_say_nothing():
    other, post = make_post(labels=("boats",)), make_post(labels=("tides",))
    label_says("boats", max_links=1)
    PostPolicy.objects.create(post=other, max_links=1)
    assert Conditions.of(post, site()).max_links == Value(4)


@pytest.mark.parametrize("value", [True, False])
def test_the_posts_own_value_wins_whatever_the_others_say(value):
    post = make_post(labels=("boats",))
    label_says("boats", hold_all=not value)
    PostPolicy.objects.create(post=post, hold_all=value)
    conditions = Conditions.of(post, site(hold_all=not value))
    assert conditions.hold_all == Value(value, "post")
    assert conditions.inherited("hold_all") == Value(not value, "label", "boats")


SPEAK = st.none() | st.integers(0, 5)


class Strictness(TestCase):
    @settings(max_examples=50, deadline=None)
    @given(of_site=st.integers(0, 5), of_labels=st.lists(SPEAK, max_size=3), own=SPEAK, name=st.sampled_from(RULES[1:]))
    def test_it_is_the_posts_word_else_the_strictest_labels_else_the_sites(self, of_site, of_labels, own, name):
        names = [f"label {number}" for number in range(len(of_labels))]
        post = make_post(labels=tuple(names))
        for label, value in zip(names, of_labels, strict=True):
            label_says(label, **{name: value})
        PostPolicy.objects.create(post=post, **{name: own})
        found = getattr(Conditions.of(post, site(**{name: of_site})), name)

        said = [value for value in of_labels if value is not None]
        if own is not None:
            assert (found.value, found.level) == (own, "post")
        elif not said:
            assert (found.value, found.level) == (of_site, "site")
        else:
            assert found.level == "label" and of_labels[names.index(found.label)] == found.value
            strict = [value for value in said if value]
            assert found.value == (max(said) if name == "approved_needed" else min(strict, default=0))


def test_a_label_closes_what_the_site_opens():
    post = make_post(labels=("boats", "tides"))
    label_says("boats")
    label_says("tides", closed=True)
    assert Conditions.of(post, site()).mode == Value("closed", "label", "tides")


def test_a_label_shows_nothing_that_the_site_hides():
    post = make_post(labels=("tides",))
    label_says("tides", closed=True)
    assert Conditions.of(post, site(mode="hidden")).mode == Value("hidden")


@pytest.mark.parametrize("mode", ["open", "closed", "hidden"])
def test_the_posts_own_mode_wins(mode):
    post = make_post(labels=("tides",), comments_mode=mode)
    label_says("tides", closed=True)
    assert Conditions.of(post, site(mode="hidden")).mode == Value(mode, "post")


def test_a_page_hides_its_comments_unless_it_says_otherwise():
    assert Conditions.of(make_page(), site()).mode_now() == "hidden"
    assert Conditions.of(make_page(comments_mode="open", slug="guests"), site()).mode_now() == "open"


def test_it_closes_when_the_post_is_older_than_so_many_days():
    now = timezone.now()
    post = make_post(published_at=now - timedelta(days=90))
    conditions = Conditions.of(post, site())
    assert conditions.mode_now(now) == "open"
    assert conditions.mode_now(now + timedelta(microseconds=1)) == "closed"
    assert conditions.moment(conditions.close_after_days) == now


def test_no_days_never_close_and_a_draft_has_no_age():
    old = make_post(published_at=timezone.now() - timedelta(days=9000))
    assert Conditions.of(old, site(close_after_days=0)).mode_now() == "open"
    assert Conditions.of(make_post(status="draft"), site(close_after_days=1)).mode_now() == "open"


def test_age_opens_nothing():
    post = make_post(published_at=timezone.now() - timedelta(days=100), comments_mode="hidden")
    assert Conditions.of(post, site()).mode_now() == "hidden"


def test_the_ages_of_posts_are_not_those_of_a_page():
    page = make_page(comments_mode="open", published_at=timezone.now() - timedelta(days=100))
    assert Conditions.of(page, site()).mode_now() == "open"
    PostPolicy.objects.create(post=page, close_after_days=30)
    assert Conditions.of(page, site()).mode_now() == "closed"


def test_all_of_it_costs_one_query_and_hidden_ones_none(django_assert_num_queries):
    post = make_post(labels=("boats", "tides"))
    label_says("boats", max_links=1)
    PostPolicy.objects.create(post=post, hold_all=True)
    hidden = make_post(comments_mode="hidden")
    with django_assert_num_queries(1):
        conditions = Conditions.of(post, site())
        assert [getattr(conditions, name).value for name in ("mode", *RULES)] == ["open", True, 2, 1, 30, 90]
    with django_assert_num_queries(0):
        assert Conditions.of(hidden, site()).mode_now() == "hidden"


def test_it_reads_the_settings_itself_if_need_be():
    CommentSettings(mode="closed").save()
    assert Conditions.of(make_post()).mode == Value("closed")


def test_days_that_end_after_the_last_year_never_end():
    post = make_post(published_at=timezone.now().replace(year=9990))
    conditions = Conditions.of(post, site(close_after_days=36_500))
    assert conditions.moment(conditions.close_after_days) is None and conditions.mode_now() == "open"
