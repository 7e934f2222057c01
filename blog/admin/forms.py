"""The forms in which posts and pages are written: what is checked, and what each button makes of the status."""

import html
import re
from datetime import datetime
from zoneinfo import ZoneInfo

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import linebreaks, strip_tags
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from blog import revisions, sanitize
from blog.admin.editor import BodyWidget
from blog.admin.fields import ImageInput, LabelsField, MomentField, PostInput, SeriesField
from blog.admin.sitting import Opened
from blog.admin.suggest import spoken, visible_to
from blog.models import Image, Post, Revision, User
from blog.slugs import make_slug

Status = Post.Status

# What a form's button makes of the status; any other (`_save`, `_keep`) leaves it as it is.
VERBS = {
    "_publish": Status.PUBLISHED,
    "_now": Status.PUBLISHED,
    "_review": Status.IN_REVIEW,
    "_draft": Status.DRAFT,
}


TAG = re.compile(r"<[a-z/!]", re.IGNORECASE)


def is_empty(body: str) -> bool:
    """Whether cleaned HTML has neither words nor a picture."""
    return "<img" not in body and not html.unescape(strip_tags(body)).strip()


def may_publish(user: User, post: Post) -> bool:
    """Whether this user may decide what readers see of this post, or of a new one."""
    if user.has_perm("blog.change_any_post"):
        return True
    return user.has_perm("blog.publish_post") and post.author_id in (None, user.pk)


def initial_of(content: dict) -> dict:
    """A revision's content as a form takes it. What an autosave has wrong, such as a date that is none, is left out."""
    initial = {name: content.get(name) or "" for name in (*revisions.TEXTS, "series")}
    initial |= {name: content.get(name) for name in revisions.NUMBERS}
    initial |= {name: revisions.moment(content.get(name)) for name in revisions.MOMENTS}
    return initial | {"tags": list(content.get("tags") or [])}


