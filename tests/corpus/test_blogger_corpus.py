"""Real Blogger exports: each imported twice with equal counts and equal rows, or refused with one clear line."""

import io

import pytest
from django.core.management import CommandError, call_command

from blog.models import Label, OldPath, Post
from comments.models import Comment
from tests.config.blogger_feeds import everything, numbers_of

pytestmark = pytest.mark.django_db


def run(source) -> dict[str, dict[str, int]]:
    out = io.StringIO()
    call_command("import_blogger", str(source), stdout=out)
    return numbers_of(out.getvalue())


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("hakyll-convert/blogger-000.xml", {"posts": 2, "drafts": 1, "comments": 1}),
        ("hakyll-convert/blogger-002.xml", {"posts": 2, "drafts": 1, "comments": 1}),
        ("jekyll-import/inline-0.xml", {"posts": 3, "labels": 5}),
        ("gdata/blog_posts_feed.xml", {"posts": 1}),
    ],
)
def test_an_export_is_imported_and_again_changes_nothing(corpus, name, expected):
    first = run(corpus / "blogger" / name)
    before = everything()
    second = run(corpus / "blogger" / name)

    assert {row: numbers["new"] for row, numbers in first.items() if numbers["new"]} == expected
    assert everything() == before
    assert {row: numbers["unchanged"] for row, numbers in second.items() if numbers["in all"]} == expected


def test_every_row_is_where_it_was(corpus, client):
    run(corpus / "blogger" / "hakyll-convert" / "blogger-000.xml")
    post = Post.objects.get(slug="hakyll-convert-provides-library-and")

    assert post.title == "Hakyll-convert provides a library and utility for importing…"
    assert client.get("/2017/09/hakyll-convert-provides-library-and.html")["Location"] == post.get_absolute_url()
    assert Comment.objects.get().post == post
    assert Comment.objects.get().user == post.author
    page = client.get(post.get_absolute_url()).content.decode()
    assert "<li>avoid converting your content" in page
    assert "This is an example comment." in page
    assert OldPath.objects.count() == 2


def test_the_second_backup_of_a_blog_adds_nothing_to_the_first(corpus):
    run(corpus / "blogger" / "hakyll-convert" / "blogger-000.xml")
    before = everything()
    run(corpus / "blogger" / "hakyll-convert" / "blogger-002.xml")

    assert everything() == before


def test_labels_are_kept_by_their_names(corpus):
    run(corpus / "blogger" / "jekyll-import" / "inline-0.xml")

    assert set(Label.objects.values_list("name", flat=True)) == {
        "post0.atom.ns.0", "post1.atom.ns.0", "post1.atom.ns.1", "post2.atom.ns.0", "post2.atom.ns.1",
    }  # fmt: skip


def test_comments_alone_are_left_out(corpus):
    numbers = run(corpus / "blogger" / "gdata" / "blog_comments_feed.xml")

    assert numbers["comments"]["skipped"] == 1
    assert not Comment.objects.exists()


def test_comments_alone_find_posts_that_came_before(corpus):
    run(corpus / "blogger" / "gdata" / "blog_posts_feed.xml")
    run(corpus / "blogger" / "gdata" / "blog_comments_feed.xml")

    assert Comment.objects.get().post.title == "Quite disagreeable"


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("gdata/blog_entry.xml", "it is a single entry, not a blog's feed."),
        ("gdata/blog_post.xml", "it is a single entry, not a blog's feed."),
        ("ghost-migrate/blogger-api-response.json", "it is JSON"),
        ("takeout-shape.md", "it is not XML."),
        ("", "there is no feed.atom in it."),
    ],
)
def test_what_is_no_export_is_refused_with_one_line(corpus, name, expected):
    before = everything()
    with pytest.raises(CommandError) as caught:
        run(corpus / "blogger" / name)

    assert expected in str(caught.value)
    assert "\n" not in str(caught.value)
    assert everything() == before
