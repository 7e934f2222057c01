"""Full-text search: one side table by kind of database, written in the transaction that saves a post.

The table `blog_search` has no model and no foreign key: SQLite's full-text tables cannot have one, and on PostgreSQL
one would make `manage.py flush` fail (TRUNCATE refuses a table that others point to). A row without its post is
harmless: every search joins `Post.objects.public()`. `manage.py render` sweeps such rows out.
"""

from blog.search.find import Hit, NewestFirst, Results, Within, holding, newest, newest_first, search, some
from blog.search.table import index, remove, tidy

__all__ = [
    "Hit",
    "NewestFirst",
    "Results",
    "Within",
    "holding",
    "index",
    "newest",
    "newest_first",
    "remove",
    "search",
    "some",
    "tidy",
]
