"""A believable large site, for measuring: posts, readers, their comments, and what moderators made of them.

Everything is drawn from one seed; dates are counted back from now. Rows are written in bulk, past Post.save and
Comment.save: tests compare them with what those would have written. Each chunk is one transaction, counts, log and
search index included, so that a run that is stopped leaves nothing half, and another one adds more.
"""

import random
import time
from collections.abc import Callable

from config.generate import comments, people, posts, sentences
from config.generate.bulk import quick

Show = Callable[[str, int, int], None]  # what, how many are done, of how many


def fill(number_of_posts: int, number_of_comments: int, seed: int, show: Show) -> None:
    """Adds so many published posts, and so many comments under them."""
    chance = random.Random(seed)  # noqa: S311  a site to measure, nothing secret
    now, said = time.time(), sentences.ready(chance)
    with quick():
        made = posts.add(number_of_posts, people.authors(), said, now, chance, show)
        if number_of_comments:
            comments.add(number_of_comments, made, said, now, chance, show)
