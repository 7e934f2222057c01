import re
from dataclasses import dataclass

from django.conf import settings
from django.contrib.syndication.views import Feed
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed, Rss201rev2Feed
from django.utils.html import format_html
from django.utils.translation import gettext

from blog.models import Label, Post, Series, SiteSettings, User
from blog.shared import Shown

SIZE = 20
# What is for a browser on this site: other files of an image, and what a script puts to use.
ON_SITE = re.compile(r"<source [^>]*>|</?picture>|<button [^>]*>[^<]*</button>")
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


class AtomFeed(Atom1Feed):
    """Atom parts whole texts (<content>) from first words (<summary>); Django knows the latter alone."""

    def add_item_elements(self, handler, item: dict) -> None:
        if not item["is_whole"]:
            super().add_item_elements(handler, item)
            return
        super().add_item_elements(handler, item | {"description": None})
        handler.addQuickElement("content", item["description"], {"type": "html"})


class PostFeed(Feed):
    """The newest posts, in full or their first words, as the site's settings say; a subclass says whose."""

    feed_type = AtomFeed
    item_guid_is_permalink = False

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
        return asked.owner.get_absolute_url() if asked.owner else reverse("home")

    def feed_url(self, asked: Asked) -> str:
        return asked.path

    def items(self, asked: Asked) -> list[Post]:
        is_whole = asked.site.feeds_in_full
        posts = self.posts(asked.owner).select_related("author").prefetch_related("tags")
        posts = list(posts.defer("body", "body_text", "toc", *([] if is_whole else ["body_html"]))[:SIZE])
        for post in posts:
            post.is_whole = is_whole
        asked.shown.posts(posts)
        return posts

    def item_title(self, post: Post) -> str:
        return post.title

    def item_extra_kwargs(self, post: Post) -> dict:
        return {"is_whole": post.is_whole}

    def item_description(self, post: Post) -> str:
        if not post.is_whole:
            address = f"{settings.SITE_URL}{post.get_absolute_url()}"
            words = '<p>{}</p><p><a href="{}">{}</a></p>'
            return format_html(words, post.summary, address, gettext("Read the rest"))
        html = CHOICE.sub(r"\1", ON_SITE.sub("", post.body_html))
        # A feed is read far from this site: its own addresses must be whole. Those of notes lead to the post's page.
        html = ON_PAGE.sub(lambda link: f"{link[1]}{post.get_absolute_url()}#", html)
        return OWN_ADDRESS.sub(rf"\1{settings.SITE_URL}/", html)

    def item_guid(self, post: Post) -> str:
        return post.atom_id

    def item_pubdate(self, post: Post):
        return post.published_at

    def item_updateddate(self, post: Post):
        return max(post.updated_at, post.published_at)

    def item_author_name(self, post: Post) -> str:
        return post.author.name

    def item_categories(self, post: Post) -> list[str]:
        return [label.name for label in post.tags.all()]


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


class NewestRss(PostFeed):
    feed_type = Rss201rev2Feed


class LabelRss(LabelFeed):
    feed_type = Rss201rev2Feed


class AuthorRss(AuthorFeed):
    feed_type = Rss201rev2Feed


class SeriesRss(SeriesFeed):
    feed_type = Rss201rev2Feed
