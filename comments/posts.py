"""The post that an address below it is about, such as that of its comment form."""

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils import timezone

from blog.models import Page, Post
from blog.prepared import Given, Prepared

AT_PERMALINK = {"year": Given("year"), "month": Given("month"), "slug": Given("slug")}
WORDS = ("body", "body_html", "body_text")  # which nobody reads here, and which may be long
POST = Prepared(lambda: Post.objects.published(Given("now")).filter(**AT_PERMALINK).defer(*WORDS))


def post_at(slug: str, when: dict[str, int]) -> Post:
    """A post, which has a date in its address (`when`), or a page. Raises Http404 where readers see none."""
    if not when:
        return get_object_or_404(Page.objects.published().select_related("author"), slug=slug)
    for post in POST(now=timezone.now(), slug=slug, **when):
        return post
    raise Http404
