"""Comments of a generated site: when they came, who answered whom, and what became of them."""

import random
from dataclasses import replace
from itertools import accumulate

from comments.models import Comment, ModerationNote
from comments.models.comment import ID_WIDTH, MAX_DEPTH
from config.generate import words
from config.generate.bulk import DAY, Numbers, Writer
from config.generate.drafts import Draft, Event, Shown, Tables
from config.generate.people import Readers, author, moderators
from config.generate.people import Writer as Person
from config.generate.posts import Under
from config.generate.sentences import SPAM, Sentences

AT_ONCE = 10_000
HOUR = 3600
PLACES = 1 << 22  # of posts, beside the moment in one number
MEASURED = (50, 1_000, 10_000)  # comments of one post each, all approved, where there are ten times as many in all
TALKED_OF = 50_000  # posts whose newest comments are remembered, to be answered
ANSWERED = 6  # of those of one post
DELAYS = 4_096
# Shares of all comments, counted from the newest.
WAITING, FREE = 0.045, 0.9  # of the newest most wait; all but the oldest came when the site no longer held every one
Status = Comment.Status
PENDING, APPROVED, REJECTED, REMOVED = (
    status.value for status in (Status.PENDING, Status.APPROVED, Status.REJECTED, Status.REMOVED)
)


