"""How the filter sees a comment when it comes."""

from collections.abc import Iterable
from datetime import timedelta

from django.db.models import Q
from django.utils import timezone
from django.utils.crypto import salted_hmac

from blog.prepared import Given, Prepared
from comments.models import Comment, SpamSample
from comments.spam import store
from comments.spam.features import INDEX, Part, Told, bucket, pack, parts
from comments.spam.model import Model

SKETCHED = 8  # of a comment's words: those with the smallest hashes
ALIKE = 0.6  # of two sketches, what they must have in common
RECENT, SINCE = 200, timedelta(days=7)  # samples that a new comment is compared with
OF_SOURCE = 20  # samples of its own source that are looked at
# Of other comments: one that is looked at again is not like itself. First the newest, then those that are recent: the
# other way round, a quiet week would have all samples looked through.
NEWEST = Prepared(
    lambda: SpamSample.objects.filter(
        ~Q(comment=Given("comment")),
        pk__in=SpamSample.objects.order_by("-pk").values("pk")[:RECENT],
        created_at__gte=Given("since"),
    ).values_list("likeness", "is_spam")
)
BY_SOURCE = Prepared(
    lambda: (
        SpamSample.objects.filter(~Q(comment=Given("comment")), source=Given("source"))
        .order_by("-pk")
        .values_list("is_spam", flat=True)[:OF_SOURCE]
    )
)


def sample_of(comment: Comment, network: str = "", seconds: float | None = None) -> SpamSample:
    """The sample of a comment, stored or (not saved yet) made now. `network` is the digest of where it comes from,
    `seconds` say for how long the form was open."""
    stored = SpamSample.objects.filter(comment=comment).first() if comment.pk else None
    if stored and (comment.edited_at is None or stored.created_at >= comment.edited_at):
        return stored
    return look(comment, network or comment.address_digest, seconds)


def look(comment: Comment, network: str = "", seconds: float | None = None) -> SpamSample:
    """The sample as it is now, compared with what came lately, and not saved."""
    source, found = source_of(comment, network), parts_of(comment, seconds)
    since, mine = timezone.now() - SINCE, comment.pk or 0
    context = list(alike(sketch(found), NEWEST(since=since, comment=mine)))
    context += known(BY_SOURCE(source=source, comment=mine) if source else [])
    return made_of(found, context, source, store.model())


def parts_of(comment: Comment, seconds: float | None = None) -> list[Part]:
    """What the comment itself is made of, without what came before it."""
    told = Told(
        text=comment.body,
        name=comment.author_name,
        email=comment.author_email,
        url=comment.author_url,
        seconds=seconds,
        depth=comment.parent.depth + 1 if comment.parent_id else 0,
    )
    return parts(told)


def made_of(found: list[Part], context: Iterable[str], source: str, model: Model) -> SpamSample:
    """The sample of a comment that parts_of() took apart, as this model sees it; `context` says what came before."""
    likeness = sketch(found)
    add_context(found, context)
    score = model.score_of(found)
    return SpamSample(
        created_at=timezone.now(),
        evidence=score.evidence,
        probability=score.probability,
        share=score.share,
        is_sure=score.is_sure,
        why=score.why,
        features=pack(score.buckets),
        likeness=likeness,
        source=source,
    )


def add_context(found: list[Part], context: Iterable[str]) -> None:
    """Makes what came before a comment a part of what it is made of."""
    found[0] |= {("context", value): bucket("context", value) for value in context}


def source_of(comment: Comment, network: str = "") -> str:
    """Where it came from, as a digest: its network, or else who wrote it."""
    writer = comment.user_id or comment.commenter_id or comment.author_email.lower()
    if network or not writer:
        return network
    return salted_hmac("comments.spam.source", str(writer), algorithm="sha256").hexdigest()[:32]


def sketch(found: list[Part]) -> str:
    """The words with the smallest hashes: of two texts that are much alike, these are much alike too (A. Broder, “On
    the resemblance and containment of documents”, 1997). `found` is what parts() gave."""
    hashes = {bucket(kind, value) & INDEX for part in found for kind, value in part if kind == "word"}
    return " ".join(f"{word:x}" for word in sorted(hashes)[:SKETCHED])


def alike(likeness: str, earlier: Iterable[tuple[str, bool | None]]) -> Iterable[str]:
    """What became of earlier comments, (likeness, is_spam) each, with much the same words."""
    mine = set(likeness.split())
    if len(mine) < SKETCHED // 2:
        return
    labels = []
    for theirs, is_spam in earlier:
        common = mine.intersection(theirs.split())
        if len(common) >= ALIKE * max(len(mine), SKETCHED // 2):
            labels.append(is_spam)
    if True in labels:
        yield "like:spam"
    if False in labels:
        yield "like:good"
    if len(labels) > 1:
        yield "like:many"


def known(labels: Iterable[bool | None]) -> Iterable[str]:
    """What became of the newest comments of the same source."""
    labels = list(labels)
    if True in labels:
        yield "network:spam"
    if False in labels:
        yield "network:good"
