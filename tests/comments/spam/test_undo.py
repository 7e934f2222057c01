"""Whatever is decided, taken back and folded in whatever order: the filter is as one that learnt only what stands."""

from collections import defaultdict
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from comments import moderation
from comments.models import Comment, CommentSettings, SpamSample
from comments.spam import lessons, store
from comments.spam.features import Told, bucket, unpack
from tests.comments.spam.lessons import GOOD, NUMBERS, SPAM, same_counts, take, taught
from tests.factories import make_post, make_user

START = datetime(2026, 3, 14, 12, tzinfo=ZoneInfo("UTC"))
PROBES = (GOOD, SPAM, "Click for the wind", "")
VERBS = ("approve", "reject", "spam", "remove", "restore")

moves = st.one_of(
    st.tuples(st.just("take"), st.sampled_from(("flooder", "other", ""))),
    st.tuples(st.just("decide"), st.sampled_from(VERBS), st.lists(st.integers(0, 11), min_size=1, max_size=6)),
    st.tuples(st.just("undo"), st.integers(0, 9)),
    st.tuples(st.just("edit"), st.integers(0, 11)),
    st.tuples(st.just("fold")),
    st.tuples(st.just("wait"), st.sampled_from((1, 60 * 24))),
)


class Site:
    def __init__(self) -> None:
        CommentSettings(flood_seconds=0).save()
        self.mona, self.post, self.now = make_user("mona", "Moderator"), make_post(), START
        self.comments: list[Comment] = []
        self.batches: list = []

    def play(self, move: tuple) -> None:
        self.now += timedelta(seconds=1)
        with time_machine.travel(self.now, tick=False):
            getattr(self, f"_{move[0]}")(*move[1:])

    def _take(self, network: str) -> None:
        text = f"{(GOOD, SPAM)[len(self.comments) % 2]} {next(NUMBERS)}"
        self._say(text, network)

    def _say(self, text: str, network: str = "") -> None:
        self.comments.append(take(self.post, text, network))

    def _decide(self, verb: str, places: list[int]) -> None:
        comments = [self.comments[place % len(self.comments)] for place in places] if self.comments else []
        self.batches.append(moderation.decide(comments, verb, actor=self.mona).batch)

    def _undo(self, place: int) -> None:
        if self.batches:
            batch = self.batches[place % len(self.batches)]
            moderation.undo(batch, actor=self.mona, among=Comment.objects.all())

    def _edit(self, place: int) -> None:
        if self.comments:
            comment = Comment.objects.get(pk=self.comments[place % len(self.comments)].pk)
            moderation.edit(comment, f"{comment.body} again", actor=self.mona, seen=comment.state)

    def _fold(self) -> None:
        store.fold()

    def _wait(self, minutes: int) -> None:
        self.now += timedelta(minutes=minutes)

    def standing(self) -> list[tuple[SpamSample, bool]]:
        """By the log alone: what a person decided of each comment and nobody took back; of one source's lessons of a
        kind and a day the first ones."""
        crowds = defaultdict(list)
        for comment in self.comments:
            event = moderation.in_force(comment.pk)
            is_spam = {"approved": False, "rejected": True, "spam": True}.get(event.to_status)
            if event.actor_id and is_spam is not None:
                sample = SpamSample.objects.get(comment=comment)
                crowds[sample.source, is_spam, event.at.date()].append((event.at, sample.pk, sample, is_spam))
        first = [sorted(crowd, key=lambda row: row[:2])[: lessons.OF_ONE_SOURCE] for crowd in crowds.values()]
        return [(sample, is_spam) for crowd in first for _at, _pk, sample, is_spam in crowd]


class Undone(TestCase):
    @settings(max_examples=40, deadline=None)
    @given(st.lists(moves, min_size=3, max_size=25))
    def test_the_filter_knows_what_stands_and_nothing_else(self, played):
        site = Site()
        for _ in range(12):
            site.play(("take", "flooder"))
        for move in played:
            site.play(move)
        expected = taught(site.standing())
        assert same_counts(store.model(), expected) and same_counts(store.read()[0], expected)
        store.fold()
        expected.calibration = store.calibrated(expected)
        for text in PROBES:
            mine, theirs = store.read()[0].score(Told(text)), expected.score(Told(text))
            assert mine.evidence == pytest.approx(theirs.evidence, abs=1e-6)
            assert mine.probability == pytest.approx(theirs.probability, abs=1e-6)
            assert mine.share == pytest.approx(theirs.share, abs=1e-6)


def test_a_long_flood_that_is_taken_back_one_by_one(db):
    site = Site()
    for _ in range(14):
        site.play(("take", "flooder"))
    for place in range(14):
        site.play(("decide", "spam", [place]))
    for place in range(13, -1, -1):
        site.play(("undo", place))
        assert same_counts(store.model(), taught(site.standing()))
    assert store.model().lessons == [0, 0]


def test_what_came_alike_meanwhile_keeps_what_was_known_when_it_came(db):
    """Its lesson holds that it was like spam, also after that decision is taken back: it is taken back as it is."""
    site = Site()
    site.play(("say", f"{SPAM} for all who read this today"))
    site.play(("say", f"{GOOD} Indeed."))
    site.play(("decide", "spam", [0]))
    site.play(("say", f"{SPAM} for all who read this tonight"))
    like_spam = bucket("context", "like:spam")
    assert like_spam in unpack(bytes(SpamSample.objects.get(comment=site.comments[2]).features))
    site.play(("decide", "approve", [1, 2]))
    site.play(("undo", 0))
    assert [is_spam for _sample, is_spam in site.standing()] == [False, False]
    assert same_counts(store.model(), taught(site.standing()))
