"""Images in several formats and widths, with their captions and credits. Those of other sites are not shown.

A body names an image of the library by its number, or by its file's address alone (an imported one). What the use does
not say of itself (alternative text, caption, credit), the library says.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from urllib.parse import unquote, urlsplit

from django.apps import apps
from django.conf import settings
from django.core.files.storage import default_storage
from django.db.models import Q

from blog import sanitize, soup
from blog.images.sizes import FALLBACK_WIDTH
from blog.render.tree import Element, find, text, words, write

# What the text's column leaves an image: as wide as that, or as a phone without its margins.
COLUMN = "min(36rem, 100vw - 2rem)"
SMALL = "9rem"  # what a picture beside a listed post has
SIZES, ALT = re.compile(r'\bsizes="[^"]*"'), re.compile(r'\balt="[^"]*"')
AT_ONCE = 200  # images that one query asks for
MODERN = ("avif", "webp")  # the first that a browser knows is the one it takes


@dataclass
class Picture:
    """What a page shows of one image of the library."""

    pk: int
    file: str
    width: int
    height: int
    alt: str
    caption: str
    credit: str
    colour: str
    files: dict[str, list[tuple[int, str]]] = field(default_factory=dict)  # width and file of each, by format

    def shown(self, attributes: dict[str, str], sizes: str = COLUMN) -> Element:
        """A <picture>, or an <img> where there is no choice; `attributes` of the <img> win over the library's."""
        fallback = next((name for name in ("jpeg", "png") if name in self.files), self._own_format())
        files = self.files.get(fallback, [])
        small = [file for width, file in files if width <= FALLBACK_WIDTH]
        image = Element("img", {"src": _url(small[-1] if small else self.file)})
        if len(files) > 1:
            image.attributes |= {"srcset": _srcset(files), "sizes": sizes}
        image.attributes |= {"alt": self.alt, "width": str(self.width), "height": str(self.height)}
        image.attributes |= attributes
        if self.colour:
            image.attributes["data-colour"] = self.colour
        sources = [name for name in MODERN if name in self.files and name != fallback]
        if not sources:
            return image
        choices = [
            soup.tag("source", {"type": f"image/{name}", "srcset": _srcset(self.files[name]), "sizes": sizes})
            for name in sources
        ]
        return Element("picture", {}, [*choices, image])

    def _own_format(self) -> str:
        extension = self.file.rpartition(".")[2].lower()
        return "jpeg" if extension == "jpg" else extension


@dataclass
class Library:
    """The images that one body, or one page, may show."""

    by_pk: dict[int, Picture] = field(default_factory=dict)
    by_file: dict[str, Picture] = field(default_factory=dict)

    @classmethod
    def of(cls, pks: Iterable[int] = (), files: Iterable[str] = ()) -> "Library":
        """Those with these ids or files, and their renditions: one query (of very many, one for every few hundred)."""
        library, pks, files = cls(), iter(set(pks)), iter(set(files) - {""})
        while (some := list(islice(pks, AT_ONCE))) + (named := list(islice(files, AT_ONCE))):
            library._read(Q(pk__in=some) | Q(file__in=named))
        return library

    def find(self, attributes: dict[str, str]) -> Picture | None:
        """What an <img> of a body means. The id comes first: the file may have been replaced since."""
        by_pk = self.by_pk.get(int(attributes.get("data-image", 0)))
        return by_pk or self.by_file.get(media_name(attributes.get("src", "")))

    def _read(self, which: Q) -> None:
        # Not imported: the models import this module, since a post renders itself when it is saved.
        rows = apps.get_model("blog", "Image").objects.filter(which).order_by("pk", "renditions__width")
        shown = ("pk", "file", "width", "height", "alt", "caption", "credit", "colour")
        for *of_image, format_, width, file in rows.values_list(
            *shown, "renditions__format", "renditions__width", "renditions__file"
        ):
            picture = self.by_pk.setdefault(of_image[0], Picture(*of_image))
            self.by_file[picture.file] = picture
            if format_:
                picture.files.setdefault(format_, []).append((width, file))


