import django.db.models.deletion
from django.db import migrations, models

LABELS = """
    INSERT INTO blog_labelcount (label_id, count)
    SELECT tag_id, count(*) FROM blog_posttag WHERE published_at IS NOT NULL GROUP BY tag_id
"""
MONTHS = """
    INSERT INTO blog_monthcount (year, month, count)
    SELECT year, month, count(*) FROM blog_post
    WHERE status = 'published' AND kind = 'post' AND year IS NOT NULL GROUP BY year, month
"""
INDEXES = {
    "blog_post_public": [],
    "blog_post_by_author": ["kind", "author"],
    "blog_post_by_year": ["kind", "year"],
    "blog_post_by_month": ["kind", "year", "month"],
    "blog_post_pinned": ["kind", "pinned"],
}


class Migration(migrations.Migration):
    dependencies = [
        ("blog", "0004_versions"),
    ]

    operations = [
        migrations.CreateModel(
            name="LabelCount",
            fields=[
                (
                    "label",
                    models.OneToOneField(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="total",
                        serialize=False,
                        to="blog.label",
                    ),
                ),
                ("count", models.IntegerField(default=0)),
            ],
            options={
                "indexes": [models.Index(fields=["-count", "label"], name="blog_labels_busiest")],
            },
        ),
        migrations.CreateModel(
            name="MonthCount",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("year", models.PositiveSmallIntegerField()),
                ("month", models.PositiveSmallIntegerField()),
                ("count", models.IntegerField(default=0)),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("year", "month"), name="blog_monthcount_once")],
            },
        ),
        migrations.RemoveIndex(model_name="post", name="blog_post_by_author"),
        migrations.RemoveIndex(model_name="post", name="blog_post_by_month"),
        migrations.RemoveIndex(model_name="post", name="blog_post_pinned"),
        migrations.RemoveIndex(model_name="post", name="blog_post_desk"),
        migrations.AddIndex(
            model_name="post",
            index=models.Index(models.F("updated_at").desc(), models.F("id").desc(), name="blog_post_updated"),
        ),
        migrations.AddIndex(
            model_name="post",
            index=models.Index(
                "status",
                models.F("updated_at").desc(),
                condition=models.Q(("status", "draft"), ("status", "in_review"), ("status", "binned"), _connector="OR"),
                name="blog_post_desk",
            ),
        ),
        migrations.AlterField(
            model_name="posttag",
            name="tag",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="items",
                to="blog.label",
            ),
        ),
        *(
            migrations.AddIndex(
                model_name="post",
                index=models.Index(
                    *(*columns, models.F("published_at").desc(), models.F("id").desc()),
                    condition=models.Q(("status", "published")),
                    name=name,
                ),
            )
            for name, columns in INDEXES.items()
        ),
        migrations.RunSQL(LABELS, migrations.RunSQL.noop),
        migrations.RunSQL(MONTHS, migrations.RunSQL.noop),
    ]
