"""The mails about comments (settings.MAIL_KINDS). Each is written when it is sent: what is no longer so is not said.

To an address that is not proved goes nothing but the question whether it is somebody's, without a word that a visitor
typed: nobody can have this site write to strangers.
"""

from django.db.models import F
from django.urls import reverse
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from blog import sanitize
from blog.digits import digits
from blog.mail import Letter, absolute, owe_many
from blog.models import Mail, User
from comments import deciding, links, moderation, tokens, waiting
from comments.links import Purpose
from comments.models import (
    Comment,
    Commenter,
    CommentSettings,
    FollowRequest,
    ModerationEvent,
    ModerationNote,
    Subscription,
)
from comments.models.comment import CommentQuerySet
from comments.policy import reason_text

QUOTED = 1_200  # characters of a comment
Status = Comment.Status


def prove(data: dict, mail: Mail) -> Letter | None:
    """To a typed address: the link that proves it."""
    comment = Comment.objects.select_related("post").filter(pk=data["comment"]).first()
    if comment is None or comment.is_proved or comment.withdrawn_at or not comment.author_email:
        return None
    link = _link("prove", links.make(Purpose.PROVE, comment.pk, *data.get("wishes", ())))
    subject = _("Is this your address?")
    return Letter(comment.author_email, subject, "prove", {"post": comment.post, "link": link})


def follow(data: dict, mail: Mail) -> Letter | None:
    """To a typed address: the link that agrees to be mailed the comments on a post."""
    asked = FollowRequest.objects.select_related("post").filter(pk=data["request"]).first()
    if asked is None or not asked.post.is_public():
        return None
    context = {"post": asked.post, "link": _link("follow", links.make(Purpose.FOLLOW, asked.pk))}
    return Letter(asked.email, _("Follow the comments by e-mail?"), "follow", context)


def mine(data: dict, mail: Mail) -> Letter | None:
    """To a commenter: the link to all that is theirs."""
    commenter = Commenter.referred_to(data["who"])
    if commenter is None or not commenter.address:
        return None
    link = _link("mine", links.make(Purpose.MINE, commenter.reference))
    return Letter(commenter.address, _("Everything you wrote here"), "mine", {"link": link})


def decision(data: dict, mail: Mail) -> Letter | None:
    """To a comment's writer, who asked for it: what was decided, if that still stands."""
    event = ModerationEvent.objects.select_related("note").filter(pk=data["event"]).first()
    comment = event and Comment.objects.select_related("post", "user", "commenter").filter(pk=event.comment_id).first()
    commenter = comment and Commenter.of(comment)
    if not commenter or not commenter.address or not comment.mail_wanted or comment.status != event.to_status:
        return None
    since = ModerationEvent.objects.filter(comment_id=comment.pk, pk__gt=event.pk)
    if since.exclude(to_status=F("from_status")).exists():
        return None
    if comment.status == Status.APPROVED and not _shown().filter(pk=comment.pk).exists():
        return None
    note = getattr(event, "note", None)
    capability = tokens.capability_of(comment)
    context = {
        "post": comment.post,
        "is_shown": comment.status == Status.APPROVED,
        "told": note.text if note and note.kind == ModerationNote.Kind.TOLD else "",
        "may_appeal": moderation.may_appeal(comment),
        "link": _link("comment_status", capability) if capability else "",
        "place": absolute(comment.get_absolute_url()),
    }
    title = {"title": comment.post.title}
    shown, hidden = _("Your comment on “%(title)s” is shown"), _("Your comment on “%(title)s” is not shown")
    return Letter(commenter.address, (shown if context["is_shown"] else hidden) % title, "decision", context)


def announce(data: dict, mail: Mail) -> None:
    """A comment has come to be shown: each who follows its thread or its post is owed one mail. Sends none itself."""
    comment = _shown().filter(pk=data["comment"]).first()
    if comment is None:
        return
    own = Commenter.of(comment)
    of_what = (Subscription.WHOLE_POST, comment.root_id)
    following = Subscription.objects.filter(thread__in=of_what, post=comment.post_id).select_related("commenter__user")
    by_address: dict[str, int] = {}
    for row in following.order_by("thread"):  # the whole post first: its mail can end them all
        by_address.setdefault(row.commenter.address.lower(), row.pk)
    if own:
        by_address.pop(own.address.lower(), None)
    rows = {f"reply:{comment.pk}:{pk}": {"comment": comment.pk, "subscription": pk} for pk in by_address.values()}
    owe_many("reply", rows)


def reply(data: dict, mail: Mail) -> Letter | None:
    """To one who follows a thread, or a whole post: what somebody wrote there."""
    comment = _shown().select_related("post").filter(pk=data["comment"]).first()
    subscriptions = Subscription.objects.select_related("commenter__user").filter(commenter__blocked_at=None)
    subscription = subscriptions.filter(pk=data["subscription"]).first()
    if comment is None or subscription is None or not subscription.commenter.address:
        return None
    stop = _link("unsubscribe", links.to_end(subscription))
    context = {
        "comment": comment,
        "words": quoted(comment),
        "post": comment.post,
        "link": absolute(comment.get_absolute_url()),
        "stop": stop,
        "is_whole_post": subscription.is_whole_post,
    }
    headers = {"List-Unsubscribe": f"<{stop}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}
    subject = _("%(name)s on “%(title)s”") % {"name": comment.author_name, "title": comment.post.title}
    return Letter(subscription.commenter.address, subject, "reply", context, headers)


def held(data: dict, mail: Mail) -> Letter | None:
    """To who decides on comments, or whose post they are on: those that have come to wait, and still do."""
    user = User.objects.filter(pk=data["user"], is_active=True).exclude(email="").first()
    if user is None:
        return None
    found = waiting.came_to_wait(user, data["after"], data["upto"])
    count = found[: waiting.COUNTED + 1].count()
    is_more = count > waiting.COUNTED
    comments = found.select_related("post")[: waiting.LISTED]
    if not comments:
        return None
    ids = [comment.pk for comment in comments]
    decides = set(Comment.objects.moderated_by(user).filter(pk__in=ids).values_list("pk", flat=True))
    context = {
        "items": [
            {
                "comment": comment,
                "words": quoted(comment),
                "reasons": [digits(reason_text(reason)) for reason in comment.reasons],
                "link": _link("moderate", deciding.token_for(comment, user)) if comment.pk in decides else "",
            }
            for comment in comments
        ],
        "others": max(count - len(comments), 0),
        "number": count,
        "is_more": is_more,
        "queue": absolute(reverse("admin:comments_comment_changelist")) if decides else "",
        "choice": absolute(reverse("admin:comments_comment_mail")),
    }
    subject = digits(ngettext("%(count)d comment waits", "%(count)d comments wait", count) % {"count": count})
    if is_more:
        subject = digits(_("More than %(count)d comments wait") % {"count": waiting.COUNTED})
    return Letter(user.email, subject, "held", context)


def quoted(comment: Comment) -> str:
    """The comment's words as plain text, cut where they are very long."""
    return Truncator(sanitize.plain_text(comment.body_html).strip()).chars(QUOTED)


def _shown() -> CommentQuerySet:
    """What readers see by now."""
    return Comment.objects.shown(CommentSettings.load())


def _link(name: str, key: str) -> str:
    return absolute(reverse(name, args=[key]))
