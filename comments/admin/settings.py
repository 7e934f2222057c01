from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from comments.admin.simulation import Simulations
from comments.models import CommentSettings


@admin.register(CommentSettings)
class CommentSettingsAdmin(Simulations):
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
        (
            _("Spam filter"),
            {
                "fields": ["spam_mode", "spam_hold_percent", "spam_spam_percent"],
                "description": _("As long as it knows too little to be sure, what it acts on is held."),
            },
        ),
        (
            _("Trust"),
            {
                "fields": ["trusted_needed", "trusted_days", "trusted_refused", "probation_needed"],
                "description": _(
                    "Only writers who proved who they are have any standing: by an account, or by a link that was "
                    "mailed to their address. A typed name or address gains nothing, and loses nothing for its owner."
                ),
            },
        ),
        (_("Reports by readers"), {"fields": ["reports_needed"]}),
        (
            _("What the clock forgets"),
            {
                "fields": [
                    "keep_address_days",
                    "keep_spam_days",
                    "keep_rejected_days",
                    "keep_unproved_days",
                    "keep_words_days",
                ],
                "description": _("After so many days; 0: never. docs/privacy.md says what each means."),
            },
        ),
        (_("How threads are shown"), {"fields": ["depth", "threads_per_page"]}),
        (_("The form"), {"fields": ["message"]}),
    ]
