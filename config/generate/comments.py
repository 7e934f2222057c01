"""Comments of a generated site: when they came, who answered whom, and what became of them."""

import random
from collections import deque
from dataclasses import replace
from itertools import accumulate
from uuid import UUID

from django.db import transaction

from comments.models import Comment, ModerationNote
from comments.models.comment import ID_WIDTH, MAX_DEPTH
from config.generate import drafts, words
from config.generate.bulk import reserve
from config.generate.drafts import Draft, Event, Shown
from config.generate.people import Readers, author, moderators, spammer
from config.generate.posts import DAY, Under
from config.generate.sentences import SPAM, Sentences

AT_ONCE = 10_000
HOUR = 3600
PLACES = 1 << 22  # of posts, beside the moment in one number
Status = Comment.Status


def add(
    number: int, posts: list[Under], sentences: dict[str, Sentences], now: float, chance: random.Random, show
) -> None:
    """Adds so many comments under these posts, the oldest first, a chunk in each transaction."""
    plan = _plan(number, posts, now, chance)
    talk = Talk(number, posts, sentences, now, chance)
    for start in range(0, number, AT_ONCE):
        talk.store(plan[start : start + AT_ONCE], number - start)
        show("Comments", min(start + AT_ONCE, number), number)


def _plan(number: int, posts: list[Under], now: float, chance: random.Random) -> list[int]:
    """When each comment comes and under which post (its place), sorted: few posts have many, most of them soon."""
    ranks = [(place + 1) ** -0.7 for place in range(len(posts))]
    chance.shuffle(ranks)
    plan = []
    for place in chance.choices(range(len(posts)), cum_weights=list(accumulate(ranks)), k=number):
        published, kind = posts[place].published, chance.random()
        after = chance.expovariate(1 / (30 * HOUR)) if kind < 0.78 else chance.expovariate(1 / (20 * DAY))
        if kind > 0.98 or published + after > now:
            after = (now - published) * chance.random()
        plan.append(int((published + after) * 1000) * PLACES + place)
    plan.sort()
    return plan


