from collections.abc import Iterable

from django.conf import settings
from django.db import connection, models, transaction
from django.db.models import Exists, F, OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce, Lower
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from blog import sanitize, versions
from blog.fields import LineField
from blog.models import Post
from blog.models.public import PublicModel, PublicQuerySet
from blog.paging import EPOCH
from blog.prepared import WrittenOnce
from comments import search

ID_WIDTH = 10
MAX_DEPTH = 11  # ten ancestors and the comment itself
MAX_LENGTH = 10_000  # characters
LOOKED_AT = 1000  # approved comments, among which the newest that are shown are looked for
NAMED = 500  # posts whose pages one change of comments names as its own
PROVED, UNPROVED = Q(commenter__isnull=False), Q(user=None, commenter=None)
NEWEST = (F("created_at").desc(), F("id").desc())


class CommentQuerySet(PublicQuerySet):
    def touched_by(self, values: dict) -> set[str]:
        if "post" in values:  # then it shows under another one
            return {versions.SITE}
        rows, becomes = Q(in_thread__in=[True]), values.get("status")
        if becomes == Comment.Status.APPROVED or "shown_at" in values:
            rows = Q()
        elif becomes == Comment.Status.REMOVED:  # one that had been shown gets a place without its words
            rows |= Q(shown_at__isnull=False)
        posts = self.filter(rows).order_by().values_list("post", flat=True).distinct()
        return thread_keys(posts[: NAMED + 1])

    def visible(self) -> "CommentQuerySet":
        """Comments that every visitor may see: the one rule."""
        return self._under(Post.objects.public())

    def shown(self, conditions) -> "CommentQuerySet":
        """The visible ones whose post does not hide its comments, by its own word or (CommentSettings) the site's."""
        modes = Post.CommentsMode
        unhidden = Q(comments_mode__in=[modes.OPEN, modes.CLOSED])
        if conditions.mode != modes.HIDDEN:
            unhidden |= Q(comments_mode=modes.INHERIT, kind=Post.Kind.POST)
        return self._under(Post.objects.public().filter(unhidden))

    def _under(self, posts) -> "CommentQuerySet":
        # Not `post__in`: SQLite would make a list of all posts first.
        return self.filter(Exists(posts.filter(pk=OuterRef("post"))), status=Comment.Status.APPROVED)

    def newest(self, size: int) -> "CommentQuerySet":
        """The newest of these, looked for among the last approved ones only, however few of those may be shown."""
        approved = Comment.objects.filter(status=Comment.Status.APPROVED).order_by("-created_at", "-pk")
        since = Coalesce(Subquery(approved.values("created_at")[LOOKED_AT - 1 : LOOKED_AT]), Value(EPOCH))
        return self.filter(created_at__gte=since).order_by("-created_at", "-pk")[:size]

    def in_thread(self, post) -> "CommentQuerySet":
        """What has a place in the post's thread, in its order: approved ones, and those taken down after showing."""
        # Not `in_thread=True`: SQLite finds no index for a bare column where a condition stands.
        return self.filter(post=post, in_thread__in=[True]).order_by("path")

    def pending(self) -> "CommentQuerySet":
        """The moderation queue, oldest first."""
        return self.filter(status=Comment.Status.PENDING).order_by("created_at", "pk")

    def unproved(self) -> "CommentQuerySet":
        """Those whose writers proved nothing, with the address that they `typed` in small letters."""
        return self.filter(user=None, commenter=None).alias(typed=Lower("author_email"))

    def by_writer_of(self, comment: "Comment") -> "CommentQuerySet":
        """Those by the same account or proved address.

        Of a writer who proved nothing: those, proved by nothing either, with the same typed address; none without one.
        So neither side of a typed address gains or loses by the other.
        """
        if comment.user_id:
            return self.filter(user=comment.user_id)
        if comment.commenter_id:
            return self.filter(commenter=comment.commenter_id)
        return self.unproved().filter(typed=comment.author_email.lower()) if comment.author_email else self.none()

    def moderated_by(self, user) -> "CommentQuerySet":
        """Those that this user may decide on: all of them, or those under the user's own posts."""
        if user.has_perm("comments.moderate_any_comment"):
            return self
        if user.has_perm("comments.moderate_own_comment"):
            return self.filter(post__author=user)
        return self.none()


def thread_keys(posts: Iterable[int]) -> set[str]:
    """The keys of what shows comments of these posts; of too many, that of every page."""
    keys = {versions.post_key(pk) for pk in posts}
    if len(keys) > NAMED:
        return {versions.SITE}
    return keys and keys | {versions.COMMENTS}