def plan(number: int, posts: list[Under], now: int, chance: random.Random) -> list[int]:
    """When each comment comes and under which post (its place), sorted: few posts have many, most of them soon."""
    ranks = [(place + 1) ** -0.7 for place in range(len(posts))]
    chance.shuffle(ranks)
    places: list[int] = []
    old = range(len(posts) // 2)
    if len(old) >= 2 * len(MEASURED):
        for place, size in zip(chance.sample(old, len(MEASURED)), MEASURED, strict=True):
            if size * 10 <= number:
                posts[place].is_measured, ranks[place] = True, 0
                places += [place] * size
    places += chance.choices(range(len(posts)), cum_weights=list(accumulate(ranks)), k=number - len(places))
    planned = [_when(posts[place].published, now, chance) * PLACES + place for place in places]
    planned.sort()
    return planned


def _when(published: int, now: int, chance: random.Random) -> int:
    kind = chance.random()
    after = int(chance.expovariate(1 / (30 * HOUR) if kind < 0.78 else 1 / (20 * DAY)))
    if kind > 0.98 or published + after > now:
        after = int((now - published) * chance.random())
    return published + after


class Talk:
    """The comments of one run, and what was lately said under each post."""

    def __init__(
        self, number: int, posts: list[Under], said: dict[str, Sentences], now: int, chance: random.Random
    ) -> None:
        self.number, self.posts, self.said, self.now, self.chance = number, posts, said, now, chance
        self.readers, self.moderators = Readers(number, chance), [user.pk for user in moderators()]
        self.ids, self.tables = Numbers(Comment), Tables(self.readers, chance)
        self.lately: dict[int, list[Shown]] = {}
        self.delays = [int(chance.lognormvariate(8.5, 1.2)) for _ in range(DELAYS)]
        self.spam: Event | None = None  # the last decision of that kind

    def store(self, planned: list[int], writer: Writer, show) -> None:
        """Writes them, the oldest first."""
        for start in range(0, self.number, AT_ONCE):
            part = planned[start : start + AT_ONCE]
            drafts = [
                self._whole(pk, *divmod(one, PLACES), (self.number - nth) / self.number)
                for nth, (pk, one) in enumerate(zip(self.ids.take(len(part)), part, strict=True), start)
            ]
            self.tables.write(drafts, writer)
            show("Comments", start + len(part), self.number)
        writer.finish()
        self.ids.keep()
        self.tables.event_ids.keep()

    def _whole(self, pk: int, at: int, place: int, age: float) -> Draft:
        """`age` is 0 for the newest of the run and 1 for the oldest."""
        draft = self._draft(pk, self.posts[place], at, age)
        self._fate(draft, age)
        self._place(draft, place)
        return draft

    # Who says what

    def _draft(self, pk: int, post: Under, at: int, age: float) -> Draft:
        chance = self.chance.random
        if chance() < 0.07 and not post.is_measured:
            rule, why = ("hold_links", "links:2/2") if chance() < 0.6 else ("block_rules", "blocked:word/casino")
            said, reasons = self.said[SPAM].one(), [why, "first_time:guest/1"]
            return Draft(pk, post, at, self.readers.spammer(), said.text, said.html, said.words, reasons, rule, True)
        body, html, found_by = self._words(self.said[post.language])
        if chance() < 0.06:
            writer = author(post.author_name, post.author_id)
            return Draft(pk, post, at, writer, body, html, found_by, ["by_staff"], "staff")
        writer = self.readers.one(post.language)
        if writer.is_proved and not writer.commenter_id:
            self.readers.prove(writer, at)
        return Draft(pk, post, at, writer, body, html, found_by, *_judged(writer, at, age))

    def _words(self, said: Sentences) -> tuple[str, str, str]:
        """Mostly one sentence."""
        one, kind = said.one(), self.chance.random()
        if kind < 0.75:
            return one.text, one.html, one.words
        two = said.one()
        if kind < 0.92:
            return f"{one.text} {two.text}", f"<p>{one.inline} {two.inline}</p>", f"{one.words} {two.words}"
        return f"{one.text}\n\n{two.text}", one.html + two.html, f"{one.words} {two.words}"

    # What becomes of it

    def _fate(self, draft: Draft, age: float) -> None:
        chance = self.chance.random
        if draft.rule in ("staff", "no_rule"):
            draft.status, draft.shown_at = APPROVED, draft.at
            draft.events.append(Event(draft.pk, draft.at, "", APPROVED, draft.reasons[0], rule=draft.rule))
            if draft.rule == "no_rule" and not draft.post.is_measured:
                self._after_approval(draft, chance())
            return
        draft.events.append(Event(draft.pk, draft.at, "", PENDING, draft.reasons[0], rule=draft.rule))
        if draft.post.is_measured:
            self._decide(draft, APPROVED)
            return
        if chance() < (0.8 if age < WAITING else 0.002):
            return
        kind = chance()
        if draft.is_spam:
            self._mark_spam(draft)
        elif kind < 0.04:
            told = (ModerationNote.Kind.TOLD.value, self.chance.choice(words.TOLD)) if kind < 0.015 else None
            self._decide(draft, REJECTED, note=told)
        elif kind < 0.05:
            self._decide(draft, REMOVED)
        else:
            if kind < 0.055:
                self._decide(draft, REJECTED)
                self._decide(draft, PENDING, reason="undone", undoes=draft.events[-1])
            self._decide(draft, APPROVED)
            self._after_approval(draft, chance())

    def _after_approval(self, draft: Draft, kind: float) -> None:
        if kind < 0.018:
            self._decide(draft, REMOVED)
        elif kind < 0.022:
            draft.withdrawn_at = self._later(draft)
            draft.events.append(Event(draft.pk, draft.withdrawn_at, draft.status, REMOVED, "withdrawn", rule="writer"))
            draft.status = REMOVED
        elif kind < 0.026:
            draft.reported_at = self._later(draft)
        elif kind < 0.028:
            before = (ModerationNote.Kind.BEFORE.value, f"{draft.body} :-(")
            self._decide(draft, APPROVED, reason="edited", note=before)
            draft.events[-1].batch, draft.edited_at = None, draft.events[-1].at

    def _decide(self, draft: Draft, status: str, reason: str = "by_moderator", **also) -> None:
        at, chance = self._later(draft), self.chance
        actor = self.moderators[int(len(self.moderators) * chance.random())]
        batch = f"{chance.getrandbits(128):032x}"
        draft.events.append(Event(draft.pk, at, draft.status, status, reason, actor, "", batch, **also))
        draft.status = status
        if status == APPROVED and draft.shown_at is None:
            draft.shown_at = at
            draft.writer.known_since = draft.writer.known_since or at

    def _later(self, draft: Draft) -> int:
        return min(self.now, draft.events[-1].at + self.delays[int(DELAYS * self.chance.random())])

    def _mark_spam(self, draft: Draft) -> None:
        """What waits when a moderator marks spam is marked with it, as one batch."""
        last = self.spam
        if last is None or not draft.at < last.at < draft.at + DAY:
            self._decide(draft, Status.SPAM.value)
            self.spam = draft.events[-1]
        else:
            draft.events.append(replace(last, comment_id=draft.pk))
            draft.status = Status.SPAM.value

    # Where it stands

    def _place(self, draft: Draft, place: int) -> None:
        lately = self.lately.pop(place, None)
        if lately:
            shown = lately[int(len(lately) * self.chance.random())]
            if shown.since <= draft.at and (draft.rule == "staff" or self.chance.random() < 0.5):
                draft.parent = shown
        above = draft.parent.path[: ID_WIDTH * (MAX_DEPTH - 1)] if draft.parent else ""
        draft.path = f"{above}{draft.pk:0{ID_WIDTH}d}"
        if draft.status == APPROVED:
            lately = [*(lately or ())[1 - ANSWERED :], Shown(draft.pk, draft.path, draft.shown_at)]
        if lately:
            self.lately[place] = lately
            if len(self.lately) > TALKED_OF:
                del self.lately[next(iter(self.lately))]


def _judged(writer: Person, at: int, age: float) -> tuple[list[str], str]:
    """The reasons and the rule of the policy, for a comment with nothing against it but who wrote it."""
    is_proved = writer.user_id or writer.commenter_id
    first = "first_time:0/1" if is_proved else "first_time:guest/1"
    is_first = not is_proved or writer.known_since is None or writer.known_since > at
    if age > FREE:
        return (["held_all", first] if is_first else ["held_all"]), "hold_all"
    return ([first], "hold_first") if is_first else (["nothing_against"], "no_rule")
