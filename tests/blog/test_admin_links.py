"""Posts that are offered while an author writes a link."""

import pytest

from tests.factories import make_post, make_user

pytestmark = pytest.mark.django_db
LINKS = "/admin/blog/post/links/"


def offered(client, q: str) -> list[dict]:
    return client.get(LINKS, {"q": q}).json()["posts"]


def test_it_offers_public_posts_by_their_words(client):
    post = make_post(title="Tides at the pier")
    make_post(title="Tides, not yet", status="draft")
    client.force_login(make_user("cora", "Contributor"))
    assert offered(client, "tid") == [{"title": "Tides at the pier", "address": post.get_absolute_url()}]


@pytest.mark.parametrize("q", ["", "?!", "zzz", "\0", "'\"*" * 50])
def test_what_finds_nothing_is_an_empty_list(client, q):
    make_post(title="Tides")
    client.force_login(make_user("arno", "Author"))
    assert offered(client, q) == []


def test_it_costs_the_same_however_many_there_are(client, django_assert_max_num_queries):
    for number in range(12):
        make_post(title=f"Tides {number}")
    client.force_login(make_user("arno", "Author"))
    with django_assert_max_num_queries(9):
        assert len(offered(client, "tides")) == 8


@pytest.mark.parametrize("role", [None, "Moderator"])
def test_who_may_not_write_is_sent_away(client, role):
    if role:
        client.force_login(make_user("mona", role))
    assert client.get(LINKS, {"q": "tides"}).status_code == (403 if role else 302)


def test_it_is_only_read(client):
    client.force_login(make_user("arno", "Author"))
    assert client.post(LINKS, {"q": "tides"}).status_code == 405
