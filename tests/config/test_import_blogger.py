"""manage.py import_blogger: what comes over."""

import base64
import io
from datetime import UTC, datetime

import pytest
from django.utils import timezone
from PIL import Image as Picture

from blog.models import Image, Label, Page, Post, SiteSettings, User
from comments import moderation, tokens
from comments.models import Comment
from tests.config.blogger_feeds import (
    ANSWER,
    APPLES,
    BLOG,
    ROWS,
    entry,
    everything,
    feed,
    run,
)
from tests.factories import make_user

pytestmark = pytest.mark.django_db


def test_a_whole_blog_comes_over(source):
    numbers, text = run(source)

    assert {row: numbers[row]["new"] for row in ROWS} == {
        "posts": 1, "scheduled": 1, "drafts": 1, "pages": 1, "comments": 4, "replies": 1, "labels": 2,
    }  # fmt: skip
    assert (numbers["posts"]["skipped"], numbers["comments"]["skipped"]) == (1, 1)
    assert "“Binned”: it is in Blogger's bin" in text
    assert "1 comment belongs to a post that did not come with it, and was left out." in text


def test_a_post_keeps_its_words_dates_labels_and_address(source, client):
    run(source)
    post = Post.objects.get(title="Apples 'n' pears")

    assert post.body == "<p><strong>Red</strong></p><p>and green.</p>"
    assert post.get_absolute_url() == "/2017/06/apples/"
    assert post.published_at == datetime(2017, 6, 1, 10, tzinfo=UTC)
    assert post.updated_at == datetime(2017, 6, 2, 10, tzinfo=UTC)
    assert post.atom_id == f"{BLOG}.post-1"
    assert sorted(post.tags.names()) == ["Fruit", "Red"]
    assert post.tag_items.filter(published_at=post.published_at).count() == 2
    response = client.get("/2017/06/apples.html")
    assert (response.status_code, response["Location"]) == (301, "/2017/06/apples/")
    assert client.get("/2017/06/apples/").status_code == 200


def test_drafts_scheduled_posts_and_pages_are_what_they_were(source, client):
    run(source)
    draft, ahead, about = (Post.objects.get(title=title) for title in ("A draft", "Ahead", "About"))

    assert (draft.status, draft.published_at, draft.slug, draft.year) == ("draft", None, "draft", None)
    assert draft.created_at == datetime(2017, 6, 1, 10, tzinfo=UTC)
    assert ahead.is_scheduled()
    assert about in Page.objects.published()
    assert client.get("/2017/07/draft.html").status_code == 404
    assert client.get("/2990/01/ahead.html").status_code == 404
    assert client.get("/p/about-me.html")["Location"] == "/p/about-me/"


def test_the_year_and_month_are_the_old_addresss_wherever_the_site_is(source):
    site = SiteSettings.load()
    site.time_zone = "Asia/Tokyo"
    site.save()
    source.write_text(feed(entry("POST", 1, published="2017-06-30T20:00:00Z", filename="/2017/06/late.html")))
    run(source)

    assert Post.objects.get().get_absolute_url() == "/2017/06/late/"


def test_authors_cannot_sign_in(source):
    run(source)
    author = Post.objects.get(title="About").author

    assert (author.username, author.name, author.email) == ("blogger-123", "Anna", "")
    assert not author.is_active
    assert not author.has_usable_password()
    assert User.objects.count() == 1


def test_a_reply_stands_under_its_comment_and_threads_in_order_of_time(source):
    run(source)
    question, answer, late = (Comment.objects.get(body__startswith=words) for words in ("Which", "All.", "Late."))

    assert (answer.parent, answer.depth) == (question, 1)
    assert answer.created_at == datetime(2017, 6, 3, 10, tzinfo=UTC)
    assert (question.author_name, question.author_email, question.status) == ("Ben", "", "approved")
    assert question.reasons == ["imported"]
    assert question.body_html == "<p>Which ones?</p><p>Tell.</p>"
    assert question.path < answer.path < late.path
    assert Comment.objects.get(body="Buy!").status == "spam"


def test_an_authors_own_comment_is_known_by_the_profile_not_by_the_name(source):
    source.write_text(
        feed(APPLES, ANSWER, entry("COMMENT", 20, "Me too.", post="1", author="<author><name>Anna</name></author>"))
    )
    run(source)

    assert Comment.objects.get(body="All.").user == Post.objects.get().author
    assert Comment.objects.get(body="Me too.").user is None


def test_the_comments_of_a_page_are_shown_there(source, client):
    run(source)

    assert "Hello!" in client.get("/p/about-me/").content.decode()


def test_a_fresh_comment_on_an_imported_post_works_like_any_other(source, client):
    run(source)
    post, question = Post.objects.get(slug="apples"), Comment.objects.get(body__startswith="Which")
    token = tokens.for_writer(post.pk, now=timezone.now().timestamp() - 60)
    typed = {"name": "Cleo", "email": "cleo@example.org", "text": "Fresh.", "token": token, "parent": question.pk}
    response = client.post("/2017/06/apples/comment/", typed)

    fresh = Comment.objects.get(body="Fresh.")
    assert (response.status_code, fresh.status, fresh.parent) == (303, "pending", question)
    moderation.decide([fresh], "approve", actor=make_user("mod", "Moderator"))
    page = client.get("/2017/06/apples/").content.decode()
    assert page.index("Which ones?") < page.index("All.") < page.index("Fresh.") < page.index("Late.")
    assert "Buy!" not in page


