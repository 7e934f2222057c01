"""What stands with each comment in the queue: what was decided and why, its reports, its replies, its writer."""

import html
import re
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import urlsplit

from django.db.models import DateTimeField, IntegerField, Max, OuterRef, QuerySet, Subquery, TextField, Value
from django.db.models.functions import Concat, Lower
from django.urls import reverse
from django.utils.translation import gettext as _

from comments.admin import words
from comments.admin.opinions import Opinion, opinions
from comments.admin.queue import Place
from comments.admin.standings import page_of, standings, writer_of
from comments.effective import edit_place
from comments.models import BlockHit, BlockRule, Comment, ModerationEvent, ModerationNote, Report
from comments.models.comment import ID_WIDTH, CommentQuerySet
from comments.moderation import Verb
from comments.policy import reason_text
from comments.standing import Standing

RECORD = 500  # of a writer's newest comments
REPLIES = 1_000
REPORTS = 500
LINKS = 10
A_LINK = re.compile(r'<a href="([^"]*)"[^>]*>(.*?)</a>', re.DOTALL)  # as the sanitizer writes it
A_NAME = re.compile(r"\w(?:[\w.-]*\w)?")
Status = Comment.Status


class Rows(Subquery):
    """How many rows a bounded query has."""

    template = "(SELECT COUNT(*) FROM (%(subquery)s) AS counted)"
    output_field = IntegerField()


class Statuses(Subquery):
    """The statuses of a bounded query's rows, with commas between; of an `author`, only those under own posts. Counted
    here: the database would go through the rows once for each status."""

    template = "(SELECT %(listing)s FROM (%(subquery)s) AS listed%(where)s)"
    output_field = TextField()

    def __init__(self, queryset: QuerySet, author: int | None) -> None:
        own = "SELECT 1 FROM blog_post WHERE blog_post.id = listed.post_id AND blog_post.author_id ="
        where = f" WHERE EXISTS ({own} {author:d})" if author else ""
        super().__init__(queryset, where=where, listing="group_concat(listed.status)")

    def as_postgresql(self, compiler, connection) -> tuple[str, list]:
        return self.as_sql(compiler, connection, listing="string_agg(listed.status, ',')")


@dataclass
class Record:
    """The other comments of the same account or proved address or, proved by nothing, of the same typed address."""

    counts: dict[str, int] = field(default_factory=lambda: dict.fromkeys(Status.values, 0))
    first: datetime | None = None

    @property
    def total(self) -> int:
        return sum(self.counts.values())

    @property
    def is_bounded(self) -> bool:
        return self.total >= RECORD - 1


@dataclass
class Case:
    comment: Comment
    address: str
    reasons: list[str]
    leads_to: list[str]  # the addresses behind links whose words do not show them
    website_is_link: bool
    post_is_public: bool
    edit_post: str  # where the user may
    answered: str  # the address of what it answers
    by: str  # the queue with this writer's alone ...
    on_post: str  # ... with this post's alone
    buttons: list[dict]
    can_reply: bool = False
    can_reject: bool = False
    known_by: str = ""  # how it is known who wrote it
    writer: str = ""  # the address of the writer's page, for those who may see it ...
    standing: Standing | None = None  # ... and what the writer has proved to be
    appeal: str = ""  # the writer's words, who asked to look again
    record: Record = field(default_factory=Record)
    opinion: Opinion | None = None  # the spam filter's
    last: ModerationEvent | None = None  # the last decision on it
    happened: str = ""  # that decision in words
    told: str = ""
    rules: list[BlockRule] = field(default_factory=list)
    reports: list[Report] = field(default_factory=list)  # open ones
    complaints: list[tuple[str, int]] = field(default_factory=list)  # their kinds, with numbers
    replies: int = 0


