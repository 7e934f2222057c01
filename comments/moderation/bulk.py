"""Decisions on more comments than one request takes: worked off by the worker, a transaction at a time."""

import uuid

from django.db import transaction
from django.utils import timezone

from blog.paging import Cursor
from comments.models import BulkDecision, Comment
from comments.moderation.undo import undo, undoable
from comments.moderation.verbs import AT_ONCE, Verb, decide
from comments.tasks import work_off_bulk


def start_bulk(actor, verb: str, place: str, newest: int, total: int, tell: str = "") -> BulkDecision:
    """Has the worker decide on all comments that match `place` (the queue's query string), up to the id `newest`.

    `total` is how many the moderator was told of. Comments that come later are not touched.
    """
    bulk = BulkDecision.objects.create(actor=actor, verb=Verb(verb), place=place, newest=newest, total=total, tell=tell)
    transaction.on_commit(lambda: work_off_bulk.enqueue(str(bulk.batch)))
    return bulk


def start_undo(actor, batch: uuid.UUID) -> BulkDecision:
    """Has the worker take back a batch that is too large for one request."""
    bulk = BulkDecision.objects.create(actor=actor, undoes=batch, total=undoable(batch).count())
    transaction.on_commit(lambda: work_off_bulk.enqueue(str(bulk.batch)))
    return bulk


@transaction.atomic
def work_off_chunk(batch: uuid.UUID, at_once: int = AT_ONCE) -> bool:
    """The next comments of a bulk decision; False once there is nothing left to do.

    The row is held meanwhile, so that two workers with the same task take turns and nothing is decided twice. Who has
    lost the right to decide since, decides nothing more.
    """
    bulk = BulkDecision.objects.select_for_update(of=("self",)).select_related("actor").filter(pk=batch).first()
    if bulk is None or bulk.finished_at:
        return False
    among = Comment.objects.moderated_by(bulk.actor) if bulk.actor.is_active else Comment.objects.none()
    looked_at = _undo_chunk(bulk, among, at_once) if bulk.undoes else _decide_chunk(bulk, among, at_once)
    if looked_at < at_once:
        bulk.finished_at = timezone.now()
        bulk.tell = ""  # it stands beside the log now
    bulk.save()
    return not bulk.finished_at


def _decide_chunk(bulk: BulkDecision, among, at_once: int) -> int:
    from comments.admin import queue  # the filter is the queue's own; the admin is loaded after the apps

    comments = queue.selected(among, queue.Place.parse(bulk.place)).filter(pk__lte=bulk.newest)
    if bulk.reached:
        comments = comments.filter(Cursor.parse(bulk.reached).newer("created_at"))
    rows = list(comments.order_by("created_at", "pk").only("created_at", "status", "edited_at")[:at_once])
    if not rows:
        return 0
    # As seen now: what somebody else decides between this and the lock stands.
    seen = {comment.pk: comment.state for comment in rows}
    decision = decide(rows, bulk.verb, actor=bulk.actor, seen=seen, tell=bulk.tell, batch=bulk.batch)
    bulk.changed += len(decision.changed)
    bulk.left += len(rows) - len(decision.changed)
    bulk.reached = str(Cursor(rows[-1].created_at, rows[-1].pk))
    return len(rows)


def _undo_chunk(bulk: BulkDecision, among, at_once: int) -> int:
    after = int(bulk.reached or 0)
    events = list(undoable(bulk.undoes).filter(pk__gt=after).values_list("pk", flat=True)[:at_once])
    if not events:
        return 0
    decision = undo(bulk.undoes, actor=bulk.actor, among=among, after=after, at_once=at_once, own=bulk.batch)
    bulk.changed += len(decision.changed)
    bulk.left += len(decision.left)
    bulk.reached = str(events[-1])
    return len(events)