class Talk:
    """What the comments of one run have in common, and what was lately said under each post."""

    def __init__(
        self, number: int, posts: list[Under], sentences: dict[str, Sentences], now: float, chance: random.Random
    ) -> None:
        self.number, self.posts, self.sentences, self.now, self.chance = number, posts, sentences, now, chance
        self.readers = Readers(number // 15, chance)
        self.moderators = moderators()
        self.lately: dict[int, deque[Shown]] = {}
        self.spam: Event | None = None  # the last decision of that kind

    @transaction.atomic
    def store(self, plan: list[int], left: int) -> None:
        """Writes the comments of this part of the plan; `left` counts them and those that come after."""
        ids = reserve(Comment, len(plan))
        chunk = []
        for nth, (pk, planned) in enumerate(zip(ids, plan, strict=True)):
            milliseconds, place = divmod(planned, PLACES)
            draft = self._draft(pk, self.posts[place], milliseconds / 1000)
            self._fate(draft, (left - nth) / self.number)
            self._place(draft)
            chunk.append(draft)
        drafts.write(chunk, self.chance)

    def _draft(self, pk: int, post: Under, at: float) -> Draft:
        chance = self.chance
        if chance.random() < 0.07:
            said = [self.sentences[SPAM].some(chance.randint(1, 2), chance)]
            why = "links:2/2" if chance.random() < 0.6 else "blocked:word/casino"
            return Draft(pk, post, at, spammer(chance), said, ["held_all", why], "hold_all", is_spam=True)
        said = [
            self.sentences[post.language].some(chance.choice((1, 1, 2, 2, 3, 4)), chance)
            for _ in range(chance.choice((1, 1, 1, 1, 2, 3)))
        ]
        if chance.random() < 0.06:
            return Draft(pk, post, at, author(post.author_name, post.author_id), said, ["by_staff"], "staff")
        writer = self.readers.one(post.language, chance)
        reasons = ["held_all"] if writer.user_id or chance.random() < 0.7 else ["held_all", "first_time:guest/1"]
        return Draft(pk, post, at, writer, said, reasons, "hold_all")

    # What becomes of it

    def _fate(self, draft: Draft, age: float) -> None:
        """`age` is 0 for the newest of the run and 1 for the oldest: of the newest most still wait."""
        chance = self.chance
        if draft.rule == "staff":
            draft.status, draft.shown_at = Status.APPROVED, draft.at
            draft.events.append(Event(draft.pk, draft.at, "", Status.APPROVED, "by_staff", rule="staff"))
            return
        draft.events.append(Event(draft.pk, draft.at, "", Status.PENDING, draft.reasons[0], rule=draft.rule))
        if chance.random() < (0.8 if age < 0.045 else 0.002):
            return
        kind = chance.random()
        if draft.is_spam:
            self._mark_spam(draft)
        elif kind < 0.04:
            told = (ModerationNote.Kind.TOLD, chance.choice(words.TOLD)) if kind < 0.015 else None
            self._decide(draft, Status.REJECTED, note=told)
        elif kind < 0.05:
            self._decide(draft, Status.REMOVED)
        else:
            if kind < 0.055:
                self._decide(draft, Status.REJECTED)
                self._decide(draft, Status.PENDING, reason="undone", undoes=draft.events[-1])
            self._decide(draft, Status.APPROVED)
            self._after_approval(draft, chance.random())

    def _after_approval(self, draft: Draft, kind: float) -> None:
        if kind < 0.018:
            self._decide(draft, Status.REMOVED)
        elif kind < 0.022:
            draft.withdrawn_at = self._later(draft)
            event = Event(draft.pk, draft.withdrawn_at, draft.status, Status.REMOVED, "withdrawn", rule="writer")
            draft.events.append(event)
            draft.status = Status.REMOVED
        elif kind < 0.026:
            draft.reported_at = self._later(draft)
        elif kind < 0.028:
            before = "\n\n".join(" ".join(one.text for one in part) for part in draft.parts)
            self._decide(draft, Status.APPROVED, reason="edited", note=(ModerationNote.Kind.BEFORE, f"{before} :-("))
            draft.events[-1].batch, draft.edited_at = None, draft.events[-1].at

    def _decide(self, draft: Draft, status: str, reason: str = "by_moderator", **also) -> None:
        at, actor = self._later(draft), self.chance.choice(self.moderators).pk
        draft.events.append(Event(draft.pk, at, draft.status, status, reason, actor, batch=self._uuid(), **also))
        draft.status = status
        if status == Status.APPROVED and draft.shown_at is None:
            draft.shown_at = at

    def _later(self, draft: Draft) -> float:
        last = draft.events[-1].at
        return min(self.now, last + self.chance.lognormvariate(8.5, 1.2))

    def _mark_spam(self, draft: Draft) -> None:
        """What waits when a moderator marks spam is marked with it, as one batch."""
        last = self.spam
        if last is None or not draft.at < last.at < draft.at + DAY:
            self._decide(draft, Status.SPAM)
            self.spam = draft.events[-1]
        else:
            draft.events.append(replace(last, comment_id=draft.pk))
            draft.status = Status.SPAM

    def _uuid(self) -> str:
        return UUID(int=self.chance.getrandbits(128), version=4).hex

    # Where it stands

    def _place(self, draft: Draft) -> None:
        lately = self.lately.setdefault(draft.post.pk, deque(maxlen=8))
        shown = [other for other in lately if other.since <= draft.at]
        if shown and (draft.rule == "staff" or self.chance.random() < 0.5):
            draft.parent = self.chance.choice(shown)
        above = draft.parent.path[: ID_WIDTH * (MAX_DEPTH - 1)] if draft.parent else ""
        draft.path = f"{above}{draft.pk:0{ID_WIDTH}d}"
        if draft.status == Status.APPROVED:
            lately.append(Shown(draft.pk, draft.path, draft.shown_at))
