"""Which posts: those that may be seen, those of a list, and what has to follow when many of them change at once."""

from collections.abc import Iterable
from datetime import datetime

from django.apps import apps
from django.contrib.auth import get_user_model
from django.db import models, transaction
from django.db.models import OuterRef, Q, Subquery
from django.utils import timezone

from blog import totals, versions
from blog.models import translation
from blog.models.label import Label
from blog.models.series import Series
from blog.models.total import CountedQuerySet
from blog.paging import Cursor
from blog.prepared import Given, Prepared

# What a post's own page shows, its author and cover included.
SHOWN = (
    *("kind", "title", "slug", "year", "month", "status", "published_at", "expires_at", "language", "comments_mode"),
    *("excerpt", "summary", "reading_minutes", "seo_title", "seo_description", "canonical_url"),
    *("body_html", "toc", "cover_html"),
    *("series_id", "translation_of_id", "updated_at"),
    *(f"author__{name}" for name in ("display_name", "first_name", "last_name", "username", "slug")),
    *(f"cover__{name}" for name in ("file", "alt", "caption", "credit", "width", "height")),
)
LONG = ("body", "body_html", "body_text", "toc")  # columns that no list shows
LISTING = frozenset({"kind", "status", "published_at"})  # what decides where a post is listed
PLACING = LISTING | {"expires_at"}  # and so between which others
# What names posts whose pages show this one too, and the keys by which those know it.
RELATING = {
    **dict.fromkeys(("series", "series_id"), versions.series_key),
    **dict.fromkeys(("translation_of", "translation_of_id"), versions.link_key),
}
NEWEST_PK = 2**63 - 1
NAMED = 500  # posts that one change names as its own; of more, every page is out of date


class PostQuerySet(CountedQuerySet):
    def counted(self) -> totals.Change:
        rows = self.filter(kind=self.model.Kind.POST, status=self.model.Status.PUBLISHED, year__isnull=False)
        numbers = rows.order_by().values_list("year", "month").annotate(models.Count("pk"))
        return totals.Change({(totals.MONTH, year, month): number for year, month, number in numbers})

    def held(self) -> "PostQuerySet":
        every = self.model._meta.concrete_model.objects  # a page may become a post
        rows = every.filter(pk__in=self.order_by().values("pk")).order_by("pk").select_for_update()
        return every.filter(pk__in=list(rows.values_list("pk", flat=True)))

    def _links(self) -> models.QuerySet:
        """All labels on posts: their model (blog/models/posttag.py) needs that of posts."""
        return self.model.tags.through.objects.all()

    @transaction.atomic(savepoint=False)
    def update(self, **values) -> int:
        links = None if LISTING.isdisjoint(values) else self._links().filter(content_object__in=self.held())
        updated = super().update(**values)
        if links is not None:
            links.date()
        return updated

    @transaction.atomic(savepoint=False)
    def delete(self) -> tuple[int, dict]:
        self._links().filter(content_object__in=self.held()).delete()
        translation.hand_on(self)
        return super().delete()

    delete.alters_data = True
    delete.queryset_only = True

    def touched_by(self, values: dict) -> set[str]:
        rows = self.order_by() if "status" in values else self.order_by().filter(status=self.model.Status.PUBLISHED)
        columns = ["kind", "pk", "series", "translation_of"]
        if not (is_placed := bool(values) and PLACING.isdisjoint(values)):
            place = Cursor(OuterRef("published_at"), OuterRef("pk"))
            every = self.model._meta.concrete_model.objects
            columns += [Subquery(posts.values("pk")[:1]) for posts in every.beside(place, timezone.now())]
        found = list(rows.values_list(*columns)[: NAMED + 1])
        joined = [(RELATING[name], getattr(values[name], "pk", values[name])) for name in RELATING if name in values]
        is_page = "kind" in values or any(kind == self.model.Kind.PAGE for kind, *_related in found)
        is_moved = "published_at" in values and found
        if len(found) > NAMED or is_page or is_moved or any(hasattr(pk, "resolve_expression") for _key, pk in joined):
            return {versions.SITE}
        keys = set().union(*(keys_with_related(*row[1:4]) for row in found))
        if not is_placed:
            keys |= {versions.post_key(pk) for row in found for pk in row[4:] if pk}
        return keys and keys | {key(pk) for key, pk in joined if pk}

    def beside(self, place: Cursor, now) -> tuple["PostQuerySet", "PostQuerySet"]:
        """The published posts before this place, the nearest first, and those after it, the nearest first; those whose
        time has not come among them."""
        posts = self.filter(kind=self.model.KIND, status=self.model.Status.PUBLISHED)
        before = posts.filter(place.older()).filter(staying(now)).order_by("-published_at", "-pk")
        return before, posts.filter(place.newer()).filter(staying(now)).order_by("published_at", "pk")

    def next_change(self, now=None):
        """When the next scheduled post or page comes out, or the next one goes; None if neither is to come."""
        going = self.filter(status=self.model.Status.PUBLISHED, expires_at__gt=now or timezone.now())
        ordered = (self.scheduled(now), "published_at"), (going, "expires_at")
        moments = (rows.order_by(name).values_list(name, flat=True).first() for rows, name in ordered)
        return min(filter(None, moments), default=None)

    def public(self, now=None) -> "PostQuerySet":
        """Posts and pages that every visitor may see now. The one rule of visibility; Post.is_public is its twin."""
        return self.filter(public(now or timezone.now()))

    def expired(self, now=None) -> "PostQuerySet":
        """Published ones whose time is over, until the clock takes them offline."""
        return self.filter(status=self.model.Status.PUBLISHED, expires_at__lte=now or timezone.now())

    def scheduled(self, now=None) -> "PostQuerySet":
        """Published ones whose time has not come."""
        return self.filter(status=self.model.Status.PUBLISHED, published_at__gt=now or timezone.now())

    def published(self, now=None) -> "PostQuerySet":
        """Of this model's kind, those that every visitor may see now, newest first."""
        return self.public(now).filter(kind=self.model.KIND).order_by("-published_at", "-pk")

    def listed(self, before: Cursor | None = None) -> "PostQuerySet":
        """Published ones from this place in their list on."""
        return self.published(until(before)).filter(before.older() if before else Q())

    def labelled(self, label: Label, before: Cursor | None = None) -> "PostQuerySet":
        """Published posts with this label, newest first, from the label's own index."""
        links = Q(tag_items__tag=label, tag_items__published_at__lte=until(before))
        if before:
            links &= before.older("tag_items__published_at", "tag_items__content_object")
        newest = ("-tag_items__published_at", "-tag_items__content_object")
        return self.published().filter(links).order_by(*newest)

    def pinned(self, *wanted: bool) -> "PostQuerySet":
        # Not `pinned=True`: SQLite finds no index for a bare column where a condition stands.
        return self.filter(pinned__in=wanted)

    def front_page(self, size: int) -> "PostQuerySet":
        """All pinned posts, then the newest `size` others, and one more if there is an older page."""
        newest = self.filter(pk__in=self.published().pinned(False)[: size + 1].values("pk"))
        shown = newest.order_by().values("pk").union(self.published().pinned(True).order_by().values("pk"), all=True)
        return self.filter(pk__in=shown).order_by("-pinned", "-published_at", "-pk")

    def authors(self) -> models.QuerySet:
        """Who wrote posts that readers can see: accounts are not shown to the world, authors are."""
        posts = self.published().order_by().filter(author=models.OuterRef("pk"))
        return get_user_model().objects.filter(models.Exists(posts))

    def in_series(self, series: Series | int, after: Cursor | None = None) -> "PostQuerySet":
        """Published parts of this series in their order, from this place on."""
        parts = self.published().filter(series=series).order_by("published_at", "pk")
        return parts.filter(after.newer()) if after else parts

    def series(self) -> models.QuerySet:
        """The series that readers can read something of."""
        return Series.objects.filter(models.Exists(self.published().order_by().filter(series=models.OuterRef("pk"))))

    def labels(self, now=None) -> models.QuerySet:
        """The labels that readers can find posts under."""
        links = self._links().filter(tag=models.OuterRef("pk"), published_at__lte=now or timezone.now())
        return Label.objects.filter(models.Exists(links))

    def whole(self) -> "PostQuerySet":
        """With what a post's page shows; the fewer columns, the quicker."""
        return self.select_related("author", "cover").only(*SHOWN)

    def for_list(self) -> "PostQuerySet":
        """With what a list shows, and without the long columns that it does not."""
        return self.select_related("author", "cover").with_labels().short()

    def with_labels(self) -> "PostQuerySet":
        """Each with its `labels`, as a list: what prefetching `tags` gives costs a queryset for each post."""
        return self.prefetch_related(models.Prefetch("tags", to_attr="labels"))

    def short(self) -> "PostQuerySet":
        """Without the long columns."""
        return self.defer(*LONG)

    def owned_by(self, user) -> "PostQuerySet":
        """Those that this user may change."""
        return self if user.has_perm("blog.change_any_post") else self.filter(author=user)