class Comment(PublicModel, WrittenOnce):
    UNSEEN = frozenset(
        {"author_email", "reasons", "spam_score", "reported_at", "appealed_at", "mail_wanted"}
        | {"address_digest", "capability_hash", "submission"}
    )

    class Status(models.TextChoices):
        PENDING = "pending", _("pending")
        APPROVED = "approved", _("approved")
        REJECTED = "rejected", _("rejected")
        SPAM = "spam", _("spam")
        REMOVED = "removed", _("removed")

    # No index of its own: PostgreSQL would take it for a page of a thread, and read and sort all comments of the post.
    post = models.ForeignKey(Post, models.PROTECT, related_name="comments", db_index=False, verbose_name=_("post"))
    # A reply outlives what it answers: its path keeps its place.
    parent = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, related_name="replies", verbose_name=_("in reply to")
    )
    # The ids of at most ten ancestors and of the comment itself, in fixed width: sorted by it, comments stand in the
    # order of their threads. A deeper reply stands under its tenth ancestor. Digits only, so every collation agrees.
    path = models.CharField(max_length=ID_WIDTH * MAX_DEPTH, editable=False)
    author_name = LineField(_("name"), max_length=100)
    author_email = models.EmailField(_("e-mail"), max_length=254, blank=True)
    author_url = models.URLField(_("website"), max_length=200, blank=True)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="comments",
        db_index=False,
        verbose_name=_("account"),
    )
    # Set only where the writer proved the typed address to be theirs (comments/proof.py).
    commenter = models.ForeignKey(
        "comments.Commenter", models.SET_NULL, null=True, blank=True, editable=False, db_index=False
    )
    body = models.TextField(_("comment"), max_length=MAX_LENGTH)
    body_html = models.TextField(editable=False)
    status = models.CharField(_("status"), max_length=8, choices=Status, default=Status.PENDING, editable=False)
    # What the policy said of it when it came (comments/policy.py); what people decided since stands in the log.
    reasons = models.JSONField(default=list, editable=False)
    spam_score = models.FloatField(null=True, editable=False)
    created_at = models.DateTimeField(_("written"), default=timezone.now, editable=False)
    edited_at = models.DateTimeField(_("edited"), null=True, editable=False)
    shown_at = models.DateTimeField(null=True, editable=False)  # when it was first approved
    reported_at = models.DateTimeField(null=True, editable=False)  # in the tab of reported ones since then
    withdrawn_at = models.DateTimeField(null=True, editable=False)  # by its writer: nobody brings it back
    appealed_at = models.DateTimeField(null=True, editable=False)  # its writer asked, once, to look again
    mail_wanted = models.BooleanField(default=False, editable=False)  # its writer is mailed what is decided
    address_digest = models.CharField(max_length=32, blank=True, editable=False)
    # What the writer holds is a capability of 128 bits; the table knows only its hash.
    capability_hash = models.CharField(max_length=64, null=True, unique=True, editable=False)  # noqa: DJ001
    # Set once from the form's one-use token, so that sending twice makes one comment.
    submission = models.CharField(max_length=32, null=True, unique=True, editable=False)  # noqa: DJ001

    # Whether it has a place in its thread; one taken down after it was shown keeps a place without its words.
    in_thread = models.GeneratedField(
        expression=models.Case(
            models.When(Q(status="approved") | Q(status="removed", shown_at__isnull=False), then=True), default=False
        ),
        output_field=models.BooleanField(),
        db_persist=True,
    )

    objects = CommentQuerySet.as_manager()

    class Meta:
        verbose_name = _("comment")
        verbose_name_plural = _("comments")
        permissions = [
            ("moderate_any_comment", _("Can moderate all comments")),
            ("moderate_own_comment", _("Can moderate comments under own posts")),
        ]
        indexes = [
            models.Index("post", "in_thread", "path", name="comments_in_thread"),
            models.Index("status", *NEWEST, name="comments_by_status"),
            models.Index("post", "status", *NEWEST, name="comments_by_post"),
            models.Index("user", *NEWEST, "status", condition=Q(user__isnull=False), name="comments_by_user"),
            models.Index("commenter", *NEWEST, "status", condition=PROVED, name="comments_by_commenter"),
            models.Index(Lower("author_email"), *NEWEST, "status", condition=UNPROVED, name="comments_by_email"),
            models.Index("address_digest", F("created_at").desc(), name="comments_by_address"),
            models.Index("reported_at", "id", condition=Q(reported_at__isnull=False), name="comments_reported"),
            # What is forgotten by the clock (comments/retention/); what is forgotten leaves them.
            models.Index("created_at", condition=~Q(address_digest=""), name="comments_with_address"),
            models.Index("created_at", condition=UNPROVED & ~Q(author_email=""), name="comments_with_email"),
            models.Index("created_at", condition=Q(status="removed") & ~Q(body=""), name="comments_removed_words"),
        ]

    def __str__(self) -> str:
        return f"{self.author_name}: {self.body[:60]}"

    @transaction.atomic(savepoint=False)
    def save(self, *args, **kwargs) -> None:
        self.body_html = sanitize.clean_comment(self.body)
        super().save(*args, **kwargs)
        if not self.path:
            above = self.parent.path[: ID_WIDTH * (MAX_DEPTH - 1)] if self.parent else ""
            self.path = f"{above}{self.pk:0{ID_WIDTH}d}"
            with connection.cursor() as cursor:  # nothing more is touched, and everybody waits for this transaction
                cursor.execute("UPDATE comments_comment SET path = %s WHERE id = %s", [self.path, self.pk])
        search.index(self)

    def shown_under(self) -> set[str]:
        was_shown = self.status == Comment.Status.REMOVED and self.shown_at
        return thread_keys([self.post_id]) if self.status == Comment.Status.APPROVED or was_shown else set()

    def get_absolute_url(self) -> str:
        return reverse("comment", args=[self.pk])

    @property
    def state(self) -> str:
        """What a moderator saw of it: a decision carries it, and is refused if it is no longer so."""
        edited = f"-{self.edited_at.timestamp():.6f}" if self.edited_at else ""
        return f"{self.status}{edited}"

    @property
    def is_proved(self) -> bool:
        """Whether it is known who wrote it: they were signed in, or confirmed this comment by a mailed link."""
        return bool(self.user_id or self.commenter_id)

    @property
    def root_id(self) -> int:
        """The thread's first comment."""
        return int(self.path[:ID_WIDTH])

    @property
    def depth(self) -> int:
        """0 for a thread's first comment."""
        return len(self.path) // ID_WIDTH - 1
