"""Builds each case on a scratch site inside a transaction that is rolled back, and judges its comment there."""

import uuid
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta

from django.contrib.auth.models import AnonymousUser, Permission
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext

from blog import sanitize
from blog.models import Post, User
from comments import addresses, moderation, policy
from comments.cases.deviation import Key, deviation
from comments.cases.reading import Asked, CasesError, words
from comments.folding.pattern import of_key
from comments.forms import CommentForm
from comments.models import BlockRule, Comment, CommentSettings

Status = Comment.Status
VERDICTS = {Status.APPROVED: "approve", Status.PENDING: "hold", Status.SPAM: "spam", policy.REFUSED: "refuse"}
STATUSES = {
    "approve": Status.APPROVED,
    "approved": Status.APPROVED,
    "hold": Status.PENDING,
    "pending": Status.PENDING,
    "spam": Status.SPAM,
    "trash": Status.REMOVED,
}
POSTS = {"publish": Post.Status.PUBLISHED, "scheduled": Post.Status.PUBLISHED, "trash": Post.Status.BINNED}
# WordPress's editors and administrators decide on all comments.
MODERATES = ("moderator", "editor", "admin", "administrator")
MOST_HOURS = 1_000_000
AWAY = timedelta(days=1)  # between what was and now, where a case does not say


@dataclass(frozen=True)
class Outcome:
    id: str
    expected: str
    verdict: str | None  # none where the case is not about the policy
    deviation: str | None
    reasons: list[str]
    unknown: list[str]
    agrees: bool


def run(cases: Iterable[Asked]) -> list[Outcome]:
    """What becomes of each. Whatever the site holds, nothing of it counts, and nothing of it changes."""
    with _undone():
        BlockRule.objects.all().delete()
        return [_outcome(case) for case in cases]


@contextmanager
def _undone() -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def _outcome(case: Asked) -> Outcome:
    if not case.wanted:
        return _without_verdict(case, gettext("This case is not about the policy."))
    if case.problem:
        return _without_verdict(case, case.problem)
    try:
        with _undone():
            site = Scratch(case)
            verdict, reasons, hits = site.judge()
            agrees = case.allows(verdict)
            why = None if agrees else deviation(case, verdict, reasons, hits, site.keys)
    except CasesError as error:
        return _without_verdict(case, str(error))
    said = [policy.reason_text(reason) for reason in reasons]
    return Outcome(case.id, case.expected, verdict, why, said, case.unknown, agrees)


def _without_verdict(case: Asked, why: str) -> Outcome:
    return Outcome(case.id, case.expected, None, None, [why], case.unknown, agrees=False)


