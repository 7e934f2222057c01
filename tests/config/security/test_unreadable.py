"""What cannot be read is a page of its own kind, also where there is nothing to read it."""

import pytest
from django.test import Client

from tests.factories import make_user


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/406/", "/label//", "/sign-in/", "/admin/", "/comment/status/x/"])
@pytest.mark.parametrize(
    "kind", ["multipart/form-data", f"multipart/form-data; boundary={'x' * 300}"], ids=["none", "long"]
)
def test_a_form_without_a_boundary(path, kind):
    client = Client(enforce_csrf_checks=True, raise_request_exception=False)
    client.force_login(make_user("olive", "Owner"))
    client.cookies["csrftoken"] = "a" * 32
    assert client.post(path, b"x", content_type=kind).status_code in (400, 403, 404)
