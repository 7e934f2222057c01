"""Labels under another name, and several that become one."""

import pytest
from django.utils import timezone

from blog import merging, revisions, totals
from blog.models import Label, LabelCount, OldPath, Post, PostTag
from blog.search import search
from comments.models import LabelPolicy
from tests.factories import make_post, make_user

pytestmark = pytest.mark.django_db
LIST = "/admin/blog/label/"


@pytest.fixture
def editor(client):
    user = make_user("edda", "Editor")
    client.force_login(user)
    return user


def named(name: str) -> Label:
    return Label.objects.get(name=name)


def leads(client, path: str) -> tuple[int, str | None]:
    response = client.get(path)
    return response.status_code, response.get("Location")


def choose(client, *labels: Label, **said) -> str:
    data = {"action": "merge_selected", "_selected_action": [label.pk for label in labels]} | said
    return client.post(LIST, data, follow=True).content.decode()


def merge(client, kept: Label, *others: Label) -> str:
    return choose(client, kept, *others, kept=kept.pk, apply="1")


def change(client, label: Label, **fields) -> None:
    client.post(f"{LIST}{label.pk}/change/", {"name": label.name, "slug": label.slug} | fields)


# Another name.


def test_another_address_is_found_from_the_old_one_and_its_feeds(client, editor):
    make_post(labels=("Sea",))
    change(client, named("Sea"), slug="ocean")
    assert leads(client, "/label/sea/") == (301, "/label/ocean/")
    assert leads(client, "/label/sea/feed.rss") == (301, "/label/ocean/feed.rss")
    change(client, named("Sea"), slug="sea")
    assert leads(client, "/label/sea/")[0] == 200
    assert leads(client, "/label/ocean/") == (301, "/label/sea/")
    assert OldPath.objects.count() == 1


def test_bloggers_addresses_follow_it(client, editor):
    make_post(labels=("Sea & Shore",))
    change(client, named("Sea & Shore"), name="Coast")
    assert leads(client, "/search/label/Sea%20%26%20Shore") == (301, "/label/sea-shore/")
    change(client, named("Coast"), slug="coast")
    for name in ("Sea%20%26%20Shore", "sea%20%26%20shore", "Coast"):
        assert leads(client, f"/search/label/{name}") == (301, "/label/coast/")
    assert leads(client, "/feeds/posts/default/-/Sea%20%26%20Shore") == (301, "/label/coast/feed.atom")


def test_bloggers_address_names_who_has_the_name_now(client, editor):
    make_post(labels=("Sea",))
    change(client, named("Sea"), name="Coast", slug="coast")
    make_post(labels=("Sea",))
    assert leads(client, "/search/label/Sea") == (301, "/label/sea/")


def test_another_name_is_searched_for_and_stands_in_drafts_that_wait(client, editor):
    post = make_post(labels=("Sea", "Moon"))
    revisions.wait(post, editor, "saved", revisions.content_of(post))
    older = post.draft_id
    revisions.wait(post, editor, "saved", revisions.content_of(post) | {"title": "Ebb"})
    change(client, named("Sea"), name="Ocean")
    post.refresh_from_db()
    assert search("ocean").total == 1 and search("sea").total == 0
    assert post.draft.content["tags"] == ["Moon", "Ocean"]
    assert type(post.draft).objects.get(pk=older).content["tags"] == ["Moon", "Sea"]


# Several become one.


def test_it_works(client, editor):
    make_post(title="One", labels=("Sea",))
    make_post(title="Both", labels=("Sea", "Seas"))
    make_post(title="Other", labels=("Seas",))
    draft = make_post(title="Draft", labels=("seaside",), status="draft")
    sea, seas, seaside = named("Sea"), named("Seas"), named("seaside")
    OldPath.objects.create(path="/label/older/", label=seas)
    page = choose(client, sea, seas, seaside)
    assert "Which one stays?" in page and "2 posts" in page and "1 post," in page
    assert Label.objects.count() == 3
    assert "became “Sea”" in merge(client, sea, seas, seaside)
    assert list(Label.objects.all()) == [sea]
    assert set(PostTag.objects.values_list("content_object__title", flat=True)) == {"One", "Both", "Other", "Draft"}
    assert list(LabelCount.objects.filter(count__gt=0).values_list("label", "count")) == [(sea.pk, 3)]
    assert totals.recount() == 0
    for old in ("/label/seas/", "/label/seaside/", "/label/older/"):
        assert leads(client, old) == (301, "/label/sea/")
    assert (search("sea").total, search("seas*").total, draft.tags.get()) == (3, 3, sea)
    assert "Merged with" in client.get(f"{LIST}{sea.pk}/history/").content.decode()


