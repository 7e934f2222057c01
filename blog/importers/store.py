"""Keeps imported posts and pages: each in one transaction, each only once, and never over somebody's edit."""

import hashlib
import re

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import Error, transaction
from django.utils import timezone
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from blog import sanitize, search
from blog.importers.pictures import take_pictures
from blog.importers.records import Outcome, PostRecord, Stored, Writer
from blog.importers.tidy import tidy
from blog.models import ImportedPost, Label, OldPath, Post, SiteSettings, User
from blog.slugs import make_slug

DATED = re.compile(r"/(\d{4})/(\d{2})/[^/]+")
MAX_BODY = 1_000_000


def user_of(source: str, writer: Writer) -> User | None:
    """The account that stands for this author of this source, if a post of theirs was imported."""
    if not writer.key:
        return None  # a name alone could be anybody's
    return User.objects.filter(username=_username(source, writer), posts__imported__source=source).first()


class PostStore:
    """Stores one source's posts. With `dry_run` it looks at everything, and writes nothing."""

    def __init__(self, *, dry_run: bool = False) -> None:
        self.dry_run = dry_run
        self.zone = SiteSettings.load().zone
        self.users: dict[tuple[str, Writer], User] = {}
        self.kept: dict[tuple[str, str], int | None] = {}

    def store(self, record: PostRecord) -> Stored:
        """What became of the record. Raises django.db.Error, having written nothing of it."""
        found = ImportedPost.objects.filter(source=record.source, source_id=record.source_id)
        row = found.select_related("post").defer("post__body", "post__body_html", "post__body_text").first()
        if row:
            self.kept[record.source, record.source_id] = row.post_id
            is_newer = record.updated > row.source_updated
            if row.post.updated_at > row.saved_at:
                also = _("; there is a newer one at the source") if is_newer else ""
                return Stored(Outcome.EDITED, (_("edited here, left as it is") + also,))
            if not is_newer:
                return Stored(Outcome.UNCHANGED)
        try:
            with transaction.atomic():
                return self._write(record, row)
        except Error:
            self.users.clear()  # one of them may have gone with the transaction
            raise

    def post_of(self, source: str, source_id: str) -> tuple[bool, int | None]:
        """Whether this post came, now or earlier, and its id here (None in a dry run that has only seen it)."""
        key = (source, source_id)
        if key not in self.kept:
            row = ImportedPost.objects.filter(source=source, source_id=source_id).first()
            if row is None:
                return False, None
            self.kept[key] = row.post_id
        return True, self.kept[key]

    def _write(self, record: PostRecord, row: ImportedPost | None) -> Stored:
        author = self._author(record)
        body, notes = take_pictures(record.body, uploaded_by=author, dry_run=self.dry_run)
        notes = [*record.notes, *notes]
        if len(body) > MAX_BODY:
            return Stored(Outcome.SKIPPED, (_("its text is longer than a million characters"),))
        labels = _fitting(record.labels, notes)
        if len(record.title) > 300:
            notes.append(_("its title was longer than 300 characters and is cut"))
        outcome = Outcome.UPDATED if row else Outcome.NEW
        if self.dry_run:
            self.kept.setdefault((record.source, record.source_id), None)
            return Stored(outcome, tuple(notes))

        post = Post.objects.select_for_update().get(pk=row.post_id) if row else Post(kind=record.kind)
        post.body = sanitize.clean_post(tidy(body))
        post.title = Truncator(record.title or _first_words(post.body)).chars(300)
        post.author = author
        post.seo_description = Truncator(record.description).chars(300)
        post.atom_id = post.atom_id or (record.atom_id if len(record.atom_id) <= 300 else "")
        post.status = record.status
        self._date(post, record)
        post.save()
        post.tags.set([_label(name) for name in labels])
        search.index(post)
        _keep_old_path(post, record.path, notes)
        # As old as there: feed readers would show all of it again, and a later save tells that somebody edited it.
        updated = min(max(record.updated, post.created_at), timezone.now())
        Post.objects.filter(pk=post.pk).update(updated_at=updated)
        ImportedPost.objects.update_or_create(
            source=record.source,
            source_id=record.source_id,
            defaults={"post": post, "source_updated": record.updated, "saved_at": updated},
        )
        self.kept[record.source, record.source_id] = post.pk
        return Stored(outcome, tuple(notes))

    def _date(self, post: Post, record: PostRecord) -> None:
        """Its times, and a permalink as near to the old one as can be; one that it has already stays."""
        is_new = post.pk is None
        if is_new:
            post.created_at = record.created or record.published or timezone.now()
        # A draft's date is when it was begun, unless it lies ahead.
        is_dated = record.published and (post.status == Post.Status.PUBLISHED or record.published > timezone.now())
        post.published_at = record.published if is_dated else None
        if not is_new:
            # Post.save moves the permalink of a post whose date changed; Blogger does not.
            Post.objects.filter(pk=post.pk).update(status=post.status, published_at=post.published_at)
        wanted = make_slug(_file_name(record.path) or post.title, 110)
        if post.kind == Post.Kind.PAGE:
            post.slug = post.slug or _free(wanted, post, Post.objects.filter(kind=Post.Kind.PAGE))
        elif post.status == Post.Status.PUBLISHED and post.year is None:
            local, dated = post.published_at.astimezone(self.zone), DATED.match(record.path)
            post.year, post.month = (int(dated[1]), int(dated[2])) if _is_month(dated) else (local.year, local.month)
            month = Post.objects.filter(kind=Post.Kind.POST, year=post.year, month=post.month)
            post.slug = _free(wanted, post, month)
        elif is_new:
            post.slug = wanted

    def _author(self, record: PostRecord) -> User | None:
        """The account of the writer, who cannot sign in; made if it is new."""
        key = (record.source, record.writer)
        if key not in self.users and not self.dry_run:
            self.users[key] = _known(*key) or _made(*key)
        return self.users.get(key)


