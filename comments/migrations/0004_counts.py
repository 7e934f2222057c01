from django.db import migrations

COUNTS = """
    SELECT post_id, status, count(*) AS count FROM comments_comment GROUP BY post_id, status
"""
OF_SITE = "SELECT status, count(*) FROM comments_comment GROUP BY status"


def fill(apps, schema_editor):
    """Gives comments that are here already what new ones get when they come."""
    Comment = apps.get_model("comments", "Comment")
    CommentReason = apps.get_model("comments", "CommentReason")
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("UPDATE comments_comment SET shown_at = created_at WHERE status IN ('approved', 'removed')")
        cursor.execute(f"INSERT INTO comments_postcount (post_id, status, count) {COUNTS}")  # noqa: S608
        cursor.execute(f"INSERT INTO comments_sitecount (status, count) {OF_SITE}")  # noqa: S608
    rows = []
    for comment in Comment.objects.only("reasons", "status", "created_at").iterator(chunk_size=2000):
        for code in dict.fromkeys(comment.reasons):
            rows.append(
                CommentReason(comment=comment, code=code[:40], status=comment.status, created_at=comment.created_at)
            )
        if len(rows) >= 2000:
            CommentReason.objects.bulk_create(rows)
            rows = []
    CommentReason.objects.bulk_create(rows)


def empty(apps, schema_editor):
    for name in ("CommentReason", "PostCount", "SiteCount"):
        apps.get_model("comments", name).objects.all().delete()


class Migration(migrations.Migration):
    dependencies = [("comments", "0003_desk")]
    operations = [migrations.RunPython(fill, empty)]
