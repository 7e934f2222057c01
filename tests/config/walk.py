"""Every way in which what readers see is changed: by model and name, what to do to a site with one of everything."""

from django.apps import apps
from django.urls import reverse

from blog import images, renditions
from blog.importers.records import PostRecord, Writer
from blog.importers.store import PostStore
from blog.models import Alike, Image, Label, MenuItem, Page, Post, Rendition, Series, SiteSettings, User
from comments import moderation
from comments.models import Comment, Commenter, CommentSettings, LabelPolicy, PostPolicy
from tests.blog.pictures import photo, written
from tests.config.walked_site import AT, DATED, Site
from tests.factories import make_comment, make_page, make_post


def _change(model: str, pk: int) -> str:
    return reverse(f"admin:{model}_change", args=[pk])


def _decide(site: Site, verb: str, comment: Comment) -> None:
    site.done["batch"] = moderation.decide([comment], verb, actor=site.actor).batch


def _undo(site: Site) -> None:
    _decide(site, "approve", site.pending)
    moderation.undo(site.done["batch"], actor=site.actor, among=Comment.objects.all())
    _decide(site, "approve", site.pending)


def _delete_selected(site: Site, model: str, pk: int) -> None:
    data = {"action": "delete_selected", "_selected_action": [pk], "post": "yes"}
    answer = site.owner.post(reverse(f"admin:{model}_changelist"), data)
    assert answer.status_code == 302


def _import_feed(site: Site) -> None:
    record = PostRecord(
        source="x",
        source_id="1",
        line=1,
        kind="post",
        title="Imported",
        body="<p>Old.</p>",
        status="published",
        published=AT,
        created=AT,
        updated=AT,
        writer=Writer("Ada"),
        labels=("sea",),
    )
    PostStore().store(record)


# What changes each of the public models, by every way that there is.
def _replace(site) -> None:
    site.image.take(images.process(written(photo((600, 400)), "JPEG", quality=95)))


