from django.contrib.auth.views import LoginView
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

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
SECRET = ("csrf", "token", "password")


class SignIn(LoginView):
    """For people with an account who do not work here; the admin has its own door."""

    template_name = "sign_in.html"

    def get_context_data(self, **kwargs) -> dict:
        # Django's view puts a name of its own in the place of the site's settings.
        return super().get_context_data(**kwargs) | {"site": self.request.site}


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Shown in place of Django's bare page: says what to do, and keeps the words that were sent."""
    return render(request, "kept.html", {"kept": _kept(request)}, status=403)


def session_ended(request: HttpRequest) -> HttpResponse:
    """The answer to a form sent after its writer was signed out: its words, and the way back in."""
    return render(request, "kept.html", {"kept": _kept(request), "session_ended": True}, status=403)


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
        kept.append({"label": label, "value": value, "rows": min(max(rows, 2), 14), "is_html": field == "body"})
    return kept
