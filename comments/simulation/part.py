"""Comments that came one after another, and all that the policy asks about each."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.contrib.auth import get_user_model
from django.contrib.auth.models import AnonymousUser
from django.db.models import Exists, OuterRef, Q

from blog.models import Post
from comments.conditions import Conditions
from comments.models import Comment, Commenter, CommentSettings, SpamSample
from comments.simulation.log import Event, arrivals, chunks, decided, events_of, versions, words_before
from comments.simulation.past import Key, Past, key_of
from comments.simulation.stored import FIELDS, Stored, before, meanwhile, proved_since, replayed

READ = [*FIELDS[1:], "body", "body_html", "author_url"]
POST = ["author_id", "title", "kind", "comments_mode", "published_at"]


@dataclass(frozen=True)
class Account:
    """Who wrote while signed in, with what the account may do now: a policy.Facts.user."""

    pk: int
    decides: bool
    is_authenticated: bool = True

    def has_perm(self, name: str) -> bool:
        return self.decides and name == "comments.moderate_any_comment"


@dataclass
class Came:
    """A comment with the words and the proof that it came with."""

    comment: Comment
    user: Account | AnonymousUser
    arrival: Event
    decided: str  # the status that a person's decision gave it, or empty
    is_scored: bool = False  # whether the spam filter saw it


@dataclass
class Part:
    came: list[Came]  # in the order of the log
    conditions: list[dict[int, Conditions]]  # of each settings, by post
    past: Past


def newest(size: int) -> list[int]:
    """The newest comments that came through the form, the oldest of them first."""
    came = Exists(arrivals().filter(comment_id=OuterRef("pk")))
    return list(Comment.objects.filter(came).order_by("-pk").values_list("pk", flat=True)[:size])[::-1]


def read(ids: list[int], tried: Sequence[CommentSettings]) -> Part:
    """These comments with their past, for a policy with each of these settings; without those that are deleted
    meanwhile."""
    events = events_of(ids)
    comments = [comment for chunk in chunks(ids) for comment in Comment.objects.filter(pk__in=chunk).only(*READ)]
    posts = Post.objects.only(*POST).in_bulk({comment.post_id for comment in comments})
    accounts = _accounts({comment.user_id for comment in comments if comment.user_id})
    came = []
    for comment in comments:
        arrival = next((event for event in events[comment.pk] if event.is_arrival), None)
        if arrival:
            comment.post = posts[comment.post_id]
            user = accounts.get(comment.user_id) or AnonymousUser()
            came.append(Came(comment, user, arrival, decided(events[comment.pk])))
    came.sort(key=lambda one: one.arrival.moment)
    flood = timedelta(seconds=max(settings.flood_seconds for settings in tried))
    past = _past(came, events, flood) if came else None
    for one in came:
        one.is_scored = one.comment.pk in past.samples
    return Part(came, [Conditions.of_many(posts.values(), settings) for settings in tried], past)


def _accounts(ids: set[int]) -> dict[int, Account]:
    code, User, found = "moderate_any_comment", get_user_model(), {}
    may = Q(is_superuser=True) | Q(user_permissions__codename=code) | Q(groups__permissions__codename=code)
    for chunk in chunks(ids):
        there = User.objects.filter(pk__in=chunk)
        deciding = set(there.filter(may, is_active=True).values_list("pk", flat=True))
        found |= {pk: Account(pk, pk in deciding) for pk in chunk}
    return found


def _past(came: list[Came], events: dict[int, list[Event]], flood: timedelta) -> Past:
    """What was there when each of them came; they are given back the words and the lack of proof they came with."""
    start, end = came[0].arrival.moment, came[-1].arrival.moment
    commenters = _commenters([one.comment for one in came])
    stored = {one.comment.pk: Stored(*(getattr(one.comment, name) for name in FIELDS)) for one in came}
    before_edits = words_before(event for one in came for event in events[one.comment.pk])
    texts = {one.comment.pk: (one.comment.body, before_edits) for one in came}
    for one in came:
        _take_back(one.comment, events[one.comment.pk], before_edits, commenters)
    wanted = _wanted(came)
    flood_since = min(one.comment.created_at for one in came) - flood
    others = before(wanted, commenters.values(), start[0], flood_since) | meanwhile(wanted, start, end)
    others = {pk: one for pk, one in others.items() if pk not in stored}
    events = events | events_of(others, since=start)
    texts |= _texts(others.values(), events, {(one.comment.post_id, one.comment.parent_id) for one in came})
    rows, happenings = [], []
    for one in (stored | others).values():
        of_one = events.get(one.pk, [])
        since = proved_since(one, of_one, commenters)
        row, happened = replayed(one, of_one, texts.get(one.pk), start, since)
        rows += [row] if row else []
        happenings += [happening for happening in happened if happening.at <= end]
    return Past(rows, happenings, wanted, commenters.values(), _samples(stored))


def _commenters(comments: list[Comment]) -> dict[int, Commenter]:
    """Those that these comments, or their addresses, name."""
    found: dict[int, Commenter] = {}
    names = {
        "pk": {comment.commenter_id for comment in comments},
        "user": {comment.user_id for comment in comments},
        "email": {comment.author_email.lower() for comment in comments},
    }
    for name, values in names.items():
        for chunk in chunks(values - {None, ""}):
            found |= {commenter.pk: commenter for commenter in Commenter.objects.filter(**{f"{name}__in": chunk})}
    return found


def _take_back(
    comment: Comment, events: list[Event], before_edits: dict[int, str], commenters: dict[int, Commenter]
) -> None:
    edits = [event for event in events if event.is_edit]
    if edits and comment.body:
        comment.body, comment.body_html = versions(comment.body, edits, before_edits)[0], ""
    stored = Stored(*(getattr(comment, name) for name in FIELDS))
    if proved_since(stored, events, commenters):
        comment.commenter = None


def _wanted(came: list[Came]) -> set[Key]:
    wanted = {key_of(one.comment) for one in came}
    return wanted | {("network", one.comment.address_digest) for one in came if one.comment.address_digest}


def _texts(others: Iterable[Stored], events: dict[int, list[Event]], places: set[tuple]) -> dict[int, tuple]:
    """The words of those that stand where one of the comments came to stand."""
    ids = [one.pk for one in others if (one.post_id, one.parent_id) in places]
    edits = words_before(event for pk in ids for event in events.get(pk, ()))
    found = {}
    for chunk in chunks(ids):
        found |= {pk: (body, edits) for pk, body in Comment.objects.filter(pk__in=chunk).values_list("pk", "body")}
    return found


def _samples(ids: Iterable[int]) -> dict[int, SpamSample]:
    found = {}
    for chunk in chunks(ids):
        samples = SpamSample.objects.filter(comment__in=chunk).defer("features", "why")
        found |= {sample.comment_id: sample for sample in samples}
    return found