def cases_of(comments: list[Comment], user) -> list[Case]:
    """A case for each comment, as this user sees it; in thirteen queries at most, however many there are."""
    found = [_case(comment, user) for comment in comments]
    ids = [comment.pk for comment in comments]
    last, hits, reports, replies = _last_decisions(ids), _hits(ids), _open_reports(comments), _replies(comments)
    records = _records(comments, None if user.has_perm("comments.moderate_any_comment") else user.pk)
    appeals, seen = _appeals(comments), opinions(ids)
    if user.has_perm("comments.view_commenter"):
        _add_standing(found)
    for case in found:
        pk = case.comment.pk
        case.record, case.appeal = records[pk], appeals.get(pk, "")
        case.opinion = seen.get(pk)
        case.last, case.rules, case.replies = last.get(pk), hits[pk], replies.get(pk, 0)
        case.reports = reports[pk]
        case.complaints = list(Counter(report.get_kind_display() for report in reports[pk]).most_common())
        if case.last:
            case.happened = words.happened(case.last)
            case.told = words.told(case.last)
    return found


def _case(comment: Comment, user) -> Case:
    post = comment.post
    status, is_gone = comment.status, bool(comment.withdrawn_at) or not comment.body
    return Case(
        comment=comment,
        address=reverse("admin:comments_comment_change", args=[comment.pk]),
        reasons=[reason_text(reason) for reason in comment.reasons],
        leads_to=hidden_addresses(comment.body_html)[:LINKS],
        website_is_link=comment.author_url.startswith(("http://", "https://")),
        post_is_public=post.is_public(),
        edit_post=edit_place(post, user),
        answered=reverse("admin:comments_comment_change", args=[comment.parent_id]) if comment.parent_id else "",
        by=Place(status=status, by=comment.pk).query(),
        on_post=Place(status=status, post=post.pk).query(),
        buttons=[] if is_gone else buttons(status, bool(comment.reported_at), comment.pk),
        can_reply=status in (Status.PENDING, Status.APPROVED),
        can_reject=Verb.REJECT.applies_to(status) and not is_gone,
        known_by=_known_by(comment),
    )


def _known_by(comment: Comment) -> str:
    if comment.user_id:
        return _("account")
    if comment.commenter_id:
        return _("e-mail, proved")
    return _("typed, not proved") if comment.author_email else ""


def _add_standing(cases: list[Case]) -> None:
    """Of writers who proved who they are: what was typed alone has none, whosever address it is."""
    writers = {case.comment.pk: writer_of(case.comment) for case in cases if case.comment.is_proved}
    found = standings(writers.values())
    for case in cases:
        if writer := writers.get(case.comment.pk):
            case.writer, case.standing = page_of(writer), found[writer.reference]


def hidden_addresses(body_html: str) -> list[str]:
    """Where links lead whose words do not name the place: a moderator sees it without following them."""
    found = {}
    for address, words_of_link in A_LINK.findall(body_html):
        address, said = html.unescape(address), html.unescape(re.sub("<[^>]*>", "", words_of_link))
        host = _host(address)
        if not host or host not in A_NAME.findall(said.lower()):
            found[address] = None
    return list(found)


def _host(address: str) -> str:
    try:
        return urlsplit(address).hostname or ""
    except ValueError:  # a bracket too many
        return ""


def buttons(status: str, is_reported: bool, pk: int | None = None) -> list[dict]:
    """The verbs for comments of a status, each with its address: for one comment, or for the ticked ones."""
    names = "admin:comments_comment_{}" if pk else "admin:comments_comment_{}_selected"
    found = []
    for verb in Verb:
        keeps = verb is Verb.APPROVE and is_reported
        if keeps or verb.applies_to(status):
            url = reverse(names.format(verb), args=[pk] if pk else [])
            found.append({"verb": verb, "label": _("Keep") if keeps else verb.label, "url": url})
    return found


def _last_decisions(ids: list[int]) -> dict[int, ModerationEvent]:
    """Not the appeal, which the case shows by itself: what it is against."""
    events = ModerationEvent.objects.filter(comment_id__in=ids).exclude(from_status="").exclude(reason="appeal")
    last = events.order_by().values("comment_id").annotate(last=Max("pk")).values("last")
    found = ModerationEvent.objects.filter(pk__in=last).select_related("actor", "note").order_by()
    return {event.comment_id: event for event in found}