def test_bloggers_addresses_of_the_others_lead_to_the_one_that_stays(client, editor):
    make_post(labels=("Sea", "C++"))
    sea, other = named("Sea"), named("C++")
    change(client, other, name="See")
    merge(client, sea, other)
    for name in ("C%2B%2B", "c%2B%2B", "Sea"):
        assert leads(client, f"/search/label/{name}") == (301, "/label/sea/"), name
    Post.objects.get().tags.clear()
    assert leads(client, "/search/label/C%2B%2B")[0] == 404


def test_posts_of_the_other_are_found_by_the_name_that_stays(client, editor):
    make_post(labels=("Boats",))
    Label.objects.create(name="Ships")
    merge(client, named("Ships"), named("Boats"))
    assert (search("ships").total, search("boats").total) == (1, 0)
    assert "Ships" in client.get("/label/ships/").content.decode()


def test_many_posts_are_moved_and_indexed_in_parts(client, editor, monkeypatch):
    monkeypatch.setattr(merging, "MOVED_AT_ONCE", 2)
    monkeypatch.setattr(merging, "INDEXED_AT_ONCE", 2)
    for number in range(5):
        make_post(title=f"No. {number}", labels=("Boats", "Ships")[: 1 + number % 2])
    merging.merge(named("Ships"), [named("Boats")])
    assert PostTag.objects.filter(tag=named("Ships")).count() == 5
    assert totals.recount() == 0
    assert search("ships").total == 5


def test_drafts_that_wait_name_the_one_that_stays(client, editor):
    post = make_post(labels=("Sea", "Seas"))
    revisions.wait(post, editor, "saved", revisions.content_of(post))
    other = make_post()
    revisions.wait(other, editor, "saved", revisions.content_of(other) | {"tags": ["Seas"]})
    merge(client, named("Sea"), named("Seas"))
    for one in (post, other):
        one.refresh_from_db()
        assert one.draft.content["tags"] == ["Sea"]


def test_a_label_with_a_policy_stays_or_nothing_is_done(client, editor):
    make_post(labels=("Sea", "Seas"))
    LabelPolicy.objects.create(label=named("Seas"), closed=True)
    page = choose(client, named("Sea"), named("Seas"))
    assert "it has to stay for <bdi>comment policy of a label: Seas</bdi>" in page
    assert "“Seas” cannot go" in merge(client, named("Sea"), named("Seas"))
    assert Label.objects.count() == 2
    merge(client, named("Seas"), named("Sea"))
    assert [label.name for label in Label.objects.all()] == ["Seas"]


def test_of_two_with_policies_neither_can_go(client, editor):
    labels = [Label.objects.create(name=name) for name in ("Sea", "Seas")]
    for label in labels:
        LabelPolicy.objects.create(label=label)
    page = choose(client, *labels)
    assert "These cannot become one" in page and 'name="apply"' not in page
    merge(client, *labels)
    assert Label.objects.count() == 2


def test_one_that_was_not_chosen_cannot_stay(client, editor):
    labels = [Label.objects.create(name=name) for name in ("Sea", "Seas", "Moon")]
    choose(client, *labels[:2], kept=labels[2].pk, apply="1")
    assert "Choose between two labels" in choose(client, labels[0])
    assert Label.objects.count() == 3


def test_only_who_may_change_labels_merges_them(client):
    labels = [Label.objects.create(name=name) for name in ("Sea", "Seas")]
    client.force_login(make_user("arno", "Author"))
    data = {"action": "merge_selected", "_selected_action": [label.pk for label in labels]}
    assert client.post(LIST, data | {"kept": labels[0].pk, "apply": "1"}).status_code == 403
    assert Label.objects.count() == 2


def test_every_page_that_shows_one_is_out_of_date(client, editor):
    post = make_post(title="Tides", labels=("Boats",), published_at=timezone.now())
    assert "Boats" in client.get(post.get_absolute_url()).content.decode()
    Label.objects.create(name="Ships")
    merge(client, named("Ships"), named("Boats"))
    html = client.get(Post.objects.get().get_absolute_url()).content.decode()
    assert "Ships" in html and "Boats" not in html
