"""One verb on several comments: on those that are ticked, or on all that match the queue's filter."""

import uuid
from dataclasses import replace

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _

from blog.admin.bounded import in_words
from blog.ids import number
from blog.models import Post
from comments import counts, moderation
from comments.admin import queue, words
from comments.admin.desk import Desk, seen_in, told_in, why_not
from comments.admin.verbs import TELL_LENGTH, ready_reasons
from comments.models import BulkDecision, Comment
from comments.models.comment import CommentQuerySet
from comments.moderation import AT_ONCE, Decision, Verb
from comments.policy import REASONS

COUNTED = 10_000  # before a decision on all that match, they are counted up to here
NAMED = 5  # stale ones that are explained one by one


class Bulk(Desk):
    def decide_selected(self, request: HttpRequest, verb: Verb) -> HttpResponse:
        if request.method != "POST":
            return self.refuse_get(request)
        if not self.has_view_permission(request):
            raise PermissionDenied
        tell = told_in(request, verb)
        if "all" in request.POST:
            return self._decide_all(request, verb, tell)
        if len(tell) > TELL_LENGTH:
            problem = _("Not done: what you tell the writer has more than %d characters.") % TELL_LENGTH
            return self.not_done(request, problem, tell, status=422)
        selected = set(map(number, request.POST.getlist("selected"))) - {0}
        if not selected:
            self.say(request, messages.WARNING, _("Tick at least one comment first."))
            return self.back(request)
        if len(selected) > AT_ONCE:
            self.say(request, messages.ERROR, _("Nothing changed: tick at most %d comments.") % AT_ONCE)
            return self.back(request)
        mine = list(self.get_queryset(request).filter(pk__in=selected))
        if Comment.objects.filter(pk__in=selected - {comment.pk for comment in mine}).exists():
            raise PermissionDenied(_("Nothing changed: one of these comments is not yours to decide on."))
        seen = {pk: seen_in(request, pk) for pk in selected}
        decision = moderation.decide(selected, verb, actor=request.user, seen=seen, tell=tell)
        self._say_result(request, verb, decision, mine, seen)
        return self.back(request, mine)

    def _say_result(
        self, request: HttpRequest, verb: Verb, decision: Decision, comments: list[Comment], seen: dict[int, str]
    ) -> None:
        kept = any(comment.reported_at for comment in comments)
        if decision.changed:
            self.say_done(request, decision.batch, words.done(verb, len(decision.changed), kept=kept))
        if decision.left:
            self.say(request, messages.INFO, words.left(len(decision.left)))
        by_pk = {comment.pk: comment for comment in comments}
        for pk in decision.stale[:NAMED]:
            said = format_html(
                '<a href="{}"><bdi>{}</bdi></a>: {}',
                self.address(by_pk[pk]),
                by_pk[pk].author_name,
                why_not(pk, seen[pk]),
            )
            self.say(request, messages.WARNING, said)
        if len(decision.stale) > NAMED:
            more = len(decision.stale) - NAMED
            self.say(request, messages.WARNING, _("And %d more had changed since you saw them.") % more)

    def _decide_all(self, request: HttpRequest, verb: Verb, tell: str) -> HttpResponse:
        """Asks first, then decides on all that match as the moderator saw them: what has come since is left alone."""
        place = queue.Place.parse(request.POST.get("place", "")).start()
        newest = number(request.POST.get("newest", "")) or newest_id()
        place = replace(place, newest=newest)
        matching = queue.selected(self.get_queryset(request), place)
        is_too_long = len(tell) > TELL_LENGTH
        if "confirmed" not in request.POST or is_too_long:
            return self._ask(request, verb, place, matching, tell, is_too_long)
        rows = list(matching.order_by().only("status", "edited_at", "reported_at", "author_name")[: AT_ONCE + 1])
        if len(rows) > AT_ONCE:
            total = self._total(request, place, matching)[0]
            bulk = moderation.start_bulk(request.user, verb, place.query(), newest, total, tell)
            self.offer_undo(request, bulk.pk, words.done(verb, total))
            return HttpResponseRedirect(reverse("admin:comments_comment_bulk", args=[bulk.pk]))
        seen = {comment.pk: comment.state for comment in rows}
        decision = moderation.decide(seen, verb, actor=request.user, seen=seen, tell=tell)
        self._say_result(request, verb, decision, rows, seen)
        if not rows:
            self.say(request, messages.INFO, _("No comment matches any more."))
        return self.back(request)

    def _ask(
        self, request: HttpRequest, verb: Verb, place: queue.Place, matching, tell: str, is_too_long: bool
    ) -> HttpResponse:
        total, is_more = self._total(request, place, matching)
        context = {
            "title": words.asked(verb, total, is_more),
            "verb": verb,
            "tab": queue.TABS[place.status],
            "filter": filter_in_words(place, self.get_queryset(request)),
            "place": place,
            "tell": tell,
            "problem": _("This has more than %d characters.") % TELL_LENGTH if is_too_long else "",
            "action": reverse(f"admin:comments_comment_{verb}_selected"),
            "back_to": reverse("admin:comments_comment_changelist") + replace(place, newest=0).query(),
            "ready_reasons": ready_reasons(request.site.language),
        }
        return self.show(request, "confirm.html", context, status=422 if is_too_long else 200)

    def _total(self, request: HttpRequest, place: queue.Place, matching) -> tuple[int, bool]:
        """How many match, and whether they are more than that."""
        total = matching.order_by()[: COUNTED + 1].count()
        if total <= COUNTED:
            return total, False
        if place.filtered:
            return COUNTED, True
        return self.counts(request)[place.status], False

    def counts(self, request: HttpRequest) -> dict[str, int]:
        if request.user.has_perm("comments.moderate_any_comment"):
            return counts.site()
        return counts.of_author(request.user)

    def bulk_progress(self, request: HttpRequest, batch: uuid.UUID) -> HttpResponse:
        """How far a large decision has come."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        if request.method not in ("GET", "HEAD"):
            return HttpResponseNotAllowed(["GET"])
        bulk = BulkDecision.objects.select_related("actor").filter(pk=batch).first()
        if bulk is None:
            raise Http404(_("There is no such decision."))
        if bulk.actor_id != request.user.pk and not request.user.has_perm("comments.moderate_any_comment"):
            raise PermissionDenied
        looked_at = bulk.changed + bulk.left
        total = max(bulk.total, looked_at)
        place = replace(queue.Place.parse(bulk.place), newest=0)
        context = {
            "title": _("A decision on many comments") if bulk.verb else _("Taking back a decision"),
            "bulk": bulk,
            "result": words.done(bulk.verb, bulk.changed) if bulk.verb else words.undone(bulk.changed),
            "looked_at": looked_at,
            "looked_at_words": in_words(looked_at),
            "left_words": in_words(bulk.left),
            "total": total,
            "total_words": in_words(total),
            "place": place,
            "back_to": reverse("admin:comments_comment_changelist") + place.query(),
        }
        return self.show(request, "bulk.html", context)


def filter_in_words(place: queue.Place, comments: CommentQuerySet) -> list[str]:
    """What the queue is narrowed to, a line each. Titles and names stand on `comments`, or are known to everybody."""
    found = []
    if place.q:
        found.append(format_html(_("with “<bdi>{}</bdi>”"), place.q))
    if place.reason:
        found.append(format_html(_("for the reason “{}”"), REASONS[place.reason]))
    if place.label:
        label = queue.find_label(place.label)
        found.append(format_html(_("on posts with the label <bdi>{}</bdi>"), label.name if label else place.label))
    if place.post:
        posts = Post.objects.filter(pk=place.post)
        if not comments.filter(post=place.post).exists():
            posts = posts.public()
        title = posts.values_list("title", flat=True).first()
        found.append(format_html(_("on <bdi>{}</bdi>"), title or place.post))
    if place.by:
        name = comments.filter(pk=place.by).values_list("author_name", flat=True).first()
        found.append(format_html(_("by <bdi>{}</bdi> alone"), name or place.by))
    return found


def newest_id() -> int:
    return Comment.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
