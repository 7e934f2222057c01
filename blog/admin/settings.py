from importlib import resources

from django import forms
from django.contrib import admin
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from blog.models import SiteSettings
from blog.models.settings import SingleRow


class SingleRowAdmin(admin.ModelAdmin):
    """A table of one row: its list is its form."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: SingleRow | None = None) -> bool:
        return False

    def changelist_view(self, request: HttpRequest, extra_context: dict | None = None) -> HttpResponse:
        return HttpResponseRedirect(reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_change", args=[1]))

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> SingleRow | None:
        return self.model.load() if object_id == "1" else None

    def change_view(self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict | None = None):
        mine = {"title": self.opts.verbose_name.capitalize(), "subtitle": None, "show_save_and_continue": False}
        return super().change_view(request, object_id, form_url, mine | (extra_context or {}))


def time_zones() -> list[tuple[str, list[tuple[str, str]]]]:
    """The zones people live in, by continent, as choices: no aliases, none that differ only before 1970."""
    areas: dict[str, list[tuple[str, str]]] = {}
    table = resources.files("tzdata").joinpath("zoneinfo/zone.tab").read_text(encoding="utf-8")
    for name in sorted(line.split("\t")[2].strip() for line in table.splitlines() if not line.startswith("#")):
        area, _slash, city = name.partition("/")
        areas.setdefault(area, []).append((name, city.replace("_", " ")))
    return [("UTC", [("UTC", "UTC")]), *areas.items()]


class SiteSettingsForm(forms.ModelForm):
    class Meta:
        widgets = {"about": forms.Textarea(attrs={"rows": 4})}

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        zones, now = time_zones(), self.instance.time_zone
        if not any(now == name for _area, cities in zones for name, _city in cities):
            zones = [(_("In use"), [(now, now)]), *zones]
        if "time_zone" in self.fields:
            self.fields["time_zone"].widget = forms.Select(choices=zones)


@admin.register(SiteSettings)
class SiteSettingsAdmin(SingleRowAdmin):
    form = SiteSettingsForm
    fieldsets = [
        (_("The site"), {"fields": ["title", "tagline", "about"]}),
        (_("Reading"), {"fields": ["posts_per_page", "language", "time_zone"]}),
    ]
