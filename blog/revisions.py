"""What somebody had written is kept: the one place that makes, reads and thins out revisions.

A post's row is what readers see. Title, text, labels and the like are its *content*; each time somebody saves it, the
content is kept as a Revision, and `post.revision` names the one that the row shows. A change that is not to be seen yet
waits as `post.draft`, over the row, until it is published or thrown away. What is typed and not saved is kept as an
autosave beside both. Status, pinned and comments_mode are not content: they act at once.

For good: every text that was saved on purpose, and of each author's sittings the newest autosave. The autosaves before
it go when they are a week old (`thin`, by the clock).
"""

import re
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from blog import names, sanitize
from blog.models import Image, Label, Post, Revision, Series, User

Why = Revision.Why

# As the form names them. Of "series" the title is kept, of "tags" the names.
TEXTS = ("title", "body", "excerpt", "language", "slug", "seo_title", "seo_description", "canonical_url")
NUMBERS = ("cover", "translation_of")
MOMENTS = ("published_at", "expires_at")
FIELDS = (*TEXTS, *NUMBERS, *MOMENTS, "series", "tags")
APART = timedelta(minutes=10)  # between autosaves of one sitting that stay
THINNED_AFTER = timedelta(days=7)
THINNED_AT_ONCE = 500


def content_of(post: Post) -> dict:
    """The content of a post's row, with its labels as they are stored."""
    content: dict = {name: getattr(post, name) for name in TEXTS}
    content |= {name: getattr(post, f"{name}_id") for name in NUMBERS}
    content |= {name: (at := getattr(post, name)) and at.isoformat() for name in MOMENTS}
    content["series"] = post.series.title if post.series_id else ""
    content["tags"] = sorted((label.name for label in post.tags.all()), key=str.casefold)
    return content


def saved(post: Post, by: User, why: str, sitting: str = "") -> Revision:
    """Keeps what the row says now, labels included: nothing waits any more. Saved again as it was, it is kept once."""
    content = content_of(post)
    now_there = Revision.objects.filter(pk=post.revision_id).first()
    if now_there is None or now_there.content != content or post.draft_id:
        now_there = _kept(post, by, why, content, sitting)
    elif sitting:
        now_there.sitting = sitting  # which arrived too: its browser asks
        now_there.save(update_fields=["sitting"])
    post.revision, post.draft = now_there, None
    Post.objects.filter(pk=post.pk).update(revision=now_there, draft=None)
    return now_there


def wait(post: Post, by: User, why: str, content: dict, sitting: str = "") -> Revision:
    """Keeps this content as the draft that waits over the row, which stays as it is."""
    keep_what_was(post)
    post.draft = _kept(post, by, why, content, sitting)
    Post.objects.filter(pk=post.pk).update(draft=post.draft)
    return post.draft


def discard_draft(post: Post) -> None:
    """The row is again what the form begins from. What waited stays among the revisions."""
    post.draft = None
    Post.objects.filter(pk=post.pk).update(draft=None)


def keep_what_was(post: Post) -> None:
    """A row that was written before there were revisions, or by an import: what it says is kept before it changes."""
    if post.revision_id is None:
        before = _made(post, post.author, Why.SAVED, content_of(post))
        Revision.objects.filter(pk=before.pk).update(created_at=post.updated_at, saved_at=post.updated_at)
        post.revision = before
        Post.objects.filter(pk=post.pk).update(revision=before)


def begin(post: Post, by: User) -> None:
    """Notes of a new post that nobody has saved it yet: it is there so that what is typed can be kept."""
    post.revision = _made(post, by, Why.BEGUN, content_of(post))
    Post.objects.filter(pk=post.pk).update(revision=post.revision)


def was_never_saved(post: Post) -> bool:
    return post.revision_id is not None and post.revision.why == Why.BEGUN


@transaction.atomic
def autosave(post: Post, by: User, content: dict, sitting: str, base: int | None) -> Revision:
    """Keeps what somebody types and has not saved, over what was kept of the same sitting unless that is old enough
    to stay. `base` is the revision that the sitting began from."""
    now = timezone.now()
    content = content | {"body": sanitize.clean_post(content.get("body") or "")}
    last = _sitting(post, by, sitting).select_for_update().first()
    now_there = last or Revision.objects.filter(pk=newest_of(post)).first()
    if now_there and says_the_same(content, now_there.content):
        return now_there
    if last and last.created_at > now - APART:
        last.content, last.saved_at = content, now
        last.save(update_fields=["content", "saved_at"])
        last.images.set(_images(content))
        return last
    if last:
        last.is_followed = True
        last.save(update_fields=["is_followed"])
    return _made(post, by, Why.AUTOSAVE, content, sitting, base)


