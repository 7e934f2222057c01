from django.db import migrations, models

import blog.slugs


class Migration(migrations.Migration):
    """Says what forms check; the database stays as it is."""

    dependencies = [("blog", "0009_second_step")]
    operations = [
        migrations.AlterField(
            model_name="label",
            name="slug",
            field=models.CharField(
                max_length=100, unique=True, validators=[blog.slugs.validate_slug], verbose_name="slug"
            ),
        ),
    ]
