from django import forms
from django.contrib import admin
from django.contrib.auth import admin as auth
from django.contrib.auth.forms import UserChangeForm
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from blog.admin.fields import ImageInput
from blog.models import Image, User


class UserForm(UserChangeForm):
    picture = forms.ModelChoiceField(
        Image.objects,
        label=_("Picture"),
        required=False,
        widget=ImageInput,
        error_messages={"invalid_choice": _("There is no image with this number.")},
    )

    class Meta(UserChangeForm.Meta):
        model = User
        widgets = {"bio": forms.Textarea(attrs={"rows": 4}), "groups": forms.CheckboxSelectMultiple}


@admin.register(User)
class UserAdmin(auth.UserAdmin):
    """Accounts are the owner's. Rights come with roles (config/roles.py), so single permissions are not offered."""

    form = UserForm
    fieldsets = [
        (None, {"fields": ["username", "password", "email"]}),
        (_("As readers see them"), {"fields": ["display_name", "slug", "bio", "picture"]}),
        (_("What they may do"), {"fields": ["is_active", "is_staff", "is_superuser", "groups"]}),
    ]
    list_display = ["username", "name", "email", "roles", "is_staff", "is_active"]
    list_filter = ["groups", "is_staff", "is_active"]
    search_fields = ["username", "display_name", "email"]
    filter_horizontal = []

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        return super().get_queryset(request).prefetch_related("groups")

    @admin.display(description=_("roles"))
    def roles(self, user: User) -> str:
        if user.is_superuser:
            return gettext("Owner")
        return ", ".join(group.name for group in user.groups.all())

    def view_on_site(self, obj: User) -> str:
        return obj.get_absolute_url()

    def get_form(self, request: HttpRequest, obj: User | None = None, **kwargs) -> type[forms.ModelForm]:
        form = super().get_form(request, obj, **kwargs)
        if "is_staff" in form.base_fields:
            form.base_fields["is_staff"].label = gettext("May enter this desk")
            form.base_fields["is_superuser"].label = gettext("Owner: may do everything")
            form.base_fields["groups"].label = gettext("Roles")
            form.base_fields["groups"].help_text = ""
        return form