class Scratch:
    """One case's site: its settings, its post, its people, and what was said before."""

    def __init__(self, case: Asked) -> None:
        # A day ahead: what people have just written on the real site is no flood here.
        self.case, self.now = case, timezone.now() + AWAY
        self.settings = _settings(case)
        self.settings.save()
        self.keys: dict[int, Key] = {}  # by the block rules that they came in as
        # A key on both lists is disallowed: the stricter word holds.
        self._block("disallowed_keys", BlockRule.Action.SPAM)
        self._block("moderation_keys", BlockRule.Action.HOLD)
        self.author = _person("author")
        self.post, self.elsewhere = self._post(case.part("post")), self._post({})
        self.user = self._user()
        self.parents: dict[str, Comment] = {}
        for item in case.history():
            self._said_before(item)
        if "seconds_since_last" in case.setup:
            self._last()

    def judge(self) -> tuple[str, list[str], tuple[int, ...]]:
        """The verdict in a word on the last of its comments, with the reasons and the block rules that matched."""
        if refused := self._refused():
            return "refuse", [refused], ()
        for text in self.case.texts():
            comment = self._comment(text)
            verdict = policy.judge(comment, self._facts())
            if verdict.status != policy.REFUSED:
                moderation.receive(comment, verdict)
        return VERDICTS[verdict.status], verdict.reasons, verdict.hits

    def _refused(self) -> str:
        """What is refused before the policy is asked: the view or the form does it."""
        if not self.post.is_public(self.now):
            return gettext("Nobody can read this post.")
        if self.settings.who == CommentSettings.Who.ACCOUNTS and not self.user.is_authenticated:
            return gettext("Only people with an account can comment.")
        if self.case.setup.get("parent") in ("pending", "missing"):
            return gettext("The comment it answers is not shown.")
        for text in self.case.texts():
            data = {"name": self.case.said("author"), "email": self.case.said("email")}
            data |= {"url": self.case.said("url"), "text": text}
            form = CommentForm(data, post=self.post, user=self.user)
            checked = ("name", "email", "text") if self.case.setup.get("require_name_email") else ("text",)
            for name in checked:
                if form.errors.get(name):
                    return form.errors[name][0]
            if form.has_error("url", "max_length"):
                return form.errors["url"][0]
        return ""

    def _block(self, name: str, action: str) -> None:
        for key in self.case.keys(name):
            try:
                made = of_key(key)
            except ValidationError as error:
                self.case.unknown.append(f"{name}: {key[:50]} ({' '.join(error.messages)})")
                continue
            rule, is_new = BlockRule.objects.get_or_create(
                match=made.match,
                folded=made.folded,
                field=BlockRule.Field.ANY,
                defaults={"pattern": made.pattern, "action": action},
            )
            if is_new:
                self.keys[rule.pk] = Key(key, rule.match)

    def _post(self, said: dict) -> Post:
        status = said.get("status", "publish")
        post = Post(title="Case", body="<p>Words.</p>", author=self.author)
        post.status = POSTS.get(status, Post.Status.PUBLISHED if status == "published" else Post.Status.DRAFT)
        post.published_at = self.now - timedelta(hours=self.case.number("post_age_hours", most=MOST_HOURS))
        if status == "scheduled":
            post.published_at = self.now + AWAY
        if said.get("type") == "page":
            post.kind, post.comments_mode = Post.Kind.PAGE, Post.CommentsMode.OPEN
        if said.get("comments") == "closed":
            post.comments_mode = Post.CommentsMode.CLOSED
        post.slug = f"case-{uuid.uuid4().hex}"
        post.save()
        return post

    def _user(self) -> User | AnonymousUser:
        """Who writes. A registered user is who they are only if they are signed in, so here they are."""
        role = self.case.setup.get("logged_in")
        if role == "post author":
            return self.author
        if role in MODERATES:
            user = _person("moderator")
            user.user_permissions.add(
                Permission.objects.get(content_type__app_label="comments", codename="moderate_any_comment")
            )
            return user
        registered = "registered_user" in self.case.setup and role is None
        return _person("member") if role or registered else AnonymousUser()

    def _facts(self) -> policy.Facts:
        address = words(self.case.input.get("ip", "192.0.2.1"))
        return policy.Facts(self.user, _digest(address), address, self.case.said("user_agent"), now=self.now)

    def _comment(self, text: str) -> Comment:
        parent = self._parent(self.case.input.get("parent"))
        if self.case.setup.get("parent") == "approved":
            parent = self._parent("approved")
        comment = Comment(post=self.post, parent=parent, body=text, created_at=self.now)
        comment.body_html = sanitize.clean_comment(text)
        comment.address_digest = self._facts().network_digest
        if self.user.is_authenticated:
            comment.user, comment.author_name = self.user, self.user.name
        else:
            comment.author_name, comment.author_email = self.case.said("author")[:100], self.case.said("email")[:254]
            comment.author_url = self.case.said("url")[:200]
        return comment

    def _said_before(self, item: dict) -> None:
        post = self.post if item.get("same_post", True) else self.elsewhere
        user = self.user if item.get("by_user") and self.user.is_authenticated else None
        Comment.objects.create(
            post=post,
            parent=self._parent(item.get("parent")) if post is self.post else None,
            user=user,
            author_name=item.get("author", "")[:100],
            author_email="" if user else item.get("email", "")[:254],
            author_url=item.get("url", "")[:200],
            body=item.get("text", "Something else."),
            status=STATUSES.get(item.get("status", "approved"), Status.PENDING),
            created_at=self.now - AWAY,
            address_digest=_digest(item.get("ip", "")),
        )

    def _last(self) -> None:
        """The comment before, so many seconds ago: of the same address and writer unless the case says otherwise."""
        last = self._comment("Said a moment ago.")
        last.created_at = self.now - timedelta(seconds=self.case.number("seconds_since_last", most=3600 * MOST_HOURS))
        if not self.case.setup.get("same_ip", True):
            last.address_digest = _digest("198.51.100.1")
        if not self.case.setup.get("same_email", True):
            last.user, last.author_email = None, "somebody-else@example.com"
        last.status = Status.APPROVED
        last.save()

    def _parent(self, number: object) -> Comment | None:
        if not number:
            return None
        key = str(number)
        if key not in self.parents:
            self.parents[key] = Comment.objects.create(
                post=self.post, author_name="Somebody", body=key, status=Status.APPROVED, created_at=self.now - AWAY
            )
        return self.parents[key]


def _settings(case: Asked) -> CommentSettings:
    """What a setup does not say is off."""
    closes = case.setup.get("close_comments_for_old_posts")
    return CommentSettings(
        pk=1,
        who=CommentSettings.Who.ACCOUNTS if case.setup.get("comment_registration") else CommentSettings.Who.ANYONE,
        hold_all=bool(case.number("comment_moderation")),
        approved_needed=int(case.number("comment_previously_approved")),
        max_links=int(case.number("comment_max_links")),
        close_after_days=int(case.number("close_comments_days_old", 14)) if closes else 0,
        flood_seconds=15,
        trusted_needed=0,
        probation_needed=0,
    )


def _person(name: str) -> User:
    user = User(username=f"{name}-{uuid.uuid4().hex}", display_name=name.title())
    user.set_unusable_password()
    user.save()
    return user


def _digest(address: str) -> str:
    return addresses.digest(addresses.network_of(address)) if address else ""
