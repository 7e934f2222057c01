from django.conf import settings
from django.contrib import admin, messages
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from blog.admin.bounded import BoundedAdmin
from blog.models import Mail
from blog.tasks import send_mails

Status = Mail.Status


@admin.register(Mail)
class MailAdmin(BoundedAdmin):
    """What is owed to people by mail and what became of it. No role has rights here: it is the owner's."""

    list_display = ["what", "status", "created_at", "send_after", "attempts", "problem"]
    list_filter = ["status"]
    list_per_page = 50
    ordering = ["-pk"]
    show_facets = admin.ShowFacets.NEVER
    actions = ["send_again", "do_not_send"]
    fields = ["what", "status", "problem", "about", "created_at", "send_after", "attempts"]
    fields += ["started_at", "handed_at", "repeats", "unreached_at", "done_at"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Mail | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Mail | None = None) -> bool:
        return False

    def has_decide_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("blog.change_mail")

    @admin.display(description=_("kind"), ordering="kind")
    def what(self, mail: Mail) -> str:
        return capfirst(settings.MAIL_NAMES.get(mail.kind, mail.kind))

    @admin.display(description=_("about"))
    def about(self, mail: Mail) -> str:
        return ", ".join(f"{name} {value}" for name, value in mail.data.items())

    @admin.action(description=_("Send again"), permissions=["decide"])
    def send_again(self, request: HttpRequest, mails: QuerySet[Mail]) -> None:
        """Those that were given up, as if they were new."""
        new = Mail(send_after=timezone.now())
        fresh = ["status", "send_after", "attempts", "handed_at", "repeats", "unreached_at", "problem", "done_at"]
        count = mails.filter(status=Status.DEAD).update(**{name: getattr(new, name) for name in fresh})
        transaction.on_commit(send_mails.enqueue, robust=True)
        said = ngettext("%(count)d mail is sent again.", "%(count)d mails are sent again.", count)
        self._say(request, count, said, _("Only mails that could not be sent are sent again."))

    @admin.action(description=_("Do not send"), permissions=["decide"])
    def do_not_send(self, request: HttpRequest, mails: QuerySet[Mail]) -> None:
        open_ones = mails.filter(status__in=[Status.WAITING, Status.DEAD])
        count = open_ones.update(status=Status.DROPPED, data={}, done_at=timezone.now())
        said = ngettext("%(count)d mail will not be sent.", "%(count)d mails will not be sent.", count)
        self._say(request, count, said, _("None of these mails was still to be sent."))

    def _say(self, request: HttpRequest, count: int, said: str, nothing: str) -> None:
        if count:
            self.message_user(request, said % {"count": count}, messages.SUCCESS)
        else:
            self.message_user(request, nothing, messages.WARNING)
