from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from blog.images import ImageRefused
from blog.models import Image, Post, User

PER_PAGE = 24
USES_TOLD = 20


class UploadForm(forms.ModelForm):
    # The model's own column is filled by from_upload alone.
    upload = forms.FileField(
        label=_("File"),
        error_messages={"required": _("Choose a file first.")},
        widget=forms.FileInput(attrs={"accept": "image/*"}),
    )
    decorative = forms.BooleanField(label=_("It only decorates: readers lose nothing without it"), required=False)

    field_order = ["upload", "alt", "decorative", "caption", "credit"]

    class Meta:
        model = Image
        fields = ["alt", "caption", "credit"]

    def clean(self) -> dict:
        data = super().clean()
        if "alt" in data and not data["alt"].strip() and not data.get("decorative"):
            self.add_error("alt", _("Say what the image shows, or tick that it only decorates."))
        return data

    def store(self, user: User) -> Image | None:
        """The image, if the form and its file are good; else none, and the errors say why."""
        if not self.is_valid():
            return None
        words = {name: self.cleaned_data[name] for name in ("alt", "caption", "credit")}
        try:
            image, made = Image.objects.from_upload(self.cleaned_data["upload"], uploaded_by=user, **words)
        except ImageRefused as refused:
            self.add_error("upload", str(refused))
            return None
        self.was_new = made
        return image


class AltFilter(admin.SimpleListFilter):
    title = _("alternative text")
    parameter_name = "alt"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple]:
        return [("none", _("Missing")), ("some", _("Written"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Image]) -> QuerySet[Image]:
        if self.value() == "none":
            return queryset.filter(alt="")
        return queryset.exclude(alt="") if self.value() == "some" else queryset


@admin.register(Image)
class ImageAdmin(admin.ModelAdmin):
    fields = ["picture", "alt", "caption", "credit", "address"]
    readonly_fields = ["picture", "address"]
    list_display = ["thumbnail", "words", "caption", "size", "created_at"]
    list_display_links = ["words"]
    list_filter = [AltFilter]
    list_per_page = 50
    search_fields = ["alt", "caption", "credit"]
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    delete_confirmation_template = "admin/blog/image/delete_confirmation.html"
    delete_selected_confirmation_template = "admin/blog/image/delete_selected_confirmation.html"

    @admin.display(description=_("Image"))
    def thumbnail(self, image: Image) -> str:
        shape = (image.file.url, image.width, image.height)
        return format_html('<img class="thumbnail" src="{}" width="{}" height="{}" alt="" loading="lazy">', *shape)

    @admin.display(description=_("Alternative text"), ordering="alt")
    def words(self, image: Image) -> str:
        return image.alt or gettext("none")

    @admin.display(description=_("Image"))
    def picture(self, image: Image) -> str:
        shape = (image.file.url, image.width, image.height, image.alt)
        return format_html('<img class="picture" src="{}" width="{}" height="{}" alt="{}">', *shape)

    @admin.display(description=_("Size"))
    def size(self, image: Image) -> str:
        return f"{image.width} × {image.height}"

    @admin.display(description=_("Address"))
    def address(self, image: Image) -> str:
        return format_html('<a href="{}">{}</a>', image.file.url, image.file.url)

    # Uploading, by itself and from a text.

    def get_urls(self) -> list:
        return [path("pick/", self.admin_site.admin_view(self.pick_view), name="blog_image_pick"), *super().get_urls()]

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: dict | None = None) -> HttpResponse:
        if not self.has_add_permission(request):
            raise PermissionDenied
        form = UploadForm(request.POST or None, request.FILES or None, label_suffix="")
        if request.method == "POST" and (image := form.store(request.user)):
            if form.was_new:
                self.log_addition(request, image, [{"added": {}}])
                self.message_user(request, gettext("The image is in the library."), messages.SUCCESS)
            else:
                self.message_user(request, gettext("This image was in the library already."), messages.INFO)
            return HttpResponseRedirect(reverse("admin:blog_image_change", args=[image.pk]))
        return self._page(request, "admin/blog/image/add.html", {"title": gettext("Upload an image"), "form": form})

    def pick_view(self, request: HttpRequest) -> HttpResponse:
        """A window in which a text's image is chosen from the library, or uploaded; its script tells the opener."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        may_add = self.has_add_permission(request)
        form = UploadForm(request.POST or None, request.FILES or None, label_suffix="")
        if request.method == "POST":
            if not may_add:
                raise PermissionDenied
            if image := form.store(request.user):
                if form.was_new:
                    self.log_addition(request, image, [{"added": {}}])
                # What was typed belongs to this use of the image, though the library may have known it before.
                image.alt, image.caption = form.cleaned_data["alt"], form.cleaned_data["caption"]
                return self._page(
                    request, "admin/blog/image/picked.html", {"title": gettext("Image chosen"), "image": image}
                )
        sought = request.GET.get("q", "").replace("\0", "").strip()[:100]
        found = Image.objects.all()
        for word in sought.split():
            found = found.filter(Q(alt__icontains=word) | Q(caption__icontains=word) | Q(credit__icontains=word))
        shown = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
        kept = {name: request.GET[name] for name in ("CKEditorFuncNum", "field") if name in request.GET}
        return self._page(
            request,
            "admin/blog/image/pick.html",
            {
                "title": gettext("Choose an image"),
                "form": form if may_add else None,
                "images": shown,
                "sought": sought,
                "kept": kept,
            },
        )

    def _page(self, request: HttpRequest, template: str, context: dict) -> HttpResponse:
        is_popup = template != "admin/blog/image/add.html"
        base = self.admin_site.each_context(request) | {"opts": self.opts, "is_popup": is_popup, "media": self.media}
        return TemplateResponse(request, template, base | context)

    # An image that is shown somewhere stays.

    def get_deleted_objects(self, objs, request: HttpRequest) -> tuple[list, dict, set, list]:
        protected = []
        for image in objs:
            uses = (
                Post.objects.filter(Q(cover=image) | Q(body__contains=image.digest))
                .order_by("-pk")
                .only("title", "kind")
            )
            protected += [self._use(image, post) for post in uses[:USES_TOLD]]
        images = [str(image) for image in objs]
        return images, {self.opts.verbose_name_plural: len(images)}, set(), protected

    def _use(self, image: Image, post: Post) -> str:
        address = reverse(f"admin:blog_{post.kind}_change", args=[post.pk])
        return format_html(
            gettext("{image} is shown in {post}"), image=image, post=format_html('<a href="{}">{}</a>', address, post)
        )