def newest_of(post: Post) -> int | None:
    """The revision that a form of this post begins from: what waits, or what the row says."""
    return post.draft_id or post.revision_id


def unsaved_of(post: Post, by: User) -> Revision | None:
    """What this author typed last and never saved; None if they have saved since, or it says what is saved."""
    mine = Revision.objects.filter(post=post.pk, author=by)
    typed = mine.filter(why=Why.AUTOSAVE).order_by("-saved_at", "-pk").first()
    if typed is None or mine.exclude(why=Why.AUTOSAVE).filter(saved_at__gte=typed.saved_at).exists():
        return None
    newest = Revision.objects.filter(pk=newest_of(post)).first()
    return None if newest and says_the_same(typed.content, newest.content) else typed


def as_shown(post: Post, content: dict | None = None) -> Post:
    """The post as its page would show this content (without one, what waits, else what the row says), not saved.

    Its labels stand on `labels_shown`. What an autosave has wrong, such as a date that is none, is left as it was.
    """
    shown = Post.objects.select_related("author", "cover", "series").get(pk=post.pk)
    if content is None and shown.draft_id:
        content = Revision.objects.get(pk=shown.draft_id).content
    if content is None:
        shown.labels_shown = list(shown.tags.order_by("items__pk"))
        return shown
    for name in TEXTS:
        setattr(shown, name, str(content.get(name) or ""))
    for name in MOMENTS:
        setattr(shown, name, moment(content.get(name)) or getattr(shown, name))
    shown.cover = Image.objects.filter(pk=content.get("cover")).first()
    shown.series = Series.objects.filter(title=content.get("series") or "").first()
    shown.labels_shown = _labels(content.get("tags") or [])
    shown.render_body()
    return shown


def _labels(typed: list[str]) -> list[Label]:
    """The labels that saving these names would give; one that it would make is not saved."""
    there = list(Label.objects.values_list("name", flat=True)) if typed else []
    called = [names.same(name, there) or name for name in typed]
    known = {label.name: label for label in Label.objects.filter(name__in=called)}
    return [known.get(name) or _new_label(name) for name in dict.fromkeys(called)]


def _new_label(name: str) -> Label:
    label = Label(name=name)
    label.slug = label.slugify(name)
    return label


def moment(text: object) -> datetime | None:
    """The moment that a revision's text says, in the zone in force if it names none; None if it says no moment."""
    try:
        found = parse_datetime(text) if isinstance(text, str) else None
    except ValueError:
        return None
    return timezone.make_aware(found) if found and timezone.is_naive(found) else found


def thin(now: datetime) -> int:
    """Deletes autosaves of a week ago that a later one of the same sitting followed; how many."""
    followed = Revision.objects.filter(is_followed=True, saved_at__lt=now - THINNED_AFTER)
    some = list(followed.order_by("saved_at").values_list("pk", flat=True)[:THINNED_AT_ONCE])
    Revision.objects.filter(pk__in=some).delete()
    return len(some)


def says_the_same(typed: dict, saved: dict) -> bool:
    """Whether a saved content has all that was typed: what is made when it is left empty may differ."""
    made = {name for name in ("slug", "published_at") if not typed.get(name)}
    return all(typed.get(name) == saved.get(name) for name in FIELDS if name not in made)


def _kept(post: Post, by: User, why: str, content: dict, sitting: str) -> Revision:
    """A new revision. What was kept of its sitting while it was typed goes, if this says the same."""
    revision = _made(post, by, why, content, sitting)
    last = _sitting(post, by, sitting).first() if sitting else None
    if last and says_the_same(last.content, content):
        last.delete()
    return revision


def _made(post: Post, by: User, why: str, content: dict, sitting: str = "", base: int | None = None) -> Revision:
    revision = Revision.objects.create(post_id=post.pk, author=by, why=why, content=content, sitting=sitting, base=base)
    revision.images.set(_images(content))
    return revision


def _sitting(post: Post, by: User, sitting: str) -> QuerySet[Revision]:
    """What was kept of one sitting while it was typed, the newest first."""
    mine = Revision.objects.filter(post=post.pk, author=by, sitting=sitting, why=Why.AUTOSAVE)
    return mine.order_by("-pk")


def _images(content: dict) -> list[int]:
    """The images of the library that the content shows."""
    shown = {int(pk) for pk in re.findall(r'data-image="([0-9]{1,18})"', content.get("body") or "")}
    shown |= {content["cover"]} if content.get("cover") else set()
    return list(Image.objects.filter(pk__in=shown).values_list("pk", flat=True)) if shown else []
