from django.apps import apps as real_apps
from django.contrib.auth.management import create_permissions
from django.db import migrations


def forwards(apps, schema_editor):
    """Moderators see who comments, and may block them. Nothing else of a group is touched: an owner may have changed
    it."""
    # As in 0001: Django makes permissions after all migrations.
    create_permissions(real_apps.get_app_config("comments"), verbosity=0, using=schema_editor.connection.alias)
    Permission = apps.get_model("auth", "Permission")
    of_commenters = Permission.objects.filter(
        content_type__app_label="comments", codename__in=["view_commenter", "change_commenter"]
    )
    for moderators in apps.get_model("auth", "Group").objects.filter(name="Moderator"):
        moderators.permissions.add(*of_commenters)


class Migration(migrations.Migration):
    dependencies = [("config", "0002_block_rules"), ("comments", "0006_people")]
    operations = [migrations.RunPython(forwards, migrations.RunPython.noop)]
