from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from blog.admin.settings import SingleRowAdmin
from comments.models import CommentSettings


@admin.register(CommentSettings)
class CommentSettingsAdmin(SingleRowAdmin):
    """What WordPress calls Discussion and Blogger Comments; docs/decisions.md says where each of theirs is."""

    fieldsets = [
        (_("Taking comments"), {"fields": ["mode", "close_after_days", "who", "flood_seconds"]}),
        (
            _("What waits for a moderator"),
            {
                "fields": ["hold_all", "approved_needed", "max_links", "hold_after_days"],
                "description": _("Labels and single posts may say otherwise. Block rules come on top."),
            },
        ),
        (_("Reports by readers"), {"fields": ["reports_needed"]}),
        (_("How threads are shown"), {"fields": ["depth", "threads_per_page"]}),
        (_("The form"), {"fields": ["message"]}),
    ]
