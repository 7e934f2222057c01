"""The demo site: shows on an empty site what this one can do. Written and drawn for this project."""

import re
from dataclasses import replace
from datetime import datetime, timedelta
from html import escape

from django.db import transaction
from django.utils import timezone

from blog.models import Image, Page, Post, Series, SiteSettings, User
from comments import moderation
from comments.models import Comment, CommentSettings
from comments.policy import Verdict
from comments.spam import samples
from config.demo import conversation, pictures, posts
from config.demo.conversation import Said
from config.demo.posts import Words

# What the policy says of the keeper's comments and of everybody else's. It is not asked: these came at other times.
KEEPERS = Verdict(Comment.Status.APPROVED, ["by_staff"], "staff")
GUESTS = Verdict(Comment.Status.PENDING, ["held_all"], "hold_all")
VERBS = {verb.to_status: verb for verb in moderation.Verb if verb is not moderation.Verb.RESTORE}


@transaction.atomic
def fill(keeper: User) -> None:
    """Makes the demo's posts, pages, pictures and comments; `keeper` writes the posts and moderates."""
    now = timezone.now()
    _settle(keeper)
    images = {name: _image(name, keeper) for name in pictures.PICTURES}
    made: dict[str, Post] = {}
    for words in posts.PAGES:
        _write(Page, words, keeper, now, images, made)
    for words in posts.POSTS:
        made[words.slug] = _write(Post, words, keeper, now, images, made)
    series = Series.objects.create(title=posts.SERIES, description=posts.SERIES_SAYS)
    Post.objects.filter(slug__in=posts.PARTS).update(series=series)
    for slug, talk in conversation.UNDER.items():
        for said in talk:
            _say(said, made[slug], None, made[slug].published_at, keeper, now)


def _settle(keeper: User) -> None:
    keeper.display_name, keeper.bio, keeper.slug = posts.KEEPER, posts.KEEPER_BIO, ""
    keeper.save()
    site = SiteSettings.load()
    site.title, site.tagline, site.about = posts.TITLE, posts.TAGLINE, posts.ABOUT
    site.save()
    conditions = CommentSettings.load()
    conditions.message = conversation.WELCOME
    conditions.save()


def _image(name: str, keeper: User) -> Image:
    alt, caption = posts.CAPTIONS[name]
    image, _made = Image.objects.from_upload(
        pictures.PICTURES[name](), alt=alt, caption=caption, credit="Drawn by this site", uploaded_by=keeper
    )
    return image


def _write(model, words: Words, keeper: User, now: datetime, images: dict, made: dict) -> Post:
    when = now - timedelta(days=words.days_ago)
    post = model(
        slug=words.slug,
        title=words.title,
        author=keeper,
        excerpt=words.excerpt,
        body=_body(words.body, images, made),
        cover=images.get(words.picture),
        **{"status": Post.Status.PUBLISHED, "published_at": when, "created_at": min(when, now)} | words.fields,
    )
    if post.status == Post.Status.DRAFT:
        post.published_at = None
    post.save()
    post.tags.add(*words.labels)
    Post.objects.filter(pk=post.pk).update(updated_at=min(when, now))
    return post


def _body(text: str, images: dict[str, Image], made: dict[str, Post]) -> str:
    def figure(match: re.Match) -> str:
        image = images[match[1]]
        return (
            f'<figure><img src="{image.file.url}" alt="{escape(image.alt)}">'
            f"<figcaption>{escape(image.caption)}</figcaption></figure>"
        )

    text = re.sub(r"\{figure:(\w+)\}", figure, text)
    text = re.sub(r"\{url:([\w-]+)\}", lambda match: made[match[1]].get_absolute_url(), text)
    # The source is wrapped for those who read it here; an editor keeps one paragraph on one line.
    parts = re.split(r"(<pre>.*?</pre>)", text, flags=re.DOTALL)
    return "".join(part if part.startswith("<pre>") else re.sub(r"\s*\n\s*", " ", part) for part in parts).strip()


def _say(said: Said, post: Post, parent: Comment | None, after: datetime, keeper: User, now: datetime) -> None:
    user = None if said.name else keeper
    comment = Comment(
        post=post,
        parent=parent,
        author_name=said.name or keeper.name,
        author_email=said.mail,
        author_url=said.url,
        user=user,
        body=said.text,
        created_at=min(after + timedelta(hours=said.hours), now - timedelta(minutes=4)),
    )
    # Those that wait show what the spam filter thinks; of the others it learns nothing: nobody here decided on them.
    waits = not user and said.fate not in VERBS
    guests = replace(GUESTS, sample=samples.look(comment)) if waits else GUESTS
    moderation.receive(comment, KEEPERS if user else guests)
    if comment.status == Comment.Status.PENDING and said.fate in VERBS:
        moderation.decide([comment], VERBS[said.fate], actor=keeper)
    for reply in said.replies:
        _say(reply, post, comment, comment.created_at, keeper, now)
