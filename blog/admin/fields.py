"""Form fields of the author's desk."""

from datetime import datetime

from django import forms
from django.core.exceptions import ValidationError
from django.forms.utils import to_current_timezone
from django.utils.translation import gettext_lazy as _

from blog.models import Image, Label

LABELS_OFFERED = 300


class LabelsInput(forms.TextInput):
    template_name = "admin/blog/post/_labels.html"

    def get_context(self, name: str, value: str | None, attrs: dict | None) -> dict:
        context = super().get_context(name, value, attrs)
        context["widget"]["attrs"] |= {"list": f"{name}_offered", "autocomplete": "off"}
        context["offered"] = Label.objects.values_list("name", flat=True)[:LABELS_OFFERED]
        return context


class LabelsField(forms.CharField):
    """Labels' names between commas. A name with a comma in it stands in quotes."""

    widget = LabelsInput

    def prepare_value(self, value: str | list[Label] | None) -> str | None:
        if value is None or isinstance(value, str):
            return value
        names = sorted((label.name for label in value), key=str.casefold)
        return ", ".join(f'"{name}"' if "," in name else name for name in names)

    def clean(self, value: str | None) -> list[str]:
        names: dict[str, str] = {}
        for name in _split(super().clean(value)):
            names.setdefault(name.casefold(), name)
        longest = Label._meta.get_field("name").max_length
        if long := [name for name in names.values() if len(name) > longest]:
            raise ValidationError(
                _("“%(name)s…” is too long for a label; %(longest)d characters are the most."),
                params={"name": long[0][:30], "longest": longest},
                code="long",
            )
        return list(names.values())

    def has_changed(self, initial: list[Label] | None, data: str | None) -> bool:
        return self.prepare_value(initial or []) != (data or "")


def _split(text: str) -> list[str]:
    outside = text.split('"')[::2]
    inside = text.split('"')[1::2]
    names = [name for part in outside for name in part.split(",")]
    return [name for name in (" ".join(name.split()) for name in names + inside) if name]


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
        number = str(value or "")
        context["image"] = Image.objects.filter(pk=number).first() if number.isdecimal() and len(number) < 19 else None
        return context
