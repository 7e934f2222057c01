"""Finding one's way in the library: choosing an image for a text, and describing those that have no words yet."""

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db import transaction
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import path
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from blog.admin import uses
from blog.admin.bounded import BoundedAdmin
from blog.admin.upload import UploadAdmin, UploadForm, WordsForm
from blog.ids import number
from blog.models import Image

PER_PAGE = 24
SHOWS = {
    "wordless": _("Need words"),
    "decorative": _("Decorative"),
    "unused": _("Not used"),
    "moving": _("Moving"),
}


class ShowFilter(admin.SimpleListFilter):
    title = _("images")
    parameter_name = "show"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple]:
        return list(SHOWS.items())

    def queryset(self, request: HttpRequest, queryset: QuerySet[Image]) -> QuerySet[Image]:
        match self.value():
            case "wordless":
                return queryset.wordless()
            case "decorative":
                return queryset.filter(decorative=True)
            case "unused":
                return queryset.filter(~uses.is_shown(), ~uses.serves())
            case "moving":
                return queryset.filter(moves=True)
        return queryset


class LaterWordsForm(WordsForm):
    may_wait = True

    class Meta(WordsForm.Meta):
        fields = ["alt", "decorative"]
        widgets = {"alt": forms.TextInput(attrs={"autocomplete": "off"})}


class LibraryAdmin(BoundedAdmin, UploadAdmin):
    def has_change_permission(self, request: HttpRequest, obj: Image | None = None) -> bool:
        if obj is None or not super().has_change_permission(request):
            return super().has_change_permission(request)
        if not hasattr(obj, "may_be_changed"):  # Django asks time and again
            obj.may_be_changed = Image.objects.filter(uses.may_change(request.user), pk=obj.pk).exists()
        return obj.may_be_changed

    def get_urls(self) -> list:
        views = {"pick": self.pick_view, "words": self.words_view}
        own = [path(f"{name}/", self.admin_site.admin_view(views[name]), name=f"blog_image_{name}") for name in views]
        return [*own, *super().get_urls()]

    def pick_view(self, request: HttpRequest) -> HttpResponse:
        """A window in which a text's image is chosen from the library, or uploaded; its script tells the opener."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        may_add = self.has_add_permission(request)
        form = UploadForm(request.POST or None, request.FILES or None)
        if request.method == "POST":
            if not may_add:
                raise PermissionDenied
            if image := self.store(request, form):
                # What was typed belongs to this use of the image, though the library may have known it before.
                for name in ("alt", "caption", "credit"):
                    setattr(image, name, form.cleaned_data[name])
                return self.page(
                    request, "picked", {"title": gettext("Image chosen"), "image": image, "is_popup": True}
                )
        sought = request.GET.get("q", "").replace("\0", "").strip()[:100]
        found = Image.objects.prefetch_related("renditions")
        for word in sought.split():
            found = found.filter(Q(alt__icontains=word) | Q(caption__icontains=word) | Q(credit__icontains=word))
        context = {
            "title": gettext("Choose an image"),
            "form": form if may_add else None,
            "images": Paginator(found, PER_PAGE).get_page(request.GET.get("page")),
            "sought": sought,
            "field": request.GET.get("field", ""),
            "is_popup": True,
        }
        return self.page(request, "pick", context)

    def words_view(self, request: HttpRequest) -> HttpResponse:
        """Asks for the words of the images that have none: of one's own, or of all that one may describe."""
        if not self.has_change_permission(request):
            raise PermissionDenied
        of_all = "all" in request.GET
        if request.method == "POST":
            forms_sent = self._sent(request)
            if all(form.is_valid() for form in forms_sent):
                self._describe(request, forms_sent)
                return HttpResponseRedirect(request.get_full_path())
        every = self._wordless(request)
        waiting = every if of_all else every.filter(uploaded_by=request.user)
        shown = forms_sent if request.method == "POST" else [_form(image) for image in _first(waiting)]
        context = {
            "title": gettext("Words for images"),
            "forms": shown,
            "errors": any(form.errors for form in shown),
            "of_all": of_all,
            "waiting": waiting.count(),
            "others": 0 if of_all else every.exclude(uploaded_by=request.user).count(),
        }
        return self.page(request, "words", context)

    def _wordless(self, request: HttpRequest) -> QuerySet[Image]:
        return Image.objects.wordless().filter(uses.may_change(request.user))

    def _sent(self, request: HttpRequest) -> list[LaterWordsForm]:
        """Forms of the images that were described; one that has got words meanwhile keeps those."""
        pks = [number(pk) for pk in request.POST.getlist("image")[:PER_PAGE]]
        return [_form(image, request.POST) for image in _first(self._wordless(request).filter(pk__in=pks))]

    @transaction.atomic
    def _describe(self, request: HttpRequest, sent: list[LaterWordsForm]) -> None:
        changed = [form for form in sent if form.has_changed()]
        for form in changed:
            self.log_change(request, form.save(), self.construct_change_message(request, form, []))
        said = ngettext("%(count)d image is described.", "%(count)d images are described.", len(changed))
        if changed:
            self.message_user(request, said % {"count": len(changed)}, messages.SUCCESS)
        else:
            self.message_user(request, gettext("Nothing was changed."), messages.INFO)


def _first(images: QuerySet[Image]) -> list[Image]:
    return list(images.prefetch_related("renditions")[:PER_PAGE])


def _form(image: Image, data=None) -> LaterWordsForm:
    return LaterWordsForm(data, instance=image, prefix=f"image-{image.pk}")
