from django.db import migrations

TABLES = {
    "sqlite": [
        # Words come normalised: the tokenizer has only to split at spaces and to let the mark of stems through.
        """CREATE VIRTUAL TABLE blog_search USING fts5(title, labels, body, tokenize="ascii tokenchars '='")""",
    ],
    "postgresql": [
        "CREATE TABLE blog_search (post_id bigint PRIMARY KEY, vector tsvector NOT NULL)",
        # Kept in the row while it fits: moved out of it, a vector seems to cost the planner nothing to read, and it
        # reads them all rather than the index.
        "ALTER TABLE blog_search ALTER vector SET STORAGE MAIN",
        # Without a list of pending rows: a blog is searched more often than it is written.
        "CREATE INDEX blog_search_vector ON blog_search USING gin (vector) WITH (fastupdate = off)",
    ],
}


def create(apps, schema_editor):
    for statement in TABLES[schema_editor.connection.vendor]:
        schema_editor.execute(statement)


def drop(apps, schema_editor):
    schema_editor.execute("DROP TABLE blog_search")


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [migrations.RunPython(create, drop)]
