from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.middleware.csrf import CsrfViewMiddleware
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from blog.digits import digits
from blog.ids import number
from blog.models import Post
from blog.origin import is_foreign
from blog.prepared import Given, Prepared
from comments import addresses, blocking, moderation, policy, proof, ratelimit, search, tokens
from comments.conditions import Conditions
from comments.forms import CommentForm
from comments.models import Comment, CommentSettings
from comments.posts import post_at
from comments.thread import page_start

SENT = Prepared(lambda: Comment.objects.filter(submission=Given("submission")))
TOO_QUICK = 2  # seconds between getting a form and sending it


@require_safe
def permalink(request: HttpRequest, pk: int) -> HttpResponse:
    """To the page of the thread that shows the comment, at its place."""
    settings = CommentSettings.load()
    comment = get_object_or_404(Comment.objects.shown(settings).select_related("post"), pk=pk)
    start = page_start(comment, settings.threads_per_page)
    query = f"?thread={start}" if start else ""
    return redirect(f"{comment.post.get_absolute_url()}{query}#comment-{comment.pk}")


# The form has no session and no CSRF cookie, since pages that carry it are shared: see comments/tokens.py.
# Those who are signed in have Django's check, made below so that a failure costs nobody the text.
@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def write(request: HttpRequest, slug: str, **when: int) -> HttpResponse:
    """GET: the form alone (?parent=123 answers a comment). POST: a preview, or the comment itself."""
    conditions = Conditions.of(post_at(slug, when))
    if request.method == "POST":
        return _take(request, conditions)
    return _shut(request, conditions) or _form(request, conditions, _kept(request, conditions.post))


def _take(request: HttpRequest, conditions: Conditions) -> HttpResponse:
    """Whatever does not become a new comment counts as a try; comments have limits of their own."""
    address = addresses.client_address(request)
    network = addresses.digest(addresses.network_of(address))
    browser = request.headers.get("User-Agent", "")[: policy.BROWSER]
    tries = f"try:{network}"
    if seconds := ratelimit.ahead(tries, ratelimit.TRIES):
        return _wait(request, conditions, seconds)
    token = tokens.read(request.POST.get("token", ""), conditions.post.pk)
    seconds = token.age if token and token.submission else None
    facts = policy.Facts(request.user, network_digest=network, address=address, browser=browser, seconds=seconds)
    # A form that is sent twice leads to the same page, whatever the rules have become since.
    stored = _sent(token.submission) if token else None
    response = _answer(request, conditions, facts, token, stored)
    if stored is not None or response.status_code != 303:
        ratelimit.wait(tries, ratelimit.TRIES)
    return response


def _answer(
    request: HttpRequest,
    conditions: Conditions,
    facts: policy.Facts,
    token: tokens.Token | None,
    stored: Comment | None,
) -> HttpResponse:
    post = conditions.post
    if stored is None and (shut := _shut(request, conditions)):
        return shut
    if is_foreign(request):
        problem = _("This was sent from another site. If you meant to send it, send it again from here.")
        return _form(request, conditions, _kept(request, post), problem=problem, status=403)
    form = CommentForm(request.POST, post=post, user=request.user)
    if not form.is_valid():
        return _form(request, conditions, _kept(request, post, form), status=422)
    comment = form.comment()
    doubt = _doubt(request, form, token)
    if doubt is not None:
        return _form(request, conditions, _kept(request, post), preview=comment, problem=doubt)
    stored = stored or _judged(request, conditions, facts, comment, token.submission)
    if isinstance(stored, HttpResponse):
        return stored
    if not _is_same(stored, comment):
        problem = _("You have sent a comment from this page already. If this is another one, post it now.")
        return _form(request, conditions, _kept(request, post), preview=comment, problem=problem)
    return HttpResponseRedirect(reverse("comment_status", args=[tokens.capability(stored.submission)]), status=303)


def _judged(
    request: HttpRequest, conditions: Conditions, facts: policy.Facts, comment: Comment, submission: str
) -> Comment | HttpResponse:
    """The comment as it is stored; or the answer that says why it is not."""
    comment.commenter = proof.commenter_of(request, comment.author_email)
    verdict = policy.judge(comment, facts, conditions)
    if verdict.status == policy.REFUSED:
        # The same form sent twice at once: the rules have met the other one.
        return _sent(submission) or _refuse(request, conditions, verdict)
    stored, seconds = _store(comment, verdict, submission, facts.network_digest)
    return stored or _wait(request, conditions, seconds)


