"""How the blog's pages show comments without knowing them."""

from functools import lru_cache
from urllib.parse import urlencode

from django import template
from django.contrib.auth.models import AnonymousUser
from django.template.context import RequestContext
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.timezone import get_current_timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from comments import counts, faces, tokens
from comments.conditions import Conditions
from comments.forms import CommentForm
from comments.models import Comment, CommentSettings
from comments.models.comment import ID_WIDTH
from comments.policy import promise
from comments.thread import COUNTED, Row, ThreadPage, page_of
from comments.tree import Answered, Node, tree_of

register = template.Library()
Mode = CommentSettings.Mode


def count_in_words(count: int) -> str:
    if not count:
        return _("No comments")
    return ngettext("%(count)s comment", "%(count)s comments", count) % {"count": count}


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
    comments = shown.select_related("post").order_by("-created_at", "-pk")
    fields = ("author_name", "created_at", "post__title", "post__kind", "post__year", "post__month", "post__slug")
    return {"comments": comments.only(*fields)[:size]}


@register.inclusion_tag("comments/_comments.html", takes_context=True)
def comments_of(context: RequestContext, post) -> dict:
    """The thread and the form, as the post and the site's settings will have them.

    `?order=newest` shows the newest threads first, `?thread=` the page that begins with that path.
    """
    settings = settings_of(context)
    conditions = Conditions.of(post, settings)
    mode = conditions.mode_now()
    if mode == Mode.HIDDEN:
        return {"is_hidden": True}
    request, user = context["request"], context["user"]
    is_preview = bool(context.get("is_preview"))
    is_newest_first = request.GET.get("order") == "newest"
    page = page_of(post, settings.threads_per_page, request.GET.get("thread", ""), is_newest_first=is_newest_first)
    is_open = mode == Mode.OPEN and not is_preview
    may_write = user.is_authenticated or settings.who == CommentSettings.Who.ANYONE
    total = counts.of_posts([post.pk])[post.pk]
    shown = {
        "post": post,
        "words": count_in_words(total),
        "has_orders": total > 1,
        "is_newest_first": is_newest_first,
        "is_rest": page.is_rest,
        "is_open": is_open,
        "may_write": may_write,
        "articles": _articles(page, post, settings.depth, is_open and may_write, not is_preview),
        **_ways_on(post, page, is_newest_first),
    }
    token, said = tokens.for_page(post.pk), promise(conditions, user)
    if user.is_authenticated:
        form = CommentForm(post=post, user=user, initial={"token": token})
        values = {"form": form, "form_url": _form_url(post), "message": settings.message, "promise": said}
        shown["form"] = render_to_string("comments/_form.html", values, request)
    else:
        shown["form"] = _form_html(_form_url(post), token, settings.message, said, get_language())
    return shown


def _ways_on(post, page: ThreadPage, is_newest_first: bool) -> dict:
    """The addresses of the pages that this page of comments leads to; None for those that are not."""

    def address(cursor: str | None) -> str | None:
        if cursor is None:
            return None
        query = {"order": "newest" if is_newest_first else "", "thread": cursor}
        query = urlencode({name: value for name, value in query.items() if value})
        return f"{post.get_absolute_url()}{'?' if query else ''}{query}#comments"

    return {
        "first_page": address(""),
        "earlier_page": address(page.earlier),
        "later_page": address(page.later or None),
        "whole_thread": address(page.rows[0].path[:ID_WIDTH] if page.is_rest else None),
        "more_page": address(page.more_from or None),
        "more_words": _more_in_words(page.more),
        "more_name": page.rows[0].author_name if page.more else "",
    }


def _more_in_words(count: int) -> str:
    if count > COUNTED:
        return _("More than 1,000 more replies")
    return ngettext("%(count)s more reply", "%(count)s more replies", count) % {"count": count}


def _form_url(post) -> str:
    return f"{post.get_absolute_url()}comment/"


# The same words in give the same HTML out, so what these two remember is never out of date: all that is shown is an
# argument, the language and the time zone in force included. A page with a long thread would otherwise spend most of
# its time here.
@lru_cache(maxsize=200)
def _form_html(form_url: str, token: str, message: str, said: str, language: str) -> str:
    """The form as everybody gets it who is not signed in."""
    form = CommentForm(post=None, user=AnonymousUser(), initial={"token": token})
    values = {"form": form, "form_url": form_url, "message": message, "promise": said}
    return render_to_string("comments/_form.html", values)


@lru_cache(maxsize=2_000)
def _article(
    comment: Row, answers: Answered | None, is_authors: bool, reply_url: str, may_report: bool, *_locale
) -> str:
    """One comment from comments/_comment.html, without the end of its article, before which replies may stand."""
    values = {
        "comment": comment,
        "answers": answers,
        "is_authors": is_authors,
        "reply_url": reply_url,
        "may_report": may_report,
    }
    return render_to_string("comments/_comment.html", values)


def _articles(page: ThreadPage, post, levels: int, may_reply: bool, may_report: bool) -> SafeString:
    """The articles of a page of comments, one in another."""
    language, zone = get_language(), get_current_timezone()
    reply_url = f"{_form_url(post)}?parent=" if may_reply else ""
    tree = tree_of(page.rows, levels)
    parts = []
    for node in tree.nodes:
        parts.append("</div></article>" * node.closes)
        if node.comment is None:
            parts.append(_tombstone(node))
        else:
            is_authors = node.comment.user_id == post.author_id
            parts.append(_article(node.comment, node.answers, is_authors, reply_url, may_report, language, zone))
        parts.append('<div class="replies">' if node.has_replies else "</article>")
    parts.append("</div></article>" * tree.left_open)
    return mark_safe("".join(parts))  # noqa: S308  templates and constants


def _tombstone(node: Node) -> SafeString:
    """The beginning of an article without name and words: for one comment, or for neighbours with nothing below."""
    removed = ngettext("Comment removed by a moderator.", "%(count)s comments removed by a moderator.", node.removed)
    withdrawn = ngettext(
        "Comment withdrawn by its writer.", "%(count)s comments withdrawn by their writers.", node.withdrawn
    )
    counted = ((removed, node.removed), (withdrawn, node.withdrawn))
    words = " ".join(said % {"count": count} for said, count in counted if count)
    place = format_html(' id="comment-{}"', node.pk) if node.pk else ""
    return format_html(
        '<article class="comment gone"{}><p>{}</p>', place, words or _("This comment is no longer here.")
    )


@register.simple_tag
def face_of(comment: Comment | Row) -> SafeString:
    if comment.user_id:
        return faces.face(f"account {comment.user_id}")
    return faces.face(f"proved {comment.commenter_id}" if comment.commenter_id else f"name {comment.author_name}")
