from datetime import date

from django.contrib.admin.views.decorators import staff_member_required
from django.core.exceptions import PermissionDenied
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import get_object_or_404, render
from django.templatetags.static import static
from django.utils.dateformat import format as format_date
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from blog import search as index
from blog.models import Label, Page, Post
from blog.paging import Cursor, page_of

LABELS_ON_HOME = 30


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    before, size = Cursor.asked(request), request.site.posts_per_page
    if before:
        listed = page_of(Post.objects.published().filter(pinned=False).older_than(before).for_list(), size)
    else:
        posts = list(Post.objects.front_page(size).for_list())
        listed = page_of([post for post in posts if not post.pinned], size)
        listed.posts = [post for post in posts if post.pinned] + listed.posts
    context = {"listed": listed, "first_page": not before}
    if not before:
        context |= {"labels": labels(), "archive": months()}
    return render(request, "blog/home.html", context)


@require_safe
def post(request: HttpRequest, year: int, month: int, slug: str) -> HttpResponse:
    posts = Post.objects.published().select_related("author", "cover").defer("body", "body_text")
    found = get_object_or_404(posts, year=year, month=month, slug=slug)
    return render(request, "blog/post.html", {"post": found})


@require_safe
def page(request: HttpRequest, slug: str) -> HttpResponse:
    pages = Page.objects.published().select_related("author", "cover").defer("body", "body_text")
    return render(request, "blog/post.html", {"post": get_object_or_404(pages, slug=slug)})


@require_safe
@never_cache
@staff_member_required
def preview(request: HttpRequest, pk: int) -> HttpResponse:
    """A post as readers will see it, for those who may change it."""
    found = get_object_or_404(Post.objects.select_related("author", "cover"), pk=pk)
    if not found.may_change(request.user):
        raise PermissionDenied
    return render(request, "blog/post.html", {"post": found, "is_preview": True})


@require_safe
def label(request: HttpRequest, slug: str) -> HttpResponse:
    found = get_object_or_404(Post.objects.published().labels(), slug=slug)
    listed = page_of(Post.objects.labelled(found, Cursor.asked(request)).for_list(), request.site.posts_per_page)
    return render(request, "blog/label.html", {"label": found, "listed": listed})


@require_safe
def author(request: HttpRequest, slug: str) -> HttpResponse:
    found = get_object_or_404(Post.objects.published().authors().select_related("picture"), slug=slug)
    posts = Post.objects.published().filter(author=found).older_than(Cursor.asked(request))
    listed = page_of(posts.for_list(), request.site.posts_per_page)
    return render(request, "blog/author.html", {"author": found, "listed": listed})


@require_safe
def archive(request: HttpRequest) -> HttpResponse:
    return render(request, "blog/archive.html", {"archive": months(), "labels": labels(limit=None)})


@require_safe
def year(request: HttpRequest, year: int) -> HttpResponse:
    return _dated(request, str(year), year=year)


@require_safe
def month(request: HttpRequest, year: int, month: int) -> HttpResponse:
    return _dated(request, format_date(date(max(year, 1), month, 1), "F Y"), year=year, month=month)


def _dated(request: HttpRequest, title: str, **when: int) -> HttpResponse:
    posts = Post.objects.published().filter(**when).older_than(Cursor.asked(request))
    listed = page_of(posts.for_list(), request.site.posts_per_page)
    if not listed.posts:
        raise Http404
    return render(request, "blog/dated.html", {"title": title, "listed": listed, **when})


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    query = request.GET.get("q", "").strip()[:500]
    page = request.GET.get("page", "1")
    number = int(page) if page.isascii() and page.isdigit() and len(page) < 5 else 1
    results = None
    if query:
        results = index.search(query, max(number, 1), request.site.posts_per_page, request.site.language)
    return render(request, "blog/search.html", {"query": query, "results": results})


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    return render(request, "robots.txt", content_type="text/plain; charset=utf-8")


@require_safe
def favicon(request: HttpRequest) -> HttpResponse:
    return HttpResponsePermanentRedirect(static("favicon.svg"))


def labels(limit: int | None = LABELS_ON_HOME) -> list[Label]:
    """The labels that readers can find posts under, the busiest first, each with its `posts`."""
    shown = Label.objects.filter(items__content_object__in=Post.objects.published().order_by())
    return list(shown.annotate(posts=Count("items")).order_by("-posts", "name")[:limit])


def months() -> list[dict]:
    """The archive as a tree: years, newest first, each with its `posts` (a count) and `months`."""
    counted = Post.objects.published().order_by("-year", "-month").values("year", "month").annotate(posts=Count("pk"))
    years: list[dict] = []
    for row in counted:
        if not years or years[-1]["year"] != row["year"]:
            years.append({"year": row["year"], "posts": 0, "months": []})
        years[-1]["posts"] += row["posts"]
        years[-1]["months"].append(row | {"first": date(row["year"], row["month"], 1)})
    return years
