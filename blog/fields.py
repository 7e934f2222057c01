from django import forms
from django.db import models
from django.utils.translation import gettext_lazy as _

from blog.soup import tidy_text


class LineField(models.CharField):
    """One line of words: control characters are dropped and white space is folded on every way into the database.

    A control character that nobody sees would make a feed that no program can read.
    """

    def get_prep_value(self, value):
        value = super().get_prep_value(value)
        return " ".join(tidy_text(value).split()) if isinstance(value, str) else value


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
