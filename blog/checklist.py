"""What an author may want to mend before readers see a text. It advises; it never stops anybody."""

from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.db.models import Q, QuerySet
from django.urls import Resolver404, ResolverMatch, resolve
from django.utils.translation import gettext as _

from blog import sanitize
from blog.models import Image, OldPath, Post
from blog.render import is_outside, media_name
from blog.render.tree import Element, find, parse, words
from blog.soup import HEADINGS

LONG_TITLE = 70  # characters; search results show about as many
MOST = 200  # links, and images, that are looked at
FIRST_LEVEL = 1  # of headings: the title's
# What readers find lists of posts under, by the names of their addresses.
LISTS = {"label": Post.objects.labels, "series": Post.objects.series, "author": Post.objects.authors}


@dataclass(frozen=True)
class Advice:
    kind: str  # title, excerpt, image, heading or link
    words: str
    where: str  # the field of the form


def advice(post: Post) -> list[Advice]:
    """For a post or page as it stands, saved or not: five queries at most, however long it is."""
    root = parse(sanitize.clean_post(post.body))
    found = [*_title(post), *_excerpt(post), *_images(post, root), *_headings(root), *_links(post, root)]
    return list(dict.fromkeys(found))


def _title(post: Post) -> Iterator[Advice]:
    length = len(post.title.strip())
    if not length:
        yield Advice("title", _("There is no title yet."), "title")
    elif length > LONG_TITLE:
        said = _("The title has %(length)d characters; search results show about %(most)d.")
        yield Advice("title", said % {"length": length, "most": LONG_TITLE}, "title")


def _excerpt(post: Post) -> Iterator[Advice]:
    if Post.Kind.PAGE not in (post.kind, post.KIND) and not post.excerpt.strip():
        yield Advice("excerpt", _("There is no excerpt: lists will show the first words of the text."), "excerpt")


def _images(post: Post, root: Element) -> Iterator[Advice]:
    """Those that nobody has described. An empty description of a use says that there it only decorates."""
    images = [(number, image.attributes) for number, image in enumerate(find(root, "img"), start=1)][:MOST]
    wordless = [(number, use) for number, use in images if "alt" not in use]
    by_pk, by_file = _described([use for _number, use in wordless], post.cover_id)
    for number, use in wordless:
        if not by_pk.get(use.get("data-image"), by_file.get(media_name(use["src"]))):
            said = _("Image %(number)d has no alternative text. Say what it shows, or that it only decorates.")
            yield Advice("image", said % {"number": number}, "body")
    if post.cover_id and not by_pk.get(str(post.cover_id), True):
        yield Advice("image", _("The cover has no alternative text. Describe it in the library."), "cover")


def _described(uses: list[dict], cover: int | None) -> tuple[dict[str, bool], dict[str, bool]]:
    """Whether the library has words for an image, or says that it only decorates: by its number, and by its file."""
    pks = {use["data-image"] for use in uses if "data-image" in use} | ({str(cover)} if cover else set())
    files = {media_name(use["src"]) for use in uses} - {""}
    if not (pks or files):
        return {}, {}
    rows = Image.objects.filter(Q(pk__in=pks) | Q(file__in=files)).values_list("pk", "file", "alt", "decorative")
    known = [(str(pk), file, bool(alt or decorative)) for pk, file, alt, decorative in rows]
    return {pk: done for pk, _file, done in known}, {file: done for _pk, file, done in known}


def _headings(root: Element) -> Iterator[Advice]:
    above = FIRST_LEVEL
    for heading in find(root, *HEADINGS):
        title, level = words(heading), int(heading.name[1])
        if not title:
            yield Advice("heading", _("A heading is empty: give it words, or take it away."), "body")
            continue
        if level > above + 1:
            said = _("The heading “%(title)s” skips a level. Make it one larger, or put one between.")
            yield Advice("heading", said % {"title": title[:60]}, "body")
        above = level


def _links(post: Post, root: Element) -> Iterator[Advice]:
    """Links to this site that lead nowhere, or to what readers cannot see."""
    paths = list(dict.fromkeys(filter(None, (_own_path(a.attributes.get("href", "")) for a in find(root, "a")))))
    matches = {path: _match(path) for path in paths[:MOST]}
    hidden, nowhere = _unseen_posts(post, matches)
    nowhere += [path for path, match in matches.items() if match is None] + _empty_lists(matches)
    nowhere = _without_old(nowhere)
    for path in matches:
        if path in hidden or path.startswith("/admin/"):
            said = _("The link to %(path)s leads to what readers cannot see yet.")
        elif path in nowhere:
            said = _("The link to %(path)s leads nowhere on this site.")
        else:
            continue
        yield Advice("link", said % {"path": path[:120]}, "body")


def _own_path(href: str) -> str:
    """The path on this site that a link leads to, decoded; empty if it leads elsewhere or stays on the page."""
    href = href.strip()
    if is_outside(href):
        return ""
    href = href.removeprefix(settings.SITE_URL)
    try:
        path = unquote(urlsplit(href).path)
    except ValueError:
        return ""
    return path if path.startswith("/") and "\0" not in path else ""


def _match(path: str) -> ResolverMatch | None:
    for typed in (path, f"{path}/"):  # the slash is added to an address that lacks it
        try:
            return resolve(typed)
        except Resolver404:
            continue
    return None


def _unseen_posts(here: Post, matches: dict[str, ResolverMatch | None]) -> tuple[list[str], list[str]]:
    """Of the paths that posts and pages have: those of unpublished ones, and those that none has."""
    asked = {path: m for path, m in matches.items() if m and m.url_name in ("post", "page")}
    which = Q()
    for match in asked.values():
        which |= Q(kind=match.url_name, **match.kwargs)
    shown = ("kind", "year", "month", "slug", "status", "published_at", "expires_at")
    posts = Post.objects.filter(which).only(*shown) if asked else []
    there = {_named(post.kind, post.__dict__): post for post in posts}
    found = {path: there.get(_named(match.url_name, match.kwargs)) for path, match in asked.items()}
    hidden = [path for path, post in found.items() if post and post.pk != here.pk and not post.is_public()]
    return hidden, [path for path, post in found.items() if post is None]


def _named(kind: str, values: dict) -> tuple:
    return ("page", values["slug"]) if kind == "page" else (values["year"], values["month"], values["slug"])


def _empty_lists(matches: dict[str, ResolverMatch | None]) -> list[str]:
    """The paths of labels, series and authors under which readers find nothing."""
    empty = []
    for name, those in LISTS.items():
        slugs = {path: m.kwargs["slug"] for path, m in matches.items() if m and _list_name(m) == name}
        there = set(those().filter(slug__in=slugs.values()).values_list("slug", flat=True)) if slugs else set()
        empty += [path for path, slug in slugs.items() if slug not in there]
    return empty


def _list_name(match: ResolverMatch) -> str:
    return (match.url_name or "").partition("_")[0] if "slug" in match.kwargs else ""  # label_atom is the label's too


def _without_old(paths: list[str]) -> list[str]:
    """Those that are no old addresses either."""
    leading: QuerySet = OldPath.objects.exclude(post=None, label=None, address="")
    old = set(leading.filter(path__in=paths).values_list("path", flat=True)) if paths else set()
    return [path for path in paths if path not in old]
