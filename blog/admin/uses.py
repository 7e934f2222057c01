"""Where images are used: in texts, as the site's logo, as people's pictures. What is used is not deleted, and what
others use is not changed."""

from collections.abc import Sequence
from functools import reduce
from operator import and_

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext

from blog.models import Image, ImageUse, Post, Revision, SiteSettings, User
from blog.models.posts import LONG

MOST_TOLD = 20
InRevision = Revision.images.through


def shown_in(image: Image, user: User) -> list[Post]:
    """The newest posts that show it, of those that this user may know of; each says whether they may open it."""
    posts = Post.objects.filter(image_uses__image=image).order_by("-pk").only("title", "kind", "author", "status")
    if not user.has_perm("blog.change_any_post"):
        posts = posts.filter(Q(author=user) | Q(pk__in=Post.objects.public().values("pk")))
    found = list(posts[:MOST_TOLD])
    for post in found:
        post.opens = post.may_change(user)
    return found


def told(images: list[Image], user: User) -> list[str | SafeString]:
    """What keeps these images, a line each as HTML; what this user may not know of is counted and not named."""
    pks = [image.pk for image in images]
    logos = SiteSettings.objects.filter(logo__in=pks)
    people = User.objects.filter(picture__in=pks)
    shown = ImageUse.objects.filter(image__in=pks)
    waiting = _waiting(pks)
    lines = [*_logos(logos, user), *_pictures(people, user), *_posts(shown, waiting, user)]
    if more := sum(rows.count() for rows in (logos, people, shown, waiting)) - len(lines):
        lines.append(ngettext("and in %(count)d more", "and in %(count)d more", more) % {"count": more})
    return lines


def is_shown() -> Exists:
    """Of an image in a query: whether a post shows it."""
    return Exists(ImageUse.objects.filter(image=OuterRef("pk")))


def serves() -> Q:
    """Of an image in a query: whether it is the logo or a picture, or stands in a change that waits to be published."""
    return (
        Exists(SiteSettings.objects.filter(logo=OuterRef("pk")))
        | Exists(User.objects.filter(picture=OuterRef("pk")))
        | Exists(Post.objects.filter(draft__isnull=False, draft__images=OuterRef("pk")))
    )


def may_change(user: User) -> Q:
    """Of an image in a query: whether this user may change it, file and words alike, since nobody else's work changes
    by it: not their upload, no text of theirs, saved or waiting, not the site's logo, nobody's picture; and nothing
    that readers see of one's own before somebody let them."""
    if user.has_perm("blog.change_any_post"):
        return Q()
    shown = ImageUse.objects.filter(image=OuterRef("pk"))
    theirs = [
        shown.exclude(post__author=user),
        InRevision.objects.filter(image=OuterRef("pk")).exclude(revision__post__author=user),
        User.objects.filter(picture=OuterRef("pk")).exclude(pk=user.pk),
        SiteSettings.objects.filter(logo=OuterRef("pk")),
    ]
    if not user.has_perm("blog.publish_post"):
        theirs.append(shown.filter(post__status=Post.Status.PUBLISHED))
    return reduce(and_, (~Exists(rows) for rows in theirs), Q(uploaded_by=None) | Q(uploaded_by=user))


def _waiting(images: list[int]) -> QuerySet:
    """The images in changes that wait, where readers do not see them in that post already."""
    drafts = Post.objects.filter(draft__isnull=False).order_by().values("draft")
    there = ImageUse.objects.filter(image=OuterRef("image"), post=OuterRef("revision__post"))
    return InRevision.objects.filter(~Exists(there), image__in=images, revision__in=drafts)


def _logos(logos: QuerySet[SiteSettings], user: User) -> list[SafeString]:
    lines = [_line(gettext("{image} is the site’s logo"), site.logo) for site in logos.select_related("logo")]
    if user.has_perm("blog.change_sitesettings"):
        lines = [_link("admin:blog_sitesettings_change", [1], line) for line in lines]
    return lines


def _pictures(people: QuerySet[User], user: User) -> list[SafeString]:
    """Names are for all to see of those who wrote what readers can read, and of nobody else."""
    found = list(people.select_related("picture").order_by("pk")[:MOST_TOLD])
    known = set(Post.objects.authors().filter(pk__in=[one.pk for one in found]).values_list("pk", flat=True))
    may_open = user.has_perm("blog.change_user")
    lines = []
    for one in found:
        if one == user:
            line = _line(gettext("{image} is your own picture"), one.picture)
            lines.append(_link("admin:account", (), line))
        elif may_open or one.pk in known:
            name = _link("admin:blog_user_change", [one.pk], one) if may_open else one
            lines.append(_line(gettext("{image} is the picture of {name}"), one.picture, name=name))
        else:
            lines.append(_line(gettext("{image} is somebody’s picture"), one.picture))
    return lines


def _posts(shown: QuerySet[ImageUse], waiting: QuerySet, user: User) -> list[SafeString]:
    if not user.has_perm("blog.change_any_post"):
        shown = shown.filter(Q(post__author=user) | Q(post__in=Post.objects.public().values("pk")))
        waiting = waiting.filter(revision__post__author=user)
    shown = shown.select_related("image", "post").defer(*(f"post__{name}" for name in LONG))
    waiting = waiting.select_related("image", "revision__post")
    waiting = waiting.defer("revision__content", *(f"revision__post__{name}" for name in LONG))
    uses = [(use.image, use.post) for use in shown.order_by("image", "-post")[:MOST_TOLD]]
    if room := MOST_TOLD - len(uses):
        uses += [(row.image, row.revision.post) for row in waiting.order_by("image", "-revision")[:room]]
    return [_line(gettext("{image} is shown in {post}"), image, post=_post(post, user)) for image, post in uses]


def _post(post: Post, user: User) -> Post | SafeString:
    return _link(f"admin:blog_{post.kind}_change", [post.pk], post) if post.may_change(user) else post


def _link(view: str, args: Sequence[int], words: object) -> SafeString:
    return format_html('<a href="{}">{}</a>', reverse(view, args=args), words)


def _line(words: str, image: Image, **named: object) -> SafeString:
    """Names may be in letters of either direction."""
    names = {"image": image} | named
    return format_html(words, **{name: format_html("<bdi>{}</bdi>", said) for name, said in names.items()})
