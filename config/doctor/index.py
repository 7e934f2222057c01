from collections.abc import Iterator

from django.db import connection

from config.doctor.finding import Finding, ok, warning

# What is not in the index cannot be found. Of rows whose post or comment is gone searches take no notice; a comment
# that its writer erased has left an empty place.
COUNTS = {
    ("sqlite", "posts"): """
        SELECT count(*) FROM blog_post WHERE id NOT IN (SELECT rowid FROM blog_search)""",
    ("postgresql", "posts"): """
        SELECT count(*) FROM blog_post WHERE NOT EXISTS (SELECT 1 FROM blog_search WHERE post_id = blog_post.id)""",
    ("sqlite", "comments"): """
        SELECT count(*) FROM comments_comment
        WHERE body <> '' AND id NOT IN (SELECT rowid FROM comments_search)""",
    ("postgresql", "comments"): """
        SELECT count(*) FROM comments_comment
        WHERE body <> '' AND NOT EXISTS (SELECT 1 FROM comments_search WHERE comment_id = comments_comment.id)""",
}
TODO = {
    "posts": "Run: manage.py render",
    "comments": "Readers miss nothing, but the queue's search does not find them: has another program written them?",
}


def look() -> Iterator[Finding]:
    for what, todo in TODO.items():
        with connection.cursor() as cursor:
            missing = cursor.execute(COUNTS[connection.vendor, what]).fetchone()[0]
        if missing:
            yield warning(f"{missing:,} {what} are not in the search index.", todo)
        else:
            yield ok(f"All {what} are in the search index.")
