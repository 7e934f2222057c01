from django.db import migrations


def make_key(apps, schema_editor):
    # Here and not on first use: two first comments at once would make two keys, and count apart.
    apps.get_model("comments", "AddressKey").objects.create()


class Migration(migrations.Migration):
    dependencies = [("comments", "0001_initial")]
    operations = [migrations.RunPython(make_key, migrations.RunPython.noop)]
