import sys
from contextlib import suppress

from django.core.exceptions import RequestDataTooBig, SuspiciousOperation, TooManyFieldsSent, TooManyFilesSent
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.multipartparser import MultiPartParserError
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from config import outage, resend

LABELS = {
    "title": _("Title"),
    "body": _("Text"),
    "excerpt": _("Excerpt"),
    "tags": _("Labels"),
    "slug": _("Address"),
    "seo_title": _("Title for search engines"),
    "seo_description": _("Description for search engines"),
    "canonical_url": _("Original address"),
    "alt": _("Description for people who cannot see it"),
    "caption": _("Caption"),
    "credit": _("Credit"),
    "tagline": _("Tagline"),
    "about": _("About"),
    "bio": _("About"),
    "display_name": _("Name shown to readers"),
    "username": _("Username"),
    "text": _("Comment"),
    "tell": _("What you tell the writer"),
    "name": _("Name"),
    "email": _("E-mail"),
    "url": _("Website"),
    "who": _("User name or e-mail"),
}
# What was chosen rather than written, or nobody saw.
CHOSEN = {"action", "author", "by", "comments_mode", "cover", "index", "kind", "language", "next", "on", "parent"}
CHOSEN |= {"picture", "place", "published_at", "select_across", "selected", "status", "time_zone", "topic"}
TOO_LARGE = (RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent)
SECRET = ("csrf", "token", "password", "code")


def not_understood(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Django's own page for this knows nothing of the site's look."""
    is_too_large = isinstance(exception, TOO_LARGE)
    return render(request, "400.html", {"is_too_large": is_too_large}, status=413 if is_too_large else 400)


# Django's own pages for these two look for a CSRF token in what was sent, and fail where that cannot be read.
def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "403.html", {"exception": str(exception)}, status=403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "404.html", status=404)


def failed(request: HttpRequest) -> HttpResponse:
    """For whatever was raised and not caught, wherever that was: Django calls it while it handles the exception."""
    words = outage.why(sys.exc_info()[1])
    if words is None:
        return outage.broken()
    kept = ""
    if request.method == "POST":
        _drop_uploads(request)
        with suppress(SuspiciousOperation, MultiPartParserError, OSError):  # a form that nobody could read
            kept = resend.form(request, _kept(request))
    return outage.unavailable(words, kept)


def _drop_uploads(request: HttpRequest) -> None:
    """Django leaves a file that it could not write to its end where it is, on a disk that is full."""
    for handler in request.upload_handlers:
        with suppress(OSError):  # what it has not written yet does not fit either
            handler.upload_interrupted()


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Shown in place of Django's bare page: says what to do, and keeps the words that were sent."""
    return render(request, "kept.html", {"kept": _kept(request)}, status=403)


def session_ended(request: HttpRequest) -> HttpResponse:
    """The answer to a form sent after its writer was signed out: its words, and the way back in."""
    return render(request, "kept.html", {"kept": _kept(request), "session_ended": True}, status=403)


def second_step_missing(request: HttpRequest) -> HttpResponse:
    """The answer to who has to set up a second step first: a form's words are given back."""
    if request.method == "POST":
        return render(request, "kept.html", {"kept": _kept(request), "second_step": True}, status=403)
    return HttpResponseRedirect(reverse("admin:second_step"))


def _kept(request: HttpRequest) -> list[dict]:
    """What a person wrote in the form that was sent, a field each."""
    kept = []
    for name, value in request.POST.items():
        field = name.rpartition("-")[2]  # without the prefix of a formset
        machine = name.startswith(("_", "seen-")) or field in CHOSEN or any(word in name.lower() for word in SECRET)
        if machine or not value.strip() or (field not in LABELS and (value.isdigit() or value == "on")):
            continue
        rows = sum(1 + len(line) // 60 for line in value.splitlines())
        label = LABELS.get(field) or field.replace("_", " ").capitalize()
        kept.append(
            {"name": name, "label": label, "value": value, "rows": min(max(rows, 2), 14), "is_html": field == "body"}
        )
    return kept
