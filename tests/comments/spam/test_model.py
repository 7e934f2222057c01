import random
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from comments.spam.calibration import Calibration
from comments.spam.features import INDEX, SIZE, Told, bucket, buckets
from comments.spam.model import FEWEST, Model

GOOD = [f"Thank you for the walk along the river, part {n}. The old bridge was closed." for n in range(30)]
SPAM = [f"Subscribe to my channel now and win {n} prizes at http://win.example.com/{n}" for n in range(30)]


def taught(good=GOOD, spam=SPAM, **fields) -> Model:
    model = Model(**fields)
    for texts, is_spam in ((good, False), (spam, True)):
        for text in texts:
            model.learn(buckets(Told(text)), is_spam)
    return model


@pytest.fixture(scope="module")
def model():
    return taught()


def test_it_tells_spam_from_good(model):
    spam = model.score(Told("Please subscribe to my channel"))
    good = model.score(Told("We took the walk along the river too"))
    assert spam.probability > 0.8 > 0.2 > good.probability
    assert spam.is_sure and good.is_sure and spam.evidence > 0 > good.evidence


def test_it_says_why(model):
    why = model.score(Told("Subscribe! Thank you for the walk: http://win.example.com/")).why
    weights = [weight for _, _, weight in why]
    said = [row[:2] for row in why]
    assert ["word", "subscribe"] in said and ["link", "win.example.com"] in said
    assert sum(kind in ("link", "link part", "ending") for kind, _ in said) <= 2
    assert sum(weight > 0 for weight in weights) == 4 and sum(weight < 0 for weight in weights) <= 4
    assert min(weights[:4]) > 0 > max(weights[4:])


def test_the_shortest_words_are_named_only_for_want_of_others():
    mine = taught(["to be at it"] * 20, ["a b subscribe channel prizes winners"] * 20)
    said = [value for kind, value, weight in mine.score(Told("a b subscribe channel prizes winners")).why if weight > 0]
    assert {"subscribe", "channel", "prizes", "winners"} & set(said) and not {"a", "b"} & set(said)
    assert ["word", "a"] in [row[:2] for row in mine.score(Told("a")).why]


def test_words_nobody_has_seen_are_judged_by_their_pieces(model):
    score = model.score(Told("subscribers"))
    assert score.evidence > 0 and any(kind == "piece" for kind, _, _ in score.why)


def test_nothing_learnt_says_nothing():
    score = Model().score(Told("Hello there"))
    assert (score.evidence, score.probability, score.is_sure, score.why) == (0.0, 0.5, False, [])


@pytest.mark.parametrize("good, spam, is_sure", [(20, 20, True), (19, 30, False), (30, 19, False), (0, 30, False)])
def test_it_is_sure_only_with_lessons_of_both_kinds(good, spam, is_sure):
    assert FEWEST == 20
    assert taught(GOOD[:good], SPAM[:spam]).score(Told("the old bridge")).is_sure is is_sure


@pytest.mark.parametrize("text", ["", "   ", "سلام دوست من", "在家兼职", "Xylophon quartz", "\U0001f600"])
def test_it_is_not_sure_of_what_it_has_never_seen(model, text):
    assert not model.score(Told(text)).is_sure


def test_the_seed_counts_towards_being_sure():
    assert taught([], [], seed=taught()).score(Told("the old bridge")).is_sure


def test_the_seed_fades_as_lessons_come():
    seed, text = taught(), buckets(Told("subscribe to my channel"))
    fresh, other = Model(seed=seed), Model(seed=seed)
    for n in range(400):
        other.learn(buckets(Told(f"nothing of the kind {n}")), n % 2 == 0)
    assert fresh.evidence(text) == pytest.approx(seed.evidence(text))
    assert 0 < other.evidence(text) < 0.5 * seed.evidence(text)


def test_good_words_in_front_do_not_hide_spam(model):
    spam = "Subscribe to my channel now and win prizes at http://win.example.com/ "
    padding = "Thank you for the walk along the river. The old bridge was closed. " * 60
    assert model.score(Told(padding + spam)).evidence > 0 > model.score(Told(padding)).evidence
    assert model.score(Told(spam + padding)).evidence > 0


def test_a_trick_never_speaks_for_a_comment():
    """Even where only good comments have used it so far."""
    tricky = taught([text.replace("bridge", "br\u0456dge") for text in GOOD], SPAM)
    plain, disguised = "subscribe to my channel", "subscr\u0456be to my channel"
    assert tricky.score(Told(disguised)).evidence >= tricky.score(Told(plain)).evidence - 1e-9


SAID = st.sampled_from(["walk", "river", "bridge", "subscribe", "channel", "win", "fr33", "ю"])
LESSONS = st.lists(st.tuples(st.lists(SAID, max_size=6), st.booleans()), max_size=12)


