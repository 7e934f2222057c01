"""A reader's report of a comment. It changes nothing of what readers see: a moderator will look."""

from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from blog.digits import digits
from blog.fields import WordsField
from blog.origin import is_foreign
from comments import addresses, moderation, ratelimit, tokens
from comments.models import Comment, CommentSettings, Report

# (how many, in how many seconds) for one network, whatever comments they are about
LIMITS = ((5, 60), (30, 3600))


class ReportForm(forms.Form):
    kind = forms.ChoiceField(
        label=gettext_lazy("What is wrong with it?"),
        choices=Report.Kind,
        widget=forms.RadioSelect,
        error_messages={
            "required": gettext_lazy("Choose what is wrong with it."),
            "invalid_choice": gettext_lazy("Choose what is wrong with it."),
        },
    )
    words = WordsField(label=gettext_lazy("In your words"), max_length=500, rows=4, required=False)
    token = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args, **kwargs) -> None:
        kwargs.setdefault("auto_id", "report-%s")
        super().__init__(*args, **kwargs)


# The form has no session and no CSRF cookie: its token says that it came from here (comments/tokens.py).
@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def report(request: HttpRequest, pk: int) -> HttpResponse:
    """GET: the comment and the form. POST: files the report and leads to a page of thanks."""
    shown = Comment.objects.shown(CommentSettings.load())
    comment = get_object_or_404(shown.select_related("post", "post__author"), pk=pk)
    if request.method != "POST":
        return _page(request, comment, ReportForm(initial={"token": _token(comment)}))

    network = addresses.digest(addresses.client_network(request))
    if seconds := ratelimit.wait(f"report:{network}", LIMITS):
        problem = ngettext(
            "That is a lot of reports at once. Wait %(seconds)d second and send it again.",
            "That is a lot of reports at once. Wait %(seconds)d seconds and send it again.",
            seconds,
        )
        response = _page(request, comment, _kept(request, comment), digits(problem % {"seconds": seconds}), 429)
        response["Retry-After"] = str(seconds)
        return response
    if is_foreign(request):
        problem = _("This was sent from another site. If you meant to send it, send it again from here.")
        return _page(request, comment, _kept(request, comment), problem, 403)
    form = ReportForm(request.POST)
    if not form.is_valid():
        kept = _kept(request, comment)
        kept._errors = form.errors
        return _page(request, comment, kept, status=422)
    if tokens.read(form.cleaned_data["token"], comment.post_id) is None:
        problem = _("Your page was not quite fresh. If this is as you meant it, send it now.")
        return _page(request, comment, _kept(request, comment), problem, 422)

    is_new = moderation.report(comment, form.cleaned_data["kind"], form.cleaned_data["words"], network)
    thanks = reverse("report_thanks", args=[comment.pk])
    return HttpResponseRedirect(thanks if is_new else f"{thanks}?again=1", status=303)


@never_cache
@require_safe
def thanks(request: HttpRequest, pk: int) -> HttpResponse:
    """What happens now; the same for everybody, and whatever has become of the comment since."""
    comment = Comment.objects.shown(CommentSettings.load()).select_related("post").filter(pk=pk).first()
    return _noindex(render(request, "comments/reported.html", {"comment": comment, "is_again": "again" in request.GET}))


def _token(comment: Comment) -> str:
    return tokens.for_writer(comment.post_id)


def _kept(request: HttpRequest, comment: Comment) -> ReportForm:
    """The form with all that was chosen and typed, and a fresh token."""
    data = request.POST.copy()
    data["token"] = _token(comment)
    form = ReportForm(data)
    form._errors = forms.utils.ErrorDict()
    return form


def _page(
    request: HttpRequest, comment: Comment, form: ReportForm, problem: str = "", status: int = 200
) -> HttpResponse:
    context = {"comment": comment, "post": comment.post, "form": form, "problem": problem}
    return _noindex(render(request, "comments/report.html", context, status=status))


def _noindex(response: HttpResponse) -> HttpResponse:
    response["X-Robots-Tag"] = "noindex"
    return response
