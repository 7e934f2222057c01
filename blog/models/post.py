from datetime import datetime
from functools import partial
from urllib.parse import unquote

from django.conf import settings
from django.db import models, transaction
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from taggit.managers import TaggableManager

from blog import render, search, totals, versions
from blog.addresses import address
from blog.fields import LineField
from blog.models import translation
from blog.models.oldpath import OldPath
from blog.models.posts import PostQuerySet, keys_beside, keys_with_related
from blog.models.settings import SiteSettings
from blog.models.total import CountedModel
from blog.models.uses import keep_uses
from blog.slugs import make_slug, validate_slug

KEPT = {"null": True, "editable": False, "related_name": "+", "db_index": False, "db_constraint": False}
NEWEST = (F("published_at").desc(), F("id").desc())


class Post(CountedModel):
    COUNTED = frozenset({"kind", "status", "year", "month"})
    UNSEEN = frozenset({"revision", "draft"})

    class Kind(models.TextChoices):
        POST = "post", _("post")
        PAGE = "page", _("page")

    class Status(models.TextChoices):
        DRAFT = "draft", _("draft")
        IN_REVIEW = "in_review", _("in review")
        PUBLISHED = "published", _("published")
        BINNED = "binned", _("in the bin")

    class CommentsMode(models.TextChoices):
        INHERIT = "inherit", _("as the site's settings say")
        OPEN = "open", _("open")
        CLOSED = "closed", _("closed: shown, no new ones")
        HIDDEN = "hidden", _("hidden: neither shown nor taken")

    KIND = Kind.POST

    kind = models.CharField(max_length=4, choices=Kind, default=Kind.POST, editable=False)
    title = LineField(_("title"), max_length=300)
    slug = models.CharField(
        _("slug"),
        max_length=120,
        blank=True,
        validators=[validate_slug],
        help_text=_("Ends the address. Made from the title if left empty."),
    )
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="posts", verbose_name=_("author"))
    reading_minutes = models.PositiveSmallIntegerField(default=1, editable=False)
    excerpt = models.TextField(
        _("excerpt"),
        max_length=600,
        blank=True,
        help_text=_("Shown in lists and above the text. The first words of the text if left empty."),
    )
    summary = models.CharField(max_length=600, editable=False)
    cover = models.ForeignKey(
        "blog.Image", models.PROTECT, null=True, blank=True, related_name="covers", verbose_name=_("cover")
    )
    status = models.CharField(_("status"), max_length=9, choices=Status, default=Status.DRAFT)
    published_at = models.DateTimeField(
        _("publish at"), null=True, blank=True, help_text=_("A time to come schedules it. Now if left empty.")
    )
    expires_at = models.DateTimeField(
        _("take offline at"), null=True, blank=True, help_text=_("Readers see it until then. For good if left empty.")
    )
    # The permalink's year and month, in the site's zone when it was published: a later change of zone moves nothing.
    year = models.PositiveSmallIntegerField(null=True, editable=False)
    month = models.PositiveSmallIntegerField(null=True, editable=False)
    created_at = models.DateTimeField(_("created"), default=timezone.now, editable=False)
    updated_at = models.DateTimeField(_("updated"), default=timezone.now, editable=False)
    binned_at = models.DateTimeField(null=True, editable=False)
    language = models.CharField(
        _("language"), max_length=10, blank=True, choices=settings.LANGUAGES, help_text=_("If it is not the site's.")
    )
    pinned = models.BooleanField(_("pinned"), default=False, help_text=_("Stands first on the home page."))
    comments_mode = models.CharField(_("comments"), max_length=7, choices=CommentsMode, default=CommentsMode.INHERIT)
    tags = TaggableManager(_("labels"), through="blog.PostTag", blank=True, help_text=_("Separated by commas."))
    series = models.ForeignKey(
        "blog.Series",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="posts",
        db_index=False,
        verbose_name=_("series"),
    )
    translation_of = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, related_name="translations", verbose_name=_("translation of")
    )
    seo_title = models.CharField(_("title for search engines"), max_length=120, blank=True)
    seo_description = models.CharField(_("description for search engines"), max_length=300, blank=True)
    canonical_url = models.URLField(_("original address"), blank=True, help_text=_("If it appeared elsewhere first."))
    # What this row says, and what waits to be published over it (blog/revisions.py): neither goes before
    # the post does, so nothing need look for them here.
    revision = models.ForeignKey("blog.Revision", models.DO_NOTHING, **KEPT)
    draft = models.ForeignKey("blog.Revision", models.DO_NOTHING, **KEPT)
    # Feed readers know a post by this; an imported one keeps the one it had.
    atom_id = models.CharField(max_length=300, blank=True, editable=False)

    # The long columns come last: SQLite reads a row up to the column it needs, and lists need none of these.
    body = models.TextField(_("text"), blank=True)
    body_html = models.TextField(editable=False)
    body_text = models.TextField(editable=False)
    toc = models.JSONField(default=list, editable=False)
    cover_html = models.TextField(default="", editable=False)

    objects = PostQuerySet.as_manager()

    class Meta:
        verbose_name = _("post")
        verbose_name_plural = _("posts")
        permissions = [
            ("publish_post", _("Can publish own posts")),
            ("change_any_post", _("Can change and publish everybody's posts")),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["year", "month", "slug"],
                condition=Q(kind="post", year__isnull=False),
                name="blog_post_permalink",
                violation_error_message=_("Another post of that month has this slug."),
            ),
            models.UniqueConstraint(
                fields=["slug"],
                condition=Q(kind="page"),
                name="blog_page_permalink",
                violation_error_message=_("Another page has this slug."),
            ),
            models.CheckConstraint(
                condition=~Q(status="published") | Q(published_at__isnull=False), name="blog_post_published_has_time"
            ),
        ]
        indexes = [
            models.Index("kind", *NEWEST, condition=Q(status="published"), name="blog_post_newest"),
            models.Index(*NEWEST, condition=Q(status="published"), name="blog_post_public"),
            # Each names the kind too: without statistics, SQLite takes the index of which it can use most.
            models.Index("kind", "author", *NEWEST, condition=Q(status="published"), name="blog_post_by_author"),
            models.Index(
                "series",
                "kind",
                *NEWEST,
                condition=Q(status="published", series__isnull=False),
                name="blog_post_by_series",
            ),
            models.Index("kind", "year", *NEWEST, condition=Q(status="published"), name="blog_post_by_year"),
            models.Index("kind", "year", "month", *NEWEST, condition=Q(status="published"), name="blog_post_by_month"),
            models.Index("kind", "pinned", *NEWEST, condition=Q(status="published"), name="blog_post_pinned"),
            models.Index(
                "expires_at", condition=Q(status="published", expires_at__isnull=False), name="blog_post_expiring"
            ),
            models.Index(F("draft").desc(), condition=Q(draft__isnull=False), name="blog_post_waiting"),
            # For the desk. None holds the status of published posts: SQLite would find all of them by that alone.
            models.Index(F("updated_at").desc(), F("id").desc(), name="blog_post_updated"),
            models.Index(
                "status",
                F("updated_at").desc(),
                condition=Q(status="draft") | Q(status="in_review") | Q(status="binned"),
                name="blog_post_desk",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @transaction.atomic
    def save(self, *args, **kwargs) -> None:
        """Renders the body, keeps the permalink and its old forms, the labels' dates and the search index right."""
        kwargs.pop("update_fields", None)  # the columns below follow from one another: all are written
        translation.settle(self)
        before = Post.objects.select_for_update().filter(pk=self.pk).first() if self.pk else None
        self.kind = self.KIND if type(self) is not Post else self.kind
        self.updated_at = timezone.now()
        self.render_body()
        self._date(before)
        super().save(*args, **kwargs)
        if not self.slug or not self.atom_id:
            self.slug = self.slug or f"post-{self.pk}"
            self.atom_id = self.atom_id or f"urn:marginalia:{self.kind}:{self.pk}:{self.created_at:%Y%m%d%H%M%S}"
            Post.objects.filter(pk=self.pk).update(slug=self.slug, atom_id=self.atom_id)
        keep_uses([self])
        self._leave_redirect(before)
        self.tag_items.update(published_at=self.listed_at)
        search.index(self)
        if self.listed_at:  # after the commit: its labels are saved later than the post
            transaction.on_commit(partial(_find_alike, self.pk), robust=True)

    @transaction.atomic
    def delete(self, *args, **kwargs) -> tuple[int, dict]:
        self.tag_items.all().delete()
        translation.hand_on(Post.objects.filter(pk=self.pk))
        return super().delete(*args, **kwargs)

    def counted_under(self) -> list[tuple]:
        counts = self.kind == Post.Kind.POST and self.status == Post.Status.PUBLISHED and self.year
        return [(totals.MONTH, self.year, self.month)] if counts else []

    def shown_under(self) -> set[str]:
        if self.status != Post.Status.PUBLISHED:
            return set()
        if self.kind == Post.Kind.PAGE:  # they stand in every menu
            return {versions.SITE}
        related = keys_with_related(self.pk, self.series_id, self.translation_of_id)
        return related | keys_beside(self.published_at, self.pk)

    def get_absolute_url(self) -> str:
        """The permalink; of a post that has never been published, where its author reads it."""
        if self.kind == Post.Kind.PAGE:
            return address("page", self.slug)
        if self.year is None:
            return reverse("preview_post", args=[self.pk])
        return address("post", self.year, self.month, self.slug)

    def is_public(self, now=None) -> bool:
        return is_visible(self.status, self.published_at, self.expires_at, now or timezone.now())

    def is_scheduled(self) -> bool:
        return self.status == Post.Status.PUBLISHED and self.published_at > timezone.now()

    def is_expired(self) -> bool:
        """Whether its time is over; soon after it, the clock takes it offline (config/tick.py)."""
        return self.expires_at is not None and self.expires_at <= timezone.now()

    @property
    def had_address(self) -> bool:
        """Whether readers may know its address: it may have been public at any time since it had a date."""
        return bool(self.year or (self.kind == Post.Kind.PAGE and self.published_at))

    @property
    def listed_at(self):
        """What the labels' index holds for this post."""
        return self.published_at if self.status == Post.Status.PUBLISHED and self.kind == Post.Kind.POST else None

    def may_change(self, user) -> bool:
        return user.has_perm("blog.change_any_post") or (
            user.has_perm("blog.change_post") and self.author_id == user.pk
        )

    def render_body(self, site_language: str = "") -> None:
        """Fills what follows from the body; `site_language` spares a query to those who render many."""
        done = render.render(self.body, self.language or site_language or SiteSettings.load().language)
        self.body_html, self.body_text, self.toc = done.html, done.text, done.toc
        self.shown_images = done.images
        self.reading_minutes = done.minutes
        self.cover_html = render.cover(self.cover_id) if self.cover_id else ""
        self.summary = self.excerpt or done.summary
        self.slug = self.slug or make_slug(self.title)

    def _date(self, before: "Post | None") -> None:
        if self.status == Post.Status.BINNED:
            self.binned_at = self.binned_at or timezone.now()
        else:
            self.binned_at = None
        if self.status == Post.Status.PUBLISHED:
            self.published_at = self.published_at or timezone.now()
        elif self.year is None:
            return
        if self.kind != Post.Kind.POST or self.published_at is None:
            return
        # A new post may bring the year and month of its permalink: an imported one keeps those it had.
        if self.year is None or (before and before.published_at != self.published_at):
            local = self.published_at.astimezone(SiteSettings.load().zone)
            self.year, self.month = local.year, local.month

    def _leave_redirect(self, before: "Post | None") -> None:
        # Kept as requests bring them: decoded.
        path = unquote(self.get_absolute_url())
        at_home = OldPath.objects.filter(path=path)
        # Out of the bin, it takes its address back from where readers were sent meanwhile.
        is_back = before and before.status == Post.Status.BINNED != self.status
        (at_home if is_back else at_home.filter(post=self)).delete()
        if before and before.had_address and (old := unquote(before.get_absolute_url())) != path:
            aim = {"post_id": self.pk, "label": None, "address": ""}
            OldPath.objects.update_or_create(path=old, defaults=aim)


def is_visible(status: str, published_at: datetime | None, expires_at: datetime | None, now: datetime) -> bool:
    """Whether readers see a post of which this is known: the twin of PostQuerySet.public()."""
    is_due = status == Post.Status.PUBLISHED and published_at <= now
    return is_due and (expires_at is None or now < expires_at)


def _find_alike(pk: int) -> None:
    from blog import alike  # which needs the models

    alike.keep(pk)


class PageManager(models.Manager.from_queryset(PostQuerySet)):
    def get_queryset(self) -> PostQuerySet:
        return super().get_queryset().filter(kind=Post.Kind.PAGE)


class Page(Post):
    KIND = Post.Kind.PAGE

    objects = PageManager()

    class Meta:
        proxy = True
        verbose_name = _("page")
        verbose_name_plural = _("pages")
