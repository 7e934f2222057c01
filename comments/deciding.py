"""Deciding by mail: a link for one moderator and one comment. It shows on GET and acts, once, on POST."""

import hashlib

from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from blog.digits import digits
from blog.models import User
from blog.private import broken, dead_end, private
from comments import links, moderation
from comments.admin import words
from comments.links import Purpose
from comments.models import Comment, ModerationEvent
from comments.moderation import Verb
from comments.policy import reason_text

VERBS = (Verb.APPROVE, Verb.REJECT, Verb.SPAM)
TELL_LENGTH = 500


def token_for(comment: Comment, user: User) -> str:
    """Good for this comment and this user, for a week, once, and until the user's password changes."""
    return links.make(Purpose.MODERATE, comment.pk, user.pk, _hash(user.get_session_auth_hash()))


@private
def moderate(request: HttpRequest, token: str) -> HttpResponse:
    """GET: the comment and the buttons. POST: one of VERBS, with what the page showed (`seen`)."""
    link = links.read(Purpose.MODERATE, token)
    if link is None:
        return broken(request)
    pk, user = int(link.parts[0]), _user(link)
    queue = {"way": reverse("admin:comments_comment_change", args=[pk]), "way_words": _("Sign in and look at it")}
    if user is None:
        text = _("It belonged to an account that may no longer decide on comments, or has another password now.")
        return dead_end(request, _("This link works no more"), text, **queue)
    comment = Comment.objects.moderated_by(user).select_related("post", "parent").filter(pk=pk).first()
    if comment is None:
        text = _("The comment is not there any more, or no longer %(name)s’s to decide on.") % {"name": user.name}
        return dead_end(request, _("This link works no more"), text)
    if link.is_used:
        return dead_end(request, _("You have decided on it already"), _became(comment), status=200, **queue)
    if comment.status != Comment.Status.PENDING:
        status = 409 if request.method == "POST" else 200
        return dead_end(request, _("It waits no more"), _became(comment), status=status, **queue)
    if link.is_expired:
        text = _("Such links are good for a week. The comment stands in the queue.")
        return dead_end(request, _("This link has expired"), text, **queue)
    if request.method == "POST":
        return _act(request, link, comment, user)
    return _page(request, comment, user)


def _act(request: HttpRequest, link: links.Link, comment: Comment, user: User) -> HttpResponse:
    verb, tell = request.POST.get("verb", ""), " ".join(request.POST.get("tell", "").replace("\0", "").split())
    if verb not in VERBS:
        return _page(request, comment, user, problem=_("Choose one of the buttons."), tell=tell, status=422)
    if len(tell) > TELL_LENGTH:
        problem = digits(_("Not done: what you tell the writer has more than %d characters.") % TELL_LENGTH)
        return _page(request, comment, user, problem=problem, tell=tell, status=422)
    seen = {comment.pk: request.POST.get("seen", "")[:60]}
    with transaction.atomic():
        if not link.use():
            return HttpResponseRedirect(request.path, status=303)  # pressed twice: the page says what became of it
        tell = tell if verb == Verb.REJECT else ""
        decision = moderation.decide([comment], verb, actor=user, seen=seen, tell=tell)
        if not decision.changed:
            transaction.set_rollback(True)
    if not decision.changed:
        comment.refresh_from_db()
        problem = digits(words.stale(comment, seen[comment.pk], moderation.what_happened(comment.pk)))
        return _page(request, comment, user, problem=problem, tell=tell, status=409)
    return HttpResponseRedirect(request.path, status=303)


def _page(
    request: HttpRequest, comment: Comment, user: User, *, problem: str = "", tell: str = "", status: int = 200
) -> HttpResponse:
    context = {
        "comment": comment,
        "post": comment.post,
        "moderator": user,
        "reasons": [reason_text(reason) for reason in comment.reasons],
        "problem": problem,
        "tell": tell,
    }
    return render(request, "comments/moderate.html", context, status=status)


def _became(comment: Comment) -> str:
    """What was decided on it last, in words."""
    events = ModerationEvent.objects.of_status().filter(comment_id=comment.pk).exclude(from_status="")
    event = events.select_related("actor").order_by("-pk").first()
    return digits(words.happened(event)) if event else comment.get_status_display()


def _user(link: links.Link) -> User | None:
    """Whose link it is, if that account still is what it was."""
    user = User.objects.filter(pk=int(link.parts[1]), is_active=True).first()
    if user is None or not (
        user.has_perm("comments.moderate_any_comment") or user.has_perm("comments.moderate_own_comment")
    ):
        return None
    hashes = [user.get_session_auth_hash(), *user.get_session_auth_fallback_hash()]
    return user if link.parts[2] in map(_hash, hashes) else None


def _hash(session_hash: str) -> str:
    return hashlib.sha256(session_hash.encode()).hexdigest()[:24]
