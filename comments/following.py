"""Ending the mail about a thread: the link in each of these mails, and the button of mail programs (RFC 8058)."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from blog.private import broken, dead_end
from comments import links
from comments.links import Purpose
from comments.models import Subscription


# Not `private`: RFC 8058 has a mail program send the form, with any Origin or none. All it can do is end the mail.
@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """GET: asks. POST: ends it, and answers with a page and no redirect, as mail programs need it."""
    response = _answer(request, token)
    response["Referrer-Policy"] = "same-origin"
    response["X-Robots-Tag"] = "noindex"
    return response


def _answer(request: HttpRequest, token: str) -> HttpResponse:
    link = links.read(Purpose.UNSUBSCRIBE, token)
    if link is None:
        return broken(request)
    commenter, thread = map(int, link.parts)
    subscriptions = Subscription.objects.select_related("post", "commenter__user")
    subscription = subscriptions.filter(commenter=commenter, thread=thread).first()
    if subscription is None:
        words = _("You get no mail about this thread any more.")
        return dead_end(request, _("That has ended"), words, status=200)
    if link.is_expired:
        words = _("Use the link in a newer mail about this thread.")
        return dead_end(request, _("This link has expired"), words)
    post = subscription.post
    if request.method != "POST":
        return render(request, "comments/unsubscribe.html", {"subscription": subscription, "post": post})
    subscription.delete()
    way = {"way": post.get_absolute_url(), "way_words": post.title} if post.is_public() else {}
    words = _("You get no more mail about this thread.")
    return dead_end(request, _("That has ended"), words, status=200, **way)
