from django.db import migrations

from comments import search

TABLES = {
    "sqlite": [
        # Words come normalised: the tokenizer has only to split at spaces and to let the marks of whole addresses
        # through. Neither places nor sizes are kept: nothing is ranked, and no phrase is asked for. The beginnings of
        # words have lists of their own: half a word would otherwise be gathered from all that begin with it.
        """CREATE VIRTUAL TABLE comments_search USING fts5(
            words, tokenize="ascii tokenchars '='", prefix='2 3 4 5 6', detail=none, columnsize=0
        )""",
    ],
    "postgresql": [
        "CREATE TABLE comments_search (comment_id bigint PRIMARY KEY, words tsvector NOT NULL)",
        # As for blog_search: moved out of its row, a vector seems to cost the planner nothing to read.
        "ALTER TABLE comments_search ALTER words SET STORAGE MAIN",
        "CREATE INDEX comments_search_words ON comments_search USING gin (words) WITH (fastupdate = off)",
    ],
}


def create(apps, schema_editor):
    for statement in TABLES[schema_editor.connection.vendor]:
        schema_editor.execute(statement)
    for comment in apps.get_model("comments", "Comment").objects.iterator(chunk_size=1000):
        search.index(comment)


def drop(apps, schema_editor):
    schema_editor.execute("DROP TABLE comments_search")


class Migration(migrations.Migration):
    dependencies = [("comments", "0004_counts")]

    operations = [migrations.RunPython(create, drop)]