def _appeals(comments: list[Comment]) -> dict[int, str]:
    ids = [comment.pk for comment in comments if comment.appealed_at]
    notes = ModerationNote.objects.filter(comment__in=ids, kind=ModerationNote.Kind.APPEAL)
    return dict(notes.values_list("comment", "text")) if ids else {}


def _hits(ids: list[int]) -> dict[int, list[BlockRule]]:
    found = defaultdict(list)
    for hit in BlockHit.objects.filter(comment__in=ids).select_related("rule").order_by("pk"):
        found[hit.comment_id].append(hit.rule)
    return found


def _open_reports(comments: list[Comment]) -> dict[int, list[Report]]:
    found = defaultdict(list)
    ids = [comment.pk for comment in comments if comment.status == Status.APPROVED]
    if ids:
        for report in Report.objects.filter(comment__in=ids, closed_at=None).order_by("pk")[:REPORTS]:
            found[report.comment_id].append(report)
    return found


def _replies(comments: list[Comment]) -> dict[int, int]:
    """How many approved and pending replies lie below those that can be removed. Counted by their paths, so that those
    below a comment of the tenth level count with it only if they stand under it."""
    ids = [comment.pk for comment in comments if Verb.REMOVE.applies_to(comment.status)]
    if not ids:
        return {}
    below = Comment.objects.filter(
        post=OuterRef("post"),
        in_thread__in=[True, False],  # the index by path has it in between
        path__gt=OuterRef("path"),
        path__lt=Concat(OuterRef("path"), Value("9" * ID_WIDTH)),
        status__in=[Status.APPROVED, Status.PENDING],
    )
    rows = Comment.objects.filter(pk__in=ids).order_by().annotate(below=Rows(below.order_by().values("pk")[:REPLIES]))
    return dict(rows.values_list("pk", "below"))


def _records(comments: list[Comment], author: int | None) -> dict[int, Record]:
    """What is known of each comment's writer: of the newest comments, so that a busy one costs no more. An author is
    told of those under own posts alone."""
    records = {comment.pk: Record() for comment in comments}
    accounts, proved, typed = defaultdict(list), defaultdict(list), defaultdict(list)
    for comment in comments:
        if comment.user_id:
            accounts[comment.user_id].append(comment)
        elif comment.commenter_id:
            proved[comment.commenter_id].append(comment)
        elif comment.author_email:
            typed[comment.author_email.lower()].append(comment)
    by_account = Comment.objects.filter(user=OuterRef("user"))
    by_commenter = Comment.objects.filter(commenter=OuterRef("commenter"))
    by_email = Comment.objects.unproved().filter(typed=Lower(OuterRef("author_email")))
    for theirs, of_writer in ((accounts, by_account), (proved, by_commenter), (typed, by_email)):
        known = _known([group[0].pk for group in theirs.values()], of_writer, author)
        for group in theirs.values():
            for comment in group:
                counts, first = known[group[0].pk]
                records[comment.pk] = Record(counts | {comment.status: max(counts[comment.status] - 1, 0)}, first)
    return records


def _known(ids: list[int], of_writer: CommentQuerySet, author: int | None) -> dict[int, tuple[dict, datetime | None]]:
    """By the id of one comment of each writer: how many have which status, and when the first was written."""
    if not ids:
        return {}
    newest = of_writer.order_by("-created_at", "-pk").values("status", "post_id")[:RECORD]
    first = of_writer.order_by("created_at", "pk").values("created_at")[:1]
    rows = (
        Comment.objects.filter(pk__in=ids)
        .order_by()
        .annotate(
            statuses=Statuses(newest, author),
            first=Value(None, DateTimeField()) if author else Subquery(first),
        )
    )
    return {
        pk: (dict.fromkeys(Status.values, 0) | Counter(statuses.split(",") if statuses else ()), first)
        for pk, statuses, first in rows.values_list("pk", "statuses", "first")
    }
