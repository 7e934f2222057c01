"""The preview links of a post: making them, and taking them back."""

from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.admin import ModelAdmin
from django.db import transaction
from django.db.models import Count
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST

from blog.admin.beside import of_post, page
from blog.models import Post, Preview

MOST_OPEN = 20
PAST_SHOWN = 20


class LinkForm(forms.Form):
    name = forms.CharField(
        label=_("For whom"),
        max_length=100,
        required=False,
        widget=forms.TextInput(attrs={"dir": "auto", "autocomplete": "off"}),
        help_text=_("Stands above the text, and tells the links apart here."),
    )
    days = forms.TypedChoiceField(
        label=_("Works for"),
        choices=[(1, _("1 day")), (7, _("7 days")), (30, _("30 days"))],
        coerce=int,
        initial=7,
        widget=forms.RadioSelect,
    )


def urls(admin: ModelAdmin) -> list:
    kind = admin.model.KIND
    return [
        path("<int:pk>/previews/", of_post(admin, previews), name=f"blog_{kind}_previews"),
        path("<int:pk>/previews/<int:preview>/revoke/", of_post(admin, revoke), name=f"blog_{kind}_revoke"),
    ]


@require_http_methods(["GET", "HEAD", "POST"])
def previews(request: HttpRequest, admin: ModelAdmin, post: Post) -> HttpResponse:
    """The links of a post. Making one is answered with its address, which is shown this once and kept nowhere."""
    form, address = LinkForm(request.POST or None), ""
    if request.method == "POST" and form.is_valid() and (key := _make(request, post, form)):
        address = f"{settings.SITE_URL}{reverse('preview_link', args=[key])}"
        form = LinkForm()
    links = post.previews.select_related("created_by").annotate(said=Count("notes")).order_by("-pk")
    is_open = Preview.objects.filter(post=post.pk).open().values("pk")
    context = {
        "title": gettext("Preview links"),
        "form": form,
        "address": address,
        "open": links.filter(pk__in=is_open),
        "past": links.exclude(pk__in=is_open)[:PAST_SHOWN],
        "notes_url": reverse(f"admin:blog_{post.kind}_notes", args=[post.pk]),
    }
    return page(request, admin, post, "previews", context)


@require_POST
def revoke(request: HttpRequest, admin: ModelAdmin, post: Post, preview: int) -> HttpResponse:
    if post.previews.filter(pk=preview).open().update(revoked_at=timezone.now()):
        messages.success(request, gettext("The link works no more."))
    return HttpResponseRedirect(reverse(f"admin:blog_{post.kind}_previews", args=[post.pk]))


@transaction.atomic
def _make(request: HttpRequest, post: Post, form: LinkForm) -> str:
    """The key of a new link; empty if there are too many, and the form says so."""
    Post.objects.select_for_update().only("pk").get(pk=post.pk)
    if post.previews.open().count() >= MOST_OPEN:
        said = gettext("There are %(count)d links that work already. Revoke one of them first.")
        form.add_error(None, said % {"count": MOST_OPEN})
        return ""
    made = {"post_id": post.pk, "name": form.cleaned_data["name"], "created_by": request.user}
    return Preview.objects.make(form.cleaned_data["days"], **made)