def _sent(submission: str) -> Comment | None:
    """What this form was sent as before."""
    return next(iter(SENT(submission=submission)), None) if submission else None


def _shut(request: HttpRequest, conditions: Conditions) -> HttpResponse | None:
    """The answer where nobody, or not this visitor, may comment."""
    if conditions.mode_now() != CommentSettings.Mode.OPEN:
        problem = _("Comments on this post are closed. Nothing was sent.")
    elif conditions.settings.who == CommentSettings.Who.ACCOUNTS and not request.user.is_authenticated:
        problem = _("Only people with an account here can comment. Sign in first; nothing was sent.")
    else:
        return None
    return _form(request, conditions, _kept(request, conditions.post), problem=problem, status=403)


def _wait(request: HttpRequest, conditions: Conditions, seconds: int) -> HttpResponse:
    problem = ngettext(
        "That is a lot of comments at once. Wait %(seconds)d second and send it again.",
        "That is a lot of comments at once. Wait %(seconds)d seconds and send it again.",
        seconds,
    )
    kept = _kept(request, conditions.post)
    response = _form(request, conditions, kept, problem=digits(problem % {"seconds": seconds}), status=429)
    response["Retry-After"] = str(seconds)
    return response


def _refuse(request: HttpRequest, conditions: Conditions, verdict: policy.Verdict) -> HttpResponse:
    """The form again, with every word, and why it was not taken. A block rule is not named, nor its words shown."""
    if verdict.rule == "closed":
        return _shut(request, conditions)
    if verdict.rule == "flood":
        return _wait(request, conditions, verdict.retry_after)
    if verdict.rule == "blocked_writer":
        problem, status = _("A moderator has decided that you can no longer comment here. Nothing was sent."), 403
    elif verdict.rule == "duplicate":
        problem, status = _("You have sent these very words here already. Nothing was sent twice."), 409
    else:
        problem, status = _("This site does not take a comment like this one. You may change its words and links."), 422
        blocking.count_hits(verdict.hits)
    return _form(request, conditions, _kept(request, conditions.post), problem=problem, status=status)


def _is_same(stored: Comment, sent: Comment) -> bool:
    """Whether a form that was sent before is sent twice, or was gone back to and filled in anew."""
    return (stored.body, stored.parent_id, stored.user_id) == (sent.body, sent.parent_id, sent.user_id)


def _store(comment: Comment, verdict: policy.Verdict, submission: str, network: str) -> tuple[Comment | None, int]:
    """The stored comment; or None, and the seconds to wait."""
    # The flood rule looks at what is stored; this counts what comes at the same moment, too.
    limits = () if verdict.rule == "staff" else ratelimit.COMMENTS
    comment.address_digest = network
    comment.submission = submission
    comment.capability_hash = tokens.capability_hash(tokens.capability(submission))
    search.indexed(comment)  # kept, so that nobody waits for it in the transaction
    try:
        with transaction.atomic():
            if seconds := ratelimit.wait(f"comment:{network}", limits):
                return _sent(submission), seconds
            moderation.receive(comment, verdict)
    except IntegrityError:
        # The same form sent twice at once: the other one won.
        return _sent(submission), 0
    return comment, 0


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
    conditions: Conditions,
    form: CommentForm,
    *,
    preview: Comment | None = None,
    problem: str = "",
    status: int = 200,
) -> HttpResponse:
    post, settings = conditions.post, conditions.settings
    context = {
        "post": post,
        "form": form,
        "form_url": f"{post.get_absolute_url()}comment/",
        "message": settings.message,
        "promise": policy.promise(conditions, request.user),
        "preview": preview,
        "problem": problem,
        "answered": _answered(post, form),
        "sign_in": settings.who == CommentSettings.Who.ACCOUNTS and not request.user.is_authenticated,
        "is_open": conditions.mode_now() == CommentSettings.Mode.OPEN,
    }
    return render(request, "comments/write.html", context, status=status)


def _answered(post: Post, form: CommentForm) -> Comment | None:
    parent = number(str(form["parent"].value() or ""))
    return Comment.objects.visible().filter(post=post, pk=parent).first() if parent else None
