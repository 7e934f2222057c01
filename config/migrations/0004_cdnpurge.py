from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("config", "0003_commenters")]
    operations = [
        migrations.CreateModel(
            name="CdnPurge",
            fields=[
                ("id", models.PositiveSmallIntegerField(default=1, primary_key=True, serialize=False)),
                ("number", models.BigIntegerField(default=0)),
                ("taken_at", models.DateTimeField(null=True)),
            ],
        ),
    ]
