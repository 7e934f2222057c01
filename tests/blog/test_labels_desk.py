"""Labels and series in the post's form: completed by the server, and never twice under nearly one name."""

import pytest

from blog.models import Label, Post, Series
from tests.blog.writing import ADD, address_of, form_data, opened
from tests.factories import make_post, make_user

pytestmark = pytest.mark.django_db
LABELS, SERIES = "/admin/blog/post/suggest/labels/", "/admin/blog/post/suggest/series/"


@pytest.fixture
def author(client):
    user = make_user("arno", "Author")
    client.force_login(user)
    return user


def found(client, words: str, address: str = LABELS) -> list[str]:
    return [option["value"] for option in client.get(address, {"q": words}).json()["found"]]


# What the server offers.


def test_it_offers_labels_without_regard_to_case_and_accents(client, author):
    for name in ("Café", "Net café", "Sea", "کتاب"):
        Label.objects.create(name=name)
    assert found(client, "CAFE") == ["Café", "Net café"]
    assert found(client, "كتا") == ["کتاب"]
    assert found(client, "none") == []


def test_the_busiest_come_first_and_ten_are_the_most(client, author):
    Label.objects.bulk_create(Label(name=f"Sea {number:02d}", slug=f"sea-{number}") for number in range(30))
    make_post(labels=("Sea 25",))
    answer = found(client, "sea")
    assert (len(answer), answer[0]) == (10, "Sea 25")


def test_ten_thousand_labels_cost_no_more_queries(client, author, django_assert_max_num_queries):
    Label.objects.bulk_create(Label(name=f"Label {number}", slug=f"label-{number}") for number in range(10_000))
    Label.objects.create(name="Zürich")
    client.get(LABELS)
    with django_assert_max_num_queries(6):  # the session, the user and their rights, the site, the labels
        assert found(client, "zurich") == ["Zürich"]


@pytest.mark.parametrize(
    ("typed", "already"),
    [("cafe", "Café"), ("CAFÉ", "Café"), ("Cafes", "Café"), ("Café", None), ("Sea", None), ("", None), ("\0", None)],
)
def test_it_says_which_one_a_name_is_already(client, author, typed, already):
    Label.objects.create(name="Café")
    assert client.get(LABELS, {"q": typed}).json()["already"] == already


@pytest.mark.parametrize("address", [LABELS, SERIES, "/admin/blog/post/suggest/posts/"])
def test_only_who_writes_is_answered_and_only_what_is_asked(client, address):
    assert client.get(address).status_code == 302
    for role, status in {"Moderator": 403, "Contributor": 200}.items():
        client.force_login(make_user(role.lower(), role))
        assert client.get(address).status_code == status
    assert client.post(address).status_code == 405


# What the form makes of it.


@pytest.mark.parametrize("typed", ["cafe", "CAFÉ", "Cafe\u0301", "cafe, Café"])
def test_case_and_accents_make_no_second_label(client, author, typed):
    Label.objects.create(name="Café")
    html = client.post(ADD, form_data(tags=typed, _save="1"), follow=True).content.decode()
    assert list(Post.objects.get().tags.names()) == ["Café"]
    assert Label.objects.count() == 1
    if "," not in typed:
        assert "is the label “Café”, which was there already" in html


def test_a_plural_is_made_and_pointed_out(client, author):
    Label.objects.create(name="Café")
    html = client.post(ADD, form_data(tags="Cafes", _save="1"), follow=True).content.decode()
    assert set(Label.objects.values_list("name", flat=True)) == {"Café", "Cafes"}
    assert "“Cafes” is a new label, and there is “Café” already" in html


def test_of_two_new_names_that_are_one_the_first_is_taken(client, author):
    client.post(ADD, form_data(tags="Café, cafe, CAFES", _save="1"))
    assert set(Label.objects.values_list("name", flat=True)) == {"Café", "CAFES"}


def test_what_is_there_is_not_pointed_out(client, author):
    for name in ("Café", "Cafés"):
        Label.objects.create(name=name)
    html = client.post(ADD, form_data(tags="Café, Cafés", _save="1"), follow=True).content.decode()
    assert "Draft saved." in html and "new label" not in html and "is the label" not in html


