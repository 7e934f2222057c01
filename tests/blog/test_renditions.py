"""From an upload to what readers get: what is made of an image, and what the worker does with it."""

import io

import pytest
from django.core.files.storage import default_storage
from django.utils import timezone
from django_tasks_db.models import DBTaskResult
from PIL import Image as Picture

from blog import images, renditions
from blog.images.sizes import WIDTHS
from blog.models import Image, ImageUse, Post, Rendition
from blog.tasks import make_renditions
from config.tick import take_up_images
from tests.blog.pictures import in_library, moving, photo, picture, written
from tests.factories import make_post

IN_DATABASE = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}


@pytest.fixture(autouse=True)
def _media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def _made(image: Picture.Image, kind: str, **options) -> tuple[images.Processed, list[images.Processed]]:
    done = images.process(written(image, kind, **options))
    return done, images.renditions(io.BytesIO(done.content))


def _widths(made: list[images.Processed], extension: str) -> list[int]:
    return [one.width for one in made if one.extension == extension]


def test_a_photograph_gets_three_formats_and_each_width_below_its_own():
    done, made = _made(photo(), "JPEG", quality=95)
    for extension in ("avif", "webp", "jpg"):
        assert _widths(made, extension) == [480, 800, 1000]
    assert [one.width for one in made] == sorted(one.width for one in made)
    for one in made:
        with Picture.open(io.BytesIO(one.content)) as found:
            assert found.size == (one.width, one.height)
            assert not found.getexif()
        assert len(one.content) <= len(done.content)
        assert abs(one.height - one.width * 640 / 1000) <= 0.5
    assert done.content in [one.content for one in made]  # the file itself, not written a second time


def test_no_rendition_is_wider_than_the_widest():
    done, made = _made(photo((3000, 100)), "JPEG", quality=95)
    assert done.width == max(one.width for one in made) == max(WIDTHS)


def test_what_shows_through_keeps_doing_so():
    image = photo((700, 600)).convert("RGBA")
    image.paste((0, 0, 0, 0), (0, 0, 300, 600))
    done, made = _made(image, "WEBP", quality=95)
    assert {one.extension for one in made} == {"avif", "webp", "png"}
    for one in made:
        with Picture.open(io.BytesIO(one.content)) as found:
            assert found.convert("RGBA").getpixel((20, 20))[3] == 0
    assert done.colour == ""


@pytest.mark.parametrize("mode", ["RGB", "RGBA"])
@pytest.mark.parametrize(("width", "shown"), [(700, 700), (1280, 1280), (1500, 1280)])
def test_a_webp_has_one_file_for_those_who_cannot_show_it(mode, width, shown):
    image = photo((width, 600)).convert(mode)
    if mode == "RGBA":
        image.putalpha(200)
    done, made = _made(image, "WEBP", quality=20)
    assert done.extension == "webp"
    [fallback] = [one for one in made if one.extension in ("jpg", "png")]
    assert (fallback.extension, fallback.width) == ("png" if mode == "RGBA" else "jpg", shown)
    assert len(fallback.content) > len(done.content) or shown < width  # though it is larger
    with Picture.open(io.BytesIO(fallback.content)) as found:
        assert found.size == (fallback.width, fallback.height)


def test_a_drawing_that_is_small_already_stays_alone():
    done, made = _made(picture(size=(1000, 700)), "PNG")
    assert done.content in [one.content for one in made]
    assert all(len(one.content) <= len(done.content) for one in made)
    assert "jpg" not in {one.extension for one in made}


def test_what_moves_keeps_moving_and_is_webp_alone():
    done = images.process(moving((900, 300)))
    made = images.renditions(io.BytesIO(done.content))
    assert done.moves
    assert _widths(made, "webp") == [one.width for one in made] == [480, 800, 900]
    for one in made:
        with Picture.open(io.BytesIO(one.content)) as found:
            assert found.n_frames == 3
            found.seek(1)
            found.load()
            assert found.info["duration"] == 200
            assert found.info["loop"] == 0


def test_what_would_be_held_in_too_much_memory_is_not_made(monkeypatch):
    monkeypatch.setattr("blog.images.sizes.MAX_HELD_PIXELS", 1000)
    done = images.process(moving((900, 300)))
    assert [one.content for one in images.renditions(io.BytesIO(done.content))] == [done.content]


def test_a_broken_file_is_refused():
    with pytest.raises(images.ImageRefused):
        images.renditions(io.BytesIO(b"RIFF no picture"))


# The worker.


@pytest.fixture
def sea(db) -> Image:
    return Image.objects.from_upload(written(photo((600, 400)), "JPEG", quality=95), alt="The sea")[0]


def _use(image: Image, **fields):
    post = make_post(body=f'<p><img src="{image.file.url}" alt=""></p>', **fields)
    ImageUse.objects.get_or_create(image=image, post=post)
    return post


def test_the_worker_makes_them_and_says_that_it_did(sea):
    assert not sea.is_ready
    renditions.make(sea.pk)
    sea.refresh_from_db()
    assert sea.is_ready
    assert sea.renditions.filter(format="avif").count() == 2
    for made in sea.renditions.all():
        assert default_storage.exists(made.file.name)
    assert sea.thumbnail().width == 480
    assert sea.thumbnail().format == "webp"


