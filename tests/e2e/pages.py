"""A site with one of everything that a reader can meet, and the addresses of all its pages."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.contrib.auth.tokens import default_token_generator as token_generator
from django.urls import reverse
from django.utils.http import urlsafe_base64_encode

from blog.models import OldPath, Post, Preview, Series, SiteSettings
from blog.paging import Cursor
from comments import links, tokens
from comments.models import Comment, Commenter, CommentSettings, FollowRequest, Subscription
from config.models import Invitation
from tests.blog.pictures import in_library
from tests.e2e.test_reading_text import WORDS, body
from tests.factories import make_comment, make_page, make_post, make_user

START = datetime(2026, 3, 14, 12, tzinfo=UTC)
CAPABILITY = "9" * 32
NAMES = {"en": ("Ada Marsh", "Mudlark", "Gulls and other neighbours"), "fa": ("آدا مرداب", "ساحل‌نشین", "مرغان دریایی")}
# One word that no line holds, and one title that fills several.
LONG = {"en": "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft", "fa": "دریا" * 30}


@dataclass
class Everything:
    post: Post
    pages: dict[str, int]  # the status that each address answers with


def everything(language: str, **settings) -> Everything:
    """`settings` are the site's own, such as its look."""
    said, (name, reader, title) = WORDS[language], NAMES[language]
    image = in_library(alt=said["caption"], caption=said["caption"], credit="Ada")
    SiteSettings(
        language=language,
        title=title,
        tagline=said["h"],
        about=said["p"],
        posts_per_page=5,
        footer=said["h"],
        **settings,
    ).save()
    CommentSettings(threads_per_page=5).save()
    author = make_user("ada", "Author", display_name=name, slug="ada", bio=said["p"], picture=image)
    series = Series.objects.create(title=said["h"], slug="harbour", description=said["p"])
    labels = (said["table"], said["film"])
    others = [
        make_post(author, labels, title=f"{said['title']} {number}", slug=f"part-{number}", series=series,
                  body=f"<p>{said['p']}</p>", published_at=START - timedelta(days=20 * number))
        for number in range(1, 9)
    ]  # fmt: skip
    post = make_post(
        author, labels, title=said["title"], slug="harbour", body=_text(language, image), excerpt=said["p"],
        cover=image, series=series, published_at=START, pinned=True,
    )  # fmt: skip
    make_post(
        author, title=f"{LONG[language]} {said['title']} " * 2, slug="long", body=f"<p>{LONG[language] * 4}</p>",
        published_at=START + timedelta(days=1),
    )  # fmt: skip
    translated = {"en": "fa", "fa": "en"}[language]
    make_post(
        author, title=WORDS[translated]["title"], slug="other", language=translated, translation_of=post,
        body=f"<p>{WORDS[translated]['p']}</p>", published_at=START - timedelta(days=3),
    )  # fmt: skip
    page = make_page(author=author, title=said["h"], slug="about", body=f"<p>{said['p']}</p>")
    draft = make_post(author, title=said["h"], slug="draft", status="draft")
    link = Preview.objects.make(7, post=draft, created_by=author, name=reader)
    own = _talk(post, author, reader, said)
    OldPath.objects.create(path="/gone/")
    addresses = [*_addresses(post, page, own, link, others[0]), *_narrower(post, others), *_mailed(post, own)]
    addresses += [_invitation(language, name), reset_link(author)]
    return Everything(post, dict.fromkeys(addresses, 200) | DEAD_ENDS)


DEAD_ENDS = {"/harbor-built/": 404, "/gone/": 410, "/?before=x": 404, "/preview/x/": 404, "/invitation/x/": 410}


def _invitation(language: str, name: str) -> str:
    owner = make_user("olga", "Owner", display_name=name)
    invited = {"email": "nadia@example.org", "role": "Author", "language": language, "ends_at": START}
    return f"/invitation/{Invitation.objects.create(invited_by=owner, **invited).renew()}/"


