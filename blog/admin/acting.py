"""What is done to posts and pages from their lists, one or many: as if somebody had opened each form and pressed its
button, so that one set of rules holds."""

from collections.abc import Callable, Iterable

from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.forms import BoundField
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import path, reverse
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from blog import revisions, search
from blog.admin.bin import BinAdmin
from blog.admin.fields import LabelsField
from blog.admin.forms import may_publish
from blog.admin.labelling import LabelsForm
from blog.admin.sitting import opened
from blog.models import Post
from blog.slugs import free_slug

Status = Post.Status

TOLD = 5  # of those left alone
PUBLISH, OFFLINE, REVIEW = "_publish", "_draft", "_review"
WAITING = (Status.DRAFT, Status.IN_REVIEW)


def save_as(request: HttpRequest, admin: admin.ModelAdmin, post: Post, verb: str, **changed: str) -> list[str]:
    """Saves the post as its form would if this user opened it, changed these fields and pressed this button. What
    the form has against it; if nothing, it is done. For who may change the post."""
    form_class = admin.get_form(request, post, change=True)
    typed = {field.name: _typed(field) for field in form_class(instance=post)}
    data = {name: value for name, value in typed.items() if value is not None} | changed
    data |= {verb: "1", "base_revision": str(revisions.newest_of(post) or "")}
    try:
        with transaction.atomic():
            form = form_class(data, instance=post)
            if not form.is_valid():
                return [message for found in form.errors.values() for message in found]
            saved = admin.save_form(request, form, change=True)
            admin.save_model(request, saved, form, change=True)
            admin.save_related(request, form, [], change=True)
            admin.log_change(request, saved, admin.construct_change_message(request, form, [], add=False))
    except IntegrityError:  # somebody took the slug between check and save
        return [gettext("Something else was saved at the same moment. Try again.")]
    return []


def _typed(field: BoundField) -> str | None:
    """What a browser would send of this field if nobody touched it."""
    value = field.value()
    if value is None or isinstance(value, bool):
        return "on" if value else None
    shown = field.field.widget.format_value(value)
    return shown[0] if isinstance(shown, list) else shown


def duplicate(request: HttpRequest, post: Post) -> Post:
    """A draft of this user's own that says what its form would show them, also what waits or was only typed. It has
    no date, no address and no series: those are the other's."""
    title = gettext("%(title)s (copy)")
    room = Post._meta.get_field("title").max_length - len(title % {"title": ""})
    same = ("body", "excerpt", "language", "cover", "comments_mode", "seo_title", "seo_description")
    seen = revisions.as_shown(post, opened(request, post).content)
    with transaction.atomic():
        copy = type(post)(author=request.user, title=title % {"title": seen.title[:room]})
        for name in same:
            setattr(copy, name, getattr(seen, name))
        if copy.KIND == Post.Kind.PAGE:
            copy.slug = free_slug(type(post), copy.title, "page")
        copy.save()
        copy.tags.add(*(label.name for label in seen.labels_shown))
        search.index(copy)  # again, with its labels
        revisions.keep_what_was(copy)
    return copy


