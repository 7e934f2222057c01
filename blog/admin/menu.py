"""The menu, as rows in the form of the site's settings: typed, put in order by numbers, deleted by a tick."""

from urllib.parse import urlsplit

from django import forms
from django.contrib import admin
from django.contrib.admin.checks import InlineModelAdminChecks
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from blog.models import MenuItem, Page, Post

MOST = 12
EMPTY = 3  # rows to fill: saving brings new ones
STEP = 10  # between positions, so that a line can be put between two
LAST = 9_999
OFFERED = 300  # pages; to another, its address leads as well


class MenuItemForm(forms.ModelForm):
    position = forms.IntegerField(label=_("Position"), required=False, min_value=0, max_value=LAST)

    class Meta:
        model = MenuItem
        fields = ["position", "words", "page", "address"]
        widgets = {
            "words": forms.TextInput(attrs={"dir": "auto"}),
            "address": forms.TextInput(attrs={"dir": "ltr", "spellcheck": "false"}),
        }
        help_texts = {"words": ""}  # said once, above all lines

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk is None:
            self.initial["position"] = None
        self.fields["page"].queryset = pages()

    def clean_address(self) -> str:
        typed = self.cleaned_data["address"].strip()
        if typed and not (is_here(typed) or is_whole(typed)):
            message = _("Begin with a slash, such as /archive/, or with https://.")
            raise ValidationError(message, code="invalid")
        return typed

    def clean(self) -> dict:
        data = super().clean()
        if "page" not in data or "address" not in data:
            return data
        if bool(data["page"]) == bool(data["address"]):
            message = _("Choose a page, or type an address: one of the two.")
            raise ValidationError(message, code="one")
        if data["address"] and not data.get("words") and "words" not in self.errors:
            self.add_error("words", ValidationError(_("Say what the menu calls it."), code="required"))
        return data


class MenuFormSet(forms.BaseModelFormSet):
    """The lines of the menu. They belong to no row, so the admin's `instance` is passed over."""

    def __init__(self, *args, instance=None, save_as_new: bool = False, **kwargs) -> None:
        super().__init__(*args, **kwargs)

    @classmethod
    def get_default_prefix(cls) -> str:
        return "menu"

    @cached_property
    def choices(self) -> list[tuple]:
        """Once for all rows. A page that stands in the menu is offered however many come before it."""
        rows = dict(pages().order_by("title", "pk").values_list("pk", "title")[:OFFERED])
        rows |= {line.page_id: line.page.title for line in self.get_queryset() if line.page_id}
        return [("", gettext("No page")), *rows.items()]

    def add_fields(self, form: forms.ModelForm, index: int | None) -> None:
        super().add_fields(form, index)
        form.fields["page"].choices = self.choices
        form.fields["id"].error_messages["invalid_choice"] = gettext(
            "Somebody has deleted this line meanwhile. Tick “Delete this line”; to have it again, type it in a new one."
        )

    def clean(self) -> None:
        super().clean()
        kept = [form for form in self.forms if form.has_changed() or form.instance.pk]
        kept = [form for form in kept if not self._should_delete_form(form) and hasattr(form, "cleaned_data")]
        last = max((form.cleaned_data.get("position") or 0 for form in kept), default=0)
        for form in kept:
            if (position := form.cleaned_data.get("position")) is None:
                last = position = min(last + STEP, LAST)
            form.instance.position = position


class MenuChecks(InlineModelAdminChecks):
    def _check_exclude_of_parent_model(self, obj, parent_model) -> list:
        return []

    def _check_relation(self, obj, parent_model) -> list:
        return []  # there is one row of settings, so no line need name it


class MenuInline(admin.TabularInline):
    model = MenuItem
    form = MenuItemForm
    checks_class = MenuChecks
    template = "admin/blog/sitesettings/_menu.html"
    verbose_name_plural = _("Menu")

    def _may_set(self, request: HttpRequest, obj=None) -> bool:
        return request.user.has_perm("blog.change_sitesettings")

    has_view_permission = has_add_permission = has_change_permission = has_delete_permission = _may_set

    def get_formset(self, request: HttpRequest, obj=None, **kwargs) -> type[MenuFormSet]:
        options = {"can_delete": True, "extra": EMPTY, "max_num": MOST, "validate_max": True}
        return forms.modelformset_factory(MenuItem, form=MenuItemForm, formset=MenuFormSet, **options)

    def get_queryset(self, request: HttpRequest) -> QuerySet[MenuItem]:
        shown = ["position", "words", "page", "address", "page__title"]
        return super().get_queryset(request).select_related("page").only(*shown)

    def get_fields(self, request: HttpRequest, obj=None) -> list[str]:
        return MenuItemForm.Meta.fields

    @property
    def media(self) -> forms.Media:
        return forms.Media()  # rows are there to be filled; no script adds them


def pages() -> QuerySet[Post]:
    """Those that readers see, and those that stand in the menu for when they do again."""
    named = Post.objects.filter(pk__in=MenuItem.objects.order_by().values("page"))
    return (Post.objects.public() | named).filter(kind=Page.KIND)


def is_here(address: str) -> bool:
    """Whether it is a path on this site; a browser takes //x and /\\x for another one."""
    return address.startswith("/") and not address.startswith(("//", "/\\")) and not _has_blank(address)


def is_whole(address: str) -> bool:
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname) and not _has_blank(address)


def _has_blank(address: str) -> bool:
    return any(letter.isspace() or not letter.isprintable() for letter in address)