class WritingForm(forms.ModelForm):
    """Of a post or a page. `user`, who writes, the site's `zone` and `language`, and what the form begins from are set
    on the class made for each request."""

    user: User
    zone: ZoneInfo  # the site's; what is typed is in the one in force, the writer's
    site_language: str
    opened = Opened()
    theirs: Revision | None = None  # what somebody else saved since, which this would have hidden

    title = forms.CharField(label=_("Title"), max_length=300, widget=forms.TextInput(attrs={"dir": "auto"}))
    body = forms.CharField(label=_("Text"), required=False, widget=BodyWidget)
    published_at = MomentField(label=_("Publish at"), required=False)
    expires_at = MomentField(label=_("Take offline at"), required=False)
    canonical_url = forms.URLField(
        label=_("Original address"),
        required=False,
        max_length=200,
        assume_scheme="https",
        help_text=_("If it appeared elsewhere first."),
    )
    translation_of = forms.ModelChoiceField(
        Post.objects,
        label=_("Translation of"),
        required=False,
        widget=PostInput,
        error_messages={"invalid_choice": _("There is nothing with this number that you could choose.")},
    )

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.is_out = bool(self.instance.pk) and self.instance.is_public()
        if self.opened.content is not None:
            self.initial |= initial_of(self.opened.content)
        self._explain_moments()
        if author := self.fields.get("author"):
            wrote = Post.objects.order_by().values("author")
            author.queryset = User.objects.filter(is_staff=True) | User.objects.filter(pk__in=wrote)
            author.label_from_instance = lambda user: user.name
        if language := self.fields.get("language"):
            language.choices = [("", gettext("The site’s")), *settings.LANGUAGES]
        if original := self.fields.get("translation_of"):
            self._offer_originals(original)

    @property
    def verb(self) -> str:
        return next((verb for verb in (*VERBS, "_keep") if verb in self.data), "_save")

    @property
    def waits(self) -> bool:
        """Whether what is saved is to wait, while readers see what they saw."""
        return self.is_out and self.verb == "_keep"

    def content(self) -> dict:
        """What is to be kept of this form, if it is valid."""
        said = self.cleaned_data
        content: dict = {name: said.get(name, "") or "" for name in revisions.TEXTS}
        content |= {name: said[name].pk if said.get(name) else None for name in revisions.NUMBERS}
        content |= {name: said[name].isoformat() if said.get(name) else None for name in revisions.MOMENTS}
        content["series"] = said["series"].title if said.get("series") else ""
        content["tags"] = sorted(said.get("tags", []), key=str.casefold)
        return content

    def clean_title(self) -> str:
        return " ".join(self.cleaned_data["title"].split())

    def clean_body(self) -> str:
        body = self.cleaned_data["body"]
        if body and not TAG.search(body):  # typed where scripts do not run
            body = linebreaks(html.unescape(body), autoescape=True)
        return sanitize.clean_post(body)

    def clean(self) -> dict:
        data = super().clean()
        self._guard()
        self.status = VERBS.get(self.verb, self.instance.status)
        if self.status == Status.PUBLISHED and not may_publish(self.user, self.instance):
            raise ValidationError(
                gettext("Publishing is for authors and editors. Send it for review instead; nothing is lost."),
                code="forbidden",
            )
        was_empty = self.instance.status == Status.PUBLISHED and is_empty(self.instance.body)
        if self.status == Status.PUBLISHED and "body" in data and is_empty(data["body"]) and not was_empty:
            message = gettext("There is nothing to publish yet: write some text or add a picture.")
            self.add_error("body", ValidationError(message, code="empty"))
        data["published_at"] = self._moment(data.get("published_at"))
        self._check_end(data["published_at"], data.get("expires_at"))
        if "translation_of" in data:
            self._check_languages(data["translation_of"], data.get("language", ""))
        if "title" in data and "slug" in data:
            data["slug"] = self._slug(data["title"], data["slug"], data["published_at"])
        return data

    def save(self, commit: bool = True) -> Post:
        self.instance.status = self.status
        if self.instance.author_id is None:
            self.instance.author = self.user
        return super().save(commit)

    def _guard(self) -> None:
        """Refuses to save over what somebody else has saved since this form was opened. The row is held until then."""
        if not self.instance.pk:
            return
        held = Post.objects.select_for_update().only("revision", "draft").get(pk=self.instance.pk)
        newest = revisions.newest_of(held)
        if (
            newest is None
            or revisions.was_never_saved(held)
            or str(newest) in (self.data.get("base_revision"), self.data.get("overwrite"))
        ):
            return
        self.theirs = Revision.objects.select_related("author").get(pk=newest)
        message = gettext("%(name)s has saved this since you opened it. Nothing is lost: below is what differs.")
        raise ValidationError(message % {"name": self.theirs.author.name}, code="conflict")

    def _explain_moments(self) -> None:
        zone = timezone.get_current_timezone()
        for name in revisions.MOMENTS:
            if field := self.fields.get(name):
                field.kept = self.initial.get(name)
                field.help_text = gettext("Your time, %(zone)s.") % {"zone": zone}
                if str(zone) != str(self.zone):
                    field.help_text += " " + self._on_the_site(field.kept)
        if moment := self.fields.get("published_at"):
            moment.help_text += " " + gettext("A time to come schedules it.")
            if self.instance.status != Status.PUBLISHED:
                moment.help_text += " " + gettext("Left empty: at once.")
        if moment := self.fields.get("expires_at"):
            moment.help_text += " " + gettext("Then it is a draft again. Left empty: never.")

    def _on_the_site(self, at: datetime | None) -> str:
        if at is None:
            return gettext("The site’s is %(zone)s.") % {"zone": self.zone}
        there = date_format(timezone.localtime(at, self.zone), "DATETIME_FORMAT")
        return gettext("On the site, %(zone)s: %(when)s.") % {"zone": self.zone, "when": there}

    def _check_end(self, begins: datetime | None, ends: datetime | None) -> None:
        if ends is None or self.status != Status.PUBLISHED:
            return
        if ends <= max(timezone.now(), begins):
            message = gettext("That is over already: choose a time to come, after it is published, or leave it empty.")
            self.add_error("expires_at", ValidationError(message, code="over"))

    def _offer_originals(self, field: forms.ModelChoiceField) -> None:
        named = self.instance.translation_of_id
        seen = visible_to(self.user, self.instance.KIND).exclude(status=Status.BINNED)
        field.queryset = seen.exclude(pk=self.instance.pk) | Post.objects.filter(pk=named).exclude(pk=self.instance.pk)
        field.widget.here, field.widget.site_language = self.instance, self.site_language
        if named == self.instance.pk:  # it names the set itself
            self.initial["translation_of"] = None

    def _check_languages(self, original: Post | None, language: str) -> None:
        """Whether no two of a set are in one language."""
        here, names_set = self.instance, self.instance.pk and self.instance.translation_of_id == self.instance.pk
        named = original and (original.translation_of_id or original.pk)
        sets = [pk for pk in (named, here.pk if names_set else None) if pk]  # the others of its own come along
        others = Post.objects.filter(Q(translation_of__in=sets) | Q(pk__in=sets)).exclude(pk=here.pk) if sets else []
        taken = {language or self.site_language: None}
        for other in others:
            if other.status == Status.BINNED:
                continue
            if (spoken_in := other.language or self.site_language) in taken:
                message = gettext("“%(title)s” is in %(language)s too. Each of the translations has its own language.")
                words = {"title": other.title, "language": spoken(other, self.site_language)}
                self.add_error("translation_of", ValidationError(message, params=words, code="same_language"))
                return
            taken[spoken_in] = other

    def _moment(self, typed: datetime | None) -> datetime | None:
        if self.verb == "_now":
            return timezone.now()
        if typed or self.status != Status.PUBLISHED:
            return typed
        was = self.instance.published_at if self.instance.status == Status.PUBLISHED else None
        return was or timezone.now()

    def _slug(self, title: str, slug: str, at: datetime | None) -> str:
        """The slug to save: as typed, or made from the title and free. An error if the typed one is taken."""
        was = self.instance
        never_out = was.year is None and was.published_at is None
        if never_out and slug == was.slug == make_slug(was.title):
            slug = ""  # it was made from a working title, and nobody has the address yet
        typed, slug = bool(slug), slug or make_slug(title)
        if not slug or not self._is_taken(slug, at):
            return slug
        free = self._free(slug, at)
        if not typed:
            return free
        message = gettext("Another post of that month has this slug. “%(free)s” is free.")
        if was.KIND == Post.Kind.PAGE:
            message = gettext("Another page has this slug. “%(free)s” is free.")
        self.add_error("slug", ValidationError(message, params={"free": free}, code="taken"))
        return slug

    def _is_taken(self, slug: str, at: datetime | None) -> bool:
        others = Post.objects.exclude(pk=self.instance.pk).filter(kind=self.instance.KIND, slug=slug)
        if self.instance.KIND == Post.Kind.PAGE:
            return others.exists()
        year, month = self.instance.year, self.instance.month
        if self.status == Status.PUBLISHED and (year is None or at != self.instance.published_at):
            local = timezone.localtime(at, self.zone)
            year, month = local.year, local.month
        return year is not None and others.filter(year=year, month=month).exists()

    def _free(self, slug: str, at: datetime | None) -> str:
        number = 2
        while self._is_taken(f"{slug}-{number}", at):
            number += 1
        return f"{slug}-{number}"