def test_an_editor_makes_no_second_one_either(client):
    client.force_login(make_user("edda", "Editor"))
    label = Label.objects.create(name="Café")
    html = client.post("/admin/blog/label/add/", {"name": "CAFE"}).content.decode()
    assert "There is already “Café”." in html and 'value="CAFE"' in html
    client.post(f"/admin/blog/label/{label.pk}/change/", {"name": "CAFÉ", "slug": label.slug})
    assert Label.objects.get().name == "CAFÉ"


# A series.


def test_an_author_chooses_a_series_by_its_title(client, author):
    series = Series.objects.create(title="A year at the creek")
    client.post(ADD, form_data(series="a YEAR at the creek", _save="1"))
    post = Post.objects.get()
    assert post.series == series
    assert 'value="A year at the creek"' in client.get(address_of(post)).content.decode()
    client.post(address_of(post), form_data(series="", _save="1") | opened(post))
    assert Post.objects.get().series is None


def test_an_author_begins_one_in_its_place(client, author):
    client.post(ADD, form_data(series=" Tide  tables ", _publish="1"))
    assert (Post.objects.get().series.title, Series.objects.get().slug) == ("Tide tables", "tide-tables")


def test_a_refused_form_begins_none(client, author):
    html = client.post(ADD, form_data(title="", series="Tide tables", _publish="1")).content.decode()
    assert 'value="Tide tables"' in html
    assert not Series.objects.exists()


def test_a_contributor_chooses_and_begins_none(client):
    client.force_login(make_user("cora", "Contributor"))
    Series.objects.create(title="Tides")
    html = client.post(ADD, form_data(series="Winds", body="<p>Kept words</p>", _save="1")).content.decode()
    assert "There is no series “Winds”." in html
    assert 'value="Winds"' in html and "Kept words" in html
    client.post(ADD, form_data(series="Tides", _save="1"))
    assert Post.objects.get().series.title == "Tides"


def test_a_title_that_is_too_long_is_refused_and_kept(client, author):
    html = client.post(ADD, form_data(series="x" * 201, _save="1")).content.decode()
    assert "at most 200 characters" in html and "x" * 201 in html


def test_series_are_offered(client, author):
    Series.objects.create(title="Été au bord de l’eau")
    assert found(client, "ete", SERIES) == ["Été au bord de l’eau"]


def test_an_editor_looks_after_series(client):
    client.force_login(make_user("edda", "Editor"))
    client.post("/admin/blog/series/add/", {"title": "Tides", "slug": "", "description": "Ebb and flow."})
    series = Series.objects.get()
    assert series.slug == "tides"
    html = client.post("/admin/blog/series/add/", {"title": "TIDES", "slug": ""}).content.decode()
    assert "There is already “Tides”." in html
    post = make_post(title="Ebb", series=series)
    assert "1 part" in client.get("/admin/blog/series/").content.decode()
    page = client.get(f"/admin/blog/series/{series.pk}/delete/").content.decode()
    assert "Tides, of 1 post, which stays" in page
    client.post(f"/admin/blog/series/{series.pk}/delete/", {"post": "yes"})
    post.refresh_from_db()
    assert (post.series, Series.objects.count()) == (None, 0)


def test_the_bar_leads_only_where_one_may_go(client, author):
    bar = client.get("/admin/").content.decode().partition('class="places"')[2].partition("</nav>")[0]
    assert "/admin/blog/image/" in bar and "Series" not in bar
    assert client.get("/admin/blog/series/").status_code == 403


@pytest.mark.parametrize("kind", ["label", "series"])
def test_deleting_many_counts_their_posts_at_once(client, django_assert_max_num_queries, kind):
    client.force_login(make_user("edda", "Editor"))
    series = [Series.objects.create(title=f"Part {number}", slug=f"part-{number}") for number in range(12)]
    for number in range(12):
        make_post(labels=(f"label {number}",), series=series[number])
    make_post(labels=("label 3",), series=series[3])
    rows = series if kind == "series" else list(Label.objects.all())
    sent = {"action": "delete_selected", "_selected_action": [row.pk for row in rows]}
    # The site, session, user and their rights (5), the list twice, the rows, their posts, and what needs them.
    with django_assert_max_num_queries(11):
        html = client.post(f"/admin/blog/{kind}/", sent).content.decode()
    assert html.count("1 post") >= 11 and html.count("2 posts") == 1
