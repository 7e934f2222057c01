"""Addresses that readers asked for in vain: an editor decides where each leads, mostly with one press."""

import re
from urllib.parse import urlencode

from django.contrib import admin, messages
from django.contrib.admin.views.main import ChangeList
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.loader import render_to_string
from django.urls import path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from blog import missing, search
from blog.admin.standing import moment
from blog.ids import number
from blog.models import MissingPath, OldPath, Post
from blog.slugs import make_slug

CONSIDERED = 300  # posts whose titles have words of the addresses shown
ALIKE = 0.5  # of all the words of two slugs, how many both have
FIRST_YEAR = 1990
ENDING = re.compile(r"\.(html?|php|aspx?)$", re.IGNORECASE)


def slug_of(address: str) -> str:
    """What a post would be called whose address this was."""
    parts = [part for part in address.split("/") if part]
    return make_slug(ENDING.sub("", parts[-1])) if parts else ""


def guess(rows: list[MissingPath], language: str) -> dict[int, Post]:
    """By the rows' ids, the published post or page that each most likely means: two queries."""
    slugs = {row.pk: slug for row in rows if (slug := slug_of(row.path))}
    if not slugs:
        return {}
    shown = Post.objects.public().only("kind", "title", "slug", "year", "month")
    # All years and months are named, so that the index of permalinks is of use.
    years = range(FIRST_YEAR, timezone.now().year + 2)
    there = {"kind": Post.Kind.POST, "year__in": years, "month__in": range(1, 13), "slug__in": set(slugs.values())}
    exact = {post.slug: post for post in shown.filter(**there)}
    longest = (" ".join(sorted(slug.split("-"), key=len)[-2:]) for slug in set(slugs.values()) - set(exact))
    ids = search.holding(longest, language)
    near = list(shown.filter(pk__in=ids).order_by("-pk")[:CONSIDERED]) if ids else []
    found = {pk: exact.get(slug) or _nearest(slug, near) for pk, slug in slugs.items()}
    return {pk: post for pk, post in found.items() if post}


def _nearest(slug: str, posts: list[Post]) -> Post | None:
    words = set(slug.split("-"))

    def likeness(post: Post) -> float:
        theirs = (set(text.split("-")) for text in (post.slug, make_slug(post.title)))
        return max(len(words & other) / len(words | other) for other in theirs)

    best = max(posts, key=likeness, default=None)
    return best if best and likeness(best) >= ALIKE else None


class WithGuesses(ChangeList):
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

    def choices(self, changelist: ChangeList):
        every, *others = super().choices(changelist)
        return [every | {"display": _("To be decided")}, *others]

    def queryset(self, request: HttpRequest, queryset: QuerySet[MissingPath]) -> QuerySet[MissingPath]:
        return queryset.filter(ignored=self.value() == "1")


@admin.register(MissingPath)
class MissingPathAdmin(admin.ModelAdmin):
    list_display = ["address", "count", "last", "acts"]
    list_display_links = None
    list_filter = [DecidedFilter]
    list_per_page = 50
    ordering = ["-count", "-pk"]
    search_fields = ["path"]
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER

    def get_queryset(self, request: HttpRequest) -> QuerySet[MissingPath]:
        # An import, or a post that moved, may have answered it since.
        return super().get_queryset(request).exclude(Exists(OldPath.objects.filter(path=OuterRef("path"))))

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False  # readers make them

    def get_changelist(self, request: HttpRequest, **kwargs) -> type[ChangeList]:
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
        shown = Post.objects.public().defer("body", "body_html", "body_text", "toc")
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
