"""Form fields of the author's desk."""

from datetime import datetime

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.forms.utils import to_current_timezone
from django.urls import reverse, reverse_lazy
from django.utils.translation import gettext_lazy as _

from blog import names
from blog.admin.suggest import labels_by_use, spoken
from blog.ids import number
from blog.models import Image, Label, Post, Series

OFFERED = 300  # where scripts do not run; with them, the server answers while one types (blog/admin/suggest.py)


class SuggestInput(forms.TextInput):
    """A line that is completed while one types (static/js/admin-suggest.js); of `many` names, one after the other."""

    template_name = "admin/blog/post/_suggest.html"
    address: str
    is_many = False

    class Media:
        js = ("js/admin-combobox.js", "js/admin-suggest.js")

    def get_context(self, name: str, value: str | None, attrs: dict | None) -> dict:
        context = super().get_context(name, value, attrs)
        context["widget"]["attrs"] |= {"list": f"{name}_offered", "autocomplete": "off", "dir": "auto"}
        return context | {"offered": self.offered()[:OFFERED], "address": self.address, "is_many": self.is_many}

    def offered(self) -> QuerySet:
        raise NotImplementedError


class LabelInput(SuggestInput):
    address = reverse_lazy("admin:blog_post_suggest_labels")

    def offered(self) -> QuerySet:
        return labels_by_use()


class LabelsInput(LabelInput):
    is_many = True


class SeriesInput(SuggestInput):
    address = reverse_lazy("admin:blog_post_suggest_series")

    def offered(self) -> QuerySet:
        return Series.objects.values_list("title", flat=True)


class LabelsField(forms.CharField):
    """Labels' names between commas. A name with a comma in it stands in quotes.

    A name that differs from a label's in case or accents alone is that label: `renamed` has what was typed and which it
    is. `alike` has new names, and the label that each may be, such as its plural.
    """

    widget = LabelsInput
    renamed: list[tuple[str, str]] = []
    alike: list[tuple[str, str]] = []

    def prepare_value(self, value: str | list[Label | str] | None) -> str | None:
        if value is None or isinstance(value, str):
            return value
        found = sorted((getattr(label, "name", label) for label in value), key=str.casefold)
        return ", ".join(f'"{name}"' if "," in name else name for name in found)

    def clean(self, value: str | None) -> list[str]:
        typed: dict[str, str] = {}
        for name in split(super().clean(value)):
            typed.setdefault(names.folded(name), name)
        longest = Label._meta.get_field("name").max_length
        if long := [name for name in typed.values() if len(name) > longest]:
            raise ValidationError(
                _("“%(name)s…” is too long for a label; %(longest)d characters are the most."),
                params={"name": long[0][:30], "longest": longest},
                code="long",
            )
        return self._known(list(typed.values())) if typed else []

    def _known(self, typed: list[str]) -> list[str]:
        there = list(labels_by_use())
        pairs = [(name, names.same(name, there)) for name in typed]
        self.renamed = [(name, known) for name, known in pairs if known and known != name]
        near = [(name, names.alike(name, there)) for name, known in pairs if not known]
        self.alike = [(name, other) for name, other in near if other]
        return [known or name for name, known in pairs]

    def has_changed(self, initial: list[Label] | None, data: str | None) -> bool:
        return self.prepare_value(initial or []) != (data or "")


class SeriesField(forms.CharField):
    """A series by its title. A new one is made when the post is saved, by those who may (`may_add`)."""

    widget = SeriesInput
    may_add = False

    def prepare_value(self, value: int | str | None) -> str | None:
        if not isinstance(value, int):
            return value
        return Series.objects.filter(pk=value).values_list("title", flat=True).first()

    def clean(self, value: str | None) -> Series | None:
        title = " ".join(super().clean(value).split())
        if not title:
            return None
        there = {series.title: series for series in Series.objects.order_by("-pk")}
        if known := names.same(title, there):
            return there[known]
        if not self.may_add:
            message = _("There is no series “%(title)s”. Authors and editors can begin one.")
            raise ValidationError(message, params={"title": title}, code="unknown")
        return Series(title=title)

    def has_changed(self, initial: int | None, data: str | None) -> bool:
        return (self.prepare_value(initial) or "") != (data or "")


class PostInput(forms.NumberInput):
    """A post by its number; with scripts, by words of its title (static/js/admin-suggest.js)."""

    template_name = "admin/blog/post/_post_input.html"
    choices = ()  # as above
    here: Post | None = None  # the post at hand, which is not offered
    site_language = ""

    class Media:
        js = ("js/admin-combobox.js", "js/admin-suggest.js")

    def get_context(self, name: str, value: int | str | None, attrs: dict | None) -> dict:
        context = super().get_context(name, value, attrs)
        chosen = self.choices.queryset.filter(pk=asked).first() if (asked := number(str(value or ""))) else None
        set_named = self.here.translation_of_id
        others = (
            Post.objects.filter(translation_of=set_named).exclude(pk=self.here.pk).order_by("pk") if set_named else []
        )
        return context | {
            "chosen": chosen,
            "beside": spoken(chosen, self.site_language) if chosen else "",
            "others": [(spoken(one, self.site_language), one) for one in others],
            "here": self.here,
            "address": reverse(f"admin:blog_{self.here.KIND}_suggest_posts"),
        }


def split(text: str) -> list[str]:
    """The names between commas, or in quotes."""
    outside = text.split('"')[::2]
    inside = text.split('"')[1::2]
    typed = [name for part in outside for name in part.split(",")]
    return [name for name in (" ".join(name.split()) for name in typed + inside) if name]


class MomentField(forms.DateTimeField):
    """A moment in the site's zone, to the minute; one that was not touched keeps its seconds."""

    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
    kept: datetime | None = None

    def to_python(self, value: str | None) -> datetime | None:
        if self.kept and value == self.widget.format_value(to_current_timezone(self.kept)):
            return self.kept
        return super().to_python(value)

    def has_changed(self, initial: datetime | None, data: str | None) -> bool:
        try:
            return self.to_python(data) != self.kept
        except ValidationError:
            return True


class ImageInput(forms.NumberInput):
    """An image by its number, with a picture of it and a way to the library (static/js/admin-choice.js)."""

    template_name = "admin/blog/image/_choice.html"
    choices = ()  # a ModelChoiceField sets them; there may be many thousands

    class Media:
        js = ["js/admin-choice.js"]

    def get_context(self, name: str, value: int | str | None, attrs: dict | None) -> dict:
        context = super().get_context(name, value, attrs)
        asked = number(str(value or ""))
        context["image"] = Image.objects.filter(pk=asked).first() if asked else None
        return context