def _known(source: str, writer: Writer) -> User | None:
    if user := User.objects.filter(username=_username(source, writer)).first():
        return user
    if writer.key:  # an export without people's addresses came first
        return User.objects.filter(username=_username(source, Writer(writer.name))).first()
    named = User.objects.filter(display_name=writer.name, posts__imported__source=source)
    return named.filter(username__startswith=f"{source.partition(':')[0]}-").order_by("pk").first()


def _made(source: str, writer: Writer) -> User:
    user = User(username=_username(source, writer), display_name=writer.name[:120] or _("Unknown"), is_active=False)
    try:
        validate_email(writer.email)
        user.email = writer.email[:254]
    except ValidationError:
        pass
    user.set_unusable_password()
    user.save()
    return user


def _username(source: str, writer: Writer) -> str:
    kind, _colon, place = source.partition(":")
    said = writer.key or f"{place}-{make_slug(writer.name) or 'unknown'}"
    if not re.fullmatch(r"[\w.-]{1,130}", said, re.ASCII):
        said = hashlib.sha256(f"{source} {writer.key or writer.name}".encode()).hexdigest()[:20]
    return f"{kind}-{said}"


def _first_words(html: str) -> str:
    return Truncator(" ".join(sanitize.plain_text(html).split())).chars(60) or _("Untitled")


def _fitting(labels: tuple[str, ...], notes: list[str]) -> list[str]:
    for name in labels:
        if len(name) > 100:
            notes.append(_("its label “%(name)s…” was longer than 100 characters and is cut") % {"name": name[:30]})
    return [name[:100].strip() for name in labels]


def _label(name: str) -> Label:
    return Label.objects.filter(name__iexact=name).order_by("pk").first() or Label.objects.create(name=name)


def _file_name(path: str) -> str:
    return re.sub(r"\.\w{1,5}$", "", path.rstrip("/").rpartition("/")[2])


def _is_month(dated: re.Match | None) -> bool:
    return bool(dated) and int(dated[1]) >= 1000 and 1 <= int(dated[2]) <= 12


def _free(wanted: str, post: Post, others) -> str:
    """The slug, or with -2 and so on if another has it; empty if nothing is wanted."""
    taken = set(others.exclude(pk=post.pk).filter(slug__startswith=wanted).values_list("slug", flat=True))
    number, slug = 1, wanted
    while slug and slug in taken:
        number += 1
        slug = f"{wanted}-{number}"
    return slug


def _keep_old_path(post: Post, path: str, notes: list[str]) -> None:
    if not path or post.status != Post.Status.PUBLISHED or path == post.get_absolute_url():
        return
    if len(path) > 1000:
        notes.append(_("its old address is longer than 1,000 characters and will not lead here"))
        return
    old, _made_now = OldPath.objects.get_or_create(path=path, defaults={"post": post})
    if old.post_id != post.pk:
        notes.append(_("its old address %(path)s already leads to another post") % {"path": path})
