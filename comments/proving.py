"""Proving that a typed address is one's own: the link that is mailed there, and the page that it leads to."""

import secrets

from django.contrib.auth.models import AnonymousUser
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from blog.digits import digits
from blog.mail import owe
from blog.private import broken, dead_end, private
from comments import addresses, links, moderation, policy, proof, ratelimit, tokens
from comments.links import Purpose
from comments.models import Comment, Commenter, Subscription

# (how many, in how many seconds): links to one address, whoever asks for them; and asked for from one network.
TO_ADDRESS = ((1, 120), (4, 86400))
FROM_NETWORK = ((10, 3600), (30, 86400))
WISHES = ("decision", "replies")


def minutes_to_wait(request: HttpRequest, address: str, purpose: Purpose) -> int:
    """Counts a link of this purpose to this address; how long to wait, in minutes, if that is too many, else 0."""
    network = addresses.digest(addresses.client_network(request))
    target = addresses.digest(address.lower())
    seconds = ratelimit.wait(f"link-from:{network}", FROM_NETWORK)
    seconds = seconds or ratelimit.wait(f"{purpose.code}-to:{target}", TO_ADDRESS)
    return -(-seconds // 60)


def owe_link(comment: Comment, wanted: set[str]) -> None:
    """Mails a link that proves the comment's address; what is `wanted` (of WISHES) holds once it is followed."""
    data = {"comment": comment.pk, "wishes": sorted(wanted)}
    with transaction.atomic():
        owe("prove", f"prove:{comment.pk}:{secrets.token_hex(6)}", data)


def owe_mine(commenter: Commenter) -> None:
    """Mails a link to all that the commenter has here."""
    with transaction.atomic():
        owe("mine", f"mine:{secrets.token_hex(8)}", {"who": commenter.reference})


def keep_wishes(comment: Comment, commenter: Commenter, wanted: set[str]) -> None:
    """What the writer, who is proved, is mailed from now on."""
    with transaction.atomic():
        Comment.objects.filter(pk=comment.pk).update(mail_wanted="decision" in wanted)
        if "replies" in wanted:
            moderation.follow(comment, commenter)
        elif commenter.is_kept:
            Subscription.objects.filter(commenter=commenter, thread=comment.root_id).delete()


@private
def prove(request: HttpRequest, token: str) -> HttpResponse:
    """GET: the comment, and the question whether one wrote it. POST: the answer (`answer`: yes, no or again)."""
    link = links.read(Purpose.PROVE, token)
    if link is None:
        return broken(request)
    comment = Comment.objects.select_related("post", "commenter").filter(pk=int(link.parts[0])).first()
    if comment is None or comment.withdrawn_at:
        words = _("The comment was withdrawn, or deleted since. There is nothing to prove any more.")
        return dead_end(request, _("This comment is gone"), words)
    if comment.is_proved:
        return _proved_before(request, comment, link)
    if not comment.author_email:
        words = _("Its address was taken off this comment. You can write another comment and prove that one.")
        return dead_end(request, _("There is nothing to prove"), words, **_to_post(comment))
    answer = request.POST.get("answer", "")
    if link.is_expired:
        return _expired(request, comment, link, is_asked=answer == "again")
    if answer == "yes":
        return _yes(request, comment, link)
    if answer == "no":
        moderation.disown(comment)
        words = _(
            "Your address is taken off the comment, and a moderator will look at it. You get no more mail about it."
        )
        return dead_end(request, _("Thank you for telling"), words, status=200, **_to_post(comment))
    return render(request, "comments/prove.html", {"comment": comment, "post": comment.post})


def _yes(request: HttpRequest, comment: Comment, link: links.Link) -> HttpResponse:
    facts = policy.Facts(AnonymousUser(), network_digest=comment.address_digest)
    with transaction.atomic():
        commenter = moderation.prove(comment, facts)
        if commenter is not None:
            keep_wishes(comment, commenter, set(link.parts[1:]) & set(WISHES))
    if commenter is None:
        return HttpResponseRedirect(request.path, status=303)  # withdrawn at this very moment: the page says so
    response = _to_own_page(comment, "proved")
    if "remember" in request.POST:
        proof.remember(request, response, commenter)
    return response


def _expired(request: HttpRequest, comment: Comment, link: links.Link, *, is_asked: bool) -> HttpResponse:
    title, words = _("This link has expired"), _("Such links are good for two days. A new one can be mailed to you.")
    if not is_asked:
        return dead_end(request, title, words, again=request.path)
    if minutes := minutes_to_wait(request, comment.author_email, Purpose.PROVE):
        words = _("Too many were asked for. Look for one among your mail, or try again in %(minutes)d min.")
        response = dead_end(request, title, digits(words % {"minutes": minutes}), status=429, again=request.path)
        response["Retry-After"] = str(minutes * 60)
        return response
    owe_link(comment, set(link.parts[1:]) & set(WISHES))
    words = _("It goes to the same address. Follow it within two days.")
    return dead_end(request, _("A new link is on its way"), words, status=200)


def _proved_before(request: HttpRequest, comment: Comment, link: links.Link) -> HttpResponse:
    """Leads to the comment's own page, which an old mail must not open for ever."""
    words = _("You have followed this link already: the comment is yours, and its address is proved.")
    capability = "" if link.is_expired else tokens.capability_of(comment)
    if not capability:
        return dead_end(request, _("Your address is proved"), words, status=200, **_to_post(comment))
    own = reverse("comment_status", args=[capability])
    return dead_end(request, _("Your address is proved"), words, status=200, way=own, way_words=_("To your comment"))


def _to_post(comment: Comment) -> dict:
    if not comment.post.is_public():
        return {}
    return {"way": comment.post.get_absolute_url(), "way_words": comment.post.title}


def _to_own_page(comment: Comment, done: str) -> HttpResponse:
    capability = tokens.capability_of(comment)
    target = reverse("comment_status", args=[capability]) if capability else comment.post.get_absolute_url()
    return HttpResponseRedirect(f"{target}?done={done}" if capability else target, status=303)
