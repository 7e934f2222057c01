"""Addresses that readers asked for in vain: an editor decides where each leads, mostly with one press."""

from urllib.parse import urlencode

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.loader import render_to_string
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from blog import missing, search
from blog.admin.bounded import BoundedAdmin, BoundedList
from blog.admin.standing import moment
from blog.ids import number
from blog.likely import ALIKE, SHOWING, named, slug_of
from blog.models import MissingPath, OldPath, Post
from blog.slugs import make_slug

EACH = 6  # posts that are compared for each address


def guess(rows: list[MissingPath], language: str) -> dict[int, Post]:
    """By the rows' ids, the published post or page that each most likely means: two queries."""
    slugs = {row.pk: slug for row in rows if (slug := slug_of(row.path))}
    if not slugs:
        return {}
    exact = {post.slug: post for post in reversed(named(slugs.values()))}  # the newest of a slug
    others = set(slugs.values()) - set(exact)
    longest = (" ".join(sorted(slug.split("-"), key=len)[-2:]) for slug in others)
    ids = search.newest(longest, language, EACH)
    shown = Post.objects.public().only(*SHOWING)
    near = list(shown.filter(pk__in=ids).order_by("-pk")[: EACH * len(others)]) if ids else []
    nearest = _nearest(others, near)
    found = {pk: exact.get(slug) or nearest.get(slug) for pk, slug in slugs.items()}
    return {pk: post for pk, post in found.items() if post}


def _nearest(slugs: set[str], posts: list[Post]) -> dict[str, Post]:
    """The post whose slug or title has most words in common with each of these slugs, if any has enough."""
    names = [(post, set(text.split("-"))) for post in posts for text in {post.slug, make_slug(post.title)}]
    found = {}
    for slug in slugs:
        words, likest = set(slug.split("-")), 0.0
        for post, theirs in names:
            both = len(words & theirs)
            likeness = both / (len(words) + len(theirs) - both)
            if likeness >= ALIKE and likeness > likest:
                found[slug], likest = post, likeness
    return found


class WithGuesses(BoundedList):
    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        self.result_list = list(self.result_list)
        guesses = guess(self.result_list, request.site.language)
        for row in self.result_list:
            row.guess = guesses.get(row.pk)


class DecidedFilter(admin.SimpleListFilter):
    title = _("decision")
    parameter_name = "left"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple]:
        return [("1", _("Left as they are"))]

    def choices(self, changelist: BoundedList):
        every, *others = super().choices(changelist)
        return [every | {"display": _("To be decided")}, *others]

    def queryset(self, request: HttpRequest, queryset: QuerySet[MissingPath]) -> QuerySet[MissingPath]:
        return queryset.filter(ignored=self.value() == "1")


@admin.register(MissingPath)
class MissingPathAdmin(BoundedAdmin):
    list_display = ["address", "count", "last", "acts"]
    list_display_links = None
    list_filter = [DecidedFilter]
    list_per_page = 50
    ordering = ["-count", "-pk"]
    search_fields = ["path"]
    show_facets = admin.ShowFacets.NEVER

    def get_queryset(self, request: HttpRequest) -> QuerySet[MissingPath]:
        # An import, or a post that moved, may have answered it since.
        return super().get_queryset(request).exclude(Exists(OldPath.objects.filter(path=OuterRef("path"))))

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False  # readers make them

    def get_changelist(self, request: HttpRequest, **kwargs) -> type[BoundedList]:
        return WithGuesses

    @admin.display(description=_("Address"), ordering="path")
    def address(self, row: MissingPath) -> str:
        return format_html('<bdi dir="ltr">{}</bdi>', row.path)

    @admin.display(description=_("Last asked for"), ordering="last_at")
    def last(self, row: MissingPath) -> str:
        return moment(row.last_at)

    @admin.display(description=_("Decide"))
    def acts(self, row: MissingPath) -> SafeString:
        elsewhere = f"{reverse('admin:blog_oldpath_add')}?{urlencode({'path': row.path})}"
        return render_to_string("admin/blog/missingpath/_verbs.html", {"row": row, "elsewhere": elsewhere})

    def get_urls(self) -> list:
        views = {"send": self.send_view, "gone": self.gone_view, "leave": self.leave_view}
        own = [
            path(f"<int:pk>/{name}/", self.admin_site.admin_view(require_POST(view)), name=f"blog_missingpath_{name}")
            for name, view in views.items()
        ]
        return [*own, *super().get_urls()]

    def send_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        row = self._asked(request, pk)
        shown = Post.objects.public().short()
        post = get_object_or_404(shown, pk=number(request.POST.get("post")))
        said = gettext("Who asks for %(path)s is sent to “%(title)s” from now on.")
        return self._decide(request, row, said % {"path": row.path, "title": post.title}, post=post)

    def gone_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        row = self._asked(request, pk)
        said = gettext("Who asks for %(path)s is told that it is gone for good.")
        return self._decide(request, row, said % {"path": row.path})

    def leave_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        row = self._asked(request, pk)
        row.ignored = not row.ignored
        row.save(update_fields=["ignored"])
        said = gettext("%(path)s is left as it is.") if row.ignored else gettext("%(path)s is to be decided again.")
        self.message_user(request, said % {"path": row.path}, messages.SUCCESS)
        return self.response_post_save_change(request, row)

    def _asked(self, request: HttpRequest, pk: int) -> MissingPath:
        """The row that a decision is sent for, by who may decide."""
        if not (self.has_change_permission(request) and request.user.has_perm("blog.add_oldpath")):
            raise PermissionDenied
        return get_object_or_404(self.get_queryset(request), pk=pk)

    @transaction.atomic
    def _decide(self, request: HttpRequest, row: MissingPath, said: str, post: Post | None = None) -> HttpResponse:
        OldPath.objects.update_or_create(path=row.path, defaults={"post": post, "label": None, "address": ""})
        missing.found(row.path)
        self.message_user(request, said, messages.SUCCESS)
        return self.response_post_save_change(request, row)
