from dataclasses import dataclass

from django.conf import settings
from django.contrib.syndication.views import Feed
from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from blog.feed_formats import AtomFeed
from blog.models import Page, Post, SiteSettings
from blog.versions import COMMENTS, post_key
from comments.models import Comment, CommentSettings

SIZE = 30


@dataclass
class Asked:
    site: SiteSettings
    path: str
    conditions: CommentSettings
    post: Post | None = None


class CommentAtom(AtomFeed):
    """Each entry says what it answers: RFC 4685."""

    def root_attributes(self) -> dict:
        return super().root_attributes() | {"xmlns:thr": "http://purl.org/syndication/thread/1.0"}

    def add_item_elements(self, handler, item: dict) -> None:
        super().add_item_elements(handler, item)
        handler.addQuickElement("thr:in-reply-to", "", item["answers"])


class CommentFeed(Feed):
    """The newest approved comments of the site."""

    feed_type = CommentAtom

    def get_object(self, request: HttpRequest) -> Asked:
        request.shown.add(COMMENTS)
        return self.asked(request)

    def asked(self, request: HttpRequest) -> Asked:
        return Asked(request.site, request.path, CommentSettings.load())

    def title(self, asked: Asked) -> str:
        return _("Comments on %(title)s") % {"title": asked.post.title if asked.post else asked.site.title}

    def link(self, asked: Asked) -> str:
        return settings.SITE_URL + (asked.post.get_absolute_url() if asked.post else reverse("home"))

    def feed_url(self, asked: Asked) -> str:
        return settings.SITE_URL + asked.path

    def items(self, asked: Asked) -> list[Comment]:
        shown = Comment.objects.shown(asked.conditions)
        if asked.post:
            comments = shown.filter(post=asked.post).order_by("-created_at", "-pk")[:SIZE]
        else:
            comments = shown.newest(SIZE)
        return list(comments.select_related("post").defer("body", "post__body", "post__body_html", "post__body_text"))

    def item_link(self, comment: Comment) -> str:
        return settings.SITE_URL + comment.get_absolute_url()

    def item_guid(self, comment: Comment) -> str:
        return _id_of(comment.pk)

    def item_title(self, comment: Comment) -> str:
        return _("%(name)s on %(title)s") % {"name": comment.author_name, "title": comment.post.title}

    def item_description(self, comment: Comment) -> str:
        return ""

    def item_extra_kwargs(self, comment: Comment) -> dict:
        """Its words, and what it answers, by the id that this has in a feed: another comment, or the post."""
        post = comment.post
        if comment.parent_id:
            ref = href = _id_of(comment.parent_id)
        else:
            ref, href = post.atom_id, f"{settings.SITE_URL}{post.get_absolute_url()}"
        answers = {"ref": ref, "href": href, "type": "text/html"}
        return {"whole": comment.body_html, "answers": answers}

    def item_pubdate(self, comment: Comment):
        return comment.created_at

    def item_updateddate(self, comment: Comment):
        return comment.edited_at or comment.created_at

    def item_author_name(self, comment: Comment) -> str:
        return comment.author_name


class ThreadFeed(CommentFeed):
    """The newest approved comments of one post or page."""

    def get_object(self, request: HttpRequest, slug: str, **when: int) -> Asked:
        asked = self.asked(request)
        asked.post = get_object_or_404((Post if when else Page).objects.published(), slug=slug, **when)
        if asked.conditions.mode_of(asked.post) == CommentSettings.Mode.HIDDEN:
            raise Http404
        request.shown.add(post_key(asked.post.pk))
        return asked


def _id_of(pk: int) -> str:
    return f"{settings.SITE_URL}{reverse('comment', args=[pk])}"