def test_a_dry_run_reports_the_same_and_writes_nothing(source):
    before = everything()
    planned, text = run(source, "--dry-run")

    assert everything() == before
    assert "wrote nothing" in text
    assert run(source)[0] == planned
    assert run(source, "--dry-run")[0] == run(source)[0]


# Pictures


def data_uri(colour: str = "red") -> str:
    file = io.BytesIO()
    Picture.new("RGB", (40, 30), colour).save(file, "PNG")
    return "data:image/png;base64," + base64.b64encode(file.getvalue()).decode()


def img(src: str, alt: str = "An apple") -> str:
    return f"&lt;img alt=&quot;{alt}&quot; src=&quot;{src}&quot; /&gt;"


def test_a_picture_in_the_text_becomes_an_image_of_the_library(source):
    source.write_text(
        feed(entry("POST", 1, f"Look: {img(data_uri())} {img(data_uri())} {img('https://a.example/b.png')}"))
    )
    _, text = run(source)

    image, post = Image.objects.get(), Post.objects.get()
    assert (image.alt, image.width, image.uploaded_by) == ("An apple", 40, post.author)
    assert post.body.count(image.file.url) == 2
    assert "https://a.example/b.png" in post.body
    assert "data:" not in post.body
    assert "left out" not in text


def test_a_picture_that_is_none_is_left_out_and_named(source):
    source.write_text(feed(entry("POST", 1, f"Look: {img('data:image/svg+xml;base64,PHN2Zy8+')}.", title="Apples")))
    numbers, text = run(source)

    assert numbers["posts"]["new"] == 1
    assert "“Apples”: a picture in its text was left out:" in text
    assert Post.objects.get().body == "<p>Look: An apple.</p>"


def test_a_dry_run_looks_at_pictures_and_keeps_none(source, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    source.write_text(feed(entry("POST", 1, img(data_uri("blue")) + img("data:image/png;base64,AAAA"))))
    _, text = run(source, "--dry-run")

    assert text.count("a picture in its text was left out") == 1
    assert not (tmp_path / "media").exists()


# What is odd in it


def test_long_and_odd_values_are_cut_and_told(source):
    long = "x" * 500
    source.write_text(
        feed(
            entry("POST", 1, title=long, labels=long, filename=f"/2017/06/{'y' * 1200}.html"),
            entry("POST", 2, "", title=""),
            entry("POST", 3, "&lt;p&gt;First words.&lt;/p&gt;", title=""),
            entry("COMMENT", 4, "z" * 12_000, post="1"),
            entry("COMMENT", 5, "&lt;br /&gt;", post="1"),
        )
    )
    numbers, text = run(source)

    assert numbers["posts"]["new"] == 3
    assert {len(post.title) for post in Post.objects.filter(title__startswith="x")} == {300}
    assert {len(label.name) for label in Label.objects.all()} == {100}
    assert set(Post.objects.exclude(title__startswith="x").values_list("title", flat=True)) == {
        "Untitled",
        "First words.",
    }
    assert len(Comment.objects.get().body) == 10_000
    for said in ("its title was", "its label", "its old address is longer", "longer than 10,000", "it has no text"):
        assert text.count(said) == 1


def test_a_reply_whose_comment_did_not_come_begins_a_thread(source):
    source.write_text(feed(APPLES, ANSWER))
    _, text = run(source)

    assert Comment.objects.get().parent is None
    assert "begins a thread of its own" in text


def test_comments_that_answer_one_another_in_a_circle_all_come(source):
    source.write_text(
        feed(APPLES, *(entry("COMMENT", n, f"c{n}", post="1", answers=str(m)) for n, m in ((1, 2), (2, 1), (3, 3))))
    )
    numbers, _ = run(source)

    assert Comment.objects.filter(parent=None).count() == 3
    assert numbers["comments"]["new"] == 3


def test_a_deleted_comment_stays_as_a_tombstone_only_where_it_was_answered(source):
    gone = "This comment has been removed by the author."
    source.write_text(feed(APPLES, entry("COMMENT", 11, gone, post="1"), ANSWER, entry("COMMENT", 13, gone, post="1")))
    numbers, _ = run(source)

    assert Comment.objects.get(status="removed").replies.count() == 1
    assert (numbers["comments"]["new"], numbers["comments"]["skipped"]) == (1, 1)


def test_comments_keep_what_a_comment_may_hold(source):
    html = (
        "&lt;b&gt;a&lt;/b&gt; &lt;u&gt;b&lt;/u&gt;&lt;br/&gt;1 &amp;lt; 2 &amp;amp;&amp;amp; &amp;quot;c&amp;quot; "
        "&lt;a href=&quot;http://a.example/?x=1&amp;amp;y=2&quot; rel=&quot;nofollow&quot;&gt;d&lt;/a&gt;"
        "&lt;script&gt;alert(1)&lt;/script&gt;&lt;img src=x onerror=alert(1)&gt;"
    )
    source.write_text(feed(APPLES, entry("COMMENT", 11, html, post="1")))
    run(source)

    comment = Comment.objects.get()
    assert comment.body.startswith('<b>a</b> b\n1 &lt; 2 &amp;&amp; "c" <a href="http://a.example/?x=1&amp;y=2">d</a>')
    assert "alert" not in comment.body_html
    assert '<a href="http://a.example/?x=1&amp;y=2" rel="nofollow ugc noopener">d</a>' in comment.body_html
