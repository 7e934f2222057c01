import io

import pytest
from django.core.management import call_command
from django.db import connection

from blog import rendering, search
from blog.models import Image, ImageUse, Post
from tests.factories import make_page, make_post

pytestmark = pytest.mark.django_db
LIKE_IT = 15  # queries, whatever the size of the site: blog/alike.py


class Terminal(io.StringIO):
    def isatty(self):
        return True


def spoil(*posts):
    """As an older version of the program might have left them."""
    Post.objects.update(body_html="<script>old</script>", body_text="old", summary="old", reading_minutes=9)
    for post in posts:
        search.remove(post.pk)


def run(stdout=None, **options):
    stdout = stdout or io.StringIO()
    call_command("render", stdout=stdout, stderr=stdout, **options)
    return stdout.getvalue()


def test_it_works():
    post, page = make_post(body="<p>A lighthouse.</p>"), make_page(title="About", body="<p>A harbour.</p>")
    spoil(post, page)
    assert "2 posts and pages rendered" in run()
    for one, text in ((post, "A lighthouse."), (page, "A harbour.")):
        now = Post.objects.get(pk=one.pk)
        assert (now.body_html, now.body_text, now.summary) == (one.body_html, text, one.summary)
        assert now.reading_minutes == 1
        assert search.search(text).total == 1


def test_it_touches_no_dates():
    post = make_post()
    before = Post.objects.values("updated_at", "created_at", "published_at", "year", "month", "slug").get(pk=post.pk)
    run()
    assert Post.objects.values(*before).get(pk=post.pk) == before


def test_labels_are_indexed():
    make_post(labels=("Sea shore",))
    assert search.search("shore").total == 0  # set after the post was saved
    run()
    assert search.search("shore").total == 1


def test_running_it_again_changes_nothing():
    make_post(labels=("Sea",), body="<p>A lighthouse.</p>")
    run()
    before = list(Post.objects.values())
    run()
    assert list(Post.objects.values()) == before
    assert search.search("lighthouse sea").total == 1


def test_rows_of_posts_that_are_gone_are_swept_out():
    post = make_post()
    Post.objects.filter(pk=post.pk).delete()
    run()
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM blog_search")
        assert cursor.fetchone() == (0,)


def test_without_posts_it_says_so():
    assert "0 posts and pages rendered" in run()


def test_a_terminal_sees_a_bar_and_a_file_plain_lines():
    for number in range(3):
        make_post(title=f"Post {number}")
    assert "\r[##########....................] 1/3" in run(Terminal(), batch=1)
    plain = run(batch=1)
    assert plain.splitlines()[:3] == ["1/3", "2/3", "3/3"]
    assert "\r" not in plain


def test_it_can_be_stopped_and_run_again(monkeypatch):
    posts = [make_post(title=f"Post {number}", body="<p>lighthouse</p>") for number in range(3)]
    spoil(*posts)
    real, seen = rendering._render, []

    def stopped_at_the_second(ids, language):
        seen.append(ids)
        if len(seen) == 2:
            raise KeyboardInterrupt
        real(ids, language)

    monkeypatch.setattr(rendering, "_render", stopped_at_the_second)
    output = io.StringIO()
    with pytest.raises(SystemExit) as stop:
        run(output, batch=1)
    assert stop.value.code == 130
    assert "Stopped after 1 of 3." in output.getvalue()
    assert search.search("lighthouse").total == 1
    monkeypatch.undo()
    run(batch=1)
    assert search.search("lighthouse").total == 3


def test_the_queries_are_counted_per_batch(django_assert_max_num_queries):
    for number in range(20):
        make_post(title=f"Post {number}")
    # the settings, the count, two lists of ids, tidying (2); a batch: savepoint (2), posts, labels, the update
    # (SQLite takes it in parts), the uses of images, and for each post its row in the index; then what is like each
    with django_assert_max_num_queries(12 + 20 + 5 + 20 * LIKE_IT):
        run()


def test_it_notes_which_images_posts_show():
    image = Image.objects.create(file="images/ab/x.jpg", digest="x", width=9, height=9)
    cover = Image.objects.create(file="images/ab/y.jpg", digest="y", width=9, height=9)
    post = make_post(body=f'<img src="{image.file.url}">', cover=cover)
    ImageUse.objects.all().delete()
    run()
    run()
    assert set(ImageUse.objects.values_list("post", "image")) == {(post.pk, image.pk), (post.pk, cover.pk)}


def test_long_posts_are_taken_few_at_a_time(monkeypatch):
    monkeypatch.setattr(rendering, "MAX_CHARACTERS", 250)
    for number in range(5):
        make_post(title=f"Post {number}", body=f"<p>{'x' * 100}</p>")
    make_post(title="Long", body=f"<p>{'x' * 1000}</p>")
    assert run().splitlines()[:4] == ["2/6", "4/6", "5/6", "6/6"]
