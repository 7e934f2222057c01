"""How the blog's pages show comments without knowing them."""

from datetime import datetime
from functools import lru_cache
from urllib.parse import urlencode

from django import template
from django.contrib.auth.models import AnonymousUser
from django.template.context import RequestContext
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from blog.digits import digits
from blog.shared import shown as what_is_shown
from blog.templatetags.pieces import piece
from comments import counts, following, structured, tokens
from comments.articles import articles
from comments.conditions import Conditions
from comments.faces import face_of
from comments.forms import CommentForm
from comments.gaps import gap, with_gaps
from comments.models import Comment, CommentSettings
from comments.models.comment import ID_WIDTH
from comments.policy import promise
from comments.thread import COUNTED, ThreadPage, page_of
from comments.tree import tree_of

register = template.Library()
Mode = CommentSettings.Mode


def count_in_words(count: int) -> str:
    return _count_in_words(count, get_language())


@lru_cache(maxsize=1_000)
def _count_in_words(count: int, _language: str) -> str:
    if not count:
        return _("No comments")
    return ngettext("%(count)s comment", "%(count)s comments", count) % {"count": digits(count)}


def settings_of(context: RequestContext) -> CommentSettings:
    """The comment settings, loaded once a request."""
    request = context["request"]
    if not hasattr(request, "comment_settings"):
        request.comment_settings = CommentSettings.load()
    return request.comment_settings


@register.simple_tag(takes_context=True)
def comment_counts(context: RequestContext, posts) -> dict[int, int | None]:
    """How many approved comments each of these posts shows; None for one that hides them."""
    settings = settings_of(context)
    counted = counts.of_posts([post.pk for post in posts if settings.mode_of(post) != Mode.HIDDEN])
    return {post.pk: counted.get(post.pk) for post in posts}


@register.simple_tag
def comment_link(post, counts: dict[int, int | None]) -> str:
    """“3 comments”, leading to them."""
    count = counts.get(post.pk)
    if count is None:
        return ""
    return format_html('<a href="{}#comments">{}</a>', post.get_absolute_url(), count_in_words(count))


@register.inclusion_tag("comments/_latest.html", takes_context=True)
def latest_comments(context: RequestContext, size: int = 5) -> dict:
    shown = Comment.objects.shown(settings_of(context))
    comments = shown.newest(size).select_related("post")
    fields = ("author_name", "created_at", "post__title", "post__kind", "post__year", "post__month", "post__slug")
    return {"comments": comments.only(*fields)}


@register.simple_tag(takes_context=True)
def comments_of(context: RequestContext, post) -> SafeString:
    """The thread and the form, as the post and the site's settings will have them.

    `?order=newest` shows the newest threads first, `?thread=` the page that begins with that path.
    """
    settings = settings_of(context)
    conditions = Conditions.of(post, settings)
    mode = conditions.mode_now()
    if mode == Mode.HIDDEN:
        return SafeString("")
    request, user = context["request"], context["user"]
    what_is_shown(request).no_longer_than(_changes_at(conditions))
    is_preview = bool(context.get("is_preview"))
    is_newest_first = request.GET.get("order") == "newest"
    page = page_of(post, settings.threads_per_page, request.GET.get("thread", ""), is_newest_first=is_newest_first)
    is_open = mode == Mode.OPEN and not is_preview
    may_write = user.is_authenticated or settings.who == CommentSettings.Who.ANYONE
    address = post.get_absolute_url()
    form_url = f"{address}comment/" if is_open and may_write else ""
    values = {"address": address, "is_newest_first": is_newest_first, **_ways_on(address, page, is_newest_first)}
    tree, reply_url = tree_of(page.rows, settings.depth), form_url and f"{form_url}?parent="
    parts = {
        "before": piece(
            "comments/_before.html",
            words=count_in_words(page.total),
            has_orders=page.total > 1,
            is_rest=page.is_rest,
            has_comments=bool(page.total),
            is_followable=is_open and following.can_send(),
            **values,
        ),
        "articles": articles(tree, post.author_id, reply_url, not is_preview),
        "after": piece("comments/_after.html", is_open=is_open, may_write=may_write, **values),
        "structured": "" if is_preview else structured.comments(address, page.rows, page.total),
        "form": form_url and _form(context, post, conditions, form_url),
    }
    html = _section(bool(form_url), not is_preview, get_language())
    return mark_safe(html % parts)  # noqa: S308  a template's, and each part is


@lru_cache(maxsize=100)
def _section(has_form: bool, has_script: bool, _language: str) -> str:
    """What holds the comments, waiting for its parts: comments/gaps.py."""
    parts = {name: gap(name) for name in ("before", "articles", "after", "structured")}
    values = {"form": gap("form") if has_form else "", "has_script": has_script}
    return with_gaps(render_to_string("comments/_comments.html", parts | values))


def _form(context: RequestContext, post, conditions: Conditions, form_url: str) -> str:
    user, settings = context["user"], conditions.settings
    token, said = tokens.for_page(post.pk), promise(conditions, user)
    if user.is_authenticated:
        form = CommentForm(post=post, user=user, initial={"token": token})
        values = {"form": form, "form_url": form_url, "message": settings.message, "promise": said}
        return render_to_string("comments/_form.html", values, context["request"])
    html = _form_of_guests(settings.message, said, get_language())
    return mark_safe(html % {"token": escape(token), "form_url": escape(form_url)})  # noqa: S308  a template's


def _changes_at(conditions: Conditions) -> datetime:
    """When time alone makes another page of this: comments close, or are held, or the form's token grows old."""
    moments = [conditions.moment(conditions.close_after_days), conditions.moment(conditions.hold_after_days)]
    now = timezone.now()
    return min([moment for moment in moments if moment and moment >= now] + [tokens.page_renewed_at()])


def _ways_on(address: str, page: ThreadPage, is_newest_first: bool) -> dict[str, str]:
    """The addresses of the pages that this page of comments leads to; empty for those that are not."""

    def page_at(cursor: str | None) -> str:
        if cursor is None:
            return ""
        query = {"order": "newest" if is_newest_first else "", "thread": cursor}
        query = urlencode({name: value for name, value in query.items() if value})
        return f"{address}{'?' if query else ''}{query}#comments"

    return {
        "first_page": page_at(""),
        "earlier_page": page_at(page.earlier),
        "later_page": page_at(page.later or None),
        "whole_thread": page_at(page.rows[0].path[:ID_WIDTH] if page.is_rest else None),
        "more_page": page_at(page.more_from or None),
        "more_words": _more_in_words(page.more) if page.more else "",
        "more_name": page.rows[0].author_name if page.more else "",
    }


def _more_in_words(count: int) -> str:
    if count > COUNTED:
        return digits(_("More than 1,000 more replies"))
    return ngettext("%(count)s more reply", "%(count)s more replies", count) % {"count": digits(count)}


@lru_cache(maxsize=100)
def _form_of_guests(message: str, said: str, language: str) -> str:
    """The form as everybody gets it who is not signed in, under any post: comments/gaps.py."""
    form = CommentForm(post=None, user=AnonymousUser(), initial={"token": gap("token")})
    values = {"form": form, "form_url": gap("form_url"), "message": message, "promise": said}
    return with_gaps(render_to_string("comments/_form.html", values))


register.simple_tag(face_of)
