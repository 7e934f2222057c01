from datetime import date

from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import get_object_or_404, render
from django.templatetags.static import static
from django.utils import timezone
from django.utils.dateformat import format as format_date
from django.views.decorators.http import require_safe

from blog.archive import beside, by_letter, label_named, labels, labels_after, months
from blog.digits import digits
from blog.finding import Asked, newest_posts, ways_on
from blog.models import Label, Page, Post
from blog.paging import Cursor, page_of
from blog.prepared import Given, Prepared
from blog.related import related
from blog.shared import for_everywhere, shared
from blog.versions import COMMENTS, LISTS, SITE, post_key

LABELS_ON_HOME = 30
LABELS_IN_ARCHIVE = 50
LABELS_ON_A_PAGE = 1000
LETTERED = 40  # labels of which one finds one's way by letters
COUNTED = 500  # posts of an author; of more it is only said that there are more
AT_PERMALINK = {"year": Given("year"), "month": Given("month"), "slug": Given("slug")}
POST = Prepared(lambda: Post.objects.published(Given("now")).filter(**AT_PERMALINK).whole())
LABELS = Prepared(lambda: Label.objects.filter(items__content_object=Given("post")).order_by("items__pk"))


@require_safe
@shared("before")
def home(request: HttpRequest) -> HttpResponse:
    before, size = Cursor.asked(request), request.site.posts_per_page
    if before:
        listed = page_of(Post.objects.listed(before).pinned(False).for_list(), size)
    else:
        posts = list(Post.objects.front_page(size).for_list())
        listed = page_of([post for post in posts if not post.pinned], size)
        listed.posts = [post for post in posts if post.pinned] + listed.posts
    context = {"listed": listed, "first_page": not before}
    if not before:
        context |= {"labels": labels(LABELS_ON_HOME), "archive": months()}
        request.shown.add(COMMENTS)  # the latest ones stand beside the posts
    request.shown.posts(listed.posts)
    return render(request, "blog/home.html", context)


@require_safe
@shared("order", "thread")
def post(request: HttpRequest, year: int, month: int, slug: str) -> HttpResponse:
    found = next(iter(POST(now=timezone.now(), year=year, month=month, slug=slug)), None)
    if found is None:
        raise Http404
    request.shown.add(post_key(found.pk))
    context = {"post": found, "labels": LABELS(post=found.pk)} | related(request, found)
    return render(request, "blog/post.html", context)


@require_safe
@shared("order", "thread")
def page(request: HttpRequest, slug: str) -> HttpResponse:
    found = get_object_or_404(Page.objects.published().whole(), slug=slug)
    request.shown.add(post_key(found.pk))
    return render(request, "blog/post.html", {"post": found} | related(request, found))


@require_safe
@shared("before")
def label(request: HttpRequest, slug: str) -> HttpResponse:
    found = label_named(slug)
    if found is None:
        raise Http404
    listed = page_of(Post.objects.labelled(found, Cursor.asked(request)).for_list(), request.site.posts_per_page)
    request.shown.posts(listed.posts)
    return render(request, "blog/label.html", {"label": found, "listed": listed})


@require_safe
@shared("before")
def author(request: HttpRequest, slug: str) -> HttpResponse:
    found = get_object_or_404(Post.objects.authors().select_related("picture"), slug=slug)
    posts = Post.objects.listed(Cursor.asked(request)).filter(author=found)
    listed = page_of(posts.for_list(), request.site.posts_per_page)
    request.shown.posts(listed.posts)
    number = Post.objects.published().filter(author=found)[: COUNTED + 1].count()
    context = {"author": found, "listed": listed, "number": min(number, COUNTED), "more": number > COUNTED}
    return render(request, "blog/author.html", context)


@require_safe
@shared("after")
def series(request: HttpRequest, slug: str) -> HttpResponse:
    found = get_object_or_404(Post.objects.series(), slug=slug)
    parts = Post.objects.in_series(found, after=Cursor.asked(request, "after"))
    listed = page_of(parts.for_list(), request.site.posts_per_page)
    request.shown.posts(listed.posts)
    return render(request, "blog/series.html", {"series": found, "listed": listed})


@require_safe
@shared("after", "order")
def label_index(request: HttpRequest) -> HttpResponse:
    request.shown.add(LISTS)
    if request.GET.get("order") == "use":
        return render(request, "blog/labels.html", {"by_use": labels(LABELS_ON_A_PAGE)})
    after = request.GET.get("after", "")[:100]
    found, following = labels_after("" if "\x00" in after else after, LABELS_ON_A_PAGE)
    letters = by_letter(found) if len(found) > LETTERED else []
    return render(request, "blog/labels.html", {"labels": found, "letters": letters, "following": following})


@require_safe
@shared()
def archive(request: HttpRequest) -> HttpResponse:
    request.shown.add(LISTS)
    return render(request, "blog/archive.html", {"archive": months(), "labels": labels(LABELS_IN_ARCHIVE)})


@require_safe
@shared("before")
def year(request: HttpRequest, year: int) -> HttpResponse:
    return _dated(request, digits(year), year=year)


@require_safe
@shared("before")
def month(request: HttpRequest, year: int, month: int) -> HttpResponse:
    return _dated(request, digits(format_date(date(max(year, 1), month, 1), "F Y")), year=year, month=month)


def _dated(request: HttpRequest, title: str, **when: int) -> HttpResponse:
    posts = Post.objects.listed(Cursor.asked(request)).filter(**when)
    listed = page_of(posts.for_list(), request.site.posts_per_page)
    if not listed.posts:
        raise Http404
    request.shown.posts(listed.posts)
    here, earlier, later = beside(months(), **when)
    context = {"title": title, "listed": listed, "here": here, "earlier": earlier, "later": later}
    return render(request, "blog/dated.html", context | when)


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    asked = Asked.of(request)
    results = asked.found(request.site.posts_per_page, request.site.language)
    context = {"asked": asked, "results": results}
    if results:
        context |= ways_on(asked, results) if results.hits else {"newest": newest_posts()}
    return render(request, "blog/search.html", context)


@require_safe
@shared()
def robots(request: HttpRequest) -> HttpResponse:
    request.shown.add(SITE)
    return render(request, "robots.txt", content_type="text/plain; charset=utf-8")


@for_everywhere
@require_safe
def favicon(request: HttpRequest) -> HttpResponse:
    return HttpResponsePermanentRedirect(static("favicon.svg"))
