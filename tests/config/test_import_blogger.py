"""manage.py import_blogger: what comes over, and that running it again changes nothing."""

import base64
import io
import os
import re
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import DataError, connection
from django.utils import timezone
from PIL import Image as Picture

from blog.models import Image, ImportedPost, Label, OldPath, Page, Post, SiteSettings, User
from comments import moderation, tokens
from comments.importing import CommentStore
from comments.models import Comment, ImportedComment, ModerationEvent
from tests.config.command import ROOT, environment, manage
from tests.factories import make_post, make_user

pytestmark = pytest.mark.django_db

BLOG = "tag:blogger.com,1999:blog-77"
ROWS = ("posts", "scheduled", "drafts", "pages", "comments", "replies", "labels")
COLUMNS = ("in all", "new", "updated", "unchanged", "edited here", "skipped")
ANNA = "<author><name>Anna</name><uri>https://www.blogger.com/profile/123</uri><blogger:type>BLOGGER</blogger:type></author>"
READER = "<author><name>Ben</name><uri/><blogger:type>ANONYMOUS</blogger:type></author>"


def entry(kind: str, number: int, content: str = "Words", inner: str = "", **fields: str) -> str:
    """An entry of a Takeout feed, to takeout-shape.md."""
    fields = {"status": "LIVE", "published": "2017-06-01T10:00:00Z", "updated": "2017-06-02T10:00:00Z"} | fields
    labels = "".join(f"<category scheme='{BLOG}' term='{name}'/>" for name in fields.get("labels", "").split())
    parent = f"<blogger:parent>{BLOG}.post-{fields['post']}</blogger:parent>" if "post" in fields else ""
    answered = f"{BLOG}.post-{fields['answers']}" if "answers" in fields else ""
    return f"""<entry><id>{BLOG}.post-{number}</id>{parent}<blogger:inReplyTo>{answered}</blogger:inReplyTo>
    <blogger:type>{kind}</blogger:type><blogger:status>{fields["status"]}</blogger:status>
    {fields.get("author", ANNA)}<title>{fields.get("title", "")}</title>
    <content type='html'>{content}</content><blogger:metaDescription/>
    <blogger:created>{fields["published"]}</blogger:created>
    <published>{fields["published"]}</published><updated>{fields["updated"]}</updated>
    <blogger:location/><category/>{labels}<blogger:filename>{fields.get("filename", "")}</blogger:filename>
    <link/><enclosure/><blogger:trashed>{fields.get("trashed", "")}</blogger:trashed>{inner}</entry>"""


def feed(*entries: str) -> str:
    return (
        "<?xml version='1.0' encoding='utf-8'?>\n<feed xmlns='http://www.w3.org/2005/Atom'"
        f" xmlns:blogger='http://schemas.google.com/blogger/2018'>\n<id>{BLOG}</id><title>Apples</title>\n"
        + "\n".join(entries)
        + "</feed>"
    )


APPLES = entry(
    "POST",
    1,
    "&lt;b&gt;Red&lt;/b&gt;&lt;br /&gt;&lt;br /&gt;and green.",
    title="Apples &amp;#39;n&amp;#39; pears",
    filename="/2017/06/apples.html",
    labels="Fruit Red",
)
QUESTION = entry("COMMENT", 11, "Which ones?&lt;br /&gt;&lt;br /&gt;Tell.", post="1", author=READER)
ANSWER = entry("COMMENT", 12, "All.", post="1", answers="11", published="2017-06-03T10:00:00Z")
BLOG_OF_ALL = feed(
    # As Takeout may have it: an answer before the comment, comments before their post.
    ANSWER,
    QUESTION,
    entry("COMMENT", 13, "Late.", post="1", author=READER, published="2018-01-01T10:00:00Z"),
    APPLES,
    entry("POST", 2, "Begun.", title="A draft", status="DRAFT", filename="/2017/07/draft.html", labels="Fruit"),
    entry("POST", 3, "Soon.", title="Ahead", published="2990-01-01T00:00:00Z", filename="/2990/01/ahead.html"),
    entry("POST", 4, "Gone.", title="Binned", trashed="2020-01-01T00:00:00Z"),
    entry("PAGE", 5, "I am.", title="About", filename="/p/about-me.html"),
    entry("COMMENT", 14, "Hello!", post="5", author=READER),
    entry("COMMENT", 15, "Buy!", post="1", author=READER, status="SPAM"),
    entry("COMMENT", 16, "Lost.", post="999", author=READER),
)


@pytest.fixture
def source(tmp_path):
    path = tmp_path / "feed.atom"
    path.write_text(BLOG_OF_ALL)
    return path


def run(source, *options: str) -> tuple[dict[str, dict[str, int]], str]:
    """The report's numbers, and all that was said."""
    out = io.StringIO()
    call_command("import_blogger", str(source), *options, stdout=out)
    return numbers_of(out.getvalue()), out.getvalue()


def run_to_fault(source, *options: str) -> tuple[str, str]:
    """The one line of the fault, and what was said before it."""
    out = io.StringIO()
    with pytest.raises(CommandError) as caught:
        call_command("import_blogger", str(source), *options, stdout=out)
    assert "\n" not in str(caught.value)
    return str(caught.value), out.getvalue()


