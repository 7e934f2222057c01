"""The page of all labels, with how many posts each has."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import lxml.html
import pytest
from django.utils import timezone

from blog import archive, names, views
from blog.models import Label
from tests.factories import make_post

pytestmark = pytest.mark.django_db
MARCH = datetime(2026, 3, 14, 21, 10, tzinfo=ZoneInfo("UTC"))


def look(client, address="/label/"):
    response = client.get(address)
    assert response.status_code == 200
    return lxml.html.fromstring(response.content.decode())


def listed(page) -> list[tuple[str, str]]:
    rows = page.xpath('//main//ul[@class="months"]/li')
    return [tuple(" ".join(part.text_content().split()) for part in row) for row in rows]


def test_it_lists_every_label_with_its_posts(client):
    make_post(labels=("Sea", "moon"), published_at=MARCH)
    make_post(labels=("Sea", "Äpfel"), published_at=MARCH)
    assert listed(look(client)) == [("Äpfel", "1 post"), ("moon", "1 post"), ("Sea", "2 posts")]


def test_it_lists_them_by_use(client):
    make_post(labels=("Sea", "moon"))
    make_post(labels=("Sea", "apple"))
    assert listed(look(client, "/label/?order=use")) == [("Sea", "2 posts"), ("apple", "1 post"), ("moon", "1 post")]


def test_what_readers_may_not_see_counts_for_nothing(client):
    make_post(labels=("sea",))
    make_post(labels=("sea", "later"), published_at=timezone.now() + timedelta(days=1))
    make_post(labels=("sea", "draft"), status="draft")
    make_post(labels=("sea", "over"), expires_at=timezone.now() - timedelta(days=1))
    assert listed(look(client)) == listed(look(client, "/label/?order=use")) == [("sea", "1 post")]


def test_it_pages_through_all(client, monkeypatch):
    monkeypatch.setattr(views, "LABELS_ON_A_PAGE", 3)
    make_post(labels=[f"label {letter}" for letter in "abcdefgh"])
    found, address = [], "/label/"
    while address:
        page = look(client, address)
        found += [name for name, _posts in listed(page)]
        onward = page.xpath('//nav[@class="pages"]/a/@href')
        address = f"/label/{onward[0]}" if onward else ""
    assert found == [f"label {letter}" for letter in "abcdefgh"]


def test_many_have_letters_to_jump_to(client, monkeypatch):
    monkeypatch.setattr(views, "LETTERED", 3)
    make_post(labels=("Sea", "sand", "élan", "42", "#", "پرنده"))
    page = look(client)
    letters = page.xpath('//nav[@class="letters"]/a')
    assert [letter.text for letter in letters] == ["#", "0–9", "E", "S", "پ"]
    for letter in letters:
        (heading,) = page.xpath(f'//h2[@id="{letter.get("href")[1:]}"]')
        assert heading.text == letter.text


def test_few_have_none(client):
    make_post(labels=("sea",))
    assert not look(client).xpath('//nav[@class="letters"]')


@pytest.mark.parametrize("after", ["%00", "x" * 5000, "%ff", "🙂", "'"])
def test_an_odd_place_is_no_error(client, after):
    make_post(labels=("sea",))
    look(client, f"/label/?after={after}")


def test_without_labels_it_says_so(client):
    assert "No post has a label yet." in look(client).text_content()


def test_archive_and_home_lead_to_it(client):
    make_post(labels=("sea",))
    for address in ("/", "/archive/", "/label/sea/"):
        assert look(client, address).xpath('//main//a[@href="/label/"] | //aside//a[@href="/label/"]'), address


def test_a_label_s_page_says_how_many_posts_it_has(client):
    for _number in range(3):
        make_post(labels=("sea",))
    make_post(labels=("sea",), published_at=timezone.now() + timedelta(days=1))
    assert "3 posts" in look(client, "/label/sea/").text_content()


def test_letters_of_persian_come_in_its_own_order():
    words = ["یخ", "ساحل", "پل", "ژاله", "آب", "بهار", "چای", "گل", "كتاب", "تابستان"]
    assert sorted(words, key=names.in_order) == [
        "آب",
        "بهار",
        "پل",
        "تابستان",
        "چای",
        "ژاله",
        "ساحل",
        "كتاب",
        "گل",
        "یخ",
    ]


def test_the_next_page_follows_a_label_that_shows_nothing():
    make_post(labels=("a",), published_at=timezone.now() + timedelta(days=1))
    make_post(labels=("b",))
    assert archive.labels_after("", 1) == ([], "a")
    assert archive.labels_after("a", 1) == ([Label.objects.get(name="b")], "")
