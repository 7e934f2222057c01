"""What is done from the lists: one post by a button in its row, many by the bar. The form's rules hold for both."""

from datetime import timedelta

import pytest
from django.contrib.messages import get_messages
from django.utils import timezone

from blog import revisions
from blog.models import OldPath, Page, Post, Series
from tests.blog.writing import autosave
from tests.factories import make_page, make_post, make_user

pytestmark = pytest.mark.django_db
LIST = "/admin/blog/post/"


@pytest.fixture
def author(client):
    user = make_user("arno", "Author")
    client.force_login(user)
    return user


@pytest.fixture
def editor(client):
    user = make_user("edda", "Editor")
    client.force_login(user)
    return user


@pytest.fixture
def contributor(client):
    user = make_user("cora", "Contributor")
    client.force_login(user)
    return user


def press(client, post: Post, verb: str, query: str = ""):
    return client.post(f"/admin/blog/{post.kind}/{post.pk}/{verb}/{query}")


def choose(client, action: str, *posts: Post, **said):
    return client.post(LIST, {"action": action, "_selected_action": [post.pk for post in posts]} | said)


def said(response) -> str:
    return " ".join(str(message) for message in get_messages(response.wsgi_request))


def status(post: Post) -> str:
    return Post.objects.get(pk=post.pk).status


def row(client, post: Post) -> str:
    html = client.get(LIST).content.decode()
    return next(part for part in html.split("<tr>") if f'value="{post.pk}"' in part and "row-verbs" in part)


# One, by a button in its row.


def test_it_works(client, author):
    series = Series.objects.create(title="Creek")
    post = make_post(author, title="Tides", body="<p>Low <em>water</em></p>", labels=("sea",), series=series)
    post.status = "draft"
    post.save()
    before = {name: getattr(post, name) for name in ("title", "slug", "body", "series_id", "comments_mode", "excerpt")}
    response = press(client, post, "publish", "?_changelist_filters=standing%3Ddraft")
    assert response["Location"] == f"{LIST}?standing=draft"
    assert "“Tides” is published." in said(response)
    post.refresh_from_db()
    assert post.status == "published"
    assert {name: getattr(post, name) for name in before} == before
    assert [label.name for label in post.tags.all()] == ["sea"]
    assert post.revision.content["title"] == "Tides"
    assert "“Tides” is a draft again" in said(press(client, post, "offline"))
    assert status(post) == "draft"


def test_a_row_offers_what_this_user_may_do(client, author):
    out, draft = make_post(author, title="Out"), make_post(author, title="Draft", status="draft")
    assert all(word in row(client, out) for word in ("Preview", "View", "Take offline", "Duplicate", "Bin…"))
    assert all(word in row(client, draft) for word in ("Preview", "Publish", "Duplicate", "Bin"))
    assert "View<" not in row(client, draft) and "Bin…" not in row(client, draft)
    cora = make_user("cora", "Contributor")
    client.force_login(cora)
    hers, outs = make_post(cora, title="Hers", status="draft"), make_post(cora, title="Hers out")
    assert "Send for review" in row(client, hers) and "Duplicate" in row(client, hers)
    assert "Publish<" not in row(client, hers) and "Bin" not in row(client, hers)
    assert "Take offline" not in row(client, outs)


def test_a_time_to_come_schedules_and_what_is_refused_leads_to_the_form(client, author):
    soon = make_post(author, title="Soon", status="draft", published_at=timezone.now() + timedelta(days=1))
    empty = make_post(author, title="Empty", status="draft", body="")
    over = make_post(author, title="Over", status="draft", expires_at=timezone.now() - timedelta(days=1))
    assert "“Soon” is scheduled." in said(press(client, soon, "publish"))
    told = said(press(client, empty, "publish"))
    assert "There is nothing to publish yet" in told and f"/admin/blog/post/{empty.pk}/change/" in told
    assert "That is over already" in said(press(client, over, "publish"))
    assert [status(post) for post in (soon, empty, over)] == ["published", "draft", "draft"]


def test_a_page_is_published_too(client, editor):
    page = make_page(title="About", status="draft")
    press(client, page, "publish")
    assert status(page) == "published"


def test_a_button_of_a_moment_ago_does_no_harm(client, author):
    post = make_post(author)
    at = post.published_at
    assert "stands differently by now" in said(press(client, post, "publish"))
    post.refresh_from_db()
    assert post.published_at == at


def test_a_contributor_sends_for_review(client, contributor):
    post = make_post(contributor, status="draft")
    assert "is in review" in said(press(client, post, "review"))
    assert status(post) == "in_review"


def test_a_copy_is_a_draft_of_ones_own(client, editor):
    series = Series.objects.create(title="Creek")
    post = make_post(
        title="T" * 300, body="<p>Low water</p>", labels=("sea",), series=series, pinned=True, slug="tides"
    )
    press(client, post, "duplicate")
    copy = Post.objects.latest("pk")
    assert copy.title.endswith("T (copy)") and len(copy.title) == 300
    assert (copy.author, copy.status, copy.body, copy.series) == (editor, "draft", post.body, None)
    assert (copy.published_at, copy.year, copy.pinned) == (None, None, False)
    assert copy.slug != post.slug and list(copy.tags.names()) == ["sea"]
    assert copy.revision.content["tags"] == ["sea"]


def test_a_page_is_copied_again_and_again(client, editor):
    page = make_page(title="About")
    for _time in range(2):
        press(client, page, "duplicate")
    assert Page.objects.filter(title="About (copy)").count() == 2


