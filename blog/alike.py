"""Which posts are like which: found when one is saved, so that a post's page only reads what stands there.

Looked at are the newest posts of each of its labels, those that hold the longest words of its title, and those that
stand with it already: so many and no more, however large the site. What says most are labels that few posts have; then
words that titles and summaries share. Each post keeps the best six. The next save of either finds anew what has changed
meanwhile, and `manage.py render` does so for all.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from functools import lru_cache
from math import log2, sqrt

from django.db import connection, transaction
from django.utils import timezone

from blog.models import Alike, LabelCount, Post, PostTag, SiteSettings
from blog.prepared import Given, Prepared
from blog.search.normalise import PAIRED, stem, words
from blog.search.query import Term, terms
from blog.search.table import table

KEPT = 6  # for each post: of these, readers see the first three that they may
LABELS, OF_LABEL = 8, 40  # labels of a post that are looked at, and posts of each
WORDS, OF_WORDS = 2, 50  # words of a title, and posts that hold them all
STANDING = 20  # posts on whose pages it stands already
COMPARED = 60  # posts whose words are read
GIVING = 15  # posts that may take it up in turn
LONG = 4  # letters; shorter words say little

NEWEST = Prepared(
    lambda: (
        PostTag.objects.filter(tag=Given("tag"), published_at__lte=Given("now"))
        .order_by("-published_at", "-content_object")
        .values_list("content_object", flat=True)[:OF_LABEL]
    )
)


@transaction.atomic
def keep(pk: int) -> None:
    """Notes which posts are like this one, and which of those have it among their own best. What is no post, or not
    published, keeps what it has.

    It locks the posts that it writes of, in one order: two that are saved at once do not wait for each other.
    """
    columns = ("kind", "status", "title", "summary", "language")
    post = Post.objects.only(*columns).filter(pk=pk, kind=Post.Kind.POST, status=Post.Status.PUBLISHED).first()
    if post is None:
        return
    scores = _scores(post, SiteSettings.load().language)
    best = sorted(scores, key=lambda other: (-scores[other], -other))
    _write(pk, scores, best[:GIVING])


def keep_all(pks: Iterable[int]) -> None:
    """The same for many, each in its own transaction."""
    for pk in pks:
        keep(pk)


def _scores(post: Post, site_language: str) -> dict[int, float]:
    """How much other posts of the same language are like this one, those that are at all."""
    language = post.language or site_language
    labels = _labels(post)
    by_label = {other for label in labels for other in NEWEST(tag=label, now=timezone.now())}
    by_words = _with_words_of(post.title, language)
    standing = {
        *Alike.objects.filter(post=post.pk).values_list("other", flat=True),
        *Alike.objects.filter(other=post.pk).order_by("-pk").values_list("post", flat=True)[:STANDING],
    }
    weights: dict[int, float] = defaultdict(float)
    found = (by_label | by_words | standing) - {post.pk}
    if labels:  # those of a label may be very many: of these posts all labels are read
        links = PostTag.objects.filter(content_object__in=found).order_by()
        for other, label in links.values_list("content_object", "tag"):
            weights[other] += labels.get(label, 0.0)
    order = {other: (other not in standing, -weights[other], other not in by_words, -other) for other in found}
    nearest = sorted(found, key=order.__getitem__)[:COMPARED]
    own = _said(post.title, post.summary, language)
    # Not of published posts alone: SQLite would go through all of those.
    rows = Post.objects.filter(pk__in=nearest).values_list("kind", "status", "language", "pk", "title", "summary")
    wanted = (Post.Kind.POST, Post.Status.PUBLISHED, language)
    scores = {}
    for kind, status, others_language, other, *said in rows:
        if (kind, status, others_language or site_language) == wanted:
            scores[other] = round(weights[other] + _overlap(own, _said(*said, language)), 4)
    return {other: score for other, score in scores.items() if score}


def _labels(post: Post) -> dict[int, float]:
    """What each label that it shares counts: the fewer posts have it, the more. The rarest, if it has very many."""
    counts = LabelCount.objects.filter(label__items__content_object=post.pk).order_by("count", "label")
    return {label: 1 / log2(2 + max(0, count)) for label, count in counts.values_list("label", "count")[:LABELS]}


def _with_words_of(title: str, language: str) -> set[int]:
    """Posts that hold the longest words of a title."""
    longest = sorted(terms(title, language), key=lambda term: (-len(term.word), term.word))[:WORDS]
    asked: list[Term] = [replace(term, is_prefix=False) for term in longest if _says(term.word)]
    if not asked:
        return set()
    with connection.cursor() as cursor:
        cursor.execute(f"{table().IDS} LIMIT %s", [table().expression(asked), OF_WORDS])
        return {pk for (pk,) in cursor.fetchall()}


@lru_cache(maxsize=2_000)
def _said(title: str, summary: str, language: str) -> frozenset[str]:
    found = {word.text for word in words(f"{title}\n{summary}") if _says(word.text)}
    return frozenset(stem(word, language) or word for word in found)


def _says(word: str) -> bool:
    return len(word) >= LONG or bool(PAIRED.match(word))


def _overlap(one: frozenset[str], other: frozenset[str]) -> float:
    """Between 0, nothing in common, and 1, the same words."""
    return len(one & other) / sqrt(len(one) * len(other)) if one and other else 0.0


def _write(pk: int, scores: dict[int, float], giving: list[int]) -> None:
    """Has `pk` keep the best of these. Those of `giving` take it up if it is better than the last that they have; those
    that had it have it by its new score, if it still has one."""
    had_by = Alike.objects.filter(other=pk).order_by("-pk").values_list("post", flat=True)[:STANDING]
    rows = Post.objects.select_for_update(no_key=True).order_by("pk").filter(pk__in={pk, *giving, *had_by})
    held = list(rows.values_list("pk", flat=True))
    if pk not in held:
        return
    had: dict[int, dict[int, Alike]] = {one: {} for one in held}
    for row in Alike.objects.filter(post__in=held):
        had[row.post_id][row.other_id] = row
    gone, new = [], []
    for one in held:
        if one == pk:
            wanted = {other: scores[other] for other in giving if other in had}
        else:
            wanted = {other: row.score for other, row in had[one].items() if other != pk}
            wanted |= {pk: scores[one]} if one in scores else {}
        best = dict(sorted(wanted.items(), key=lambda pair: (-pair[1], -pair[0]))[:KEPT])
        gone += [row.pk for other, row in had[one].items() if best.get(other) != row.score]
        kept = {other for other, row in had[one].items() if best.get(other) == row.score}
        new += [Alike(post_id=one, other_id=other, score=best[other]) for other in best if other not in kept]
    if gone:
        Alike.objects.filter(pk__in=gone).delete()
    Alike.objects.bulk_create(new)
