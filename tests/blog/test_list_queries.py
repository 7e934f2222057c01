"""A list of the desk costs few queries with a full page as with a few rows, whatever is asked of it."""

from django.db import connection
from django.test.utils import CaptureQueriesContext

from blog.models import Mail, MissingPath, OldPath, Series
from tests.factories import make_page, make_post, make_user

MOST = 10
POSTS = ["", "?q=tide", "?q=%3F", "?p=2", "?o=1", "?o=-4.2", "?q=tide&p=2&o=-3", "?standing=binned"]
OTHERS = ["label", "series", "page", "oldpath", "missingpath", "user", "mail"]


def test_no_list_costs_more_than_ten(client, db):
    client.force_login(make_user("olive", "Owner"))
    writers = [make_user(f"writer{number}", "Author") for number in range(12)]
    for number in range(60):
        writer, series = writers[number % 12], Series.objects.create(title=f"Series {number}")
        post = make_post(writer, ("tides", f"tide {number}"), title=f"Tide {number}?", series=series)
        make_post(writer, status="binned")
        make_page(title=f"Tide page {number}", author=writer)
        OldPath.objects.create(path=f"/old-{number}/", post=post)
        MissingPath.objects.create(path=f"/2016/05/tide-{number}-high.html")
        Mail.objects.create(kind="held", key=f"{number}", data={"post": post.pk})
    costs = {}
    for asked in [
        *(f"post/{query}" for query in POSTS),
        *(f"{name}/" for name in OTHERS),
        "label/?q=tide",
        "user/?q=w",
    ]:
        with CaptureQueriesContext(connection) as queries:
            response = client.get(f"/admin/blog/{asked}")
        assert response.status_code == 200
        assert len(response.context_data["cl"].result_list) >= 10, asked
        costs[asked] = len(queries)
    assert {asked: cost for asked, cost in costs.items() if cost > MOST} == {}
