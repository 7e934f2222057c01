"""Posts that say the same in different languages are a set. `translation_of` of each names one of them, of that one
too: so a post that has no translations is known by itself, and whatever changes touches the same key."""

from django.db.models import F, Model, QuerySet


def settle(post: Model) -> None:
    """Has `post`, which is about to be saved, name the set of the post that it is said to be a translation of; the
    others of a set that it named until now follow. Part of the transaction that saves it."""
    posts = post._meta.concrete_model.objects
    wanted = post.translation_of_id
    if not wanted or wanted == post.pk:
        post.translation_of_id = post.pk if _followers(posts, post.pk).exists() else None
        return
    # In one order, whoever else does so.
    rows = posts.filter(pk__in=[pk for pk in (post.pk, wanted) if pk]).order_by("pk").select_for_update()
    held = dict(rows.values_list("pk", "translation_of"))
    original = held.get(wanted) or wanted
    if original != post.pk:
        posts.filter(pk=original, translation_of=None).update(translation_of=original)
        _followers(posts, post.pk).update(translation_of=original)
    post.translation_of_id = original


def hand_on(leaving: QuerySet) -> None:
    """Has what is left of the sets that these posts name, which are about to be deleted, named by another of each."""
    posts = leaving.model._meta.concrete_model.objects
    for pk in list(leaving.order_by().filter(translation_of=F("pk")).values_list("pk", flat=True)):
        left = _followers(posts, pk).exclude(pk__in=leaving.order_by().values("pk"))
        if first := left.order_by("pk").values_list("pk", flat=True).first():
            left.update(translation_of=first)


def _followers(posts: QuerySet, pk: int | None) -> QuerySet:
    return posts.filter(translation_of=pk).exclude(pk=pk) if pk else posts.none()
