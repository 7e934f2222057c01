from dataclasses import dataclass

from django.contrib.syndication.views import Feed
from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import gettext as _

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


class CommentFeed(Feed):
    """The newest approved comments of the site."""

    feed_type = Atom1Feed

    def get_object(self, request: HttpRequest) -> Asked:
        request.shown.add(COMMENTS)
        return self.asked(request)

    def asked(self, request: HttpRequest) -> Asked:
        return Asked(request.site, request.path, CommentSettings.load())

    def title(self, asked: Asked) -> str:
        return _("Comments on %(title)s") % {"title": asked.post.title if asked.post else asked.site.title}

    def link(self, asked: Asked) -> str:
        return asked.post.get_absolute_url() if asked.post else reverse("home")

    def feed_url(self, asked: Asked) -> str:
        return asked.path

    def items(self, asked: Asked) -> list[Comment]:
        shown = Comment.objects.shown(asked.conditions)
        if asked.post:
            comments = shown.filter(post=asked.post).order_by("-created_at", "-pk")[:SIZE]
        else:
            comments = shown.newest(SIZE)
        return list(comments.select_related("post").defer("body", "post__body", "post__body_html", "post__body_text"))

    def item_title(self, comment: Comment) -> str:
        return _("%(name)s on %(title)s") % {"name": comment.author_name, "title": comment.post.title}

    def item_description(self, comment: Comment) -> str:
        return comment.body_html

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
