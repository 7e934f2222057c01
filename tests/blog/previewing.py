"""A draft, and a link by which people without an account see it."""

from blog.models import Post, Preview
from tests.factories import make_post


def low_water(author) -> Post:
    return make_post(author, ("sea",), title="Low water", body="<h2>At noon</h2><p>Far out.</p>", status="draft")


def link_to(post, days: int = 7, **fields) -> str:
    return f"/preview/{Preview.objects.make(days, post=post, created_by=post.author, **{'name': 'Zara'} | fields)}/"
