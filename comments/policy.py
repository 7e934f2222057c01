"""Decides what becomes of a new comment: the one seam between the form and the verbs of comments/moderation.

The rules are asked in the order of ORDER:

1. closed, duplicate, flood: what is refused is refused before anything is read of it. Nobody writes where comments are
   closed or says the same thing twice; who moderates may be quick.
2. staff: who decides on comments here, and the post's author, need no second look. Their answer ends it. A writer
   whom a moderator has blocked is refused.
3. hold_all, hold_after, links, blocked, first_time, probation, spam filter: all of them are asked, so that a moderator
   reads every reason; the strictest answer counts, and so a block rule that says spam or “do not take it” overrides any
   standing. Trusted writers (comments/standing.py) need not wait for links or on older posts.

A rule that has nothing to say lets the comment pass; if none has, it is approved.
"""

import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property

from django.utils import timezone
from django.utils.translation import gettext

from blog import sanitize
from blog.models import Post
from comments import blocking
from comments.conditions import Conditions, Value
from comments.history import PRESENT, History
from comments.models import BlockRule, Comment, CommentSettings, Says, SpamSample
from comments.reasons import REASONS, RULES, reason_text
from comments.standing import Level, Standing

__all__ = [
    "REASONS",
    "REFUSED",
    "RULES",
    "Facts",
    "Verdict",
    "judge",
    "judge_again",
    "may_moderate",
    "promise",
    "reason_text",
]

Status = Comment.Status
REFUSED = "refused"  # not a status: what is refused is not stored
STRICTNESS = [Status.APPROVED, Status.PENDING, Status.SPAM, REFUSED]
ACTIONS = {
    BlockRule.Action.HOLD: Status.PENDING,
    BlockRule.Action.SPAM: Status.SPAM,
    BlockRule.Action.REJECT: REFUSED,
}
BROWSER = 254  # characters of a browser's name that are looked at
RULES_NAMED = 5  # block rules among the reasons; the others stand among the hits
LINK = re.compile(r"<a\s[^>]*\bhref=")


@dataclass(frozen=True)
class Verdict:
    """Where a new comment starts, why, and which rule (of RULES) said so.

    `status` is a Comment.Status or REFUSED; `reasons` are of REASONS, the deciding one first; `retry_after` says in how
    many seconds a refused one may come again; `hits` are the block rules that matched.
    """

    status: str
    reasons: list[str]
    rule: str
    retry_after: int = 0
    hits: tuple[int, ...] = ()
    sample: SpamSample | None = None


@dataclass(frozen=True)
class Facts:
    """What is known of who writes. `address` is the raw one: it lives as long as the request and is stored nowhere.
    `seconds` are those that the writer had the form open for, as far as that is known."""

    user: object
    network_digest: str = ""
    address: str = ""
    browser: str = ""
    now: datetime | None = None
    seconds: float | None = None


@dataclass(frozen=True)
class Answer:
    status: str
    rule: str
    reasons: list[str]
    retry_after: int = 0
    hits: tuple[int, ...] = ()


@dataclass(frozen=True)
class Case:
    """One comment with all that the rules look at."""

    comment: Comment
    facts: Facts
    conditions: Conditions
    history: History
    now: datetime

    @cached_property
    def by_staff(self) -> bool:
        return may_moderate(self.facts.user, self.comment.post)

    @cached_property
    def standing(self) -> Standing:
        conditions = self.conditions
        return self.history.standing(self.comment, conditions.settings, conditions.approved_needed.value, self.now)

    @cached_property
    def sample(self) -> SpamSample | None:
        """How the spam filter sees it; None where it is off, or has not seen it."""
        return self.history.sample(self.comment, self.facts) if self.conditions.settings.has_filter else None


def judge(comment: Comment, facts: Facts, conditions: Conditions | None = None, history: History = PRESENT) -> Verdict:
    """The verdict on a comment that is not saved yet. `conditions` saves reading the post's anew; `history` answers for
    what was before."""
    return _verdict(comment, facts, conditions, history, ORDER)


def judge_again(comment: Comment, facts: Facts, conditions: Conditions | None = None) -> Verdict:
    """The verdict on a comment that is there, whose words have changed or whose writer has proved who it is.

    Whether it came at the right moment is not asked again; `facts` are of the one who makes the change.
    """
    return _verdict(comment, facts, conditions, PRESENT, AGAIN)


def _verdict(comment: Comment, facts: Facts, conditions: Conditions | None, history: History, rules: list) -> Verdict:
    conditions = conditions or Conditions.of(comment.post)
    case = Case(comment, facts, conditions, history, facts.now or timezone.now())
    answers = []
    for rule in rules:
        answer = rule(case)
        if answer is None:
            continue
        if answer.status in (REFUSED, Status.APPROVED):
            return Verdict(answer.status, answer.reasons, answer.rule, answer.retry_after, answer.hits)
        answers.append(answer)
    if not answers:
        return Verdict(Status.APPROVED, ["nothing_against"], "no_rule", sample=case.sample)
    answers.sort(key=lambda answer: -STRICTNESS.index(answer.status))
    return Verdict(
        status=answers[0].status,
        reasons=[reason for answer in answers for reason in answer.reasons],
        rule=answers[0].rule,
        hits=tuple(pk for answer in answers for pk in answer.hits),
        sample=case.sample,
    )


def may_moderate(user, post: Post) -> bool:
    """Whether comments under this post are this user's to decide on, or the post is the user's own."""
    if not user.is_authenticated:
        return False
    return user.has_perm("comments.moderate_any_comment") or post.author_id == user.pk


