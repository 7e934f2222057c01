from urllib.parse import unquote, urlsplit

from django import forms
from django.conf import settings
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db.models import QuerySet
from django.forms import ModelForm
from django.http import HttpRequest
from django.urls import Resolver404, ResolverMatch, resolve
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from blog import missing
from blog.admin.bounded import BoundedAdmin
from blog.models import Label, OldPath, Post

MOST_STEPS = 5  # from one old address to the next


class OldPathForm(ModelForm):
    """Where it leads is one field, for the address of a page. One of ours is kept as what it is of, so that readers
    follow it wherever it moves."""

    leads_to = forms.CharField(
        label=_("Where it leads"),
        required=False,
        max_length=1000,
        help_text=_("Paste the address of a page. Left empty: readers are told that it is gone for good."),
        widget=forms.TextInput(attrs={"class": "vTextField", "dir": "auto"}),
    )

    class Meta:
        widgets = {"path": forms.TextInput(attrs={"class": "vTextField", "dir": "auto"})}

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.initial["leads_to"] = leads_to(self.instance)

    def clean_path(self) -> str:
        path = unquote(self.cleaned_data["path"])  # pasted from a browser it is escaped; requests bring it decoded
        if not path.startswith("/"):
            raise ValidationError(_("Begin with a slash, for example /2016/05/old-name.html."), code="invalid")
        return path

    def clean(self) -> dict:
        data = super().clean()
        typed = data.get("leads_to", "").strip()
        if self.errors:
            return data
        try:
            aim = aim_of(typed) if typed else OldPath()
        except ValidationError as refused:
            self.add_error("leads_to", refused)
            return data
        if typed and unquote(urlsplit(leads_to(aim)).path if is_ours(leads_to(aim)) else "") == data["path"]:
            self.add_error("leads_to", ValidationError(_("It would lead to itself."), code="itself"))
        self.instance.post, self.instance.label, self.instance.address = aim.post, aim.label, aim.address
        return data


def leads_to(old: OldPath) -> str:
    """The address that it leads to; empty if to none."""
    aim = old.post or old.label
    return aim.get_absolute_url() if aim else old.address


def is_ours(typed: str) -> bool:
    parts = urlsplit(typed)
    return not parts.netloc or parts.netloc.casefold() == urlsplit(settings.SITE_URL).netloc.casefold()


def aim_of(typed: str) -> OldPath:
    """An old path, not saved, that leads to what has this address; raises ValidationError."""
    try:
        ours, path = is_ours(typed), unquote(urlsplit(typed).path)
    except ValueError:
        raise ValidationError(_("This is no address."), code="invalid") from None
    if not ours:
        URLValidator(schemes=["http", "https"], message=_("This is no address."))(typed)
        return OldPath(address=typed)
    if not path.startswith("/") or path.startswith("//") or "\\" in typed or not typed.isprintable():
        message = _("Begin with a slash, or with https:// for another site.")
        raise ValidationError(message, code="invalid")
    for _step in range(MOST_STEPS):  # where an old address leads now
        old = OldPath.objects.select_related("post", "label").filter(path=path).first()
        if old is None:
            return _page_of(path)
        if old.post or old.label or not is_ours(old.address) or not old.address:
            return old
        path = unquote(urlsplit(old.address).path)
    raise ValidationError(_("It would lead in a circle."), code="circle")


def _page_of(path: str) -> OldPath:
    match = _match(path) or _match(f"{path}/")
    if match is None:
        return OldPath(address=path)  # another program's of the same host
    named = match.kwargs
    rows: dict[str, QuerySet] = {
        "post": Post.objects.filter(kind=Post.Kind.POST, **_known(named, "year", "month", "slug")),
        "page": Post.objects.filter(kind=Post.Kind.PAGE, **_known(named, "slug")),
        "preview_post": Post.objects.filter(**_known(named, "pk")),
        "label": Label.objects.filter(**_known(named, "slug")),
    }
    if match.url_name not in rows:
        return OldPath(address=path)
    found = rows[match.url_name].first()
    if found is None:
        raise ValidationError(_("There is nothing at this address."), code="nothing")
    return OldPath(label=found) if isinstance(found, Label) else OldPath(post=found)


def _match(path: str) -> ResolverMatch | None:
    try:
        return resolve(path)
    except Resolver404:
        return None


def _known(named: dict, *names: str) -> dict:
    return {name: named[name] for name in names if name in named}


@admin.register(OldPath)
class OldPathAdmin(BoundedAdmin):
    form = OldPathForm
    fields = ["path", "leads_to"]
    list_display = ["path", "aim"]
    list_select_related = ["post", "label"]
    search_fields = ["path"]

    @admin.display(description=_("Leads to"))
    def aim(self, old: OldPath) -> str:
        aim = old.post or old.label
        if aim is None and not old.address:
            return gettext("Gone for good")
        return format_html('<a href="{}"><bdi>{}</bdi></a>', leads_to(old), aim or old.address)

    def save_model(self, request: HttpRequest, obj: OldPath, form: OldPathForm, change: bool) -> None:
        super().save_model(request, obj, form, change)
        missing.found(obj.path)
