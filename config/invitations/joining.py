from django import forms
from django.contrib import messages
from django.contrib.auth.forms import UserCreationForm
from django.contrib.auth.models import Group
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.debug import sensitive_post_parameters

from blog.models import User
from blog.private import dead_end, private
from config.models import Invitation

Role = Invitation.Role


class JoinForm(UserCreationForm):
    class Meta:
        model = User
        fields = ["username", "display_name"]
        widgets = {
            "username": forms.TextInput(
                attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false", "dir": "ltr"}
            ),
            "display_name": forms.TextInput(attrs={"autocomplete": "name", "dir": "auto"}),
        }
        labels = {"username": gettext_lazy("User name"), "display_name": gettext_lazy("Name shown to readers")}
        error_messages = {
            "username": {
                "required": gettext_lazy("Choose a user name."),
                "unique": gettext_lazy("Somebody has this user name already. Choose another."),
                "invalid": gettext_lazy("A user name has letters, digits and @ . + - _ alone."),
            }
        }

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["username"].widget.attrs["autofocus"]  # what stands above the form is to be read first
        self.fields["username"].help_text = _("You sign in with it: letters, digits and @ . + - _")
        self.fields["display_name"].help_text = _("Your user name, if left empty. You can change it later.")
        self.fields["password1"].label = _("Password")
        self.fields["password2"].label, self.fields["password2"].help_text = _("The same again"), ""


@sensitive_post_parameters("password1", "password2")
@private
def join(request: HttpRequest, invitation: str) -> HttpResponse:
    """GET: the form. POST: makes the account, and leads to the page to sign in with it."""
    found = Invitation.objects.open().of_key(invitation).select_related("invited_by").first()
    if found is None:
        return _ended(request)
    with translation.override(found.language):
        response = _answer(request, found)
    response["Content-Language"] = found.language
    return response


def _answer(request: HttpRequest, invitation: Invitation) -> HttpResponse:
    context = {"invitation": invitation, "role": ROLES[invitation.role]}
    user = User(email=invitation.email, is_staff=True, is_superuser=invitation.role == Role.OWNER)
    if request.method != "POST":
        return render(request, "invitation.html", context | {"form": JoinForm(instance=user)})
    form = JoinForm(request.POST, instance=user)
    if not form.is_valid():
        return render(request, "invitation.html", context | {"form": form}, status=422)
    try:
        if not _take(invitation, form):
            return _ended(request)
    except IntegrityError:  # somebody took the user name at the same moment
        form.add_error("username", JoinForm.Meta.error_messages["username"]["unique"])
        return render(request, "invitation.html", context | {"form": form}, status=422)
    messages.success(request, _("Your account is made. Sign in with it."))
    return HttpResponseRedirect(f"{reverse('sign_in')}?next={reverse('admin:index')}", status=303)


@transaction.atomic
def _take(invitation: Invitation, form: JoinForm) -> bool:
    """Makes the account; not if the link was used, withdrawn or replaced at the same moment."""
    found = Invitation.objects.open().select_for_update(of=("self",)).filter(key_hash=invitation.key_hash).first()
    if found is None:
        return False
    user = form.save()
    if not user.is_superuser:
        user.groups.add(Group.objects.get(name=found.role))
    found.delete()
    return True


def _ended(request: HttpRequest) -> HttpResponse:
    words = _(
        "It works once, for seven days, until it is withdrawn or a newer one is sent. "
        "If you have no account yet, ask whoever invited you for a new link."
    )
    return dead_end(request, _("This invitation works no more"), words, way=reverse("sign_in"), way_words=_("Sign in"))


# What one may do, in words for who is invited.
ROLES = {
    Role.CONTRIBUTOR: gettext_lazy("You will write drafts."),
    Role.AUTHOR: gettext_lazy("You will write and publish, and decide on comments under your posts."),
    Role.EDITOR: gettext_lazy("You will look after all posts, pages and labels."),
    Role.MODERATOR: gettext_lazy("You will look after the comments."),
    Role.OWNER: gettext_lazy("You will look after everything, with settings and users."),
}
