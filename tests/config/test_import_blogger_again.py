"""manage.py import_blogger: again changes nothing, updates what is newer there, and never goes over an edit here."""

from datetime import UTC, datetime

import pytest

from blog.models import OldPath, Post
from comments import moderation
from comments.models import ImportedComment, ModerationEvent
from tests.config.blogger_feeds import (
    APPLES,
    BLOG,
    BLOG_OF_ALL,
    COLUMNS,
    QUESTION,
    READER,
    ROWS,
    entry,
    everything,
    run,
)
from tests.factories import make_user

pytestmark = pytest.mark.django_db


def test_twice_changes_nothing(source):
    first, _ = run(source)
    before = everything()
    second, _ = run(source)

    assert everything() == before
    for row in ROWS:
        assert second[row]["in all"] == first[row]["in all"]
        assert second[row]["unchanged"] == first[row]["new"]
        assert second[row]["new"] == second[row]["updated"] == 0


def test_what_is_newer_there_is_updated(source):
    run(source)
    newer = APPLES.replace("and green", "and yellow").replace("Red'", "Old'").replace("06-02T10", "06-05T10")
    source.write_text(BLOG_OF_ALL.replace(APPLES, newer))
    numbers, _ = run(source)

    post = Post.objects.get(title="Apples 'n' pears")
    assert (numbers["posts"]["updated"], numbers["posts"]["new"]) == (1, 0)
    assert "and yellow" in post.body_html
    assert sorted(post.tags.names()) == ["Fruit", "Old"]
    assert post.updated_at == datetime(2017, 6, 5, 10, tzinfo=UTC)


def test_what_is_older_there_is_left(source):
    run(source)
    source.write_text(BLOG_OF_ALL.replace("and green", "and blue").replace("06-02T10", "06-01T10"))
    numbers, _ = run(source)

    assert numbers["posts"]["unchanged"] == 1
    assert not Post.objects.filter(body__contains="blue").exists()


def test_a_post_edited_here_is_left_alone_and_listed(source):
    run(source)
    post = Post.objects.get(title="Apples 'n' pears")
    post.body = "<p>Mine.</p>"
    post.save()
    source.write_text(BLOG_OF_ALL.replace("06-02T10", "06-05T10"))
    numbers, text = run(source)

    post.refresh_from_db()
    assert post.body == "<p>Mine.</p>"
    assert numbers["posts"]["edited here"] == 1
    assert "“Apples 'n' pears”: edited here, left as it is; there is a newer one at the source" in text


def test_a_draft_that_was_published_there_gets_its_address(source):
    run(source)
    published = BLOG_OF_ALL.replace("DRAFT", "LIVE").replace("06-02T10", "07-02T10")
    source.write_text(published)
    run(source)

    assert Post.objects.get(title="A draft").get_absolute_url() == "/2017/07/draft/"
    assert OldPath.objects.filter(path="/2017/07/draft.html").exists()


def test_a_post_that_became_a_draft_there_is_one_here(source):
    run(source)
    draft = APPLES.replace("LIVE", "DRAFT").replace("06-02T10", "06-05T10")
    assert draft != APPLES
    source.write_text(BLOG_OF_ALL.replace(APPLES, draft))
    run(source)

    assert Post.objects.get(title="Apples 'n' pears").status == "draft"


def test_a_comment_deleted_there_since_is_removed_here(source):
    run(source)
    source.write_text(BLOG_OF_ALL.replace(QUESTION, entry("COMMENT", 11, "", post="1", author=READER, status="EMPTIED",
                                                          updated="2019-01-01T00:00:00Z")))  # fmt: skip
    numbers, _ = run(source)

    comment = ImportedComment.objects.get(source_id="11").comment
    assert numbers["comments"]["updated"] == 1
    assert comment.status == "removed"
    assert ModerationEvent.objects.filter(comment_id=comment.pk, rule="import", to_status="removed").count() == 1


def test_a_comment_decided_on_here_is_left_alone_and_listed(source):
    run(source)
    comment = ImportedComment.objects.get(source_id="11").comment
    moderation.decide([comment], "reject", actor=make_user("mod", "Moderator"))
    source.write_text(BLOG_OF_ALL.replace("06-02T10", "06-05T10"))
    numbers, text = run(source)

    comment.refresh_from_db()
    assert comment.status == "rejected"
    assert numbers["comments"]["edited here"] == 1
    assert "“comment by Ben”: edited or decided on here, left as it is" in text


def test_both_shapes_of_one_blog_are_one_blog(source, tmp_path):
    run(source)
    backup = tmp_path / "blog-06-02-2017.xml"
    kind = '<category scheme="http://schemas.google.com/g/2005#kind" term="http://schemas.google.com/blogger/2008/kind#post"/>'
    backup.write_text(
        f'<feed xmlns="http://www.w3.org/2005/Atom"><id>{BLOG}.archive</id><entry><id>{BLOG}.post-1</id>{kind}'
        "<published>2017-06-01T10:00:00Z</published><updated>2017-06-02T10:00:00Z</updated></entry></feed>"
    )
    numbers, _ = run(backup)

    assert numbers["posts"] == dict.fromkeys(COLUMNS, 0) | {"in all": 1, "unchanged": 1}


def test_two_blogs_do_not_meet(source, tmp_path):
    run(source)
    other = tmp_path / "other.atom"
    other.write_text(BLOG_OF_ALL.replace("blog-77", "blog-78"))
    numbers, text = run(other)

    assert numbers["posts"]["new"] == 1
    assert set(Post.objects.filter(year=2017).values_list("slug", flat=True)) == {"apples", "apples-2"}
    assert "its old address /2017/06/apples.html already leads to another post" in text
