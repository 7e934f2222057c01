import re

import pytest

from blog.models import Image, ImageUse, Rendition
from blog.render import cover, render
from tests.factories import make_post

pytestmark = pytest.mark.django_db
COLUMN = "min(36rem, 100vw - 2rem)"


def make_image(number: int = 1, extension: str = "jpg", **fields) -> Image:
    digest = f"{number:032x}"
    fields = {"alt": "A harbour", "width": 1600, "height": 1200} | fields
    return Image.objects.create(file=f"images/00/{digest}.{extension}", digest=digest, **fields)


def make_renditions(image: Image, **widths: tuple[int, ...]) -> Image:
    for name, of_format in widths.items():
        for width in of_format:
            file = f"images/{width:02x}/{image.pk}-{width}.{name}"
            height = image.height * width // image.width
            Rendition.objects.create(image=image, format=name, width=width, height=height, file=file)
    return image


def figure(image: Image, attributes: str = "", caption: str = "<figcaption></figcaption>") -> str:
    return f'<figure><img src="{image.file.url}" data-image="{image.pk}"{attributes}>{caption}</figure>'


def test_it_works(django_assert_num_queries):
    image = make_renditions(make_image(colour="#8a6f52"), avif=(480, 1600), webp=(480, 1600), jpeg=(480, 1200, 1600))
    other = make_renditions(make_image(2), webp=(480,))
    body = figure(image, ' alt="A boat" data-credit="Ada"', "<figcaption>At noon</figcaption>") + figure(other)
    with django_assert_num_queries(1):
        done = render(body)
    small = f"/media/images/1e0/{image.pk}-480"
    large = f"/media/images/640/{image.pk}-1600"
    assert done.html.startswith(
        "<figure><picture>"
        f'<source type="image/avif" srcset="{small}.avif 480w, {large}.avif 1600w" sizes="{COLUMN}">'
        f'<source type="image/webp" srcset="{small}.webp 480w, {large}.webp 1600w" sizes="{COLUMN}">'
        f'<img src="/media/images/4b0/{image.pk}-1200.jpeg" '
        f'srcset="{small}.jpeg 480w, /media/images/4b0/{image.pk}-1200.jpeg 1200w, {large}.jpeg 1600w" '
        f'sizes="{COLUMN}" alt="A boat" width="1600" height="1200" decoding="async" data-colour="#8a6f52"></picture>'
        '<figcaption>At noon · <span class="credit" dir="auto">Ada</span></figcaption></figure>'
    )
    assert 'loading="lazy"' in done.html.split("</figure>")[1]
    assert done.images == {image.pk, other.pk}


def test_without_renditions_the_file_stands_alone():
    image = make_image()
    assert render(figure(image)).html == (
        f'<figure><img src="{image.file.url}" alt="A harbour" width="1600" height="1200" decoding="async"></figure>'
    )


def test_what_moves_is_webp_alone_and_needs_no_choice():
    image = make_renditions(make_image(extension="webp"), webp=(480, 1600))
    html = render(figure(image)).html
    assert "<picture" not in html and ".webp 480w" in html and ".webp 1600w" in html
    assert f'src="/media/images/1e0/{image.pk}-480.webp"' in html


def test_the_id_wins_over_the_file_which_may_have_been_replaced():
    image = make_image(2)
    old = f'<img src="/media/images/00/{"1" * 32}.jpg" data-image="{image.pk}">'
    assert f'src="{image.file.url}"' in render(old).html
    assert render(old).images == {image.pk}


def test_an_unknown_id_falls_back_to_the_file():
    image = make_image()
    assert render(f'<img src="{image.file.url}" data-image="999999">').images == {image.pk}
    assert 'src="/media/images/gone.jpg"' in render('<img src="/media/images/gone.jpg" data-image="999999">').html


def test_what_the_use_says_wins_also_when_it_says_nothing():
    image = make_image(alt="A harbour", credit="The library")
    html = render(figure(image, ' alt="" data-credit=""')).html
    assert 'alt=""' in html and "library" not in html and "figcaption" not in html
    assert 'alt="A harbour"' in render(figure(image)).html
    assert '<figcaption><span class="credit" dir="auto">The library</span>' in render(figure(image)).html


def test_a_figure_that_says_nothing_of_a_caption_has_the_librarys():
    image = make_image(caption="Low <tide>")
    assert "Low &lt;tide&gt;</figcaption>" in render(figure(image, caption="")).html
    assert "figcaption" not in render(figure(image)).html


def test_a_smaller_use_asks_for_smaller_files():
    image = make_renditions(make_image(), jpeg=(480, 1600))
    html = render(f'<img src="{image.file.url}" width="400">').html
    assert 'width="400" height="300"' in html and 'sizes="min(400px, 36rem, 100vw - 2rem)"' in html


def test_people_cannot_write_markup_into_a_credit():
    html = render(figure(make_image(), ' data-credit="&lt;script&gt;"')).html
    assert "&lt;script&gt;" in html and "<script" not in html


def test_a_thousand_images_take_few_queries(django_assert_max_num_queries):
    image = make_image()
    body = "".join(f'<img src="/media/images/{number}.jpg">' for number in range(1000)) + figure(image)
    with django_assert_max_num_queries(6):
        assert render(body).images == {image.pk}


def test_a_cover_has_the_same_choice(client):
    image = make_renditions(make_image(), avif=(480,), jpeg=(480, 1600))
    page = client.get(make_post(cover=image).get_absolute_url()).content.decode()
    assert cover(image.pk) in page
    assert 'type="image/avif"' in cover(image.pk) and "lazy" not in cover(image.pk)


def uses(post) -> set[int]:
    return set(ImageUse.objects.filter(post=post).values_list("image", flat=True))


def test_a_post_keeps_which_images_it_shows():
    first, second, third = (make_image(number) for number in range(3))
    post = make_post(body=figure(first) + figure(first) + f'<img src="{second.file.url}">', cover=third)
    assert uses(post) == {first.pk, second.pk, third.pk}
    post.body, post.cover = figure(second), None
    post.save()
    assert uses(post) == {second.pk}
    pk = post.pk
    post.delete()
    assert not ImageUse.objects.filter(post_id=pk).exists()


def test_images_that_are_named_but_not_there_are_not_noted():
    assert uses(make_post(body='<img src="/media/images/gone.jpg" data-image="12345">')) == set()


def test_a_feed_names_whole_addresses_and_one_file_each(client):
    image = make_renditions(make_image(), avif=(480, 1600), jpeg=(480, 1600))
    make_post(body=figure(image) + '<p><code>&lt;img srcset="a" sizes="b" /&gt;</code></p>')
    feed = client.get("/feed.atom").content.decode()
    assert set(re.findall(r"srcset=\S+", feed)) == {'srcset="a"'}
    assert f'src="http://testserver/media/images/1e0/{image.pk}-480.jpeg" alt=' in feed.replace("&lt;", "<")
    assert "picture" not in feed and "avif" not in feed