def promise(conditions: Conditions, user) -> str:
    """What the form says will become of a comment by this user, as far as it is known beforehand."""
    if may_moderate(user, conditions.post):
        return gettext("Your comment appears at once.")
    unproved = not user.is_authenticated and bool(conditions.approved_needed.value)
    if unproved or conditions.hold_all.value or conditions.is_past(conditions.hold_after_days):
        said = gettext("Comments are read by a person before they appear.")
    else:
        said = gettext("Some comments are read by a person before they appear.")
    return said if user.is_authenticated else " ".join((said, gettext("No account needed.")))


# The rules. Each gives its answer, or None if it has nothing against the comment.


def _closed(case: Case) -> Answer | None:
    conditions = case.conditions
    mode, days = conditions.mode, conditions.close_after_days
    if mode.value != CommentSettings.Mode.OPEN:
        return Answer(REFUSED, "closed", [_reason("closed", mode.value, mode)])
    if conditions.is_past(days, case.now):
        return Answer(REFUSED, "closed", [_reason("closed", f"age/{days.value}", days)])
    return None


def _duplicate(case: Case) -> Answer | None:
    return Answer(REFUSED, "duplicate", ["duplicate"]) if case.history.has_same_words(case.comment) else None


def _flood(case: Case) -> Answer | None:
    seconds = case.conditions.settings.flood_seconds
    if not seconds or case.by_staff:
        return None
    since = case.now - timedelta(seconds=seconds)
    last = case.history.newest(case.comment, case.facts.network_digest, since, case.now)
    if last is None:
        return None
    wait = max(1, math.ceil(seconds - (case.now - last).total_seconds()))
    return Answer(REFUSED, "flood", [f"flood:{wait}"], retry_after=wait)


def _staff(case: Case) -> Answer | None:
    return Answer(Status.APPROVED, "staff", ["by_staff"]) if case.by_staff else None


def _blocked_writer(case: Case) -> Answer | None:
    """A typed address is not looked at: whoever knows it could have its owner refused, or learn that it is blocked."""
    if case.standing.level != Level.BLOCKED:
        return None
    return Answer(REFUSED, "blocked_writer", ["blocked_writer"])


def _hold_all(case: Case) -> Answer | None:
    hold = case.conditions.hold_all
    return Answer(Status.PENDING, "hold_all", [_reason("held_all", "", hold)]) if hold.value else None


def _hold_after(case: Case) -> Answer | None:
    days = case.conditions.hold_after_days
    if not case.conditions.is_past(days, case.now) or case.standing.level == Level.TRUSTED:
        return None
    return Answer(Status.PENDING, "hold_after", [_reason("old_post", days.value, days)])


def _links(case: Case) -> Answer | None:
    """Links as readers would see them: bare addresses are links, the writer's own website is none of the text's."""
    limit = case.conditions.max_links
    if not limit.value or case.standing.level == Level.TRUSTED:
        return None
    count = len(LINK.findall(case.comment.body_html or sanitize.clean_comment(case.comment.body)))
    if count < limit.value:
        return None
    return Answer(Status.PENDING, "hold_links", [_reason("links", f"{count}/{limit.value}", limit)])


def _block_rules(case: Case) -> Answer | None:
    """The strictest of the rules that match says what becomes of it; all of them count as hits."""
    comment, facts = case.comment, case.facts
    texts = blocking.Texts(
        body=comment.body,
        name=comment.author_name,
        email=comment.author_email,
        url=comment.author_url,
        browser=facts.browser,
        address=facts.address,
        network_digest=facts.network_digest,
    )
    hits = case.history.block_rules().hits(texts, case.now)
    if not hits:
        return None
    hits.sort(key=lambda hit: -STRICTNESS.index(ACTIONS[hit.action]))
    reasons = list(dict.fromkeys(f"blocked:{hit.match}/{hit.pattern}" for hit in hits))
    return Answer(
        ACTIONS[hits[0].action], "block_rules", reasons[:RULES_NAMED], hits=tuple(hit.rule_id for hit in hits)
    )


def _first_time(case: Case) -> Answer | None:
    """A typed name or address proves nothing: of who has not proved theirs, every comment is a first one."""
    needed = case.conditions.approved_needed
    if not needed.value:
        return None
    if not case.comment.is_proved:
        return Answer(Status.PENDING, "hold_first", [_reason("first_time", f"guest/{needed.value}", needed)])
    approved = case.standing.approved
    if approved >= needed.value:
        return None
    return Answer(Status.PENDING, "hold_first", [_reason("first_time", f"{approved}/{needed.value}", needed)])


def _probation(case: Case) -> Answer | None:
    if case.standing.level != Level.PROBATION:
        return None
    needed = case.conditions.settings.probation_needed
    return Answer(Status.PENDING, "hold_probation", [f"probation:{case.standing.since_refused}/{needed}"])


def _spam_filter(case: Case) -> Answer | None:
    settings, sample = case.conditions.settings, case.sample
    if sample is None or settings.spam_mode != CommentSettings.SpamMode.ACT:
        return None
    says = sample.says(settings)
    if says == Says.GOOD:
        return None
    status = Status.SPAM if says == Says.SPAM else Status.PENDING
    reason = "spam_unsure" if says == Says.UNSURE else f"spam_score:{sample.probability * 100:.0f}"
    return Answer(status, "spam_filter", [reason])


def _reason(code: str, figures: object, value: Value) -> str:
    """ "code:figures", with who set the value where it was not the site (see comments/reasons.py)."""
    level = "" if value.level == "site" else f"@{value.label}"
    return f"{code}:{figures}{level}" if f"{figures}{level}" else code


AGAIN: list[Callable[[Case], Answer | None]] = [
    _staff,
    _blocked_writer,
    _hold_all,
    _hold_after,
    _links,
    _block_rules,
    _first_time,
    _probation,
    _spam_filter,
]
ORDER = [_closed, _duplicate, _flood, *AGAIN]
