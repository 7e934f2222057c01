from django.apps import apps as real_apps
from django.contrib.auth.management import create_permissions
from django.db import migrations

MAY = {"Author": ["add_series"], "Editor": ["add_series", "change_series", "delete_series", "view_series"]}


def forwards(apps, schema_editor):
    """Authors begin series, editors look after them. Nothing else of a group is touched: an owner may have changed it."""
    # As in 0001: Django makes permissions after all migrations.
    create_permissions(real_apps.get_app_config("blog"), verbosity=0, using=schema_editor.connection.alias)
    Permission = apps.get_model("auth", "Permission")
    for name, codenames in MAY.items():
        of_series = Permission.objects.filter(content_type__app_label="blog", codename__in=codenames)
        for group in apps.get_model("auth", "Group").objects.filter(name=name):
            group.permissions.add(*of_series)


class Migration(migrations.Migration):
    dependencies = [("config", "0004_cdnpurge"), ("blog", "0006_writing")]
    operations = [migrations.RunPython(forwards, migrations.RunPython.noop)]
