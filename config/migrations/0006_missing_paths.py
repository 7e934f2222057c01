from django.apps import apps as real_apps
from django.contrib.auth.management import create_permissions
from django.db import migrations

MAY = ["change_missingpath", "delete_missingpath", "view_missingpath"]


def forwards(apps, schema_editor):
    """Editors decide where missing addresses lead. Nothing else of a group is touched: an owner may have changed it."""
    # As in 0001: Django makes permissions after all migrations.
    create_permissions(real_apps.get_app_config("blog"), verbosity=0, using=schema_editor.connection.alias)
    Permission = apps.get_model("auth", "Permission")
    of_missing = Permission.objects.filter(content_type__app_label="blog", codename__in=MAY)
    for group in apps.get_model("auth", "Group").objects.filter(name="Editor"):
        group.permissions.add(*of_missing)


class Migration(migrations.Migration):
    dependencies = [("config", "0005_series"), ("blog", "0007_publishing")]
    operations = [migrations.RunPython(forwards, migrations.RunPython.noop)]
