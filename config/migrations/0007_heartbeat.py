from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("config", "0006_missing_paths")]
    operations = [
        migrations.CreateModel(
            name="Heartbeat",
            fields=[
                ("id", models.PositiveSmallIntegerField(default=1, primary_key=True, serialize=False)),
                ("at", models.DateTimeField()),
            ],
        ),
    ]
