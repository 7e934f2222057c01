"""What pages say of themselves in the terms of https://schema.org, as JSON-LD.

It stands in the page as a block of data, which no browser runs, so the content policy has nothing against it.
"""

import json
from functools import lru_cache
from typing import NamedTuple

from django.utils.safestring import SafeString, mark_safe

# Within <script>, HTML ends at "</script", and what "<!--" begins is another matter still; these signs stay in JSON.
ESCAPED = str.maketrans({"<": "\\u003C", ">": "\\u003E", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"})


class Link(NamedTuple):
    name: str
    address: str


class Picture(NamedTuple):
    address: str
    width: int
    height: int
    alt: str


class Site(NamedTuple):
    title: str
    tagline: str
    address: str
    language: str
    logo: str


class Article(NamedTuple):
    """What is said of a post or page: plain values, so that it is written once for the same ones."""

    site: Site
    kind: str
    title: str
    description: str
    address: str
    language: str
    published: str  # moments as ISO 8601
    modified: str
    author: Link
    image: Picture | None
    labels: tuple[Link, ...]
    is_part_of: Link | None  # the series
    minutes: int


def script(data: dict) -> SafeString:
    """As the element that holds it. What people wrote may be in it: nothing of it ends the element, or is HTML."""
    written = json.dumps({"@context": "https://schema.org", **data}, ensure_ascii=False, separators=(",", ":"))
    return mark_safe(f'<script type="application/ld+json">{written.translate(ESCAPED)}</script>')  # noqa: S308  escaped


@lru_cache(maxsize=2_000)
def of_article(article: Article) -> SafeString:
    site = article.site
    is_page = article.kind == "page"
    image = article.image and {
        "@type": "ImageObject",
        "url": article.image.address,
        "width": article.image.width,
        "height": article.image.height,
        "caption": article.image.alt,
    }
    said = {
        "@type": "WebPage" if is_page else "BlogPosting",
        "@id": article.address,
        "url": article.address,
        "mainEntityOfPage": article.address,
        ("name" if is_page else "headline"): article.title,
        "description": article.description,
        "datePublished": article.published,
        "dateModified": article.modified,
        "inLanguage": article.language,
        "author": {"@type": "Person", "name": article.author.name, "url": article.author.address},
        "publisher": _publisher(site),
        "image": image and _said(image),
        "keywords": [label.name for label in article.labels],
        "timeRequired": f"PT{article.minutes}M",
        "isPartOf": [
            {"@type": "WebSite" if is_page else "Blog", "@id": _own(site), "name": site.title, "url": site.address},
            *([{"@type": "CreativeWorkSeries", **_link(article.is_part_of)}] if article.is_part_of else []),
        ],
    }
    way = [Link(site.title, site.address), *article.labels[:1], Link(article.title, article.address)]
    return script({"@graph": [_said(said), _breadcrumbs(way)]})


@lru_cache(maxsize=100)
def of_site(site: Site) -> SafeString:
    """For the home page."""
    said = {"name": site.title, "url": site.address, "description": site.tagline, "inLanguage": site.language}
    blog = {"@type": "Blog", "@id": _own(site), **said, "publisher": _publisher(site)}
    return script({"@graph": [_said({"@type": "WebSite", **said}), _said(blog)]})


@lru_cache(maxsize=500)
def of_list(site: Site, name: str, address: str) -> SafeString:
    """For a page that lists posts."""
    page = {"@type": "CollectionPage", "@id": address, "url": address, "name": name, "inLanguage": site.language}
    way = [Link(site.title, site.address), Link(name, address)]
    return script({"@graph": [page | {"isPartOf": {"@id": _own(site)}}, _breadcrumbs(way)]})


def _own(site: Site) -> str:
    return f"{site.address}#blog"


def _publisher(site: Site) -> dict:
    logo = {"@type": "ImageObject", "url": site.logo}
    return {"@type": "Organization", "name": site.title, "url": site.address, "logo": logo}


def _breadcrumbs(way: list[Link]) -> dict:
    steps = [
        {"@type": "ListItem", "position": number, "name": step.name, "item": step.address}
        for number, step in enumerate(way, 1)
    ]
    return {"@type": "BreadcrumbList", "itemListElement": steps}


def _link(link: Link) -> dict:
    return {"name": link.name, "url": link.address}


def _said(values: dict) -> dict:
    """Without what is empty."""
    return {name: value for name, value in values.items() if value}
