from urllib.parse import unquote

from django.contrib import admin
from django.core.exceptions import ValidationError
from django.forms import ModelForm
from django.utils.translation import gettext_lazy as _

from blog.models import OldPath


class OldPathForm(ModelForm):
    def clean_path(self) -> str:
        path = unquote(self.cleaned_data["path"])  # pasted from a browser it is escaped; requests bring it decoded
        if not path.startswith("/"):
            raise ValidationError(_("Begin with a slash, for example /2016/05/old-name.html."), code="invalid")
        return path


@admin.register(OldPath)
class OldPathAdmin(admin.ModelAdmin):
    form = OldPathForm
    list_display = ["path", "post"]
    list_select_related = ["post"]
    search_fields = ["path"]
    raw_id_fields = ["post"]
    show_full_result_count = False
