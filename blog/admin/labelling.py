from django import forms
from django.utils.translation import gettext_lazy as _

from blog.admin.fields import LabelsField


class LabelsForm(forms.Form):
    """Which labels many posts get, or lose."""

    tags = LabelsField(label=_("Labels"), help_text=_("Separated by commas."))
