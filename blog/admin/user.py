from django import forms
from django.contrib import admin
from django.contrib.auth import admin as auth
from django.contrib.auth.forms import (
    AdminPasswordChangeForm,
    ReadOnlyPasswordHashField,
    ReadOnlyPasswordHashWidget,
    UserChangeForm,
    UserCreationForm,
)
from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from blog.admin.bounded import BoundedAdmin
from blog.admin.fields import ImageInput
from blog.models import Image, User


class PasswordWidget(ReadOnlyPasswordHashWidget):
    """Whether there is a password, and the button that sets one: not how it is stored."""

    def get_context(self, name: str, value: str | None, attrs: dict | None) -> dict:
        context = super().get_context(name, value, attrs)
        has_one = value and not value.startswith(UNUSABLE_PASSWORD_PREFIX)
        return context | {"summary": [{"label": gettext("A password is set.") if has_one else gettext("None yet.")}]}


class PasswordForm(AdminPasswordChangeForm):
    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        if usable := self.fields.get("usable_password"):
            usable.label = gettext("May log in with a password")
            usable.choices = [("true", gettext("Yes")), ("false", gettext("No"))]
            usable.help_text = gettext("Without one, this person cannot log in.")


class UserForm(UserChangeForm):
    picture = forms.ModelChoiceField(
        Image.objects,
        label=_("Picture"),
        required=False,
        widget=ImageInput,
        error_messages={"invalid_choice": _("There is no image with this number.")},
    )
    password = ReadOnlyPasswordHashField(label=_("Password"), widget=PasswordWidget)

    class Meta(UserChangeForm.Meta):
        model = User
        widgets = {"bio": forms.Textarea(attrs={"rows": 4}), "groups": forms.CheckboxSelectMultiple}

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        if password := self.fields.get("password"):
            password.help_text = gettext("Nobody can read it. You can set a new one.")

    def clean(self) -> dict:
        data = super().clean()
        if data.get("groups") or data.get("is_superuser"):
            data["is_staff"] = True  # a role is of no use outside the desk
        return data


@admin.register(User)
class UserAdmin(BoundedAdmin, auth.UserAdmin):
    """Accounts are the owner's. Rights come with roles (config/roles.py), so single permissions are not offered."""

    form = UserForm
    add_form = UserCreationForm
    change_password_form = PasswordForm
    add_fieldsets = [(None, {"fields": ["username", "password1", "password2"]})]
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
        if "username" in form.base_fields:
            form.base_fields["username"].help_text = gettext("What they log in with: letters, digits and @ . + - _")
        if "password2" in form.base_fields:
            form.base_fields["password2"].help_text = gettext("The same again.")
        if "is_staff" in form.base_fields:
            form.base_fields["is_active"].help_text = gettext("Untick this instead of deleting the account.")
            form.base_fields["is_staff"].help_text = gettext("Ticked by itself for whoever has a role.")
            form.base_fields["is_superuser"].help_text = ""
            form.base_fields["is_staff"].label = gettext("May enter this desk")
            form.base_fields["is_superuser"].label = gettext("Owner: may do everything")
            form.base_fields["groups"].label = gettext("Roles")
            form.base_fields["groups"].help_text = ""
        return form