def numbers_of(text: str) -> dict[str, dict[str, int]]:
    found = {}
    for line in text.splitlines():
        name, *numbers = line.split()
        if name in ROWS and len(numbers) == len(COLUMNS):
            found[name] = dict(zip(COLUMNS, (int(number.replace(",", "")) for number in numbers), strict=True))
    return found


def everything() -> dict[str, list]:
    models = (Post, Label, OldPath, User, Image, ImportedPost, Comment, ImportedComment, ModerationEvent)
    rows = {model.__name__: list(model.objects.order_by("pk").values()) for model in models}
    return rows | {"labelled": list(Post.tags.through.objects.order_by("pk").values())}


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
    moderation.approve(fresh, actor=make_user("mod", "Moderator"))
    page = client.get("/2017/06/apples/").content.decode()
    assert page.index("Which ones?") < page.index("All.") < page.index("Fresh.") < page.index("Late.")
    assert "Buy!" not in page


# Again


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
    moderation.reject(comment, actor=make_user("mod", "Moderator"))
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


# Dry run


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


# Faults


def test_a_broken_file_keeps_what_came_before_and_says_where(source):
    source.write_text(BLOG_OF_ALL.partition("<entry><id>tag:blogger.com,1999:blog-77.post-3<")[0] + "<entry>&oops;")
    fault, text = run_to_fault(source)

    assert re.search(
        r"feed\.atom: line \d+, column \d+: broken XML \(undefined entity.*\)\. What came before it stays\.", fault
    )
    assert numbers_of(text)["posts"]["new"] == 1
    assert numbers_of(text)["replies"]["new"] == 1
    assert Comment.objects.count() == 3


def test_a_fault_loses_nothing_that_is_here(source, tmp_path):
    run(source)
    before = everything()
    for name, content in {
        "broken": BLOG_OF_ALL[:-400],
        "json": "{}",
        "empty": "",
        "bomb": '<!DOCTYPE f [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>' + BLOG_OF_ALL.partition("?>")[2],
    }.items():
        (tmp_path / name).write_text(content)
        run_to_fault(tmp_path / name)
    run_to_fault(tmp_path / "nothing here")

    assert everything() == before


def test_one_item_that_cannot_be_stored_does_not_stop_the_others(source):
    def refuse(execute, sql, params, many, context):
        if sql.startswith("INSERT") and "blog_post" in sql and "Ahead" in map(str, params):
            raise DataError("no room")
        return execute(sql, params, many, context)

    with connection.execute_wrapper(refuse):
        fault, text = run_to_fault(source)

    assert fault == "1 items could not be stored; all others were."
    assert "“Ahead”: could not be stored: no room" in text
    assert numbers_of(text)["pages"]["new"] == 1
    run(source)
    assert Post.objects.filter(title="Ahead").exists()


def test_stopping_is_one_line_and_the_next_run_goes_on(source, monkeypatch):
    monkeypatch.setattr(CommentStore, "store", lambda self, record: (_ for _ in ()).throw(KeyboardInterrupt))
    fault, text = run_to_fault(source)
    monkeypatch.undo()

    assert fault == "Stopped. What was imported stays; the same command goes on from there."
    assert numbers_of(text)["posts"]["new"] == 1
    assert run(source)[0]["comments"]["new"] == 4


def test_nothing_here_is_touched(source):
    mine = make_post(title="Mine", slug="apples", published_at=datetime(2017, 6, 5, tzinfo=UTC))
    run(source)

    mine.refresh_from_db()
    assert mine.get_absolute_url() == "/2017/06/apples/"
    assert Post.objects.get(title="Apples 'n' pears").slug == "apples-2"


def peak_of(folder: Path, source: Path) -> int:
    """The most memory in bytes that an import as a process of its own had, having succeeded."""
    command = [sys.executable, "manage.py", "import_blogger", str(source)]
    with (folder / "said").open("w") as said:
        process = subprocess.Popen(command, cwd=ROOT, env=environment(folder), stdout=said, stderr=said)
        _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0, (folder / "said").read_text()
    return used.ru_maxrss * 1024


@pytest.mark.slow
@pytest.mark.timeout(1200)
def test_a_large_blog_takes_no_more_memory_than_a_small_one(tmp_path):
    small, large = tmp_path / "small.atom", tmp_path / "large.atom"
    small.write_text(feed(APPLES, QUESTION))
    start = datetime(2015, 1, 1, tzinfo=UTC)
    with large.open("w") as file:
        head, _, end = feed("|").partition("|")
        file.write(head)
        for number in range(20_000, 0, -1):  # the newest first, before their posts
            fields = {"post": str(number % 500), "published": (start + timedelta(minutes=number)).isoformat()}
            if number > 500 and number % 3:
                fields["answers"] = str(1000 + number - 500)
            file.write(entry("COMMENT", 1000 + number, "Some words. " * 40, author=READER, **fields))
        for number in range(500):
            file.write(entry("POST", number, "&lt;p&gt;Some words.&lt;/p&gt;" * 20, title=f"Post {number}"))
        file.write(end)
    assert large.stat().st_size > 20_000_000
    manage(tmp_path, "migrate", "-v0")

    least = peak_of(tmp_path, small)
    # A tree of the file would take 150 MB; some of what is allowed here is the database file, which SQLite maps.
    assert peak_of(tmp_path, large) < least + 40_000_000

    numbers = numbers_of((tmp_path / "said").read_text())
    assert (numbers["posts"]["new"], numbers["comments"]["new"] + numbers["replies"]["new"]) == (500, 20_000)
