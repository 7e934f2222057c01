"""Labels under another name, and several that become one: whoever knew the old address, searches for the new name or
publishes a draft that names the old one comes to the right label."""

from collections import Counter
from collections.abc import Iterable
from urllib.parse import unquote

from django.db import transaction

from blog import missing, search, totals
from blog.models import Label, OldPath, Post, PostTag, Revision, SiteSettings
from blog.tasks import index_labelled as index_the_rest

MOVED_AT_ONCE = 1000
INDEXED_AT_ONCE = 200  # the worker does what is left, since it may be very many


@transaction.atomic
def renamed(label: Label, before: Label) -> None:
    """What follows once a label is saved under another name or address."""
    address = unquote(label.get_absolute_url())
    if (old := unquote(before.get_absolute_url())) != address:
        OldPath.objects.filter(path=address).delete()
        _lead(old, label)
    if label.name != before.name:
        _rename_in_drafts({before.name}, label.name)
        index_labelled(label.pk)


@transaction.atomic
def merge(kept: Label, others: Iterable[Label]) -> None:
    """Gives all posts of the others this label, and deletes those. Raises ProtectedError where something needs one."""
    others = list(others)
    list(Label.objects.filter(pk__in=[kept.pk, *(label.pk for label in others)]).order_by("pk").select_for_update())
    for label in others:
        _move(label, kept)
        OldPath.objects.filter(label=label).update(label=kept)
        _lead(unquote(label.get_absolute_url()), kept)
    _rename_in_drafts({label.name for label in others}, kept.name)
    for label in others:
        label.delete()
    index_labelled(kept.pk)


@transaction.atomic
def index_labelled(label: int, after: int = 0) -> None:
    """Indexes posts with this label anew, from that id on; the worker goes on where there are more."""
    labelled = Post.objects.filter(tag_items__tag=label, pk__gt=after).order_by("pk").select_for_update(of=["self"])
    columns = ("title", "excerpt", "language", "body_text")
    posts = list(labelled.prefetch_related("tags").only(*columns)[:INDEXED_AT_ONCE])
    language = SiteSettings.load().language
    for post in posts:
        search.index(post, language)
    if len(posts) == INDEXED_AT_ONCE:
        index_the_rest.enqueue(label, posts[-1].pk)


def _move(label: Label, kept: Label) -> None:
    links = PostTag.objects.filter(tag=label)
    counted = links.filter(published_at__isnull=False).count()
    while some := dict(links.order_by("pk").values_list("content_object", "pk")[:MOVED_AT_ONCE]):
        twice = set(PostTag.objects.filter(tag=kept, content_object__in=some).values_list("content_object", flat=True))
        PostTag.objects.filter(pk__in=[pk for post, pk in some.items() if post in twice]).delete()
        PostTag.objects.filter(pk__in=[pk for post, pk in some.items() if post not in twice]).update(tag=kept)
    # Its own total goes with it: nothing is to be taken off a row that is no more.
    totals.note(Counter({(totals.LABEL, label.pk): counted}))


def _lead(path: str, label: Label) -> None:
    OldPath.objects.update_or_create(path=path, defaults={"post": None, "label": label, "address": ""})
    missing.found(path)


def _rename_in_drafts(names: set[str], name: str) -> None:
    """In what waits to be published. What was kept before stays as it was."""
    waiting = Post.objects.filter(draft__isnull=False).order_by().values("draft")
    labels = Revision.objects.filter(pk__in=waiting).values_list("pk", "content__tags")
    meant = [pk for pk, tags in labels if not names.isdisjoint(tags or [])]
    for pk in meant:
        draft = Revision.objects.select_for_update().get(pk=pk)
        tags = {name if tag in names else tag for tag in draft.content["tags"]}
        draft.content["tags"] = sorted(tags, key=str.casefold)
        draft.save(update_fields=["content"])
