"""What is said of a text before it is published: never shown to readers."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from blog.fields import WordsField
from blog.soup import tidy_text


class NoteForm(forms.Form):
    text = WordsField(
        label=_("Note"), max_length=5_000, rows=5, error_messages={"required": _("Write your note here.")}
    )

    def clean_text(self) -> str:
        return self._said("text")

    def _said(self, name: str) -> str:
        """What is left without control characters, which may be nothing."""
        said = tidy_text(self.cleaned_data[name]).strip()
        if not said:
            raise ValidationError(self.fields[name].error_messages["required"], code="required")
        return said


class GuestNoteForm(NoteForm):
    """By a preview link; `revision` is what was read, which may have been saved over meanwhile."""

    name = forms.CharField(
        label=_("Your name"),
        max_length=100,
        widget=forms.TextInput(attrs={"autocomplete": "name", "dir": "auto"}),
        error_messages={"required": _("Write your name, so that the author knows who says it.")},
    )
    revision = forms.CharField(required=False, widget=forms.HiddenInput)

    field_order = ["name", "text"]

    def clean_name(self) -> str:
        return self._said("name")