class ExcerptInput(forms.Textarea):
    """With a button that fills it from the text (static/js/admin-excerpt.js)."""

    template_name = "admin/blog/post/_excerpt.html"

    class Media:
        js = ("js/admin-excerpt.js",)


class PostForm(WritingForm):
    tags = LabelsField(
        label=_("Labels"),
        required=False,
        help_text=_("Separated by commas. A new one is made when you save."),
    )
    series = SeriesField(label=_("Series"), required=False, max_length=200)
    cover = forms.ModelChoiceField(
        Image.objects,
        label=_("Cover"),
        required=False,
        widget=ImageInput,
        help_text=_("Stands above the text and where the post is listed or shared."),
        error_messages={"invalid_choice": _("There is no image with this number.")},
    )

    class Meta:
        widgets = {
            "excerpt": ExcerptInput(attrs={"rows": 3, "dir": "auto"}),
            "seo_title": forms.TextInput(attrs={"dir": "auto"}),
            "seo_description": forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
        }

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        if series := self.fields.get("series"):
            series.may_add = self.user.has_perm("blog.add_series")
            series.help_text = gettext("Its title. Parts stand in the order of their dates.")
            if series.may_add:
                series.help_text += " " + gettext("A new one is made when you save.")

    def save(self, commit: bool = True) -> Post:
        if self.instance.series and self.instance.series.pk is None:
            self.instance.series.save()
        return super().save(commit)


class PageForm(WritingForm):
    class Meta:
        widgets = {
            "seo_title": forms.TextInput(attrs={"dir": "auto"}),
            "seo_description": forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
        }
