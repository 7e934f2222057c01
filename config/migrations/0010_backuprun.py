from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("config", "0009_people")]
    operations = [
        migrations.CreateModel(
            name="BackupRun",
            fields=[
                ("id", models.PositiveSmallIntegerField(default=1, primary_key=True, serialize=False)),
                ("made_at", models.DateTimeField(null=True)),
                ("size", models.BigIntegerField(default=0)),
                ("tried_at", models.DateTimeField(null=True)),
                ("problem", models.CharField(blank=True, max_length=500)),
            ],
        ),
    ]
