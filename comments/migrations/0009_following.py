import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("blog", "0008_reading"),
        ("comments", "0008_fewer_index_pages"),
    ]

    operations = [
        migrations.CreateModel(
            name="FollowRequest",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("email", models.EmailField(max_length=254)),
                ("asked_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "post",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="blog.post"),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("post", "email"), name="comments_followrequest_once")],
            },
        ),
        migrations.RemoveConstraint(
            model_name="subscription",
            name="comments_subscription_once",
        ),
        migrations.AddConstraint(
            model_name="subscription",
            constraint=models.UniqueConstraint(
                fields=("thread", "post", "commenter"), name="comments_subscription_once"
            ),
        ),
    ]
