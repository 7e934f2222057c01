from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("blog", "0008_reading")]
    operations = [
        migrations.AddField(
            model_name="sitesettings",
            name="second_step_for",
            # The database has the default too, for a program of before that goes on meanwhile.
            field=models.CharField(blank=True, db_default="", default="", editable=False, max_length=120),
        ),
    ]
