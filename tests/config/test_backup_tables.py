"""Which tables are in a backup. A new one is in neither list until somebody has thought of it."""

import pytest
from django.apps import apps
from django.db import connection

from config.backup.tables import LEFT_OUT, tables

IN = {
    "auth_group",
    "auth_group_permissions",
    "auth_permission",
    "blog_alike",
    "blog_image",
    "blog_imageuse",
    "blog_importedpost",
    "blog_label",
    "blog_labelcount",
    "blog_mail",
    "blog_menuitem",
    "blog_missingpath",
    "blog_monthcount",
    "blog_monthreads",
    "blog_oldpath",
    "blog_post",
    "blog_postreads",
    "blog_posttag",
    "blog_preview",
    "blog_referrer",
    "blog_rendition",
    "blog_reviewnote",
    "blog_revision",
    "blog_revision_images",
    "blog_series",
    "blog_sitereads",
    "blog_sitesettings",
    "blog_user",
    "blog_user_groups",
    "blog_user_user_permissions",
    "comments_addresskey",
    "comments_blockhit",
    "comments_blockrule",
    "comments_bulkdecision",
    "comments_comment",
    "comments_commenter",
    "comments_commenternote",
    "comments_commentreason",
    "comments_commentsettings",
    "comments_followrequest",
    "comments_importedcomment",
    "comments_job",
    "comments_labelpolicy",
    "comments_mailchoice",
    "comments_moderationevent",
    "comments_moderationnote",
    "comments_postcount",
    "comments_postpolicy",
    "comments_ratecount",
    "comments_report",
    "comments_sitecount",
    "comments_spamchange",
    "comments_spamcheckpoint",
    "comments_spamsample",
    "comments_spamstate",
    "comments_subscription",
    "comments_usedlink",
    "config_invitation",
    "config_recoverycode",
    "django_admin_log",
    "django_content_type",
    "django_tasks_database_dbtaskresult",
    "otp_totp_totpdevice",
    "taggit_tag",
    "taggit_taggeditem",
}
# Filled anew by a restore (config/backup/indexing.py), or made by `migrate`.
MADE_ANEW = {"blog_search", "comments_search", "django_migrations"}
PARTS_OF_SEARCH = ("blog_search_", "comments_search_")  # SQLite keeps a full-text table in several


@pytest.mark.django_db
def test_every_table_is_in_it_or_left_out_for_a_reason():
    out = {model._meta.db_table for model in apps.get_models() if model._meta.label in LEFT_OUT}
    there = {name for name in connection.introspection.table_names() if not name.startswith(PARTS_OF_SEARCH)}
    held = {table.name for table in tables()}
    assert held == IN
    assert there == IN | out | MADE_ANEW


def test_what_is_left_out_is_there():
    """A table that was renamed would be in backups from then on."""
    assert {model._meta.label for model in apps.get_models()} >= LEFT_OUT
