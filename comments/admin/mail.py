"""When somebody is told by mail of comments that wait: each chooses for themselves (comments/waiting.py)."""

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from comments import waiting
from comments.admin.desk import Desk
from comments.models import MailChoice


class MailForm(forms.Form):
    when = forms.ChoiceField(
        label=gettext_lazy("Tell me of comments that wait"), choices=MailChoice.When, widget=forms.RadioSelect
    )


class Mails(Desk):
    def mail_choice(self, request: HttpRequest) -> HttpResponse:
        """For those who decide on comments, and those whose posts they may stand under. GET makes no row."""
        user = request.user
        if not self.has_view_permission(request) and not user.has_perm("blog.add_post"):
            raise PermissionDenied
        if request.method == "POST":
            form = MailForm(request.POST)
            if form.is_valid():
                choice = waiting.choice_of(user, timezone.now())
                choice.when = form.cleaned_data["when"]
                choice.save(update_fields=["when"])
                self.say(request, messages.SUCCESS, _("Saved."))
                return HttpResponseRedirect(reverse("admin:comments_comment_mail"))
        else:
            chosen = MailChoice.objects.filter(user=user).values_list("when", flat=True).first()
            form = MailForm(initial={"when": chosen or MailChoice().when})
        context = {
            "title": _("Mail about comments that wait"),
            "form": form,
            "sees_queue": self.has_view_permission(request),
            "of_all": user.has_perm("comments.moderate_any_comment"),
            "listed": waiting.LISTED,
            "may_change_users": user.has_perm("blog.change_user"),
        }
        return self.show(request, "mail.html", context, status=422 if form.errors else 200)
