import re
from dataclasses import dataclass

from django.conf import settings
from django.contrib.syndication.views import Feed
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.feedgenerator import SyndicationFeed
from django.utils.html import format_html
from django.utils.translation import gettext

from blog import context, icons
from blog.feed_formats import AtomFeed, Attached
from blog.models import Image, Label, Post, Series, SiteSettings, User
from blog.shared import Shown

SIZE = 20
# What is for a browser on this site: other files of an image, and what a script puts to use.
ON_SITE = re.compile(r'<source [^>]*>|</?picture>|<button [^>]*>[^<]*</button>| <a class="anchor"[^>]*>#</a>')
CHOICE = re.compile(r'(<img [^>]*?)srcset="[^"]*" sizes="[^"]*" ')
ON_PAGE = re.compile(r'(<a\b[^>]*? href=")#')
OWN_ADDRESS = re.compile(r'(<(?:a|img)\b[^>]*? (?:href|src)=")/(?!/)')


@dataclass
class Asked:
    """What one request is for. A Feed is shared by threads, so nothing of a request may stay on it."""

    site: SiteSettings
    path: str
    shown: Shown
    owner: Label | Series | User | None = None


class PostFeed(Feed):
    """The newest posts, in full or their first words, as the site's settings say; a subclass says whose."""

    item_guid_is_permalink = False

    def __init__(self, feed_type: type[SyndicationFeed] = AtomFeed) -> None:
        """`feed_type` is one of feed_formats.KINDS."""
        self.feed_type = feed_type

    def get_object(self, request: HttpRequest, **kwargs) -> Asked:
        return Asked(request.site, request.path, request.shown, self.owner(**kwargs))

    def owner(self, **kwargs) -> Label | Series | User | None:
        return None

    def posts(self, owner):
        return Post.objects.published()

    def title(self, asked: Asked) -> str:
        return f"{asked.owner} · {asked.site.title}" if asked.owner else asked.site.title

    def subtitle(self, asked: Asked) -> str:
        return asked.site.tagline

    description = subtitle

    def link(self, asked: Asked) -> str:
        return _whole(asked.owner.get_absolute_url() if asked.owner else reverse("home"))

    def feed_url(self, asked: Asked) -> str:
        return _whole(asked.path)

    def feed_extra_kwargs(self, asked: Asked) -> dict:
        logo = context.logo(asked.site)
        return {"icon": _whole(icons.address(logo, 192)), "logo": logo and _whole(logo.whole)}

    def items(self, asked: Asked) -> list[Post]:
        is_whole = asked.site.feeds_in_full
        posts = self.posts(asked.owner).select_related("author", "cover").with_labels()
        posts = list(posts.defer("body", "body_text", "toc", *([] if is_whole else ["body_html", "cover_html"]))[:SIZE])
        for post in posts:
            post.is_whole, post.is_foreign = is_whole, post.language not in ("", asked.site.language)
        asked.shown.posts(posts)
        return posts

    def item_link(self, post: Post) -> str:
        return _whole(post.get_absolute_url())

    def item_title(self, post: Post) -> str:
        return post.title

    def item_extra_kwargs(self, post: Post) -> dict:
        return {
            "whole": _whole_text(post) if post.is_whole else None,
            "summary": post.summary,
            "image": _image(post.cover) if post.cover else None,
            "language": post.language if post.is_foreign else None,
        }

    def item_description(self, post: Post) -> str:
        """The first words as HTML, for feeds that do not give whole texts."""
        if post.is_whole:
            return ""
        words = '<p>{}</p><p><a href="{}">{}</a></p>'
        return format_html(words, post.summary, _whole(post.get_absolute_url()), gettext("Read the rest"))

    def item_guid(self, post: Post) -> str:
        return post.atom_id

    def item_pubdate(self, post: Post):
        return post.published_at

    def item_updateddate(self, post: Post):
        return max(post.updated_at, post.published_at)

    def item_author_name(self, post: Post) -> str:
        return post.author.name

    def item_author_link(self, post: Post) -> str:
        return _whole(post.author.get_absolute_url())

    def item_comments(self, post: Post) -> str | None:
        """Where they stand on the post's page; how many there are would change the feed with each of them."""
        if post.comments_mode == Post.CommentsMode.HIDDEN:
            return None
        return f"{_whole(post.get_absolute_url())}#comments"

    def item_categories(self, post: Post) -> list[str]:
        return [label.name for label in post.labels]


class LabelFeed(PostFeed):
    def owner(self, slug: str) -> Label:
        return get_object_or_404(Post.objects.labels(), slug=slug)

    def posts(self, owner: Label):
        return Post.objects.labelled(owner)


class AuthorFeed(PostFeed):
    def owner(self, slug: str) -> User:
        return get_object_or_404(Post.objects.authors(), slug=slug)

    def posts(self, owner: User):
        return Post.objects.published().filter(author=owner)


class SeriesFeed(PostFeed):
    def owner(self, slug: str) -> Series:
        return get_object_or_404(Post.objects.series(), slug=slug)

    def posts(self, owner: Series):
        return Post.objects.published().filter(series=owner)


def _whole(address: str) -> str:
    """A feed is read far from this site: its own addresses must be whole, by whatever name it was asked for."""
    return f"{settings.SITE_URL}{address}" if address.startswith("/") else address


def _whole_text(post: Post) -> str:
    cover = f"<p>{post.cover_html}</p>" if post.cover_html else ""
    html = CHOICE.sub(r"\1", ON_SITE.sub("", f"{cover}{post.body_html}"))
    # Those of notes lead to the post's page.
    html = ON_PAGE.sub(lambda link: f"{link[1]}{post.get_absolute_url()}#", html)
    return OWN_ADDRESS.sub(rf"\1{settings.SITE_URL}/", html)


def _image(image: Image) -> Attached:
    return Attached(_whole(image.file.url), image.width, image.height, image.alt)
