"""Following by mail: asking for the comments on a post, agreeing by the mailed link, and ending it again.

A thread is followed from the own page of a comment (comments/status.py). Each mail carries the link that ends it, also
for the button of mail programs (RFC 8058).
"""

import secrets

from django import forms
from django.conf import settings
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from blog.digits import digits
from blog.mail import owe
from blog.models import Post
from blog.origin import is_foreign
from blog.private import broken, dead_end, private
from comments import addresses, links, moderation, ratelimit, tokens
from comments.conditions import Conditions
from comments.links import Purpose
from comments.models import CommentSettings, FollowRequest, Subscription
from comments.posts import post_at
from comments.proving import FROM_NETWORK

# (how many, in how many seconds): links to one address, for whatever posts and whoever asks. More are not mailed, and
# nobody is told: who asks need not learn what others have asked for.
TO_ADDRESS = ((3, 600), (10, 86400))


class FollowForm(forms.Form):
    email = forms.EmailField(
        label=gettext_lazy("E-mail"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email", "dir": "ltr"}),
        error_messages={
            "required": gettext_lazy("Write the e-mail address that the mail should go to."),
            "invalid": gettext_lazy("This is not an e-mail address; one looks like name@example.org."),
        },
    )
    # People never see this field; programs that fill in every field do.
    topic = forms.CharField(required=False, widget=forms.TextInput(attrs={"autocomplete": "off", "tabindex": "-1"}))
    token = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, auto_id="follow-%s", **kwargs)


def can_send() -> bool:
    """Whether mail goes out at all: without EMAIL_URL it is only printed."""
    return not settings.EMAIL_BACKEND.endswith("console.EmailBackend")


# The form has no session and no CSRF cookie: its token says that it came from here (comments/tokens.py).
@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest, slug: str, **when: int) -> HttpResponse:
    """GET: the form. POST: mails a link to the address, and says the same whoever follows the post already."""
    post = post_at(slug, when)
    if not can_send() or Conditions.of(post).mode_now() != CommentSettings.Mode.OPEN:
        raise Http404(_("Comments on this post cannot be followed by e-mail."))
    if request.method != "POST":
        return _page(request, post, is_asked="asked" in request.GET)
    if is_foreign(request):
        problem = _("This was sent from another site. If you meant to send it, send it again from here.")
        return _page(request, post, problem=problem, status=403)
    form = FollowForm(request.POST)
    if not form.is_valid():
        return _page(request, post, errors=form.errors, status=422)
    if tokens.read(form.cleaned_data["token"], post.pk) is None:
        problem = _("Your page was not quite fresh. If this is as you meant it, send it now.")
        return _page(request, post, problem=problem, status=422)
    network = addresses.digest(addresses.client_network(request))
    if seconds := ratelimit.wait(f"link-from:{network}", FROM_NETWORK):
        problem = _("Too many links were asked for. Try again in %(minutes)d min.") % {"minutes": -(-seconds // 60)}
        response = _page(request, post, problem=digits(problem), status=429)
        response["Retry-After"] = str(seconds)
        return response
    if not form.cleaned_data["topic"]:
        _owe_link(post, form.cleaned_data["email"].lower())
    return HttpResponseRedirect(f"{request.path}?asked=yes", status=303)


def _owe_link(post: Post, email: str) -> None:
    if ratelimit.wait(f"follow-to:{addresses.digest(email)}", TO_ADDRESS):
        return
    with transaction.atomic():
        asked, _is_new = FollowRequest.objects.update_or_create(
            post=post, email=email, defaults={"asked_at": timezone.now()}
        )
        owe("follow", f"follow:{asked.pk}:{secrets.token_hex(6)}", {"request": asked.pk})


def _page(
    request: HttpRequest, post: Post, *, problem: str = "", errors=None, is_asked: bool = False, status: int = 200
) -> HttpResponse:
    fresh = {"token": tokens.for_writer(post.pk), "topic": ""}
    if request.method == "POST":
        form = FollowForm(request.POST.dict() | fresh)
        form._errors = forms.utils.ErrorDict() if errors is None else errors
    else:
        form = FollowForm(initial=fresh)
    context = {"post": post, "form": form, "problem": problem, "is_asked": is_asked}
    return _unlisted(render(request, "comments/follow.html", context, status=status))


@private
def agree(request: HttpRequest, token: str) -> HttpResponse:
    """GET: asks. POST: the comments on the post are mailed from now on."""
    link = links.read(Purpose.FOLLOW, token)
    if link is None:
        return broken(request)
    asked = FollowRequest.objects.select_related("post").filter(pk=int(link.parts[0])).first()
    if asked is None or link.is_expired or not asked.post.is_public():
        words = _("It has done its work, or it is older than two days. You can ask for another one below the post.")
        return dead_end(request, _("This link does nothing any more"), words)
    post = asked.post
    if request.method != "POST":
        return render(request, "comments/agree.html", {"asked": asked, "post": post})
    moderation.follow_post(asked)
    words = _("New comments come to you by e-mail. Each of these mails has a link that ends it.")
    way = {"way": post.get_absolute_url(), "way_words": post.title}
    return dead_end(request, _("You follow the comments"), words, status=200, **way)


# Not `private`: RFC 8058 has a mail program send the form, with any Origin or none. All it can do is end the mail.
@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """GET: asks. POST: ends it (`forget`: and forgets who never wrote here), and answers with a page and no redirect,
    as mail programs need it."""
    response = _unlisted(_end(request, token))
    response["Referrer-Policy"] = "same-origin"
    return response


def _end(request: HttpRequest, token: str) -> HttpResponse:
    link = links.read(Purpose.UNSUBSCRIBE, token)
    if link is None:
        return broken(request)
    commenter, thread, *of_post = map(int, link.parts)
    followed = Subscription.objects.filter(commenter=commenter, thread=thread)
    if of_post:
        followed = followed.filter(post=of_post[0])
    subscription = followed.select_related("post", "commenter__user").first()
    if subscription is None:
        return dead_end(request, _("That has ended"), _ended_before(bool(of_post)), status=200)
    if link.is_expired:
        return dead_end(request, _("This link has expired"), _use_a_newer(bool(of_post)))
    post, may_forget = subscription.post, subscription.commenter.only_follows
    if request.method != "POST":
        context = {"subscription": subscription, "post": post, "may_forget": may_forget}
        return render(request, "comments/unsubscribe.html", context)
    if "forget" in request.POST and may_forget:
        moderation.erase(subscription.commenter)
        words = _("You get no more mail about comments, and your address is forgotten here.")
    else:
        subscription.end()
        words = _("You get no more mail about this post.") if of_post else _("You get no more mail about this thread.")
    way = {"way": post.get_absolute_url(), "way_words": post.title} if post.is_public() else {}
    return dead_end(request, _("That has ended"), words, status=200, **way)


def _ended_before(is_whole_post: bool) -> str:
    if is_whole_post:
        return _("You get no mail about this post any more.")
    return _("You get no mail about this thread any more.")


def _use_a_newer(is_whole_post: bool) -> str:
    if is_whole_post:
        return _("Use the link in a newer mail about this post.")
    return _("Use the link in a newer mail about this thread.")


def _unlisted(response: HttpResponse) -> HttpResponse:
    response["X-Robots-Tag"] = "noindex"
    return response
