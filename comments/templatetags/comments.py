"""How the blog's pages show comments without knowing them."""

from functools import lru_cache

from django import template
from django.contrib.auth.models import AnonymousUser
from django.db.models import Count
from django.template.context import RequestContext
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.timezone import get_current_timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from comments import faces, tokens
from comments.forms import CommentForm
from comments.models import Comment, CommentSettings
from comments.thread import Shown, Thread, thread_of

register = template.Library()
Mode = CommentSettings.Mode


def count_in_words(count: int) -> str:
    if not count:
        return _("No comments")
    return ngettext("%(count)s comment", "%(count)s comments", count) % {"count": count}


def conditions_of(context: RequestContext) -> CommentSettings:
    """The comment settings, loaded once a request."""
    request = context["request"]
    if not hasattr(request, "comment_settings"):
        request.comment_settings = CommentSettings.load()
    return request.comment_settings


@register.simple_tag(takes_context=True)
def comment_counts(context: RequestContext, posts) -> dict[int, int | None]:
    """How many approved comments each of these posts shows; None for one that hides them."""
    conditions = conditions_of(context)
    shown = [post.pk for post in posts if conditions.mode_of(post) != Mode.HIDDEN]
    rows = Comment.objects.filter(post__in=shown, status=Comment.Status.APPROVED).order_by()
    counted = dict(rows.values_list("post").annotate(Count("pk"))) if shown else {}
    return {post.pk: counted.get(post.pk, 0) if post.pk in shown else None for post in posts}


@register.simple_tag
def comment_link(post, counts: dict[int, int | None]) -> str:
    """“3 comments”, leading to them."""
    count = counts.get(post.pk)
    if count is None:
        return ""
    return format_html('<a href="{}#comments">{}</a>', post.get_absolute_url(), count_in_words(count))


@register.inclusion_tag("comments/_latest.html", takes_context=True)
def latest_comments(context: RequestContext, size: int = 5) -> dict:
    shown = Comment.objects.shown(conditions_of(context))
    comments = shown.select_related("post").order_by("-created_at", "-pk")
    fields = ("author_name", "created_at", "post__title", "post__kind", "post__year", "post__month", "post__slug")
    return {"comments": comments.only(*fields)[:size]}


@register.inclusion_tag("comments/_comments.html", takes_context=True)
def comments_of(context: RequestContext, post) -> dict:
    """The thread and the form, as the post and the site's settings will have them."""
    conditions = conditions_of(context)
    mode = conditions.mode_of(post)
    if mode == Mode.HIDDEN:
        return {"is_hidden": True}
    request, user = context["request"], context["user"]
    start = request.GET.get("thread", "")
    start = start if start.isascii() and start.isdigit() and len(start) <= 110 else ""
    thread = thread_of(post, start)
    is_open = mode == Mode.OPEN and not context.get("is_preview")
    may_write = user.is_authenticated or conditions.who == CommentSettings.Who.ANYONE
    shown = {
        "post": post,
        "thread": thread,
        "start": start,
        "words": count_in_words(thread.total),
        "is_open": is_open,
        "may_write": may_write,
        "articles": _thread_html(thread, post, is_open and may_write),
    }
    token = tokens.for_page(post.pk)
    if user.is_authenticated:
        form = CommentForm(post=post, user=user, initial={"token": token})
        values = {"form": form, "form_url": _form_url(post), "conditions": conditions}
        shown["form"] = render_to_string("comments/_form.html", values, request)
    else:
        shown["form"] = _form_html(_form_url(post), token, conditions.message, get_language())
    return shown


def _form_url(post) -> str:
    return f"{post.get_absolute_url()}comment/"


# The same words in give the same HTML out, so what these two remember is never out of date: all that is shown is an
# argument, the language and the time zone in force included. A page with a long thread would otherwise spend most of
# its time here.
@lru_cache(maxsize=200)
def _form_html(form_url: str, token: str, message: str, language: str) -> str:
    """The form as everybody gets it who is not signed in."""
    form = CommentForm(post=None, user=AnonymousUser(), initial={"token": token})
    conditions = CommentSettings(message=message)
    return render_to_string("comments/_form.html", {"form": form, "form_url": form_url, "conditions": conditions})


@lru_cache(maxsize=2_000)
def _article(pk: int, comment: Shown | None, is_authors: bool, reply_url: str, language: str, zone) -> str:
    """One comment from comments/_comment.html, without the end of its article, before which replies may stand."""
    values = {"pk": pk, "comment": comment, "is_authors": is_authors, "reply_url": reply_url}
    return render_to_string("comments/_comment.html", values)


def _thread_html(thread: Thread, post, may_reply: bool) -> SafeString:
    """The articles of a page of a thread, one in another."""
    language, zone = get_language(), get_current_timezone()
    reply_url = f"{_form_url(post)}?parent=" if may_reply else ""
    parts = []
    for node in thread.nodes:
        parts.append("</div></article>" * node.closes)
        is_authors = node.comment is not None and node.comment.user_id == post.author_id
        parts.append(_article(node.pk, node.comment, is_authors, reply_url, language, zone))
        parts.append('<div class="replies">' if node.has_replies else "</article>")
    parts.append("</div></article>" * thread.left_open)
    return mark_safe("".join(parts))  # noqa: S308  templates and constants


@register.simple_tag
def face_of(comment: Comment | Shown) -> SafeString:
    return faces.face(f"account {comment.user_id}" if comment.user_id else f"name {comment.author_name}")
