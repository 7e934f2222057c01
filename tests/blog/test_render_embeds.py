import pytest
from django.conf import settings

from blog.players import FRAMES, player_of
from blog.render import render
from tests.factories import make_post

FILM = "https://www.youtube.com/watch?v=dQw4w9WgXcQ"
EMBED = f'<div class="embed"><a href="{FILM}">How boats are built</a></div>'


def test_it_works():
    assert render(EMBED).html == (
        f'<div class="embed film"><p dir="auto"><a href="{FILM}" rel="noopener">How boats are built</a></p>'
        '<p class="whose">A film on YouTube. Nothing is asked of www.youtube-nocookie.com until you load it.</p>'
        '<button type="button" class="quiet" hidden="" '
        'data-player="https://www.youtube-nocookie.com/embed/dQw4w9WgXcQ" data-title="How boats are built" '
        'aria-label="Play here: How boats are built">Play here</button></div>'
    )


def test_it_is_found_but_no_summary():
    done = render(f"{EMBED}<p>Words.</p>")
    assert done.text == "How boats are built\nWords."
    assert done.summary == "Words."


@pytest.mark.parametrize(
    ("address", "src"),
    [
        (FILM, "https://www.youtube-nocookie.com/embed/dQw4w9WgXcQ"),
        ("https://youtu.be/dQw4w9WgXcQ?t=1m30s", "https://www.youtube-nocookie.com/embed/dQw4w9WgXcQ?start=90"),
        (
            "https://m.youtube.com/watch?v=dQw4w9WgXcQ&t=42",
            "https://www.youtube-nocookie.com/embed/dQw4w9WgXcQ?start=42",
        ),
        ("https://www.youtube.com/shorts/dQw4w9WgXcQ", "https://www.youtube-nocookie.com/embed/dQw4w9WgXcQ"),
        ("https://www.youtube.com/embed/dQw4w9WgXcQ?autoplay=1", "https://www.youtube-nocookie.com/embed/dQw4w9WgXcQ"),
        ("https://vimeo.com/76979871", "https://player.vimeo.com/video/76979871?dnt=1"),
        ("https://vimeo.com/76979871/0123abcdef", "https://player.vimeo.com/video/76979871?dnt=1&h=0123abcdef"),
        (
            "https://player.vimeo.com/video/76979871?h=0123abcdef",
            "https://player.vimeo.com/video/76979871?dnt=1&h=0123abcdef",
        ),
        ("https://archive.org/details/night_of_the.dead", "https://archive.org/embed/night_of_the.dead"),
        (
            "https://soundcloud.com/forss/flickermood",
            "https://w.soundcloud.com/player/?url=https%3A%2F%2Fsoundcloud.com%2Fforss%2Fflickermood",
        ),
        (
            "https://open.spotify.com/intl-de/album/0123456789abcdefghijkl?si=x",
            "https://open.spotify.com/embed/album/0123456789abcdefghijkl",
        ),
        (
            "https://www.openstreetmap.org/#map=15/53.5436/9.9660",
            "https://www.openstreetmap.org/export/embed.html?bbox=9.95227%2C53.53903%2C9.97973%2C53.54817&layer=mapnik",
        ),
        (
            "https://www.openstreetmap.org/export/embed.html?bbox=9.9%2C53.5%2C10%2C53.6&layer=evil&marker=53.5%2C9.9",
            "https://www.openstreetmap.org/export/embed.html?bbox=9.9%2C53.5%2C10%2C53.6&layer=mapnik&marker=53.5%2C9.9",
        ),
    ],
)
def test_addresses_as_people_copy_them(address, src):
    assert player_of(address).src == src
    assert src.startswith(FRAMES)
    assert player_of(src).src == src


@pytest.mark.parametrize(
    "address",
    [
        "https://www.youtube.com/@channel",
        "https://www.youtube.com/watch?v=short",
        "https://www.youtube.com/watch?v=dQw4w9WgXcQ%22onload",
        "https://youtube.com.evil.org/watch?v=dQw4w9WgXcQ",
        "https://evil.org/embed/dQw4w9WgXcQ",
        "ftp://www.youtube.com/watch?v=dQw4w9WgXcQ",
        "https://vimeo.com/about",
        "https://soundcloud.com/discover",
        "https://open.spotify.com/user/x",
        "https://www.openstreetmap.org/#map=99/x/y",
        "https://peertube.example/w/abc",
        "https://[",
        "/watch?v=dQw4w9WgXcQ",
    ],
)
def test_anything_else_stays_a_link(address):
    assert player_of(address) is None
    html = render(f'<div class="embed"><a href="{address}">words</a></div>').html
    assert html.startswith("<p>") and "data-player" not in html and "words" in html


@pytest.mark.parametrize("inside", ["words", f'<a href="{FILM}">a</a> and more', f'<p><a href="{FILM}">a</a></p>'])
def test_a_box_of_another_shape_keeps_its_words(inside):
    html = render(f'<div class="embed">{inside}</div>').html
    assert "data-player" not in html and "class" not in html and inside[-4:] in html


def test_a_link_without_words_shows_its_address():
    assert ">www.youtube.com/watch?v=dQw4w9WgXcQ</a>" in render(f'<div class="embed"><a href="{FILM}"></a></div>').html


def test_nobody_writes_a_player_by_hand():
    html = render(
        '<button data-player="https://evil.org/">x</button><div class="embed film" data-player="//e">y</div>'
    ).html
    assert "data-player" not in html


def test_a_players_own_markup_becomes_a_card():
    html = render('<p>a<iframe src="https://www.youtube.com/embed/dQw4w9WgXcQ?rel=0"></iframe>b</p>').html
    assert 'data-player="https://www.youtube-nocookie.com/embed/dQw4w9WgXcQ"' in html


@pytest.mark.django_db
def test_the_page_loads_its_script_only_where_it_is_needed(client):
    assert "embed.js" in client.get(make_post(body=EMBED).get_absolute_url()).content.decode()
    response = client.get(make_post(title="Without").get_absolute_url())
    assert "embed.js" not in response.content.decode()
    policy = response.headers["Content-Security-Policy"]
    assert f"frame-src {' '.join(settings.CONTENT_SECURITY_POLICY['DIRECTIVES']['frame-src'])};" in f"{policy};"


@pytest.mark.django_db
def test_a_feed_shows_the_link_and_no_button(client):
    make_post(body=EMBED)
    feed = client.get("/feed.atom").content.decode()
    assert FILM in feed and "button" not in feed and "nocookie.com/embed" not in feed
