"""The comments on a post's page, as readers get them."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from comments import counts
from comments.models import Comment, CommentSettings
from tests.factories import make_comment, make_post

pytestmark = pytest.mark.django_db


@pytest.fixture
def post():
    return make_post()


def section(response) -> str:
    """The comments of a page, without the form."""
    html = response.content.decode()
    return html[html.index('id="comments"') : html.index('id="post-a-comment"')]


def make_many(post, number: int, parent_of=lambda n: None) -> list[Comment]:
    """So many approved comments at once; `parent_of(n)` is the place of the one that number n answers."""
    first = (Comment.objects.order_by("-pk").values_list("pk", flat=True).first() or 0) + 1
    made = []
    for n in range(number):
        parent = parent_of(n)
        above = "" if parent is None else made[parent].path[:100]
        comment = Comment(pk=first + n, post=post, author_name=f"Reader {n}", body="Words.", body_html="<p>Words.</p>")
        comment.status, comment.path = "approved", f"{above}{first + n:010d}"
        comment.parent_id = None if parent is None else made[parent].pk
        made.append(comment)
    Comment.objects.bulk_create(made, batch_size=500)
    counts.recount()
    return made


def test_the_page_nests_what_it_opens(client, post):
    comment = None
    for number in range(4):
        comment = make_comment(post, body=f"deep {number}", parent=comment)
    make_comment(post, body="top")
    make_comment(post, status="removed")
    html = section(client.get(post.get_absolute_url()))
    assert html.count("<article") == html.count("</article>") == 6
    assert html.count("<div") == html.count("</div>")


def test_a_tombstone_shows_nothing_of_the_comment(client, post):
    gone = make_comment(post, author_name="Gull", author_url="https://gull.example/", body="secret", status="removed")
    make_comment(post, author_name="Tern", parent=gone)
    make_comment(post, author_name="Gull", body="secret", status="removed")
    html = section(client.get(post.get_absolute_url()))
    assert html.count("Comment removed by a moderator.") == 2
    assert "Gull" not in html and "secret" not in html and "gull.example" not in html
    assert f"parent={gone.pk}" not in html and f"/comment/{gone.pk}/" not in html


def test_neighbours_that_were_removed_take_one_line(client, post):
    for _ in range(3):
        make_comment(post, status="removed")
    make_comment(post, author_name="Tern")
    html = section(client.get(post.get_absolute_url()))
    assert "3 comments removed by a moderator." in html and "1 comment" in html


def test_tombstones_are_not_counted(client, post):
    make_comment(post, status="removed")
    html = section(client.get(post.get_absolute_url()))
    assert "No comments" in html and "Oldest first" not in html


def test_the_reader_chooses_the_order(client, post):
    for name in ("First", "Second"):
        make_comment(post, author_name=name)
    address = post.get_absolute_url()
    oldest, newest = section(client.get(address)), section(client.get(address, {"order": "newest"}))
    assert oldest.index("First</bdi>") < oldest.index("Second</bdi>")
    assert newest.index("Second</bdi>") < newest.index("First</bdi>")
    assert re.search(r'aria-current="true">Oldest first', oldest)
    assert re.search(r'aria-current="true">Newest first', newest)
    assert oldest.count("aria-current") == newest.count("aria-current") == 1


@pytest.mark.parametrize("order", ["", "newest"])
def test_pages_lead_both_ways(client, post, order):
    CommentSettings(threads_per_page=5, flood_seconds=0).save()
    make_many(post, 12)
    seen, address = [], f"{post.get_absolute_url()}?order={order}"
    while address:
        html = section(client.get(address))
        seen.append(re.findall(r"<bdi>(Reader \d+)</bdi>", html))
        later = re.search(r'rel="next nofollow" href="([^"#]*)#comments"', html)
        address = later and later[1].replace("&amp;", "&")
        before = re.search(r'rel="prev nofollow" href="([^"#]*)#comments"', html)
        assert bool(before) == (len(seen) > 1)
        if before:
            page_before = section(client.get(before[1].replace("&amp;", "&")))
            assert re.findall(r"<bdi>(Reader \d+)</bdi>", page_before) == seen[-2]
    names = [f"Reader {n}" for n in range(12)]
    if order:
        names.reverse()
    assert seen == [names[:5], names[5:10], names[10:]]


def test_a_long_thread_leads_to_its_rest_and_back(client, post):
    CommentSettings(threads_per_page=5).save()
    made = make_many(post, 60, lambda n: 0 if n else None)
    html = section(client.get(post.get_absolute_url()))
    assert "10 more replies" in html and "in the thread that <bdi>Reader 0</bdi> began" in html
    assert f"?thread={made[50].path}#comments" in html and "Later comments" not in html
    rest = section(client.get(post.get_absolute_url(), {"thread": made[50].path}))
    assert re.findall(r"<b [^>]*><bdi>(Reader \d+)</bdi>", rest) == [f"Reader {n}" for n in (0, *range(50, 60))]
    assert f'href="{post.get_absolute_url()}#comments">All comments</a>' in rest
    assert f"?thread={made[0].path}#comments" in rest and "more repl" not in rest


def test_the_depth_of_the_settings_holds(client, post):
    CommentSettings(depth=2).save()
    comment = None
    for name in ("Gull", "Tern", "Knot"):
        comment = make_comment(post, author_name=name, parent=comment)
    html = section(client.get(post.get_absolute_url()))
    assert html.count('class="replies"') == 1
    assert f'In reply to <a href="#comment-{comment.parent_id}"><bdi>Tern</bdi></a>' in html


def test_a_threads_replies_can_be_folded_away_and_are_counted(client, post):
    CommentSettings(depth=5).save()
    first = make_comment(post)
    reply = make_comment(post, parent=first)
    make_comment(post, parent=reply)
    make_comment(post, parent=first, status="removed")
    make_comment(post)
    html = section(client.get(post.get_absolute_url()))
    assert html.count("<details") == html.count("</details>") == 1
    assert '<details class="replies" open><summary>2 replies</summary>' in html
    assert html.count('<div class="replies">') == 1 and html.count("<div") == html.count("</div>")
    assert html.index("</details></article>") < html.rindex("<article")


def test_replies_that_are_all_gone_fold_nothing(client, post):
    first = make_comment(post)
    make_comment(post, parent=first, status="removed")
    html = section(client.get(post.get_absolute_url()))
    assert "<details" not in html and html.count("<div") == html.count("</div>")


def test_a_comment_says_in_microformats_who_wrote_it_and_when(client, post):
    comment = make_comment(post, author_url="https://gull.example/")
    html = section(client.get(post.get_absolute_url()))
    assert f'<article class="comment u-comment h-cite" id="comment-{comment.pk}">' in html
    for name in ("p-author h-card", "u-url", "when u-url", "dt-published", "says e-content"):
        assert f'class="{name}"' in html


def test_each_comment_can_be_reported_and_says_whose_it_is(client, post):
    comment = make_comment(post, author_name="Gull & Tern")
    html = section(client.get(post.get_absolute_url()))
    assert f'href="/comment/{comment.pk}/report/"' in html
    assert 'aria-label="Report the comment by Gull &amp; Tern"' in html


def flat(n):
    return None


def one_thread(n):
    return 0 if n else None


def mixed(n):
    return n * 7 % n if n % 3 else None


@pytest.mark.parametrize("threads", [flat, one_thread, mixed])
def test_ten_thousand_comments_cost_as_many_queries_as_none(client, post, threads):
    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as asked:
            assert client.get(post.get_absolute_url()).status_code == 200
        return len(asked)

    queries()  # the first request of all reads the settings' row, which is made then
    none = queries()
    for number in (1, 100, 10_000):
        Comment.objects.filter(post=post).delete()
        make_many(post, number, threads)
        assert queries() == none == 8


def test_no_page_of_ten_thousand_comments_reads_more_than_fits_on_it(client, post):
    """One range of one index, on both databases."""
    make_many(post, 10_000, mixed)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE comments_comment")
    plan = Comment.objects.in_thread(post).filter(path__gte=f"{5000:010d}")[:201].explain()
    assert "comments_in_thread" in plan and "sort" not in plan.lower() and "TEMP B-TREE" not in plan


def test_whatever_marks_stand_in_a_comment_are_shown_as_typed(client, post):
    odd = "100% %s %(pk)s {name} \\1 <b"
    first = make_comment(
        post, author_name=odd, body="Words 100% %s %(name)s {name}", author_url="https://example.org/?a=%20&b=1"
    )
    make_comment(post, author_name="Tern", parent=first, body="Yes.")
    CommentSettings(depth=1).save()
    html = section(client.get(post.get_absolute_url()))
    shown = "100% %s %(pk)s {name} \\1 &lt;b"
    assert html.count(f"<bdi>{shown}</bdi>") == 2  # over its words, and where Tern answers
    assert f'aria-label="Reply to {shown}"' in html and 'href="https://example.org/?a=%20&amp;b=1"' in html
    assert f'href="#comment-{first.pk}"' in html and "Words 100% %s %(name)s {name}" in html
