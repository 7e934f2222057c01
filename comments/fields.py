from django import forms
from django.utils.translation import gettext_lazy as _


class WordsField(forms.CharField):
    """What somebody writes in more than a line. A browser would cut it off at its most characters without a word: here
    the form keeps it whole and says so."""

    default_error_messages = {
        "max_length": _("This is too long: at most %(limit_value)d characters, and you have %(show_value)d.")
    }

    def __init__(self, *, rows: int, **kwargs) -> None:
        super().__init__(widget=forms.Textarea(attrs={"rows": rows, "dir": "auto"}), **kwargs)

    def widget_attrs(self, widget: forms.Widget) -> dict:
        attrs = super().widget_attrs(widget)
        attrs.pop("maxlength", None)
        return attrs