def test_readers_who_cannot_choose_get_what_everybody_can_show(db):
    image = Image.objects.from_upload(written(photo((700, 400)), "WEBP", quality=20), alt="The sea")[0]
    post = _use(image)
    assert image.file.name.endswith(".webp")
    renditions.make(image.pk)
    post.refresh_from_db()
    for_all, narrowest = image.renditions.get(format="jpeg"), image.renditions.filter(format="webp")[0]
    assert f'<img src="{for_all.file.url}"' in post.body_html
    assert f'<source type="image/webp" srcset="{narrowest.file.url} 480w' in post.body_html


def test_making_them_twice_makes_them_once(sea):
    renditions.make(sea.pk)
    first = list(sea.renditions.values_list("pk", "file"))
    Image.objects.update(is_ready=False)  # as after a kill before the last post was done
    renditions.make(sea.pk)
    assert [file for _pk, file in first] == [file for _pk, file in sea.renditions.values_list("pk", "file")]


def test_a_ready_image_costs_one_query(sea, django_assert_num_queries):
    renditions.make(sea.pk)
    with django_assert_num_queries(1):
        renditions.make(sea.pk)


def test_posts_that_use_it_are_rendered_anew_and_keep_their_date(sea, monkeypatch):
    monkeypatch.setattr(renditions, "BATCH", 2)
    posts = [_use(sea) for _number in range(5)]
    other = make_post()
    changed = [post.updated_at for post in posts]
    Post.objects.update(body_html="<p>older</p>")
    renditions.make(sea.pk)
    for post in posts:
        post.refresh_from_db()
        assert "<img" in post.body_html
    assert [post.updated_at for post in posts] == changed
    other.refresh_from_db()
    assert other.body_html == "<p>older</p>"


def test_new_words_reach_the_posts_that_have_none_of_their_own(sea):
    post = make_post(body=f'<figure><img src="{sea.file.url}"></figure>')
    renditions.make(sea.pk)
    files = set(sea.renditions.values_list("pk", flat=True))
    sea = Image.objects.get()
    sea.caption = "At low water"
    sea.save()
    assert not Image.objects.get().is_ready
    renditions.make(sea.pk)
    post.refresh_from_db()
    assert "At low water" in post.body_html
    assert Image.objects.get().is_ready
    assert files == set(sea.renditions.values_list("pk", flat=True))  # none was made anew


def test_words_that_come_while_posts_are_rendered_are_not_passed_over(sea, monkeypatch):
    _use(sea)
    real = renditions._render

    def described(pks):
        real(pks)
        Image.objects.filter(pk=sea.pk).update(alt="Other")

    monkeypatch.setattr(renditions, "_render", described)
    renditions.make(sea.pk)
    assert not Image.objects.get().is_ready


def test_an_image_whose_file_is_lost_is_left_without(sea, caplog):
    default_storage.delete(sea.file.name)
    renditions.make(sea.pk)
    sea.refresh_from_db()
    assert sea.is_ready
    assert not sea.renditions.exists()
    assert "has no renditions" in caplog.text


def test_an_image_that_has_gone_is_nobodys_trouble(db):
    renditions.make(12)
    assert not Rendition.objects.exists()


def test_what_was_replaced_meanwhile_gets_none_of_the_old_ones(sea, monkeypatch):
    real = images.renditions

    def replaced(file):
        made = real(file)
        Image.objects.get(pk=sea.pk).take(images.process(written(picture("red"))))
        return made

    monkeypatch.setattr(images, "renditions", replaced)
    renditions.make(sea.pk)
    sea.refresh_from_db()
    assert not sea.is_ready
    assert not sea.renditions.exists()


def test_an_image_of_an_older_version_learns_its_colour(sea):
    Image.objects.update(colour="", moves=True)
    renditions.make(sea.pk)
    sea.refresh_from_db()
    assert sea.colour.startswith("#")
    assert not sea.moves


# How it comes to the worker.


def test_an_upload_asks_for_them(db, settings, django_capture_on_commit_callbacks):
    settings.TASKS = IN_DATABASE
    with django_capture_on_commit_callbacks(execute=True):
        image = in_library()
    result = DBTaskResult.objects.get()
    assert (result.task_path, result.args_kwargs["args"]) == (make_renditions.module_path, [image.pk])


def test_the_tick_takes_up_what_was_lost(db, settings):
    settings.TASKS = IN_DATABASE
    image, ready = in_library(), in_library("red")
    Image.objects.filter(pk=ready.pk).update(is_ready=True)
    take_up_images(timezone.now())
    assert [result.args_kwargs["args"] for result in DBTaskResult.objects.all()] == [[image.pk]]
    take_up_images(timezone.now())
    assert DBTaskResult.objects.count() == 1  # it is under way


def test_the_same_file_at_the_same_moment_is_one_image(db, monkeypatch):
    first = in_library()
    monkeypatch.setattr(type(Image.objects), "filter", lambda self, **found: Image.objects.none(), raising=False)
    again, made = Image.objects.from_upload(written(picture()))
    assert (again.pk, made) == (first.pk, False)