def reset_link(user) -> str:
    return reverse("password_new", args=[urlsafe_base64_encode(b"%d" % user.pk), token_generator.make_token(user)])


def _text(language: str, image) -> str:
    said = WORDS[language]
    cells = "".join(f"<td><p>{number * 1874}</p></td>" for number in range(12))
    rows = f"<tr>{cells}</tr>" * 3
    wide = f"<figure class='table'><table>{rows}</table><figcaption>{said['film']}</figcaption></figure>"
    more = "".join(f"<h2>{said['h']} {number}</h2><h3>{said['film']}</h3><p>{said['p']}</p>" for number in range(3))
    return body(language, image) + wide + more


def _talk(post: Post, author, reader: str, said: dict) -> Comment:
    """A thread on several pages, with a tombstone, an answer of the author's, and one that waits."""
    for number in range(7):
        root = make_comment(post, author_name=f"{reader} {number}", author_url="https://example.org/", body=said["p"])
        make_comment(post, parent=root, user=author, author_name=author.name, body=said["h"])
    make_comment(post, parent=make_comment(post, parent=root, status="removed"), author_name="ساحل", body="خوب بود.")
    hidden = {"submission": CAPABILITY, "capability_hash": tokens.capability_hash(tokens.capability(CAPABILITY))}
    return make_comment(post, author_name=reader, body=said["p"], status="pending", **hidden)


def _narrower(post: Post, others: list[Post]) -> list[str]:
    """Further pages of lists and threads, and lists in another order."""
    label = post.tags.first()
    last_root = Comment.objects.filter(post=post, parent=None, status="approved").latest("path")
    search = f"/search/?q={post.title.split()[0]}&label={label.slug}&year={post.year}"
    return [
        *(f"{address}?before={Cursor.of(others[3])}" for address in ("/", label.get_absolute_url(), "/author/ada/")),
        *("/label/?order=use", search, f"{search}&order=newest", f"/search/?q=nowherefound&label={label.slug}"),
        f"{post.get_absolute_url()}?thread={last_root.path}",
        *(f"{post.get_absolute_url()}follow/", f"{post.get_absolute_url()}follow/?asked=yes"),
    ]


def _mailed(post: Post, own: Comment) -> list[str]:
    """Where the links in mails to readers lead."""
    reader = Commenter.objects.create(email="reader@example.org")
    followed = Subscription.objects.create(commenter=reader, post=post, thread=Subscription.WHOLE_POST)
    asked = FollowRequest.objects.create(post=post, email=reader.email)
    return [
        f"/comment/prove/{links.make(links.Purpose.PROVE, own.pk)}/",
        f"/comment/follow/{links.make(links.Purpose.FOLLOW, asked.pk)}/",
        f"/comment/mine/{links.make(links.Purpose.MINE, reader.reference)}/",
        f"/unsubscribe/{links.to_end(followed)}/",
    ]


def _addresses(post: Post, page: Post, own: Comment, link: str, part: Post) -> list[str]:
    here, label = post.get_absolute_url(), post.tags.first().get_absolute_url()
    mine = f"/comment/status/{tokens.capability(CAPABILITY)}/"
    shown = Comment.objects.filter(status="approved").first()
    return [
        *("/", f"{here}", f"{here}?order=newest", f"{here}comment/", f"{here}comment/?parent={shown.pk}"),
        *(part.get_absolute_url(), "/2026/03/long/", "/2026/03/other/", page.get_absolute_url()),
        *(label, "/label/", "/author/ada/", "/series/harbour/", "/archive/", "/2026/", "/2026/03/"),
        *("/search/", "/search/?q=1", f"/search/?q={post.title.split()[0]}", "/search/?q=nowherefound"),
        *(mine, f"{mine}edit/", f"{mine}withdraw/", f"/comment/{shown.pk}/report/"),
        *(f"/comment/{shown.pk}/report/thanks/", f"/preview/{link}/"),
        *("/sign-in/", "/password/", "/password/sent/"),
    ]
