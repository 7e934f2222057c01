"""A believable large site, for measuring: posts, readers, their comments, and what moderators made of them.

Everything is drawn from one seed; dates are counted back from now. Rows are written in bulk, past Post.save and
Comment.save: tests compare them with what those would have written. A run is one transaction, counts, log, search
index and all: one that is stopped leaves nothing, and another one adds more.

What measurements can rely on, whatever the size:
- a third of all posts have the word “lighthouse” (words.COMMON), eighty have “samphire” (words.RARE);
- a third of all posts have the label “sea”; there are 300 labels, each on fewer posts than the one before;
- one post each has exactly 50, 1,000 and 10,000 comments, all approved, where the run has ten times as many in all
  (comments.MEASURED);
- the posts of a large run are of twelve years; three are pinned, five scheduled; there are two pages;
- a sixth of the readers without an account have proved their address.
"""

import gc
import random
import time

from django.db import transaction

from blog import totals, versions
from blog.models import Post
from comments.models import Comment
from config.generate import comments, drafts, people, posts, sentences, tables
from config.generate.bulk import writing
from config.generate.tables import Show, filled, quick

POSTS = ["blog_post", "blog_posttag", "blog_search"]
COMMENTS = [
    "comments_comment",
    "comments_commentreason",
    "comments_report",
    "comments_search",
    "comments_moderationevent",
    "comments_moderationnote",
    "comments_postcount",
]


def fill(number_of_posts: int, number_of_comments: int, seed: int, show: Show) -> None:
    """Adds so many posts, nearly all of them published, and so many comments under them: all or nothing."""
    gc.disable()  # it would look through millions of rows again and again, and none is part of a circle
    try:
        with quick(), transaction.atomic():
            _fill(number_of_posts, number_of_comments, random.Random(seed), show)  # noqa: S311  nothing secret
            totals.recount()
            versions.touch(versions.SITE)
    finally:
        gc.enable()


def tidy(show: Show) -> None:
    """Spares the first who reads some work. May be left out."""
    tables.tidy([*POSTS, *COMMENTS], show)


def _fill(number_of_posts: int, number_of_comments: int, chance: random.Random, show: Show) -> None:
    now, said, authors = int(time.time()), sentences.ready(chance), people.authors()
    posts.add_pages(authors[0])
    with filled(Post, POSTS, number_of_posts, show), writing() as writer:
        made = posts.Posts(number_of_posts, authors, said, now, chance).store(writer, show)
    if not number_of_comments:
        return
    talk = comments.Talk(number_of_comments, made, said, now, chance)
    planned = comments.plan(number_of_comments, made, now, chance)
    with filled(Comment, COMMENTS, number_of_comments, show):
        with writing() as writer:
            talk.store(planned, writer, show)
        drafts.count(made[0].pk)
