"""What everybody with a desk account may change of their own account."""

from django import forms
from django.contrib import messages
from django.contrib.admin import AdminSite
from django.contrib.admin.helpers import AdminForm
from django.contrib.auth.hashers import check_password
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from blog.admin.fields import ImageInput
from blog.admin.zones import with_present
from blog.models import Image, Post, User


class AccountForm(forms.ModelForm):
    """`zone` is the site's."""

    picture = forms.ModelChoiceField(
        Image.objects,
        label=_("Picture"),
        required=False,
        widget=ImageInput,
        error_messages={"invalid_choice": _("There is no image with this number.")},
    )
    email = forms.EmailField(
        label=_("E-mail"),
        required=False,
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        help_text=_("For what this site mails you, such as a new password. Readers never see it."),
    )
    # Whoever has the address can have a new password mailed there: a desk left open must not give the account away.
    current_password = forms.CharField(
        label=_("Current password"),
        required=False,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        help_text=_("Needed only to change your e-mail."),
    )

    class Meta:
        model = User
        fields = ["display_name", "bio", "picture", "time_zone", "email"]
        widgets = {
            "display_name": forms.TextInput(attrs={"dir": "auto", "autocomplete": "name"}),
            "bio": forms.Textarea(attrs={"rows": 4, "dir": "auto"}),
        }
        help_texts = {
            "bio": _("A few plain sentences, shown on your page."),
            "time_zone": _("This desk shows and takes times in it."),
        }

    def __init__(self, *args, zone: str, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["display_name"].help_text = gettext("Your username, %(name)s, if left empty.") % {
            "name": self.instance.username
        }
        if not self.instance.has_perm("blog.view_image"):
            del self.fields["picture"]
        if not self.instance.has_usable_password():
            self.fields["email"].disabled = True
            self.fields["email"].help_text = gettext("You have no password here, so ask the owner to change it.")
            del self.fields["current_password"]
        the_sites = ("", gettext("The site’s (%(zone)s)") % {"zone": zone})
        self.fields["time_zone"].widget = forms.Select(choices=[the_sites, *with_present(self.instance.time_zone)])

    def clean(self) -> dict:
        data = super().clean()
        if "email" in self.changed_data and "email" in data:
            typed = data.get("current_password", "")
            if not typed:
                message = _("Type your current password to change your e-mail.")
                self.add_error("current_password", ValidationError(message, code="required"))
            # Not the user's own method: it may store the hash anew, which would end this very session.
            elif not check_password(typed, self.instance.password):
                message = _("This is not your current password, so your e-mail was not changed.")
                self.add_error("current_password", ValidationError(message, code="wrong"))
        return data

    def save(self) -> User:
        """Saves what was changed, and nothing that somebody else may have changed meanwhile."""
        if changed := [name for name in self.changed_data if name in self.Meta.fields]:
            self.instance.save(update_fields=changed)
        return self.instance

    @property
    def fieldsets(self) -> list[tuple]:
        seen = ["display_name", "bio", *(["picture"] if "picture" in self.fields else [])]
        desk = ["time_zone", "email", *(["current_password"] if "current_password" in self.fields else [])]
        return [(_("As readers see you"), {"fields": seen}), (_("At this desk"), {"fields": desk})]


def urls(site: AdminSite) -> list:
    return [path("account/", site.admin_view(account), {"site": site}, name="account")]


@sensitive_post_parameters("current_password")
@require_http_methods(["GET", "HEAD", "POST"])
def account(request: HttpRequest, site: AdminSite) -> HttpResponse:
    # A row of its own: what a refused form has set must not show in the page's head.
    mine = User.objects.get(pk=request.user.pk)
    form = AccountForm(request.POST if request.method == "POST" else None, instance=mine, zone=request.site.time_zone)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, gettext("Your account is saved."))
        return HttpResponseRedirect(reverse("admin:account"))
    context = site.each_context(request) | {
        "title": gettext("Your account"),
        "form": form,
        "adminform": AdminForm(form, form.fieldsets, {}),
        "media": form.media,
        "has_page": Post.objects.authors().filter(pk=mine.pk).exists(),
    }
    return TemplateResponse(request, "admin/account.html", context)
