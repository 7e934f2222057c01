"""The block rules as this process holds them, and what one comment has of them."""

from collections.abc import Iterable
from datetime import datetime
from threading import Lock

from django.db import transaction
from django.db.models import F, Subquery
from django.utils import timezone

from blog.prepared import Prepared
from comments import addresses
from comments.blocking.table import Hit, Rule, Table
from comments.blocking.texts import Texts
from comments.models import AddressKey, BlockHit, BlockRule, Comment, CommentSettings
from comments.models.blockrule import BlockRuleQuerySet

STATE = Prepared(
    lambda: CommentSettings.objects.filter(pk=1).values_list(
        "rules_version", Subquery(AddressKey.objects.order_by("-pk").values("pk")[:1])
    )
)
_lock = Lock()
_held: tuple[tuple, Table] | None = None


def hits(texts: Texts, now: datetime) -> list[Hit]:
    """The rules in force that match, each once."""
    return current().hits(texts, now)


def current() -> Table:
    """The table of all rules, made anew when another process, or this one, has changed one of them."""
    global _held
    # Read before the rules: a change in between makes the table look older than it is, never newer.
    state = _state()
    held = _held
    if held and held[0] == state:
        return held[1]
    with _lock:
        if not (_held and _held[0] == state):
            _held = (state, table_of(BlockRule.objects.all()))
        return _held[1]


def _state() -> tuple:
    """What the table rests on: the rules, and the key under which addresses are kept now."""
    return next(iter(STATE()), (0, None))  # without a row there are no rules


def table_of(rules: BlockRuleQuerySet) -> Table:
    """A table of these rules; no more of them is loaded than matching needs."""
    rows = rules.order_by("pk").values_list("pk", "match", "pattern", "folded", "field", "action", "expires_at")
    return compiled(Rule(*row) for row in rows.iterator(chunk_size=5000))


def compiled(rules: Iterable[Rule]) -> Table:
    """A table of rules that need not be stored."""
    rules = list(rules)
    networks = [rule.folded for rule in rules if rule.match == BlockRule.Match.NETWORK]
    return Table(rules, addresses.digests(networks) if networks else {})


def of_comment(comment: Comment) -> Texts:
    """What is known of a stored comment: neither its browser nor more of its address than the kept network."""
    return Texts(
        body=comment.body,
        name=comment.author_name,
        email=comment.author_email,
        url=comment.author_url,
        network_digest=comment.address_digest,
    )


def record(comment: Comment, rule_ids: Iterable[int]) -> None:
    """Keeps which rules had their say on a stored comment. Left out are those that had it before, and deleted ones."""
    with transaction.atomic():
        before = set(BlockHit.objects.filter(comment=comment).values_list("rule", flat=True))
        known = count_hits(set(rule_ids) - before)
        BlockHit.objects.bulk_create(BlockHit(comment=comment, rule_id=pk) for pk in known)


def count_hits(rule_ids: Iterable[int]) -> list[int]:
    """Counts a hit of each rule, and says which of them there are. Of comments that were refused, no more is kept."""
    with transaction.atomic():
        # Locked in one order, so that two comments that hit the same rules never wait for each other.
        rules = BlockRule.objects.filter(pk__in=set(rule_ids)).order_by("pk").select_for_update()
        known = list(rules.values_list("pk", flat=True))
        if known:
            BlockRule.objects.filter(pk__in=known).update(hits=F("hits") + 1, last_hit_at=timezone.now())
        return known
