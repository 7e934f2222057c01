"""Whatever is changed, by whichever way, every ready page is at once what Django would say now."""

import json

import pytest
from django.apps import apps

from blog.models.public import PublicModel, PublicQuerySet
from tests.config.walk import CHANGES
from tests.config.walked_site import site

__all__ = ["site"]  # a fixture

CASES = [(model, name) for model, changes in CHANGES.items() for name in changes]


@pytest.mark.parametrize(("model", "name"), CASES, ids=[f"{model.__name__} {name}" for model, name in CASES])
def test_every_page_is_what_it_would_be_anew(reader, site, model, name):
    before = {address: reader.get(address).body for address in site.addresses}
    CHANGES[model][name](site)
    changed = 0
    for address in site.addresses:
        now, fresh = reader.get(address), reader.fresh(address)
        assert (now.status, now.body) == (fresh.status, fresh.body), address
        changed += now.body != before[address]
    assert changed, "nothing on the site shows this change"


def test_every_public_model_is_walked():
    public = {model for model in apps.get_models() if issubclass(model, PublicModel)}
    assert public == set(CHANGES)


def test_every_public_model_is_changed_through_a_public_queryset():
    for model in CHANGES:
        assert issubclass(type(model._default_manager.get_queryset()), PublicQuerySet), model
        assert model.UNSEEN.issubset(field.name for field in model._meta.get_fields()), model


def test_whatever_a_page_shows_is_of_a_public_model(reader, site):
    """The tables that readers' pages read, but for those that follow from others or change with them."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    follow = {"comments_postcount", "blog_labelcount", "blog_monthcount", "blog_version", "blog_search"}
    follow.add("blog_imageuse")  # kept by Post.save
    public = {model._meta.db_table for model in CHANGES}
    tables = set(connection.introspection.table_names())
    with CaptureQueriesContext(connection) as queries:
        for address in site.addresses:
            reader.fresh(address)
    read = {table for table in tables for query in queries if f'"{table}"' in query["sql"]}
    assert read - follow - {"blog_oldpath"} <= public, json.dumps(sorted(read))
