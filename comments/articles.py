"""The comments of a page as HTML.

A page may hold hundreds, so comments/_comment.html is not rendered for each, but once for each kind of comment (with a
website or without, an answer or not …), with gaps that are filled for each comment.
"""

from collections.abc import Iterator
from datetime import datetime
from functools import lru_cache
from html import escape

from django.template.loader import render_to_string
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.timezone import get_current_timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from blog.digits import digits
from comments.faces import face_of
from comments.gaps import gap, with_gaps
from comments.thread import moment_of
from comments.tree import Answered, Node, Tree

PK, ANSWERED_PK = 7_000_000_000_000_000_001, 7_000_000_000_000_000_002  # addresses are made of numbers alone
END, END_OF_FOLD = "</div></article>", "</details></article>"


def articles(tree: Tree, author_id: int, reply_url: str, may_report: bool) -> SafeString:
    """One in another. `reply_url` is completed by a comment's id; empty where nobody may reply."""
    return mark_safe("".join(_parts(tree, author_id, reply_url, may_report)))  # noqa: S308  templates and constants


def _parts(tree: Tree, author_id: int, reply_url: str, may_report: bool) -> Iterator[str]:
    language, zone, may_reply = get_language(), get_current_timezone(), bool(reply_url)
    reply_url = escape(reply_url)
    end_of_thread = ""
    for node in tree.nodes:
        if node.closes:
            yield END * (node.closes - (node.level == 0))
        if node.level == 0:
            yield end_of_thread
            end_of_thread = END_OF_FOLD if node.replies else END if node.has_replies else ""
        if node.comment is None:
            yield _tombstone(node)
        else:
            row, answers = node.comment, node.answers
            answered = answers and ("here" if answers.name else "elsewhere" if answers.pk else "gone")
            is_authors = row.user_id == author_id
            machine, written = _moment(row.created_at, language, zone)
            yield _article(bool(row.author_url), is_authors, answered or "", may_reply, may_report, language) % {
                "pk": row.pk,
                "name": _escaped(row.author_name),
                "url": row.author_url and _escaped(row.author_url),
                "face": face_of(row),
                "machine": machine,
                "written": written,
                "words": row.body_html,
                "reply_url": reply_url,
                "answered_pk": answers and answers.pk,
                "answered_name": answers and _escaped(answers.name),
            }
        if node.level == 0 and node.replies:
            yield _beginning_of_fold(node.replies, language)
        else:
            yield '<div class="replies">' if node.has_replies else "</article>"
    yield END * (tree.left_open - 1) + end_of_thread


@lru_cache(maxsize=500)
def _article(has_url: bool, is_authors: bool, answered: str, may_reply: bool, may_report: bool, _language: str) -> str:
    """The template for comments of this kind, as a string that waits for `%`; without the end of its article, before
    which replies may stand. What it answers is "here" on this page, "elsewhere" or "gone"; empty if it answers nothing
    that its place does not say."""
    values = {
        "comment": {"pk": PK, "author_name": gap("name"), "author_url": gap("url") if has_url else ""},
        "face": gap("face"),
        "machine": gap("machine"),
        "written": gap("written"),
        "words": gap("words"),
        "is_authors": is_authors,
        "answers": None,
        "reply_url": gap("reply_url") if may_reply else "",
        "may_report": may_report,
    }
    if answered:
        name = gap("answered_name") if answered == "here" else ""
        values["answers"] = Answered(None if answered == "gone" else ANSWERED_PK, name)
    html = with_gaps(render_to_string("comments/_comment.html", values))
    return html.replace(str(PK), "%(pk)s").replace(str(ANSWERED_PK), "%(answered_pk)s")


@lru_cache(maxsize=500)
def _beginning_of_fold(replies: int, _language: str) -> str:
    """What holds all replies of a thread: a reader can fold it away, without a script. An address within opens it."""
    words = ngettext("%(count)s reply", "%(count)s replies", replies) % {"count": digits(replies)}
    return f'<details class="replies" open><summary>{escape(words)}</summary>'


_escaped = lru_cache(maxsize=5_000)(escape)  # who writes a comment has often written others


@lru_cache(maxsize=5_000)
def _moment(stored: datetime | str, _language: str, zone) -> tuple[str, str]:
    """For machines and, in the language in force, for people."""
    local = moment_of(stored).astimezone(zone)
    return local.isoformat(timespec="seconds"), escape(digits(date_format(local, "DATETIME_FORMAT")))


def _tombstone(node: Node) -> SafeString:
    """The beginning of an article without name and words: for one comment, or for neighbours with nothing below."""
    removed = ngettext("Comment removed by a moderator.", "%(count)s comments removed by a moderator.", node.removed)
    withdrawn = ngettext(
        "Comment withdrawn by its writer.", "%(count)s comments withdrawn by their writers.", node.withdrawn
    )
    counted = ((removed, node.removed), (withdrawn, node.withdrawn))
    words = " ".join(said % {"count": digits(count)} for said, count in counted if count)
    place = format_html(' id="comment-{}"', node.pk) if node.pk else ""
    return format_html(
        '<article class="comment gone"{}><p>{}</p>', place, words or _("This comment is no longer here.")
    )
