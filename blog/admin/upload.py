"""Ways into the library: one image with its words, many at once, or one that a script sends."""

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect, JsonResponse
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from blog.admin import uses
from blog.images import ImageRefused
from blog.images.upload import MAX_BYTES
from blog.models import Image, User

REFUSALS_TOLD = 20


class WordsForm(forms.ModelForm):
    """What an image says to those who cannot see it; that is nothing only where somebody says so."""

    class Meta:
        model = Image
        fields = ["alt", "decorative", "caption", "credit"]
        labels = {"decorative": _("It only decorates: readers lose nothing without it")}
        help_texts = {"decorative": ""}

    may_wait = False  # the words are asked for, and may also come later

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, label_suffix="", **kwargs)
        for name in self.fields.keys() & {"alt", "caption", "credit"}:
            self.fields[name].widget.attrs["dir"] = "auto"

    def clean(self) -> dict:
        data = super().clean()
        alt, decorative = data.get("alt"), data.get("decorative")
        if alt and decorative:
            self.add_error("decorative", _("It has words, so it does not only decorate: take away one or the other."))
        elif alt == "" and not decorative and not self.may_wait:
            self.add_error("alt", _("Say what the image shows, or tick that it only decorates."))
        return data


class UploadForm(WordsForm):
    # The model's own column is filled by from_upload alone.
    upload = forms.FileField(
        label=_("File"),
        error_messages={"required": _("Choose a file first.")},
        widget=forms.FileInput(attrs={"accept": "image/*"}),
    )

    field_order = ["upload", "alt", "decorative", "caption", "credit"]

    def store(self, user: User) -> Image | None:
        """The image, if the form and its file are good; else none, and the errors say why."""
        if not self.is_valid():
            return None
        words = {name: self.cleaned_data[name] for name in self.Meta.fields}
        try:
            image, made = Image.objects.from_upload(self.cleaned_data["upload"], uploaded_by=user, **words)
        except ImageRefused as refused:
            self.add_error("upload", str(refused))
            return None
        self.was_new, self.added, self.unsaved = made, [], {}
        if not made:
            self._add_words(image, user)
        return image

    def _add_words(self, image: Image, user: User) -> None:
        """Gives an image that was there the words it lacks, where this user may; `self.unsaved` has the others."""
        typed = {name: self.cleaned_data[name] for name in self.Meta.fields if self.cleaned_data[name]}
        self.unsaved = {name: words for name, words in typed.items() if words != getattr(image, name)}
        if not self.unsaved or not Image.objects.filter(uses.may_change(user), pk=image.pk).exists():
            return
        is_told = bool(image.alt or image.decorative)
        has = {"alt": is_told, "decorative": is_told, "caption": image.caption, "credit": image.credit}
        self.added = [name for name in self.unsaved if not has[name]]
        for name in self.added:
            setattr(image, name, self.unsaved.pop(name))
        if self.added:
            image.save(update_fields=self.added)

    def say_unsaved(self, image: Image) -> None:
        """Shows again what was typed and not added, each with what the library says instead."""
        address = reverse("admin:blog_image_change", args=[image.pk])
        link = format_html('<a href="{}"><bdi>{}</bdi></a>', address, image)
        told = gettext("This image was in the library already: {}. What is marked below was not added to it.")
        self.add_error("upload", format_html(told, link))
        for name in self.unsaved:
            there = image.alt if name == "decorative" else getattr(image, name)
            if there:
                self.add_error(name, gettext("In the library: “%(words)s”.") % {"words": there})
            elif name == "alt" and image.decorative:
                self.add_error(name, gettext("In the library it only decorates."))
            else:
                self.add_error(name, gettext("Not in the library."))


