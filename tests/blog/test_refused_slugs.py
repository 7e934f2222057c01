"""A form with a slug that no address can have is shown again, though the page would lead to that address."""

import pytest
from django.urls import reverse

from blog.models import Label, Series
from tests.factories import make_page, make_post, make_user

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("slug", ["", "marginalia.I001", "a/b", "؟"])
def test_it_is_shown_again_with_what_was_typed(client, slug):
    olive = make_user("olive", "Owner")
    client.force_login(olive)
    series = Series.objects.create(title="Creek", slug="creek")
    post = make_post(labels=("sea",), series=series)
    rows = [post, make_page(), series, Label.objects.get(), olive]
    for row in rows:
        options = row._meta
        address = reverse(f"admin:{options.app_label}_{options.model_name}_change", args=[row.pk])
        response = client.post(address, {"title": "Creek", "name": "sea", "username": "olive", "slug": slug})
        assert response.status_code in (200, 302, 422), address
