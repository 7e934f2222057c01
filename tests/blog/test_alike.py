"""Posts that are like a post: found when one is saved, shown at its foot; see also tests/config/walk.py."""

import re
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import transaction
from django.utils import timezone

from blog import alike
from blog.models import Alike, Label, Post
from tests.factories import make_page, make_post, make_user

pytestmark = pytest.mark.django_db(transaction=True)


def labelled(title: str, *labels: str, **fields) -> Post:
    """As a form saves it: its labels in the same transaction."""
    with transaction.atomic():
        return make_post(title=title, labels=labels, **fields)


def liked(post: Post) -> list[str]:
    return list(Alike.objects.filter(post=post).order_by("-score", "-other").values_list("other__title", flat=True))


def shown(client, post: Post) -> list[str]:
    html = client.get(post.get_absolute_url()).content.decode()
    return re.findall(r"<bdi[^>]*>([^<]*)</bdi>", html.partition('class="alike"')[2].partition("</nav>")[0])


def test_posts_that_share_a_label_lead_to_each_other(client):
    tides, other, moon = labelled("Tides", "sea"), labelled("Bread", "kitchen"), labelled("Moon", "sea", "sky")
    assert (shown(client, moon), shown(client, tides), shown(client, other)) == (["Tides"], ["Moon"], [])


def test_a_rare_label_says_more_than_a_common_one(client):
    for number in range(5):
        labelled(f"Notice {number}", "notes", body=f"<p>{number}</p>")
    rare = labelled("Heron", "birds")
    assert liked(labelled("Egret", "birds", "notes"))[0] == rare.title


def test_posts_whose_words_are_alike_lead_to_each_other_without_a_label(client):
    first = labelled("Measuring the harbour", body="<p>A stick in the mud.</p>")
    labelled("Bread", body="<p>Flour and water.</p>")
    assert liked(labelled("The harbour, measured again", body="<p>Measuring tides by a stick.</p>")) == [first.title]


def test_posts_in_scripts_without_spaces_are_compared_too(client):
    first = labelled("港の潮位を測る", language="en", body="<p>棒で測る。</p>")
    assert liked(labelled("港の潮位を測る 二", language="en", body="<p>棒で測る。</p>")) == [first.title]


def test_another_language_is_not_alike(client):
    labelled("Gezeiten", "sea", language="de")
    english = labelled("Tides", "sea", language="en")  # which is the site's
    assert liked(english) == []
    assert liked(labelled("Moon", "sea")) == ["Tides"]


def test_pages_and_drafts_are_not_alike(client):
    labelled("Draft", "sea", status="draft")
    with transaction.atomic():
        make_page(title="About", labels=("sea",))
    assert liked(labelled("Tides", "sea")) == []


def test_each_keeps_its_best_six_and_readers_see_three(client):
    posts = [labelled(f"Post {number}", "sea", body="<p>x</p>") for number in range(10)]
    near = labelled("Near", "sea", "rare")
    nearest = labelled("Nearest", "sea", "rare")
    assert Alike.objects.filter(post=posts[0]).count() == 6
    assert liked(nearest)[0] == "Near" and liked(near)[0] == "Nearest"
    assert len(shown(client, nearest)) == 3


def test_who_is_no_longer_like_it_gives_way(client):
    tides, moon = labelled("Tides", "sea", body="<p>Water.</p>"), labelled("Moon", "sea", body="<p>Night.</p>")
    with transaction.atomic():
        moon.tags.set(["sky"])
        moon.save()
    assert liked(tides) == liked(moon) == []


def test_one_that_readers_cannot_see_is_not_shown_until_they_can(client, time_machine):
    tides = labelled("Tides", "sea")
    labelled("Moon", "sea", published_at=timezone.now() + timedelta(days=1))
    assert liked(tides) == ["Moon"] and shown(client, tides) == []
    time_machine.move_to(timezone.now() + timedelta(days=2))
    assert shown(client, tides) == ["Moon"]


def test_one_that_is_taken_back_or_deleted_is_shown_no_more(client):
    tides, moon, sun = (labelled(title, "sea") for title in ("Tides", "Moon", "Sun"))
    Post.objects.filter(pk=moon.pk).update(status="draft")
    assert shown(client, tides) == ["Sun"]
    sun.delete()
    assert shown(client, tides) == [] and not Alike.objects.filter(other=sun.pk).exists()


def test_saving_again_writes_nothing(client):
    labelled("Tides", "sea")
    moon = labelled("Moon", "sea")
    before = list(Alike.objects.values_list("pk", flat=True))
    moon.save()
    assert list(Alike.objects.values_list("pk", flat=True)) == before


def test_rendering_all_finds_them_for_all(client):
    labelled("Tides", "sea"), labelled("Moon", "sea")
    before = set(Alike.objects.values_list("post", "other", "score"))
    Alike.objects.all().delete()
    call_command("render")
    assert set(Alike.objects.values_list("post", "other", "score")) == before


def test_odd_titles_do_no_harm(client):
    for title in ('"', "' OR 1", "NEAR(", "*", "?!", "a" * 300, "\ud83d", "%s %%"):
        labelled(title.encode("utf-8", "replace").decode(), "sea")


def test_what_is_gone_meanwhile_does_no_harm():
    alike.keep(0)
    assert not Alike.objects.exists()


@pytest.mark.parametrize("number", [60, 120])
def test_it_looks_at_so_many_posts_and_no_more(number, django_assert_max_num_queries):
    author, sea = make_user("ada", is_staff=True), Label.objects.create(name="sea", slug="sea")
    posted = timezone.now() - timedelta(days=1)
    posts = [
        Post(author=author, title=f"Number {nth}", slug=f"n-{nth}", status="published", published_at=posted)
        for nth in range(number)
    ]
    Post.objects.bulk_create(posts)
    links = Post.tags.through
    links.objects.bulk_create(links(tag=sea, content_object=post, published_at=posted) for post in posts)
    with django_assert_max_num_queries(18):
        alike.keep(posts[0].pk)
    assert Alike.objects.filter(post=posts[0].pk).count() == 6
