import django.db.models.deletion
from django.db import migrations, models


def render_covers(apps, schema_editor) -> None:
    """The worker renders the posts of an image that is not ready, and from now on their covers with them."""
    apps.get_model("blog", "Image").objects.filter(covers__isnull=False).update(is_ready=False)


class Migration(migrations.Migration):
    dependencies = [
        ("blog", "0007_publishing"),
    ]

    operations = [
        migrations.AddField(
            model_name="post",
            name="cover_html",
            field=models.TextField(default="", editable=False),
        ),
        migrations.AddField(
            model_name="sitesettings",
            name="look",
            field=models.CharField(
                choices=[
                    ("paper", "Paper: a book with a margin"),
                    ("slate", "Slate: cool and plain, without serifs"),
                    ("garden", "Garden: soft green"),
                ],
                default="paper",
                help_text="Paper, ink and type of the readers’ pages.",
                max_length=10,
                verbose_name="look",
            ),
        ),
        migrations.AddField(
            model_name="sitesettings",
            name="scheme",
            field=models.CharField(
                choices=[("system", "as the reader’s device has it"), ("light", "light"), ("dark", "dark")],
                default="system",
                help_text="Which one readers meet first; each may choose for their own browser.",
                max_length=6,
                verbose_name="colour scheme",
            ),
        ),
        migrations.CreateModel(
            name="Alike",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("score", models.FloatField()),
                (
                    "other",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="blog.post"),
                ),
                (
                    "post",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="alike",
                        to="blog.post",
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("post", "other"), name="blog_alike_once")],
            },
        ),
        migrations.RunPython(render_covers, migrations.RunPython.noop),
    ]
