"""Blogger's address of the feed of comments, sent on to ours (the others: blog/legacy.py)."""

from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.urls import re_path, reverse
from django.views.decorators.http import require_safe


@require_safe
def comments_feed(request: HttpRequest) -> HttpResponse:
    return HttpResponsePermanentRedirect(reverse("comments_feed"))


urlpatterns = [
    re_path(r"^feeds/comments/(?:default|full|summary)/?$", comments_feed),
]
