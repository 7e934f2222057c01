"""Works off the chores, a part at a time."""

import logging
import traceback
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime

from django.db import connection, transaction
from django.db.models import Q, QuerySet

from comments.models import CommentSettings
from comments.retention.chores import CHORES, Chore

logger = logging.getLogger(__name__)

AT_ONCE = 500
PAGES = 500  # of the search index that are packed in one transaction
Show = Callable[[str, int, int], None]


def purge(now: datetime, show: Show | None = None, chores: Sequence[Chore] = CHORES) -> dict[str, int]:
    """Forgets all that is due; how many, by the names of the chores. One that fails is left out, and the others are
    done all the same. `show` is told how far it is: of which chore, how many, of how many."""
    settings, done = CommentSettings.load(), {}
    for chore in chores:
        try:
            done[chore.name] = _work_off(chore, chore.due(now, settings), show)
        except Exception as error:
            # Where, and not what the database said: that holds what people wrote.
            place = "".join(traceback.format_tb(error.__traceback__))
            logger.error("Forgetting failed (%s): %s\n%s", chore.name, type(error).__name__, place)
    _pack("comments_search")
    _pack("blog_search")
    if not CommentSettings.objects.filter(pk=1).update(purged_at=now):
        CommentSettings.objects.get_or_create(pk=1, defaults={"purged_at": now})
    return done


def count(now: datetime, chores: Sequence[Chore] = CHORES) -> dict[str, int]:
    """How many are due. What one chore leaves to those after it is not foreseen."""
    settings = CommentSettings.load()
    return {chore.name: chore.due(now, settings).count() for chore in chores}


def _work_off(chore: Chore, due: QuerySet, show: Show | None) -> int:
    done, total = 0, due.count() if show else 0
    for ids in _parts(due, chore.key):
        done += _forget(chore, due, ids)
        if show:
            show(chore.name, done, total)
    return done


def _parts(due: QuerySet, key: str) -> Iterator[list[int]]:
    """Each is read when the one before is done with."""
    after = Q()
    while rows := list(due.filter(after).order_by(key, "pk").values_list(key, "pk")[:AT_ONCE]):
        yield [pk for _key, pk in rows]
        last, pk = rows[-1]
        after = Q(**{f"{key}__gte": last}) & (Q(**{f"{key}__gt": last}) | Q(pk__gt=pk))


@transaction.atomic
def _forget(chore: Chore, due: QuerySet, ids: list[int]) -> int:
    # Asked again while the rows are held: what somebody has decided on a moment ago is not due any more.
    list(due.model.objects.filter(pk__in=ids).order_by("pk").select_for_update().values_list("pk"))
    ids = list(due.filter(pk__in=ids).values_list("pk", flat=True))
    chore.forget(ids)
    return len(ids)


def _pack(table: str) -> None:
    """SQLite's full-text index only marks words as gone; packing drops them. Also those of who was erased lately."""
    if connection.vendor != "sqlite":
        return
    pages = -PAGES  # less than 0: all parts of the index are to become one
    connection.ensure_connection()
    while True:
        before = connection.connection.total_changes
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"INSERT INTO {table} ({table}, rank) VALUES ('merge', %s)", [pages])  # noqa: S608
        if connection.connection.total_changes - before < 2:
            return
        pages = PAGES