def show_pictures(root: Element) -> set[int]:
    """Makes each image ready for the page; the ids of those of the library."""
    images = list(find(root, "img"))
    uses = [image.attributes for image in images]
    library = Library.of(
        (int(use["data-image"]) for use in uses if "data-image" in use), (media_name(use["src"]) for use in uses)
    )
    linked = {id(image) for link in find(root, "a") for image in find(link, "img")}
    _caption(root, library)
    used: set[int] = set()
    for image in images:
        picture = library.find(image.attributes)
        if picture:
            used.add(picture.pk)
        if not picture and sanitize.is_elsewhere(image.attributes["src"]):
            _link_elsewhere(image, id(image) in linked)
        else:
            is_first = image is images[0]
            _show(image, picture, is_first)
    return used


def cover(pk: int) -> str:
    """The HTML of a post's cover, which stands above its text; empty if there is no such image."""
    picture = Library.of([pk]).by_pk.get(pk)
    return write(picture.shown({"fetchpriority": "high"})) if picture else ""


def thumbnail(cover: str, across: int, down: int, is_first: bool) -> str:
    """A cover's HTML, as cover() wrote it, for the small picture beside a listed post: decorative, since it stands by
    the same link in words, and cropped around its focal point. Empty if `cover` is."""
    small = SIZES.sub(f'sizes="{SMALL}"', ALT.sub('alt=""', cover))
    loading = "" if is_first else ' loading="lazy"'
    return small.replace(
        ' fetchpriority="high"', f'{loading} decoding="async" data-across="{across}" data-down="{down}"'
    )


def media_name(src: str) -> str:
    """The name in the storage of an image's address on this site; empty if it lies elsewhere."""
    if not sanitize.is_own_media(src):
        return ""
    return unquote(urlsplit(src).path).removeprefix(settings.MEDIA_URL)


def _show(image: Element, picture: Picture | None, is_first: bool) -> None:
    use = image.attributes
    given = {"alt": use.get("alt", picture.alt if picture else "")}
    sizes = COLUMN
    if picture and (wanted := int(use.get("width", 0))) and wanted < picture.width:
        given["width"], sizes = str(wanted), f"min({wanted}px, {COLUMN[4:]}"
        given["height"] = str(max(1, round(picture.height * wanted / picture.width)))
    if not is_first:  # the first one is probably in view: it must not wait for the layout
        given["loading"] = "lazy"
    given["decoding"] = "async"
    shown = picture.shown(given, sizes) if picture else Element("img", {"src": use["src"]} | given)
    image.become(shown.name, shown.attributes, shown.children)


def _link_elsewhere(image: Element, is_linked: bool) -> None:
    """A link to it: showing it would tell another server who reads this page."""
    src = image.attributes["src"]
    host = urlsplit(src).hostname or ""
    said = " – ".join(filter(None, (" ".join(image.attributes.get("alt", "").split()), host)))
    shown: list[Element | str] = [text(f"🖼 {said}")]
    given = {"class": "external-image"}
    image.become(*("span", given, shown) if is_linked else ("a", given | {"href": src, "rel": "noopener"}, shown))


def _caption(root: Element, library: Library) -> None:
    """Credits stand at the end of captions; where there is neither, there is no caption."""
    for figure in find(root, "figure"):
        images = list(_images_of(figure))
        pictures = {id(image): library.find(image.attributes) for image in images}
        captions = [part for part in figure.parts() if part.name == "figcaption"]
        if not captions and len(images) == 1 and (picture := pictures[id(images[0])]) and picture.caption:
            captions = [Element("figcaption", {"dir": "auto"}, [text(picture.caption)])]
            figure.children += captions
        credits = [
            image.attributes.get("data-credit", picture.credit if (picture := pictures[id(image)]) else "").strip()
            for image in images
        ]
        if credits := list(dict.fromkeys(filter(None, credits))):
            if not captions:
                captions = [Element("figcaption")]
                figure.children += captions
            for credit in credits:
                between = [" · "] if words(captions[-1]) else []
                shown = Element("span", {"class": "credit", "dir": "auto"}, [text(credit)])
                captions[-1].children += [*between, shown]
        for caption in captions:
            if not words(caption) and not any(find(caption, "img")):
                caption.become("", {}, [])


def _images_of(figure: Element) -> Iterator[Element]:
    """Its images but those of figures inside it."""
    for part in figure.parts():
        if part.name == "img":
            yield part
        elif part.name not in ("figure", "figcaption"):
            yield from _images_of(part)


def _srcset(files: list[tuple[int, str]]) -> str:
    return ", ".join(f"{_url(file)} {width}w" for width, file in files)


def _url(file: str) -> str:
    return default_storage.url(file)