@settings(max_examples=60, deadline=None)
@given(LESSONS, st.data())
def test_unlearning_leaves_what_the_others_taught(lessons, data):
    """Evidence and probability, calibrated anew, are those of a model that never learnt what was taken back."""
    lessons = [(buckets(Told(" ".join(words))), is_spam) for words, is_spam in lessons]
    undone = data.draw(st.lists(st.booleans(), min_size=len(lessons), max_size=len(lessons)))
    order = data.draw(st.permutations(range(len(lessons))))
    kept = [lesson for lesson, is_undone in zip(lessons, undone, strict=True) if not is_undone]
    one, other = Model(), Model()
    for lesson in lessons:
        one.learn(*lesson)
    for at in order:
        if undone[at]:
            one.learn(*lessons[at], sign=-1)
    for lesson in kept:
        other.learn(*lesson)
    one.calibration, other.calibration = Calibration.of(one, kept), Calibration.of(other, kept)
    for text in ("walk along the river", "subscribe and win", "ю"):
        a, b = one.score(Told(text)), other.score(Told(text))
        assert a.evidence == pytest.approx(b.evidence, abs=1e-6)
        assert a.probability == pytest.approx(b.probability, abs=1e-6)
        assert (a.is_sure, a.why) == (b.is_sure, b.why)


def test_own_lessons_are_judged_as_if_they_were_not_learnt(model):
    found = buckets(Told(SPAM[3]))
    judged = model.evidence(found, own=True)
    without = taught(GOOD, SPAM[:3] + SPAM[4:])
    assert judged == pytest.approx(without.evidence(found), abs=1e-9)


def test_taking_back_what_was_never_learnt_does_not_fail():
    model = Model()
    model.learn(buckets(Told("walk")), True, sign=-1)
    assert model.score(Told("walk")).probability == 0.5


def test_what_is_dumped_comes_back(model):
    again = Model.load(model.dump())
    text = Told("Subscribe to the walk")
    assert again.score(text) == model.score(text) and again.lessons == [30, 30]
    assert len(model.dump()) < 200_000


@pytest.mark.parametrize(
    "spoil",
    [
        lambda dumped: b"",
        lambda dumped: dumped[:200],
        lambda dumped: b"x" + dumped,
        lambda dumped: dumped.replace(b" 30 ", b" -3 ", 1),
        lambda dumped: dumped.replace(b" 30 ", b" many ", 1),
        lambda dumped: dumped.partition(b"\n")[0],
    ],
)
def test_what_is_no_dump_is_refused(model, spoil):
    with pytest.raises(ValueError, match="not what a spam filter has learnt"):
        Model.load(spoil(model.dump()))


def test_a_dump_of_other_features_is_refused(model):
    dumped = model.dump().replace(b"marginalia spam 1 2 ", b"marginalia spam 1 0 ", 1)
    with pytest.raises(ValueError, match="version 0"):
        Model.load(dumped)


def test_a_dump_that_only_lacks_the_newest_features_is_of_use(model):
    dumped = model.dump().replace(b"marginalia spam 1 2 ", b"marginalia spam 1 1 ", 1)
    assert Model.load(dumped).counts == model.counts


def million() -> Model:
    """A model as after a million lessons: every bucket has been counted, some of them very often."""
    model, rng = Model(), random.Random(1)
    few = [rng.choice((0, 1, 1, 2, 3, 9, 400, 30_000)) for _ in range(4096)]
    model.counts[:] = model.counts[:0] + type(model.counts)("i", few * (2 * SIZE // 4096))
    model.lessons = [500_000, 500_000]
    return model


@pytest.mark.slow
def test_it_is_quick_after_a_million_lessons():
    """Of comments of 600 characters; the best of five, since others use the machine too."""
    model, rng = million(), random.Random(2)
    letters = "etaoinshrdlu"
    vocabulary = ["".join(rng.choices(letters, k=rng.randint(2, 9))) for _ in range(3_000)]
    told = [Told(" ".join(rng.choices(vocabulary, k=110))[:600], "Ann", "a@mail.example") for _ in range(50)]
    scored = [model.score(one).buckets for one in told]
    score = min(_seconds(lambda: [model.score(one) for one in told]) for _ in range(5)) / len(told)
    learn = min(_seconds(lambda: [model.learn(found, True) for found in scored]) for _ in range(5)) / len(told)
    print(f"score {1000 * score:.2f} ms, learn {1000 * learn:.2f} ms")
    # 2 ms and 0.5 ms where nothing else runs (docs/spam.md); test machines are shared.
    assert score < 0.008 and learn < 0.002


def _seconds(run) -> float:
    began = time.process_time()
    run()
    return time.process_time() - began


def test_memory_does_not_grow(model):
    before = len(model.counts)
    model = taught(GOOD * 3, SPAM)
    assert len(model.counts) == before == 2 * SIZE
    assert model.counts[(bucket("word", "walk") & INDEX) * 2] == 90
