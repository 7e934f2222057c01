"""What a block rule would have done to comments that are already there."""

from dataclasses import dataclass, field

from django.utils import timezone

from comments.blocking.match import compiled, of_comment
from comments.blocking.table import Rule
from comments.models import BlockRule, Comment

LOOKED_AT = 2_000
SHOWN = 5
READ = ("pk", "body", "author_name", "author_email", "author_url", "address_digest")


@dataclass
class Effect:
    looked_at: int = 0
    hit: int = 0
    examples: list[Comment] = field(default_factory=list)


def effect(rule: BlockRule) -> Effect:
    """The newest approved comments that the rule would have hit; it need not be saved."""
    now = timezone.now()
    table = compiled([Rule(0, rule.match, rule.pattern, rule.folded, rule.field, rule.action, None)])
    found = Effect()
    approved = Comment.objects.filter(status=Comment.Status.APPROVED).order_by("-created_at", "-pk")
    for comment in approved.only(*READ)[:LOOKED_AT].iterator(chunk_size=500):
        found.looked_at += 1
        if table.hits(of_comment(comment), now):
            found.hit += 1
            if len(found.examples) < SHOWN:
                found.examples.append(comment)
    return found