CHANGES = {
    Post: {
        "saved": lambda site: site.tides.save() if setattr(site.tides, "title", "Ebb") is None else None,
        "updated": lambda site: Post.objects.filter(pk=site.tides.pk).update(title="Ebb"),
        "bulk updated": lambda site: Post.objects.bulk_update([_with(site.tides, title="Ebb")], ["title"]),
        "edited in the admin": lambda site: site.submit(_change("blog_post", site.tides.pk), title="Ebb"),
        "moved to another address": lambda site: _with(site.tides, slug="ebb").save(),
        "pinned": lambda site: _with(site.moon, pinned=True).save(),
        "taken back": lambda site: _with(site.tides, status="draft").save(),
        "binned in the admin": lambda site: site.owner.post(
            reverse("admin:blog_post_changelist"),
            {"action": "bin_selected", "_selected_action": [site.tides.pk], "apply": "1"},
        ),
        "new": lambda site: make_post(site.moon.author, title="Third", labels=("sea",), published_at=AT),
        "made in bulk": lambda site: Post.objects.bulk_create(
            [_with(Post(author=site.actor, title="Bulk", slug="bulk", status="published"), **DATED)]
        ),
        "imported": _import_feed,
        "deleted": lambda site: _without_comments(site.moon).delete(),
        "deleted by query": lambda site: Post.objects.filter(pk=_without_comments(site.moon).pk).delete(),
        "published between two": lambda site: make_post(
            site.moon.author, title="Between", published_at=AT.replace(day=8)
        ),
        "moved between two others": lambda site: _with(site.moon, published_at=AT.replace(year=2025, month=7)).save(),
        "moved by query": lambda site: Post.objects.filter(pk=site.moon.pk).update(published_at=AT.replace(day=20)),
        "binned by query": lambda site: Post.objects.filter(pk=site.moon.pk).update(status="binned"),
        "several binned by query": lambda site: Post.objects.filter(pk__in=[site.moon.pk, site.jazr.pk]).update(
            status="binned"
        ),
        "taken offline by its time": lambda site: Post.objects.filter(pk=site.moon.pk).update(
            expires_at=AT.replace(month=3, day=30)
        ),
        "published by query": lambda site: (
            Post.objects.filter(pk=site.moon.pk).update(status="draft"),
            Post.objects.filter(pk=site.moon.pk).update(status="published"),
            make_post(site.actor, title="Third", published_at=AT.replace(day=3)),
        ),
        "part renamed": lambda site: _with(site.ebb, title="Low water").save(),
        "part taken back": lambda site: _with(site.flood, status="draft").save(),
        "part taken back by query": lambda site: Post.objects.filter(pk=site.flood.pk).update(status="draft"),
        "part moved": lambda site: _with(site.flood, published_at=AT.replace(year=2024)).save(),
        "put into a series": lambda site: _with(site.moon, series=site.ebb.series).save(),
        "put into a series by query": lambda site: Post.objects.filter(pk=site.moon.pk).update(series=site.ebb.series),
        "taken out of a series": lambda site: _with(site.flood, series=None).save(),
        "part deleted": lambda site: site.flood.delete(),
        "translated": lambda site: make_post(
            site.actor, title="Marées", language="fr", translation_of=site.jazr, published_at=AT
        ),
        "translated for the first time": lambda site: make_post(
            site.actor, title="Mond", language="de", translation_of=site.moon, published_at=AT
        ),
        "translation taken back": lambda site: _with(site.jazr, status="draft").save(),
        "translation moved": lambda site: _with(site.jazr, slug="madd").save(),
        "translation in another language": lambda site: _with(site.jazr, language="ar").save(),
        "no longer a translation": lambda site: _with(site.jazr, translation_of=None).save(),
        "no longer a translation by query": lambda site: Post.objects.filter(pk=site.jazr.pk).update(
            translation_of=None
        ),
        "joined with another set": lambda site: _with(site.moon, translation_of=site.gezeiten).save(),
        "original taken back": lambda site: _with(
            Post.objects.get(pk=site.jazr.translation_of_id), status="draft"
        ).save(),
        "original deleted": lambda site: Post.objects.get(pk=site.jazr.translation_of_id).delete(),
        "comments hidden": lambda site: _with(site.tides, comments_mode="hidden").save(),
    },
    Alike: {
        "found when another is saved": lambda site: make_post(
            site.actor, title="Moon and tides", body="<p>Some words.</p>", published_at=AT.replace(year=2024)
        ),
        "noted": lambda site: (
            Alike.objects.filter(post=site.tides).delete(),
            Alike.objects.create(post=site.tides, other=site.ebb, score=1),
        ),
        "noted in bulk": lambda site: (
            Alike.objects.filter(post=site.tides).delete(),
            Alike.objects.bulk_create([Alike(post=site.tides, other=site.ebb, score=1)]),
        ),
        "better by query": lambda site: Alike.objects.filter(post=site.tides, other=site.flood).update(score=9),
        "forgotten": lambda site: Alike.objects.all().delete(),
        "its post taken back": lambda site: _with(site.flood, status="draft").save(),
        "its post back again, renamed": lambda site: (
            Post.objects.filter(pk=site.flood.pk).update(status="draft"),
            _with(site.flood, title="High water").save(),
        ),
        "its post deleted": lambda site: site.flood.delete(),
    },
    Series: {
        "renamed": lambda site: _with(site.ebb.series, title="Brook").save(),
        "moved": lambda site: Series.objects.filter(slug="creek").update(slug="brook"),
        "edited in the admin": lambda site: site.submit(
            _change("blog_series", site.ebb.series_id), description="One shoreline."
        ),
        "deleted": lambda site: Series.objects.get(slug="creek").delete(),
        "deleted in the admin": lambda site: _delete_selected(site, "blog_series", site.ebb.series_id),
    },
    Page: {
        "renamed": lambda site: _with(site.about, title="Who").save(),
        "new": lambda site: make_page(title="Imprint", author=site.actor),
        "edited in the admin": lambda site: site.submit(_change("blog_page", site.about.pk), title="Who"),
        "deleted": lambda site: Page.objects.filter(pk=site.about.pk).delete(),
    },
    Label: {
        "renamed": lambda site: _with(Label.objects.get(name="sea"), name="ocean").save(),
        "renamed in the admin": lambda site: site.submit(
            _change("blog_label", Label.objects.get(name="sea").pk), name="ocean", slug="ocean"
        ),
        "deleted": lambda site: Label.objects.get(name="sea").delete(),
        "deleted in the admin": lambda site: _delete_selected(site, "blog_label", Label.objects.get(name="sky").pk),
    },
    apps.get_model("blog", "PostTag"): {
        "added": lambda site: site.tides.tags.add("sky"),
        "new label": lambda site: site.tides.tags.add("ocean"),
        "removed": lambda site: site.tides.tags.remove("sea"),
        "set": lambda site: site.tides.tags.set(["sky"]),
        "cleared": lambda site: site.moon.tags.clear(),
    },
    User: {
        "renamed": lambda site: _with(site.tides.author, display_name="Ada L.").save(),
        "renamed by query": lambda site: User.objects.filter(slug="ada").update(display_name="Ada L."),
        "edited in the admin": lambda site: site.submit(
            _change("blog_user", site.tides.author.pk), display_name="Ada L.", bio="Writes."
        ),
        "a reader's account deleted": lambda site: site.actor.delete(),
    },
    Image: {
        "described": lambda site: _with(site.image, alt="A long pier", caption="Pier").save(),
        "edited in the admin": lambda site: site.submit(_change("blog_image", site.image.pk), caption="Pier"),
        "another file": lambda site: _replace(site),
    },
    Rendition: {
        "made by the worker": lambda site: (_replace(site), renditions.make(site.image.pk)),
    },
    SiteSettings: {
        "saved": lambda site: SiteSettings(title="Tidewater").save(),
        "saved in the admin": lambda site: site.submit(_change("blog_sitesettings", 1), title="Tidewater"),
        "language": lambda site: SiteSettings(language="fa").save(),
        "time zone": lambda site: SiteSettings(time_zone="Asia/Tehran").save(),
        "logo": lambda site: SiteSettings(logo=site.image).save(),
        "logo, and another file": lambda site: (SiteSettings(logo=site.image).save(), _replace(site)),
        "accent": lambda site: SiteSettings(accent="#225577").save(),
        "footer": lambda site: SiteSettings(footer="By the <b>sea</b>.").save(),
        "first words in feeds": lambda site: SiteSettings(feeds_in_full=False).save(),
        "kept from search engines": lambda site: SiteSettings(indexed=False).save(),
        "lines for crawlers": lambda site: SiteSettings(robots="User-agent: x").save(),
    },
    MenuItem: {
        "new": lambda site: MenuItem.objects.create(words="Elsewhere", address="/archive/"),
        "made in bulk": lambda site: MenuItem.objects.bulk_create([MenuItem(page=site.about, words="Who")]),
        "renamed by query": lambda site: (
            MenuItem.objects.create(page=site.about),
            MenuItem.objects.update(words="Who"),
        ),
        "typed in the admin": lambda site: site.submit(
            _change("blog_sitesettings", 1), **{"menu-0-words": "Who", "menu-0-page": str(site.about.pk)}
        ),
        "its page taken back": lambda site: (
            MenuItem.objects.create(page=site.about),
            _with(site.about, status="draft").save(),
        ),
        "its page deleted": lambda site: (MenuItem.objects.create(page=site.about), site.about.delete()),
    },
    Comment: {
        "approved": lambda site: _decide(site, "approve", site.pending),
        "rejected": lambda site: _decide(site, "reject", site.comment),
        "removed": lambda site: _decide(site, "remove", site.comment),
        "removed after it was marked spam": lambda site: (
            _decide(site, "spam", site.comment),
            _decide(site, "remove", site.comment),
        ),
        "undone and decided again": _undo,
        "withdrawn": lambda site: moderation.withdraw(site.comment),
        "edited": lambda site: moderation.edit(site.comment, "Other.", actor=site.actor, seen=site.comment.state),
        "answered": lambda site: moderation.reply(site.pending, "Yes.", actor=site.actor, seen=site.pending.state),
        "deleted": lambda site: moderation.delete(site.comment, actor=site.actor),
        "expired": lambda site: moderation.expire([site.comment.pk]),
        "erased": lambda site: moderation.erase(site.proved.commenter),
        "new": lambda site: make_comment(site.moon, author_name="Zoe"),
        "renamed by query": lambda site: Comment.objects.filter(pk=site.comment.pk).update(author_name="R."),
        "decided in the admin": lambda site: site.owner.post(
            reverse("admin:comments_comment_approve", args=[site.pending.pk]),
            {f"seen-{site.pending.pk}": site.pending.state},
        ),
    },
    Commenter: {"forgotten": lambda site: site.proved.commenter.delete()},
    CommentSettings: {
        "saved": lambda site: CommentSettings(message="Be kind.").save(),
        "hidden": lambda site: CommentSettings(mode="hidden").save(),
        "saved in the admin": lambda site: site.submit(_change("comments_commentsettings", 1), message="Be kind."),
    },
    LabelPolicy: {
        "closed": lambda site: LabelPolicy.objects.create(label=Label.objects.get(name="sea"), closed=True),
        "updated": lambda site: (
            LabelPolicy.objects.create(label=Label.objects.get(name="sea")),
            LabelPolicy.objects.update(closed=True),
        ),
    },
    PostPolicy: {
        "made": lambda site: PostPolicy.objects.create(post=site.tides, hold_all=False, approved_needed=0),
        "taken away": lambda site: (
            PostPolicy.objects.create(post=site.tides, close_after_days=1),
            PostPolicy.objects.update(close_after_days=2),
        ),
    },
}


def _with(row, **fields):
    for name, value in fields.items():
        setattr(row, name, value)
    return row


def _without_comments(post: Post) -> Post:
    Comment.objects.filter(post=post).delete()
    return post
