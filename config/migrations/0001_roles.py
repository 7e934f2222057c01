from django.apps import apps as real_apps
from django.contrib.auth.management import create_permissions
from django.db import migrations

from config.roles import make_roles


def forwards(apps, schema_editor):
    # Django makes permissions after all migrations; these groups need them now.
    for label in ("blog", "comments"):
        create_permissions(real_apps.get_app_config(label), verbosity=0, using=schema_editor.connection.alias)
    make_roles(apps)


class Migration(migrations.Migration):
    dependencies = [
        ("blog", "0001_initial"),
        ("comments", "0001_initial"),
        ("auth", "0012_alter_user_first_name_max_length"),
    ]
    operations = [migrations.RunPython(forwards, migrations.RunPython.noop)]
