from typing import NamedTuple

from django.conf import settings
from django.core.files.storage import default_storage
from django.db.models import Exists, F, OuterRef, Q, Value
from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from blog.addresses import address
from blog.models import Image, MenuItem, Page, Post, SiteSettings
from blog.prepared import Given, Prepared

FIRST_PAGES = 8  # which stand in the menu while nobody has made one
LOGO_HEIGHT = 48  # at most, in pixels of the page
DENSE = 2  # pixels of a screen for one of the page


def _lines():
    """The menu that somebody made, but for what readers may not see; while there is none, the first pages."""
    public = Post.objects.public(Given("now")).filter(pk=OuterRef("page"))
    made = MenuItem.objects.filter(Q(page=None) | Exists(public))
    made = made.values_list("position", "pk", "words", "address", "page__title", "page__slug")
    first = Page.objects.published(Given("now")).order_by("pk")[:FIRST_PAGES]
    # Not of pages: SQLite would go through all of them for the few that it has.
    pages = Post.objects.filter(~Exists(MenuItem.objects.all()), pk__in=first.values("pk")).order_by()
    pages = pages.values_list(Value(0), "pk", Value(""), Value(""), "title", "slug")
    return made.order_by().union(pages, all=True).order_by("position", "pk")


MENU = Prepared(_lines)
LOGO = Prepared(
    lambda: (
        Image.objects.filter(pk=Given("pk"))
        .order_by(F("renditions__width"))
        .values_list("file", "width", "height", "renditions__format", "renditions__width", "renditions__file")
    )
)


class Logo(NamedTuple):
    src: str
    width: int
    height: int
    whole: str  # the image itself, for those who show it large


def site(request: HttpRequest) -> dict:
    """The site's settings, its address, its logo and its menu, for every template."""
    here = getattr(request, "site", None)
    return {
        "site": here,
        "site_url": settings.SITE_URL,
        "logo": SimpleLazyObject(lambda: logo(here)),
        "menu": SimpleLazyObject(menu),
    }


def menu() -> tuple[tuple[str, str], ...]:
    """The words and the address of each line."""
    lines = MENU(now=timezone.now())
    return tuple(
        (words or title, typed or address("page", slug)) for _position, _pk, words, typed, title, slug in lines
    )


def logo(here: SiteSettings | None) -> Logo | None:
    """The narrowest file of the logo that is sharp where it stands, and how large that is."""
    rows = LOGO(pk=here.logo_id) if here and here.logo_id else []
    if not rows:
        return None
    file, full_width, full_height = rows[0][:3]
    height = min(LOGO_HEIGHT, full_height)
    width = max(1, round(full_width * height / full_height))
    made = [(wide, kind != "webp", name) for *_image, kind, wide, name in rows if kind and kind != "avif"]
    sharp = min((one for one in made if one[0] >= DENSE * width), default=(0, False, file))
    return Logo(default_storage.url(sharp[2]), width, height, default_storage.url(file))