class UploadAdmin(admin.ModelAdmin):
    def get_urls(self) -> list:
        views = {"upload": self.upload_view, "bulk": self.bulk_view}
        own = [path(f"{name}/", self.admin_site.admin_view(views[name]), name=f"blog_image_{name}") for name in views]
        return [*own, *super().get_urls()]

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: dict | None = None) -> HttpResponse:
        """One image with its words."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        form = UploadForm(request.POST or None, request.FILES or None)
        if request.method == "POST" and (image := self.store(request, form)):
            if not form.unsaved:
                self._say_where(request, form)
                return HttpResponseRedirect(reverse("admin:blog_image_change", args=[image.pk]))
            form.say_unsaved(image)
        return self.page(request, "add", {"title": gettext("Upload an image"), "form": form})

    def upload_view(self, request: HttpRequest) -> HttpResponse:
        """One file of a script: what the image is now, or in one line why it was refused."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        if not self.has_add_permission(request):
            raise PermissionDenied
        if "upload" not in request.FILES:
            return JsonResponse({"error": gettext("Choose a file first.")}, status=422)
        try:
            image, made = self._take(request, request.FILES["upload"])
        except ImageRefused as refused:
            return JsonResponse({"error": str(refused)}, status=422)
        told = {
            name: getattr(image, name) for name in ("id", "alt", "decorative", "caption", "credit", "width", "height")
        }
        return JsonResponse(told | {"url": image.file.url, "known": not made}, status=201 if made else 200)

    def bulk_view(self, request: HttpRequest) -> HttpResponse:
        """Many files of the library's form, where no script sends them one by one."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        if request.method != "POST":
            return HttpResponseRedirect(reverse("admin:blog_image_changelist"))
        files = request.FILES.getlist("uploads")
        made, known, refusals = 0, 0, []
        for file in files:
            try:
                _image, is_new = self._take(request, file)
            except ImageRefused as refused:
                refusals.append(format_html("<bdi>{}</bdi>: {}", file.name, refused))
            else:
                made, known = made + is_new, known + (not is_new)
        self._tell(request, made, known, refusals if files else [gettext("Choose a file first.")])
        return HttpResponseRedirect(reverse(f"admin:blog_image_{'words' if made else 'changelist'}"))

    def store(self, request: HttpRequest, form: UploadForm) -> Image | None:
        image = form.store(request.user)
        if image and form.was_new:
            self.log_addition(request, image, [{"added": {}}])
        elif image and form.added:
            self.log_change(request, image, [{"changed": {"fields": [str(form[name].label) for name in form.added]}}])
        return image

    def page(self, request: HttpRequest, name: str, context: dict) -> HttpResponse:
        base = self.admin_site.each_context(request) | {"opts": self.opts, "media": self.media}
        return TemplateResponse(request, f"admin/blog/image/{name}.html", base | context)

    def drop_zone(self) -> dict:
        """What the form for many files needs (templates/admin/blog/image/_drop.html)."""
        return {
            "most_bytes": MAX_BYTES,
            "most_files": settings.DATA_UPLOAD_MAX_NUMBER_FILES,
            "most_together": settings.BODY_MOST // 1024 // 1024,
            "texts": {
                "large": gettext("This file is too large: at most %(megabytes)d MB. Make the picture smaller first.")
                % {"megabytes": MAX_BYTES // 1024 // 1024},
                "lost": gettext("It did not arrive: the connection broke."),
                "barred": gettext(
                    "It was not taken: you may have been signed out. Reload this page and send it again."
                ),
                "again": gettext("Send again"),
                "progress": gettext("{done} of {all} sent"),
                "made": gettext("New in the library: {count}."),
                "known": gettext("There already: {count}."),
                "refused": gettext("Refused: {count}."),
            },
        }

    def _say_where(self, request: HttpRequest, form: UploadForm) -> None:
        if form.was_new:
            self.message_user(request, gettext("The image is in the library."), messages.SUCCESS)
        elif form.added:
            said = gettext("This image was in the library already. It has your words now.")
            self.message_user(request, said, messages.SUCCESS)
        else:
            self.message_user(request, gettext("This image was in the library already."), messages.INFO)

    def _take(self, request: HttpRequest, file) -> tuple[Image, bool]:
        image, made = Image.objects.from_upload(file, uploaded_by=request.user)
        if made:
            self.log_addition(request, image, [{"added": {}}])
        return image, made

    def _tell(self, request: HttpRequest, made: int, known: int, refusals: list[str]) -> None:
        if made:
            said = ngettext("%(count)d image is new in the library.", "%(count)d images are new in the library.", made)
            self.message_user(request, said % {"count": made}, messages.SUCCESS)
        if known:
            said = ngettext("%(count)d was there already.", "%(count)d were there already.", known)
            self.message_user(request, said % {"count": known}, messages.INFO)
        for refusal in refusals[:REFUSALS_TOLD]:
            self.message_user(request, refusal, messages.ERROR)
        if more := len(refusals[REFUSALS_TOLD:]):
            said = ngettext("%(count)d more file was refused.", "%(count)d more files were refused.", more)
            self.message_user(request, said % {"count": more}, messages.ERROR)
