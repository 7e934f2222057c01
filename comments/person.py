"""All that one commenter has here, behind a link that is mailed to the proved address: see, take along, erase."""

from collections.abc import Callable
from functools import wraps

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from blog.digits import digits
from blog.ids import number
from blog.private import broken, dead_end, private
from comments import links, moderation, proof, proving
from comments.export import everything_of
from comments.links import Purpose
from comments.models import Commenter, Subscription

LISTED = 200


def _acting(view: Callable[[HttpRequest, Commenter, str], HttpResponse]) -> Callable[..., HttpResponse]:
    """For a view that does something for whom the link was mailed to, on POST. A GET leads to what there is, and a link
    that opens nothing to the page that says why."""

    @private
    @wraps(view)
    def answer(request: HttpRequest, token: str) -> HttpResponse:
        commenter = _open(request, token)
        if isinstance(commenter, HttpResponse):
            return commenter
        return view(request, commenter, token) if request.method == "POST" else _page(request, commenter, token)

    return answer


@private
def mine(request: HttpRequest, token: str) -> HttpResponse:
    """GET: what there is. POST (`again`, of an expired link): mails a new one."""
    found = _open(request, token)
    return found if isinstance(found, HttpResponse) else _page(request, found, token)


@_acting
def export(request: HttpRequest, commenter: Commenter, token: str) -> HttpResponse:
    """A file with all of it."""
    name = f"my-comments-{timezone.localdate():%Y-%m-%d}.json"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return JsonResponse(
        everything_of(commenter), headers=headers, json_dumps_params={"indent": 1, "ensure_ascii": False}
    )


@_acting
def erase(request: HttpRequest, commenter: Commenter, token: str) -> HttpResponse:
    """With the tick that says one means it: all of it goes, and this page with it."""
    if "sure" not in request.POST:
        problem = _("Nothing was erased: tick the box if you are sure.")
        return _page(request, commenter, token, problem=problem, status=422)
    moderation.erase(commenter)
    words = _(
        "Your comments are gone, with your name and address. Where others had answered you, an empty place stays."
    )
    response = dead_end(request, _("Everything is erased"), words, status=200)
    proof.forget(response)
    return response


@_acting
def forget(request: HttpRequest, commenter: Commenter, token: str) -> HttpResponse:
    """No browser keeps the proof any more."""
    if commenter.is_kept:
        commenter.end_browsers()
    response = _page(request, commenter, token, done=_("No browser keeps the proof of your address any more."))
    proof.forget(response)
    return response


@_acting
def unfollow(request: HttpRequest, commenter: Commenter, token: str) -> HttpResponse:
    """No more mail about that thread or post (`which`: a subscription)."""
    subscription = _followed(commenter).filter(pk=number(request.POST.get("which", ""))).first()
    if subscription is not None:
        subscription.end()
    return _page(request, commenter, token, done=_("You get no more of this mail."))


def _followed(commenter: Commenter) -> QuerySet[Subscription]:
    kept = Subscription.objects.filter(commenter=commenter) if commenter.is_kept else Subscription.objects.none()
    return kept.select_related("post", "commenter").order_by("-pk")


def _open(request: HttpRequest, token: str) -> Commenter | HttpResponse:
    """Whose link it is; or the page that says why it opens nothing."""
    link = links.read(Purpose.MINE, token)
    if link is None:
        return broken(request)
    commenter = Commenter.referred_to(link.parts[0])
    if commenter is None:
        words = _("Nothing is kept here of whom this link was mailed to. It was erased, or forgotten by the clock.")
        return dead_end(request, _("There is nothing any more"), words)
    if not link.is_expired:
        return commenter
    title, words = _("This link has expired"), _("Such links are good for a day. A new one can be mailed to you.")
    if request.method != "POST" or request.POST.get("answer") != "again":
        return dead_end(request, title, words, again=request.path)
    if minutes := proving.minutes_to_wait(request, commenter.address, Purpose.MINE):
        words = _("Too many were asked for. Look for one among your mail, or try again in %(minutes)d min.")
        response = dead_end(request, title, digits(words % {"minutes": minutes}), status=429, again=request.path)
        response["Retry-After"] = str(minutes * 60)
        return response
    proving.owe_mine(commenter)
    words = _("It goes to the same address. It is good for a day.")
    return dead_end(request, _("A new link is on its way"), words, status=200)


def _page(
    request: HttpRequest, commenter: Commenter, token: str, *, problem: str = "", done: str = "", status: int = 200
) -> HttpResponse:
    comments = commenter.comments().select_related("post").defer("post__body", "post__body_html", "post__body_text")
    context = {
        "commenter": commenter,
        "comments": comments.order_by("-created_at", "-pk")[:LISTED],
        "total": comments.count(),
        "follows": _followed(commenter)[:LISTED],
        "token": token,
        "problem": problem,
        "done": done,
    }
    return render(request, "comments/mine.html", context, status=status)
