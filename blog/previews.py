"""Posts as readers will see them, before they do: for those who may change them, and for whoever has a link."""

from urllib.parse import urlencode

from csp.constants import SELF
from csp.decorators import csp_replace
from django.contrib.admin.views.decorators import staff_member_required
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_safe

from blog import revisions
from blog.digits import digits
from blog.ids import number
from blog.models import Post, Preview, ReviewNote, Revision
from blog.notes import GuestNoteForm
from blog.private import dead_end, private
from blog.related import related

WIDTHS = {"360": gettext_lazy("Phone"), "768": gettext_lazy("Tablet"), "1280": gettext_lazy("Desktop")}
SCHEMES = {"light": gettext_lazy("Light"), "dark": gettext_lazy("Dark"), "system": gettext_lazy("System")}
MOST_NOTES = 100  # of one link


@require_safe
@never_cache
@csp_replace({"frame-ancestors": [SELF]})
@xframe_options_sameorigin
@staff_member_required
def preview(request: HttpRequest, pk: int) -> HttpResponse:
    """The page itself: what waits, else what the row says; `?revision=` as it was. In the frame, without our bar."""
    post, revision = _asked(request, pk)
    context = _page_of(request, revisions.as_shown(post, revision and revision.content)) | {
        "standing": _standing(post, revision),
        "is_framed": "framed" in request.GET,
        "scheme": scheme if (scheme := request.GET.get("scheme")) in ("light", "dark") else "",
    }
    return render(request, "blog/post.html", context)


@require_safe
@never_cache
@csp_replace({"frame-src": [SELF]})
@staff_member_required
def frame(request: HttpRequest, pk: int) -> HttpResponse:
    """The page in a frame, as wide and in such colours as one likes to see it."""
    post, revision = _asked(request, pk)
    width, scheme = request.GET.get("width"), request.GET.get("scheme")
    chosen = {
        "width": width if width in WIDTHS else "1280",
        "scheme": scheme if scheme in SCHEMES else "system",
        **({"revision": revision.pk} if revision else {}),
    }
    page = {"framed": 1} | {name: value for name, value in chosen.items() if name != "width"}
    context = {
        "post": post,
        "standing": _standing(post, revision),
        "width": chosen["width"],
        "widths": _choices(chosen, "width", WIDTHS),
        "schemes": _choices(chosen, "scheme", SCHEMES),
        "page_url": f"{reverse('preview_post', args=[pk])}?{urlencode(page)}",
    }
    return render(request, "blog/preview_frame.html", context)


@private
def by_link(request: HttpRequest, key: str) -> HttpResponse:
    """GET: the post as it stands now, and what was said by this link. POST: one more note."""
    preview = Preview.objects.of_key(key).select_related("post").first()
    if ended := _ended(request, preview):
        return ended
    if request.method != "POST":
        last = preview.notes.order_by("pk").last()
        return _by_link(request, preview, GuestNoteForm(initial={"name": last.name if last else preview.name}))
    form = GuestNoteForm(request.POST)
    if not form.is_valid() or not _take(preview, form):
        return _by_link(request, preview, form, status=422)
    return HttpResponseRedirect(f"{request.path}#notes", status=303)


def _asked(request: HttpRequest, pk: int) -> tuple[Post, Revision | None]:
    post = get_object_or_404(Post, pk=pk)
    if not post.may_change(request.user):
        raise PermissionDenied
    asked = request.GET.get("revision", "")
    return post, get_object_or_404(Revision, pk=number(asked), post=post.pk) if asked else None


def _page_of(request: HttpRequest, shown: Post) -> dict:
    return {"post": shown, "labels": shown.labels_shown, "is_preview": True} | related(request, shown)


def _standing(post: Post, revision: Revision | None = None) -> str:
    """Who sees what is shown."""
    if revision and revision.pk != revisions.newest_of(post):
        when = digits(date_format(timezone.localtime(revision.saved_at), "DATETIME_FORMAT"))
        is_typed = revision.why == Revision.Why.AUTOSAVE
        said = _("As it was typed on %(when)s, not saved.") if is_typed else _("As it was on %(when)s.")
        return said % {"when": when}
    if not post.is_public():
        return _("Not published.")
    return _("Readers do not see these changes yet.") if post.draft_id else _("Readers see this now.")


def _choices(chosen: dict, name: str, there: dict) -> list[dict]:
    return [
        {"value": value, "words": words, "link": urlencode(chosen | {name: value}), "is_chosen": chosen[name] == value}
        for value, words in there.items()
    ]


def _ended(request: HttpRequest, preview: Preview | None) -> HttpResponse | None:
    """Says why the link shows nothing; what somebody wrote meanwhile stays theirs."""
    kept = {"kept": request.POST.get("text", "")}
    if preview is None:
        words = _("The link may have been cut off on the way. Ask whoever gave it to you for a new one.")
        return dead_end(request, _("There is no preview here"), words, status=404, **kept)
    if preview.revoked_at:
        words = _("It was taken back. If you still want to read the text, ask its author for a new one.")
        return dead_end(request, _("This link works no more"), words, **kept)
    if preview.expires_at <= timezone.now():
        words = _("It was good for a time. If you still want to read the text, ask its author for a new one.")
        return dead_end(request, _("This link has expired"), words, **kept)
    if preview.post.status == Post.Status.BINNED:
        words = _("Its author has put it away. If you still want to read it, ask them.")
        return dead_end(request, _("This text is gone"), words, **kept)
    return None


def _by_link(request: HttpRequest, preview: Preview, form: GuestNoteForm, status: int = 200) -> HttpResponse:
    context = _page_of(request, revisions.as_shown(preview.post)) | {
        "preview": preview,
        "standing": _standing(preview.post),
        "is_by_link": True,
        "newest": revisions.newest_of(preview.post) or "",
        "notes": preview.notes.order_by("pk"),
        "form": form,
    }
    return render(request, "blog/preview_link.html", context, status=status)


@transaction.atomic
def _take(preview: Preview, form: GuestNoteForm) -> bool:
    """Keeps a note; the same words sent twice are one. False: there are too many, and the form says so."""
    Preview.objects.select_for_update().get(pk=preview.pk)
    said = {"name": form.cleaned_data["name"], "text": form.cleaned_data["text"]}
    if preview.notes.filter(**said).exists():
        return True
    if preview.notes.count() >= MOST_NOTES:
        form.add_error(None, _("This link has taken all the notes it can. Send yours to the author another way."))
        return False
    read = Revision.objects.filter(pk=number(form.cleaned_data["revision"]), post=preview.post_id).first()
    ReviewNote.objects.create(post_id=preview.post_id, preview=preview, revision=read, **said)
    return True
