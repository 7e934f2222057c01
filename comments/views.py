from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import BadRequest
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.middleware.csrf import CsrfViewMiddleware
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from blog.models import Page, Post
from comments import addresses, moderation, policy, ratelimit, tokens
from comments.forms import CommentForm
from comments.models import Comment, CommentSettings
from comments.thread import page_start

TOO_QUICK = 2  # seconds between getting a form and sending it


@require_safe
def permalink(request: HttpRequest, pk: int) -> HttpResponse:
    """To the page of the thread that shows the comment, at its place."""
    shown = Comment.objects.shown(CommentSettings.load())
    comment = get_object_or_404(shown.select_related("post"), pk=pk)
    start = page_start(comment)
    query = f"?thread={start}" if start else ""
    return redirect(f"{comment.post.get_absolute_url()}{query}#comment-{comment.pk}")


# The form has no session and no CSRF cookie, since pages that carry it are shared: see comments/tokens.py.
# Those who are signed in have Django's check, made below so that a failure costs nobody the text.
@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def write(request: HttpRequest, slug: str, **when: int) -> HttpResponse:
    """GET: the form alone (?parent=123 answers a comment). POST: a preview, or the comment itself."""
    posts = (Post if when else Page).objects.published().select_related("author")
    post = get_object_or_404(posts, slug=slug, **when)
    conditions = CommentSettings.load()
    if conditions.mode_of(post) != CommentSettings.Mode.OPEN:
        problem = _("Comments on this post are closed. Nothing was sent.")
        return _form(request, post, conditions, _kept(request, post), problem=problem, status=403)
    if conditions.who == CommentSettings.Who.ACCOUNTS and not request.user.is_authenticated:
        problem = _("Only people with an account here can comment. Sign in first; nothing was sent.")
        return _form(request, post, conditions, _kept(request, post), problem=problem, status=403)
    if request.method != "POST":
        form = _kept(request, post)
        return _form(request, post, conditions, form)
    return _take(request, post, conditions)


def _take(request: HttpRequest, post: Post, conditions: CommentSettings) -> HttpResponse:
    network = addresses.digest(addresses.client_network(request))
    if seconds := ratelimit.wait(f"try:{network}", ratelimit.TRIES):
        return _wait(request, post, conditions, seconds)
    form = CommentForm(request.POST, post=post, user=request.user)
    if _is_foreign(request):
        problem = _("This was sent from another site. If you meant to send it, send it again from here.")
        return _form(request, post, conditions, _kept(request, post), problem=problem, status=403)
    if not form.is_valid():
        return _form(request, post, conditions, _kept(request, post, form), status=422)

    token = tokens.read(form.cleaned_data["token"], post.pk)
    doubt = _doubt(request, form, token)
    if doubt is not None:
        return _form(request, post, conditions, _kept(request, post), preview=form.comment(), problem=doubt)

    stored = Comment.objects.filter(submission=token.submission).first()
    if stored is None:
        if seconds := ratelimit.wait(f"comment:{network}", ratelimit.COMMENTS):
            return _wait(request, post, conditions, seconds)
        stored = _store(request, form.comment(), token.submission, network)
    if not _is_same(stored, form.comment()):
        problem = _("You have sent a comment from this page already. If this is another one, post it now.")
        return _form(request, post, conditions, _kept(request, post), preview=form.comment(), problem=problem)
    return HttpResponseRedirect(reverse("comment_status", args=[tokens.capability(stored.submission)]), status=303)


def _wait(request: HttpRequest, post: Post, conditions: CommentSettings, seconds: int) -> HttpResponse:
    problem = _("That is a lot of comments at once. Wait %(seconds)d seconds and send it again.") % {"seconds": seconds}
    response = _form(request, post, conditions, _kept(request, post), problem=problem, status=429)
    response["Retry-After"] = str(seconds)
    return response


def _is_same(stored: Comment, sent: Comment) -> bool:
    """Whether a form that was sent before is sent twice, or was gone back to and filled in anew."""
    return (stored.body, stored.parent_id, stored.user_id) == (sent.body, sent.parent_id, sent.user_id)


