"""How the blog's pages show comments without knowing them."""

from django import template
from django.db.models import Count
from django.template.context import RequestContext
from django.utils.dateformat import format as format_date
from django.utils.formats import get_format
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.timezone import get_current_timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from comments import faces, tokens
from comments.forms import CommentForm
from comments.models import Comment, CommentSettings
from comments.thread import Node, thread_of

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
    if mode == Mode.HIDDEN or (mode == Mode.CLOSED and post.kind == "page" and post.comments_mode == "inherit"):
        return {"is_hidden": True}
    request, user = context["request"], context["user"]
    start = request.GET.get("thread", "")
    start = start if start.isascii() and start.isdigit() and len(start) <= 110 else ""
    thread = thread_of(post, start)
    is_open = mode == Mode.OPEN and not context.get("is_preview")
    may_write = user.is_authenticated or conditions.who == CommentSettings.Who.ANYONE
    return {
        "post": post,
        "request": request,
        "site": context.get("site"),
        "thread": thread,
        "start": start,
        "words": count_in_words(thread.total),
        "conditions": conditions,
        "is_open": is_open,
        "may_write": may_write,
        "may_reply": is_open and may_write,
        "form": CommentForm(post=post, user=user, initial={"token": tokens.for_page(post.pk)}),
        "user": user,
        "csrf_token": context.get("csrf_token"),
        "nodes": _shown(thread.nodes, post, is_open and may_write),
        "closing": _closing(thread.left_open),
        "author_word": _("Author"),
        "reply_word": _("Reply"),
        "reply_url": f"{post.get_absolute_url()}comment/?parent=",
        "gone_words": _("This comment is no longer here."),
    }


def _shown(nodes: list[Node], post, may_reply: bool) -> list[dict]:
    """What the template places of each comment; a tombstone has no words.

    A page may hold hundreds: what they share is asked for once, and every value is ready to print.
    """
    zone, written_as = get_current_timezone(), get_format("DATETIME_FORMAT")
    answer = escape(_("Reply to %(name)s"))
    shown = []
    for node in nodes:
        values = {"pk": str(node.pk), "closing": _closing(node.closes), "has_replies": node.has_replies}
        if comment := node.comment:
            written = comment.created_at.astimezone(zone)
            name = escape(comment.author_name)
            values |= {
                "name": _name(name, comment.author_url),
                "face": face_of(comment),
                "is_authors": comment.user_id is not None and comment.user_id == post.author_id,
                "url": mark_safe(comment.get_absolute_url()),  # noqa: S308  digits
                "iso": mark_safe(written.isoformat(timespec="seconds")),  # noqa: S308  digits
                "when": mark_safe(format_date(written, written_as)),  # noqa: S308  digits and month names
                "says": mark_safe(comment.body_html),  # noqa: S308  cleaned by blog.sanitize when it was saved
                "reply_label": mark_safe(answer % {"name": name}) if may_reply else "",  # noqa: S308  escaped above
            }
        shown.append(values)
    return shown


def _name(name: SafeString, url: str) -> SafeString:
    if not url:
        return mark_safe(f"<bdi>{name}</bdi>")  # noqa: S308  escaped by the caller
    return format_html('<a href="{}" rel="nofollow ugc noopener"><bdi>{}</bdi></a>', url, name)


def _closing(count: int) -> SafeString:
    """Ends `count` threads that are still open."""
    return mark_safe("</div></article>" * count)  # noqa: S308  constants


@register.simple_tag
def face_of(comment: Comment) -> SafeString:
    return faces.face(f"account {comment.user_id}" if comment.user_id else f"name {comment.author_name}")