class ActingAdmin(BinAdmin):
    # One.

    def get_urls(self) -> list:
        views: dict[str, Callable] = {
            "publish": self.publish_view,
            "offline": self.offline_view,
            "review": self.review_view,
            "duplicate": self.duplicate_view,
            "bin": self.bin_view,
        }
        own = [
            path(
                f"<path:object_id>/{name}/",
                self.admin_site.admin_view(require_POST(view)),
                name=f"blog_{self.model.KIND}_{name}",
            )
            for name, view in views.items()
        ]
        return [*own, *super().get_urls()]

    def verbs_for(self, request: HttpRequest, post: Post) -> list[str]:
        """What this user may do to this post from the list, in the order of the buttons."""
        verbs = []
        if self.has_change_permission(request, post):
            publishes = may_publish(request.user, post)
            verbs += ["publish"] if publishes and post.status in WAITING else []
            verbs += ["review"] if not publishes and post.status == Status.DRAFT else []
            verbs += ["offline"] if publishes and post.status == Status.PUBLISHED else []
        if self.has_add_permission(request) and post.status != Status.BINNED:
            verbs.append("duplicate")
        if self.has_delete_permission(request, post):
            verbs.append("bin")
        return verbs

    def publish_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return self._act(request, object_id, "publish", PUBLISH)

    def offline_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return self._act(request, object_id, "offline", OFFLINE)

    def review_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return self._act(request, object_id, "review", REVIEW)

    def duplicate_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        post = self._asked(request, object_id)
        if "duplicate" not in self.verbs_for(request, post):
            raise PermissionDenied
        copy = duplicate(request, post)
        self.log_addition(request, copy, gettext("Made as a copy."))
        said = gettext("There is a copy of it now: “%(title)s”, a draft of yours.") % {"title": copy.title}
        self.message_user(request, self._linked(copy, said, gettext("Open it")), messages.SUCCESS)
        return self.response_post_save_change(request, copy)

    def bin_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        post = self._asked(request, object_id)
        if not self.has_delete_permission(request, post):
            raise PermissionDenied
        self.delete_model(request, post)
        return self.response_delete(request, str(post), post.pk)

    def _asked(self, request: HttpRequest, object_id: str) -> Post:
        post = self.get_object(request, unquote(object_id))
        if post is None:
            raise Http404
        return post

    def _act(self, request: HttpRequest, object_id: str, name: str, verb: str) -> HttpResponse:
        post = self._asked(request, object_id)
        if not self.has_change_permission(request, post) or (verb == PUBLISH and not may_publish(request.user, post)):
            raise PermissionDenied
        if name not in self.verbs_for(request, post):
            self.message_user(
                request, gettext("“%(title)s” stands differently by now.") % {"title": post}, messages.INFO
            )
        elif refused := save_as(request, self, post, verb):
            said = gettext("“%(title)s” was left as it was: %(why)s") % {"title": post, "why": " ".join(refused)}
            self.message_user(request, self._linked(post, said, gettext("Open it")), messages.ERROR)
        else:
            self.message_user(request, self._done(post), messages.SUCCESS)
        return self.response_post_save_change(request, post)

    def _done(self, post: Post) -> str:
        title = {"title": post.title}
        if post.is_scheduled():
            return gettext("“%(title)s” is scheduled.") % title
        if post.status == Status.PUBLISHED:
            said, words = gettext("“%(title)s” is published.") % title, gettext("View it on the site")
            return format_html('{} <a href="{}">{}</a>', said, post.get_absolute_url(), words)
        if post.status == Status.IN_REVIEW:
            return gettext("“%(title)s” is in review: an editor can publish it.") % title
        return gettext("“%(title)s” is a draft again: readers do not see it.") % title

    def _linked(self, post: Post, said: str, words: str) -> str:
        address = reverse(f"admin:blog_{post.kind}_change", args=[post.pk])
        return format_html('{} <a href="{}">{}</a>', said, address, words)

    # Many.

    def has_publish_permission(self, request: HttpRequest) -> bool:
        may = ("blog.publish_post", "blog.change_any_post")
        return self.has_change_permission(request) and any(request.user.has_perm(one) for one in may)

    @admin.action(description=_("Publish"), permissions=["publish"])
    def publish_selected(self, request: HttpRequest, posts: QuerySet[Post]) -> None:
        done = self._each(request, posts, lambda post: self._one_of_many(request, post, PUBLISH, WAITING))
        self._tell(request, done, ngettext("%(count)d published.", "%(count)d published.", done))

    @admin.action(description=_("Take offline"), permissions=["publish"])
    def offline_selected(self, request: HttpRequest, posts: QuerySet[Post]) -> None:
        out = (Status.PUBLISHED,)
        done = self._each(request, posts, lambda post: self._one_of_many(request, post, OFFLINE, out))
        self._tell(request, done, ngettext("%(count)d taken offline.", "%(count)d taken offline.", done))

    @admin.action(description=_("Add labels…"), permissions=["change"])
    def add_labels(self, request: HttpRequest, posts: QuerySet[Post]) -> HttpResponse | None:
        return self._label(request, posts, gettext("Add labels"), "add_labels", lambda has, named: has | named)

    @admin.action(description=_("Remove labels…"), permissions=["change"])
    def remove_labels(self, request: HttpRequest, posts: QuerySet[Post]) -> HttpResponse | None:
        return self._label(request, posts, gettext("Remove labels"), "remove_labels", lambda has, named: has - named)

    def _one_of_many(self, request: HttpRequest, post: Post, verb: str, fit: tuple[str, ...]) -> list[str]:
        if post.status not in fit:
            return [gettext("it stands so already or is in the bin.")]
        return save_as(request, self, post, verb)

    def _label(
        self, request: HttpRequest, posts: QuerySet[Post], title: str, action: str, change: Callable[[set, set], set]
    ) -> HttpResponse | None:
        form = LabelsForm(request.POST if "apply" in request.POST else None)
        if not self.few(request, posts):
            return None
        if not form.is_valid():
            return self.ask(request, posts, action, title, {"labels_form": form, "media": form.media})
        named, write = set(form.cleaned_data["tags"]), LabelsField().prepare_value

        def labelled(post: Post) -> list[str]:
            has = set(post.tags.names())
            if post.draft_id:
                return [gettext("changes of its text wait to be published.")]
            wanted = change(has, named)
            return [] if wanted == has else save_as(request, self, post, "_save", tags=write(list(wanted)))

        done = self._each(request, posts, labelled)
        self._tell(request, done, ngettext("%(count)d is labelled so now.", "%(count)d are labelled so now.", done))
        return None

    def _each(self, request: HttpRequest, posts: QuerySet[Post], act: Callable[[Post], list[str]]) -> int:
        """Does it to each that this user may change, and says which were left alone, and why; to how many it was
        done."""
        done, left = 0, []
        for post in self._whole(request, self.few(request, posts)):
            may = self.has_change_permission(request, post)
            refused = act(post) if may else [gettext("you cannot change it.")]
            done += not refused
            left += [(post, refused)] if refused else []
        if left:
            self.message_user(request, self._left_alone(left), messages.WARNING)
        return done

    def _tell(self, request: HttpRequest, done: int, said: str) -> None:
        if done:
            self.message_user(request, said % {"count": done}, messages.SUCCESS)

    def _whole(self, request: HttpRequest, pks: list[int]) -> Iterable[Post]:
        # Each read as its turn comes: the list's rows lack the long columns, and many texts at once are large.
        for pk in pks:
            if post := self.get_queryset(request).filter(pk=pk).first():
                yield post

    def _left_alone(self, left: list[tuple[Post, list[str]]]) -> str:
        count = len(left)
        head = ngettext("%(count)d left alone:", "%(count)d left alone:", count) % {"count": count}
        told = format_html_join("; ", "“<bdi>{}</bdi>”: {}", ((post.title, " ".join(why)) for post, why in left[:TOLD]))
        return format_html("{} {}{}", head, told, " …" if count > TOLD else "")