def _store(request: HttpRequest, comment: Comment, submission: str, network: str) -> Comment:
    comment.address_digest = network
    comment.submission = submission
    comment.capability_hash = tokens.capability_hash(tokens.capability(submission))
    try:
        with transaction.atomic():
            moderation.receive(comment, policy.judge(comment, request.user))
    except IntegrityError:
        # The same form sent twice at once: the other one won.
        return Comment.objects.get(submission=submission)
    return comment


def _doubt(request: HttpRequest, form: CommentForm, token: tokens.Token | None) -> str | None:
    """Why the writer is asked to look once more (empty: no more than a preview); None where there is no doubt."""
    if form.cleaned_data["topic"]:
        return _("A field that people do not see was filled in, as programs do. If you are not one, post it now.")
    if request.user.is_authenticated and not _csrf_passes(request):
        return _("Your page was not quite fresh. If this is as you meant it, post it now.")
    if "preview" in request.POST or token is None or not token.submission:
        return ""
    if token.age < TOO_QUICK:
        return _("That was quick. If this is as you meant it, post it now.")
    return None


def _is_foreign(request: HttpRequest) -> bool:
    """Whether a browser says that another site made it send this. Without either header it is let through."""
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none"):
        return True
    origin = request.headers.get("Origin")
    if not origin:
        return False
    try:
        return origin != settings.SITE_URL and urlsplit(origin).netloc != request.get_host()
    except ValueError:
        return True


def _csrf_passes(request: HttpRequest) -> bool:
    check = CsrfCheck(lambda request: None)
    check.process_request(request)
    return check.process_view(request, None, (), {}) is None


class CsrfCheck(CsrfViewMiddleware):
    """Django's own check, that gives its answer back in place of a bare 403 page."""

    def _reject(self, request: HttpRequest, reason: str) -> str:
        return reason


def _kept(request: HttpRequest, post: Post, form: CommentForm | None = None) -> CommentForm:
    """The form with all that was typed, and a fresh token in place of the old one."""
    if request.method == "POST":
        data = request.POST.copy()
        data["token"], data["topic"] = tokens.for_writer(post.pk), ""
        if form is not None and "parent" in form.errors:
            data["parent"] = ""
        kept = CommentForm(data, post=post, user=request.user)
        if form is not None:
            kept._errors = form.errors
        return kept
    initial = {"token": tokens.for_writer(post.pk), "parent": request.GET.get("parent", "")[:20]}
    return CommentForm(initial=initial, post=post, user=request.user)


def _form(
    request: HttpRequest,
    post: Post,
    conditions: CommentSettings,
    form: CommentForm,
    *,
    preview: Comment | None = None,
    problem: str = "",
    status: int = 200,
) -> HttpResponse:
    context = {
        "post": post,
        "form": form,
        "form_url": f"{post.get_absolute_url()}comment/",
        "conditions": conditions,
        "preview": preview,
        "problem": problem,
        "answered": _answered(post, form),
        "sign_in": conditions.who == CommentSettings.Who.ACCOUNTS and not request.user.is_authenticated,
        "is_open": status != 403 or conditions.mode_of(post) == CommentSettings.Mode.OPEN,
    }
    return render(request, "comments/write.html", context, status=status)


def _answered(post: Post, form: CommentForm) -> Comment | None:
    parent = str(form["parent"].value() or "")
    if not (parent.isascii() and parent.isdigit() and len(parent) < 19):
        return None
    return Comment.objects.visible().filter(post=post, pk=int(parent)).first()


@never_cache
@require_safe
def status(request: HttpRequest, capability: str) -> HttpResponse:
    """The commenter's own page: nobody else knows its address."""
    if len(capability) > 64:
        raise BadRequest
    comments = Comment.objects.select_related("post")
    comment = get_object_or_404(comments, capability_hash=tokens.capability_hash(capability))
    response = render(request, "comments/status.html", {"comment": comment, "post": comment.post})
    response["Referrer-Policy"] = "same-origin"
    response["X-Robots-Tag"] = "noindex"
    return response
