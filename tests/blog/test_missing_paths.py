"""What readers ask for in vain is counted, within bounds, and an editor leads them on."""

import pytest
from django.db import DatabaseError, connection

from blog import missing
from blog.models import MissingPath, OldPath
from tests.factories import make_page, make_post, make_user

pytestmark = pytest.mark.django_db
LIST = "/admin/blog/missingpath/"


@pytest.fixture(autouse=True)
def _nobody_asked_lately():
    missing.pace.lately.clear()


@pytest.fixture
def editor(client):
    user = make_user("edda", "Editor")
    client.force_login(user)
    return user


def ask(client, path: str, times: int = 1, **extra):
    for _time in range(times):
        missing.pace.lately.clear()
        response = client.get(path, **extra)
    return response


# Counting.


def test_it_counts_how_often_a_path_is_asked_for(client):
    assert ask(client, "/2016/05/tide-table.html?from=elsewhere", 3).status_code == 404
    ask(client, "/another/")
    assert set(MissingPath.objects.values_list("path", "count")) == {("/2016/05/tide-table.html", 3), ("/another/", 1)}


@pytest.mark.parametrize(
    "path",
    [
        "/wp-admin/" + "x" * 300,
        "/somebody@example.org/",
        "/a%0Ab/",
        "/admin/nothing/",
        "/media/none.jpg",
        "/static/none.css",
        "/preview/key/",
        "/comment/status/key/",
        "/COMMENT/mine/key/",
        "/blog/unsubscribe/key/",
        "/moderate/key/",
        "/password/reset/key/",
        "/invitation/key/more/",
    ],
)
def test_it_keeps_no_path_that_may_be_private_or_is_no_readers(client, path):
    client.get(path)
    assert not MissingPath.objects.exists()


def test_only_readers_who_get_a_page_are_counted(client):
    client.head("/nothing/")
    client.post("/nothing/")
    post = make_post(title="Tides")
    client.get(post.get_absolute_url().rstrip("/"))  # sent on to the same with a slash
    client.force_login(make_user("edda", "Editor"))
    client.get("/nothing/")
    assert not MissingPath.objects.exists()


def test_what_an_old_address_answers_is_not_counted(client):
    OldPath.objects.create(path="/gone/")
    OldPath.objects.create(path="/waits/", post=make_post(status="draft"))
    assert [client.get(path).status_code for path in ("/gone/", "/waits/")] == [410, 404]
    assert not MissingPath.objects.exists()


def test_a_scanner_fills_nothing(client, monkeypatch):
    monkeypatch.setattr(missing, "KEPT", 3)
    ask(client, "/often/", 2)
    ask(client, "/left/")
    MissingPath.objects.filter(path="/left/").update(ignored=True)
    for number in range(4):
        ask(client, f"/scan/{number}/")
    assert set(MissingPath.objects.values_list("path", flat=True)) == {"/often/", "/left/", "/scan/3/"}


def test_of_many_at_once_only_a_few_are_written(client):
    for number in range(missing.pace.most + 3):
        assert client.get(f"/scan/{number}/").status_code == 404
    assert MissingPath.objects.count() == missing.pace.most


def test_it_is_answered_all_the_same_when_nothing_can_be_written(client):
    def refuse(execute, sql, params, many, context):
        if "blog_missingpath" in sql:
            raise DatabaseError("read-only")
        return execute(sql, params, many, context)

    with connection.execute_wrapper(refuse):
        assert client.get("/nothing/").status_code == 404


# Deciding.


def row(path: str, count: int = 1) -> MissingPath:
    return MissingPath.objects.create(path=path, count=count)


def test_the_most_wanted_come_first_each_with_the_likeliest_post(client, editor):
    make_post(title="Something else", slug="tide-table")
    make_post(title="The salt marsh in winter")
    make_post(title="Salt", status="draft")
    make_page(title="About")
    row("/2016/05/tide-table.html", 2)
    row("/salt-marsh-winter/", 9)
    row("/about.php", 1)
    row("/wp-login.php", 5)
    html = client.get(LIST).content.decode()
    order = [html.index(path) for path in ("/salt-marsh", "/wp-login.php", "/2016/05", "/about.php")]
    assert order == sorted(order)
    for title in ("The salt marsh in winter", "Something else", "About"):
        assert f"Send to “<bdi>{title}</bdi>”" in html
    assert html.count("Send to “") == 3


def test_one_press_sends_readers_there(client, editor):
    post, asked = make_post(title="Tide table"), row("/2016/05/tide-table.html")
    client.post(f"{LIST}{asked.pk}/send/", {"post": post.pk})
    assert OldPath.objects.get().post == post and not MissingPath.objects.exists()
    assert client.get(asked.path)["Location"] == post.get_absolute_url()


def test_it_may_be_gone_or_left_or_sent_elsewhere(client, editor):
    gone, left, elsewhere = row("/gone/"), row("/left/"), row("/elsewhere/")
    client.post(f"{LIST}{gone.pk}/gone/")
    assert client.get("/gone/").status_code == 410
    client.post(f"{LIST}{left.pk}/leave/")
    client.get(LIST)  # which says so once
    assert "/left/" not in client.get(LIST).content.decode()
    assert "/left/" in client.get(LIST, {"left": "1"}).content.decode()
    assert "/admin/blog/oldpath/add/?path=%2Felsewhere%2F" in client.get(LIST).content.decode()
    assert 'value="/elsewhere/"' in client.get("/admin/blog/oldpath/add/?path=%2Felsewhere%2F").content.decode()
    client.post("/admin/blog/oldpath/add/", {"path": elsewhere.path, "leads_to": "https://example.org/"})
    assert set(MissingPath.objects.values_list("path", flat=True)) == {"/left/"}


def test_what_an_import_has_answered_since_is_not_to_be_decided(client, editor):
    asked = row("/2016/05/tides.html")
    OldPath.objects.create(path=asked.path, post=make_post())
    assert asked.path not in client.get(LIST).content.decode()
    assert client.post(f"{LIST}{asked.pk}/gone/").status_code == 404
    assert OldPath.objects.get().post


def test_nobody_is_sent_to_a_draft(client, editor):
    asked = row("/tides/")
    for number in (make_post(status="draft").pk, "x", ""):
        assert client.post(f"{LIST}{asked.pk}/send/", {"post": number}).status_code == 404
    assert not OldPath.objects.exists()


@pytest.mark.parametrize("verb", ["send", "gone", "leave"])
def test_only_an_editor_decides_and_only_by_post(client, verb):
    asked, post = row("/tides/"), make_post()
    client.force_login(make_user("arno", "Author"))
    assert client.get(LIST).status_code == 403
    assert client.post(f"{LIST}{asked.pk}/{verb}/", {"post": post.pk}).status_code == 403
    client.force_login(make_user("edda", "Editor"))
    assert client.get(f"{LIST}{asked.pk}/{verb}/").status_code == 405
    asked.refresh_from_db()
    assert not asked.ignored and not OldPath.objects.exists()


def test_the_list_costs_the_same_at_any_length(client, editor, django_assert_max_num_queries):
    for number in range(12):
        row(f"/2016/05/tide-table-{number}.html")
        make_post(title=f"Tide table {number}")
    with django_assert_max_num_queries(10):
        client.get(LIST)
