import re

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from blog import colour
from blog.admin.fields import ImageInput
from blog.admin.menu import MenuInline
from blog.admin.zones import with_present
from blog.looks import LOOKS
from blog.models import Image, SiteSettings
from blog.models.settings import SingleRow
from blog.tasks import render_posts

# What a line of robots.txt may be; a crawler passes over anything else.
ROBOTS_LINE = re.compile(r"\s*(?:#.*|(?:user-agent|allow|disallow|sitemap|crawl-delay)\s*:.*)?", re.IGNORECASE)


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


class ColourInput(forms.TextInput):
    """A line, since a colour input cannot be empty; with scripts, one stands beside it (static/js/admin-colour.js)."""

    template_name = "admin/blog/sitesettings/_colour.html"

    class Media:
        js = ("js/admin-colour.js",)


class ColourField(forms.CharField):
    """A colour that text can be read in on each of these papers; `nearest` finds one for another that cannot."""

    def __init__(self, *, papers: tuple[str, ...], **kwargs) -> None:
        self.papers = papers
        red = LOOKS[SiteSettings.Look.PAPER].accent
        self.nearest, example = (colour.for_light, red[0]) if papers == colour.LIGHT else (colour.for_dark, red[1])
        attributes = {"pattern": "#([0-9a-fA-F]{3}){1,2}", "placeholder": example}
        attributes |= {"spellcheck": "false", "autocomplete": "off", "dir": "ltr"}
        super().__init__(required=False, max_length=7, widget=ColourInput(attrs=attributes), **kwargs)

    def clean(self, value: str | None) -> str:
        if not (typed := super().clean(value)):
            return ""
        if (found := colour.parse(typed)) is None:
            raise ValidationError(_("Write it as # and six digits from 0 to f, such as #a33d2a."), code="invalid")
        ratio = colour.weakest(found, self.papers)
        if ratio < colour.READABLE:
            message = _(
                "Words in this colour are hard to read: their contrast is %(ratio)s to 1, and 4.5 to 1 is the least."
                " %(other)s would do."
            )
            params = {"ratio": colour.spoken(ratio), "other": self.nearest(found)}
            raise ValidationError(message, params=params, code="contrast")
        return found


class SiteSettingsForm(forms.ModelForm):
    logo = forms.ModelChoiceField(
        Image.objects,
        label=_("Logo"),
        required=False,
        widget=ImageInput,
        help_text=_("Stands before the title, at most 48 pixels high, and with shared posts that have no cover."),
        error_messages={"invalid_choice": _("There is no image with this number.")},
    )
    accent = ColourField(
        papers=colour.LIGHT,
        label=_("Accent colour"),
        help_text=_("Of links and marks on light pages, such as #a33d2a. The look’s own if left empty."),
    )
    accent_dark = ColourField(
        papers=colour.DARK,
        label=_("Accent colour on dark pages"),
        help_text=_("A lighter one, such as #f0938a. Made from the other if left empty."),
    )

    class Meta:
        widgets = {
            "title": forms.TextInput(attrs={"dir": "auto"}),
            "tagline": forms.TextInput(attrs={"dir": "auto"}),
            "about": forms.Textarea(attrs={"rows": 4, "dir": "auto"}),
            "footer": forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
            "robots": forms.Textarea(attrs={"rows": 3, "spellcheck": "false", "dir": "ltr"}),
        }
        help_texts = {
            "footer": _(
                "At the foot of every page. An address becomes a link, a blank line a new paragraph; tags for links and"
                " emphasis are taken."
            ),
            "language": _(
                "Of the site’s own words. Where it changes, the worker renders the posts anew, one after another."
            ),
            "robots": _("Stand at the end of robots.txt, as they are."),
        }

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        if "time_zone" in self.fields:
            self.fields["time_zone"].widget = forms.Select(choices=with_present(self.instance.time_zone))

    def clean_robots(self) -> str:
        lines = self.cleaned_data["robots"].splitlines()
        for number, line in enumerate(lines, start=1):
            if not ROBOTS_LINE.fullmatch(line):
                message = gettext(
                    "Line %(number)d, “%(line)s”, is none that crawlers know. They know User-agent, Allow, Disallow,"
                    " Sitemap and Crawl-delay, each with a colon, and comments that begin with #."
                )
                raise ValidationError(message, params={"number": number, "line": line[:60]}, code="unknown")
        return "\n".join(lines).strip()


@admin.register(SiteSettings)
class SiteSettingsAdmin(SingleRowAdmin):
    form = SiteSettingsForm
    radio_fields = {"look": admin.VERTICAL, "scheme": admin.VERTICAL}
    inlines = [MenuInline]  # its template puts the menu after the look
    fieldsets = [
        (_("The site"), {"fields": ["title", "tagline", "about"]}),
        (_("Look"), {"fields": ["look", "scheme", "accent", "accent_dark", "logo", "footer"]}),
        (_("Reading"), {"fields": ["posts_per_page", "language", "time_zone"]}),
        (_("Feeds and search engines"), {"fields": ["feeds_in_full", "indexed", "robots"]}),
    ]

    def save_model(self, request: HttpRequest, obj: SiteSettings, form: SiteSettingsForm, change: bool) -> None:
        super().save_model(request, obj, form, change)
        if "language" in form.changed_data:  # their notes are named, and their words are found, in the old one
            render_posts.enqueue(0)
