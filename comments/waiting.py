"""Telling moderators, and a post's author, of comments that wait: by the clock, so that none costs more to take.

Each of them has a place in the log up to which they were told (MailChoice.newest). The tick looks at what came after.
"""

from datetime import datetime, timedelta

from django.db import transaction

from blog.mail import owe
from blog.models import SiteSettings, User
from comments.models import Comment, MailChoice, ModerationEvent
from comments.models.comment import CommentQuerySet
from comments.models.event import NEWEST

# A line of the log is looked at when it is so old: one with a smaller number may be committed after it.
SETTLED = timedelta(minutes=1)
LISTED = 10  # comments that a mail shows
COUNTED = 1_000
MORNING = 8  # o'clock, in the site's zone
When = MailChoice.When


def tell(now: datetime) -> None:
    """Owes a mail to each who wants to be told now, and has not been, of comments that wait."""
    upto = {when: newest_event(moment) for when, moment in _moments(now - SETTLED).items()}
    choices = {choice.user_id: choice for choice in MailChoice.objects.all()}
    for user in User.objects.filter(is_active=True, is_staff=True).exclude(email=""):
        choice = choices.get(user.pk) or choice_of(user, now)
        if choice.newest < upto[choice.when]:
            _tell(user, choice, upto[choice.when])


def newest_event(moment: datetime) -> int:
    """How far the log goes up to a moment."""
    events = ModerationEvent.objects.filter(at__lte=moment).order_by(*NEWEST)
    return events.values_list("pk", flat=True).first() or 0


def choice_of(user: User, now: datetime) -> MailChoice:
    """What the user wants; of somebody new, from now on: what came before stands in the queue."""
    return MailChoice.objects.get_or_create(user=user, defaults={"newest": newest_event(now - SETTLED)})[0]


def theirs(user: User) -> CommentQuerySet:
    """The comments that concern a user: all, or those under own posts, also where others decide on them."""
    if user.has_perm("comments.moderate_any_comment"):
        return Comment.objects.all()
    return Comment.objects.filter(post__author=user)


def came_to_wait(user: User, after: int, upto: int) -> CommentQuerySet:
    """What has come to wait in this part of the log, and still does, by other hands than the user's own."""
    events = ModerationEvent.objects.of_status().filter(pk__gt=after, pk__lte=upto, to_status=Comment.Status.PENDING)
    came = events.exclude(actor=user).order_by().values("comment_id")
    return theirs(user).filter(status=Comment.Status.PENDING, pk__in=came).order_by("created_at", "pk")


def _moments(settled: datetime) -> dict[str, datetime]:
    """Up to which moment each choice looks at the log, which is settled so far."""
    hour = settled.astimezone(SiteSettings.load().zone).replace(minute=0, second=0, microsecond=0)
    morning = hour.replace(hour=MORNING) - timedelta(days=hour.hour < MORNING)
    return {When.NEVER: settled, When.AT_ONCE: settled, When.HOURLY: hour, When.DAILY: morning}


@transaction.atomic
def _tell(user: User, choice: MailChoice, upto: int) -> None:
    has_news = choice.when != When.NEVER and came_to_wait(user, choice.newest, upto).exists()
    # Or another machine's clock was quicker.
    is_first = MailChoice.objects.filter(pk=choice.pk, newest=choice.newest).update(newest=upto)
    if has_news and is_first:
        owe("held", f"held:{user.pk}:{upto}", {"user": user.pk, "after": choice.newest, "upto": upto})