def test_one_goes_to_the_bin(client, author):
    post = make_post(author, status="draft", title="Draft")
    assert "“Draft” is in the bin." in said(press(client, post, "bin"))
    assert status(post) == "binned"


def test_a_copy_says_what_its_author_sees(client, author):
    post = make_post(author, ("sea",), title="Out", body="<p>Seen.</p>")
    waits = {"title": "Better", "body": "<p>Better.</p>", "tags": ["moon", "sea"], "excerpt": "In short."}
    revisions.wait(post, author, "saved", revisions.content_of(post) | waits)
    press(client, post, "duplicate")
    copy = Post.objects.exclude(pk=post.pk).get()
    assert (copy.title, copy.body, copy.excerpt) == ("Better (copy)", "<p>Better.</p>", "In short.")
    assert sorted(copy.tags.names()) == ["moon", "sea"]
    assert sorted(revisions.content_of(copy)["tags"]) == sorted(copy.revision.content["tags"])


def test_a_copy_of_what_was_only_typed_has_the_words(client, author):
    autosave(client, title="Night", body="<p>It was dark</p>")
    press(client, Post.objects.get(), "duplicate")
    assert Post.objects.get(title="Night (copy)").body == "<p>It was dark</p>"


@pytest.mark.parametrize("verb", ["publish", "offline", "review", "duplicate", "bin"])
def test_others_posts_are_out_of_reach(client, author, verb):
    for post in (make_post(make_user("other"), status="draft"), make_post()):
        before = status(post)
        assert press(client, post, verb).status_code == 404
        assert client.get(f"/admin/blog/post/{post.pk}/{verb}/").status_code == 405
        assert (status(post), Post.objects.count()) == (before, Post.objects.count())


@pytest.mark.parametrize(("verb", "stands"), [("publish", "draft"), ("offline", "published"), ("bin", "draft")])
def test_a_contributor_cannot_by_hand(client, contributor, verb, stands):
    post = make_post(contributor, status=stands)
    assert press(client, post, verb).status_code == 403
    assert status(post) == stands


# Many, by the bar.


def test_many_are_published_and_the_others_left_alone(client, author):
    good = [make_post(author, title=f"No. {number}", status="draft") for number in range(2)]
    empty, out = make_post(author, title="Empty", status="draft", body=""), make_post(author, title="Out")
    theirs = make_post(make_user("other"), status="draft")
    told = said(choose(client, "publish_selected", *good, empty, out, theirs))
    assert "2 published." in told and "2 left alone:" in told
    assert "<bdi>Empty</bdi>”: There is nothing to publish yet" in told and "<bdi>Out</bdi>" in told
    assert [status(post) for post in (*good, empty, out, theirs)] == ["published"] * 2 + ["draft", "published", "draft"]
    assert "3 taken offline." in said(choose(client, "offline_selected", *good, out))


def test_labels_are_added_to_many(client, author):
    post, out = make_post(author, labels=("moon",), status="draft"), make_post(author)
    page = choose(client, "add_labels", post, out).content.decode()
    assert "2 posts:" in page and 'name="tags"' in page
    assert list(post.tags.names()) == ["moon"]
    told = said(choose(client, "add_labels", post, out, apply="1", tags='Sea, "Salt, pepper"'))
    assert "2 are labelled so now." in told
    assert set(post.tags.names()) == {"moon", "Sea", "Salt, pepper"} and out.tags.count() == 2
    out.refresh_from_db()
    assert out.status == "published" and out.revision.content["tags"] == ["Salt, pepper", "Sea"]


def test_labels_are_taken_off_many(client, author):
    posts = [make_post(author, labels=("moon", "sea")) for _post in range(2)]
    choose(client, "remove_labels", *posts, apply="1", tags="SEA")
    assert [list(post.tags.names()) for post in posts] == [["moon"], ["moon"]]


def test_no_labels_are_asked_for_again(client, author):
    post = make_post(author)
    assert "This field is required." in choose(client, "add_labels", post, apply="1", tags="").content.decode()


def test_what_waits_is_left_alone(client, author):
    post = make_post(author, title="Out")
    revisions.wait(post, author, "saved", revisions.content_of(post) | {"title": "Not yet"})
    assert "wait to be published" in said(choose(client, "add_labels", post, apply="1", tags="sea"))
    post.refresh_from_db()
    assert (post.title, post.tags.count()) == ("Out", 0)


def test_too_many_at_once_are_refused(client, author, monkeypatch):
    monkeypatch.setattr("blog.admin.bin.AT_ONCE", 1)
    posts = [make_post(author, status="draft") for _post in range(2)]
    for action in ("publish_selected", "add_labels", "bin_selected"):
        assert "Choose at most 1 at a time." in said(choose(client, action, *posts))
    assert {status(post) for post in posts} == {"draft"}


def test_a_contributor_labels_drafts_and_no_more(client, contributor):
    mine, out = make_post(contributor, status="draft"), make_post(contributor, title="Out")
    theirs = make_post(make_user("other"), status="draft")
    html = client.get(LIST).content.decode()
    assert "publish_selected" not in html and "add_labels" in html
    choose(client, "publish_selected", mine)
    told = said(choose(client, "add_labels", mine, out, theirs, apply="1", tags="sea"))
    assert "1 is labelled so now." in told and "you cannot change it" in told
    choose(client, "offline_selected", out)
    choose(client, "bin_selected", mine)
    assert (status(mine), status(out)) == ("draft", "published")
    assert [post.tags.count() for post in (mine, out, theirs)] == [1, 0, 0]
    assert not OldPath.objects.exists()