def until(before: Cursor | None):
    """Where a list begins: now, or further back. One bound for both, since of two SQLite starts from the first."""
    return min(before.at, timezone.now()) if before else timezone.now()


def public(now) -> Q:
    return staying(now) & Q(status="published", published_at__lte=now)


def staying(now) -> Q:
    """Whether it has not been taken offline by its own time."""
    return Q(expires_at=None) | Q(expires_at__gt=now)


def _beside():
    place = Cursor(Given("at"), Given("pk"))
    before, after = (Subquery(posts.values("pk")[:1]) for posts in _posts().beside(place, Given("now")))
    return _posts().filter(Q(pk=before) | Q(pk=after)).values_list("pk", flat=True)


def _posts() -> PostQuerySet:
    return apps.get_model("blog", "Post").objects.all()  # whose module imports this one


BESIDE = Prepared(_beside)


def keys_beside(at: datetime | None, pk: int | None) -> set[str]:
    """Those of the posts between which a post stands that has this time; a new one, if it has no id yet."""
    found = BESIDE(at=at, pk=pk or NEWEST_PK, now=timezone.now()) if at else ()
    return {versions.post_key(pk) for pk in found}


def keys_of(pks: Iterable[int]) -> set[str]:
    """The keys of what shows these posts: their own pages, lists of posts, and the newest comments under them."""
    keys = {versions.post_key(pk) for pk in pks}
    return keys and keys | {versions.LISTS, versions.COMMENTS}


def keys_with_related(pk: int, series: int | None, original: int | None) -> set[str]:
    """Those of one post, and of what its relatives' pages show of it: other parts, and other languages."""
    keys = keys_of([pk]) | {versions.link_key(pk)}
    if series:
        keys.add(versions.series_key(series))
    if original:
        keys.add(versions.link_key(original))
    return keys
