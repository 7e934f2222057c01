from contextlib import nullcontext

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import BooleanField, Case, Count, OuterRef, ProtectedError, QuerySet, Subquery, When
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from blog import images
from blog.admin import uses
from blog.admin.library import LibraryAdmin, ShowFilter
from blog.admin.upload import WordsForm
from blog.models import Image, ImageUse

POINT = forms.NumberInput(attrs={"min": 0, "max": 1, "step": "0.01"})


class ImageForm(WordsForm):
    replacement = forms.FileField(
        label=_("Another file in its place"),
        required=False,
        widget=forms.FileInput(attrs={"accept": "image/*"}),
        help_text=_("Its words stay, and posts that show it get the new file within a minute or so."),
    )

    class Meta(WordsForm.Meta):
        fields = [*WordsForm.Meta.fields, "focal_x", "focal_y"]
        widgets = {"focal_x": POINT, "focal_y": POINT}

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        for name in self.fields.keys() & {"focal_x", "focal_y"}:
            self.fields[name].required = False

    def clean_focal_x(self) -> float:
        return self._point("focal_x")

    def clean_focal_y(self) -> float:
        return self._point("focal_y")

    def _point(self, name: str) -> float:
        given = self.cleaned_data[name]
        return self.initial[name] if given is None else given

    def clean_replacement(self) -> images.Processed | None:
        file = self.cleaned_data["replacement"]
        if not file:
            return None
        try:
            done = images.process(file)
        except images.ImageRefused as refused:
            raise ValidationError(str(refused)) from refused
        if known := Image.objects.filter(digest=done.digest).exclude(pk=self.instance.pk).first():
            address = reverse("admin:blog_image_change", args=[known.pk])
            link = format_html('<a href="{}"><bdi>{}</bdi></a>', address, known)
            raise ValidationError(format_html(gettext("The library has this file already, as another image: {}"), link))
        return done


@admin.register(Image)
class ImageAdmin(LibraryAdmin):
    form = ImageForm
    list_display = ["__str__"]
    list_filter = [ShowFilter]
    list_per_page = 48
    ordering = ["-pk"]
    search_fields = ["alt", "caption", "credit"]
    search_help_text = _("Words of the alternative text, caption or credit.")
    show_full_result_count = False
    view_on_site = False
    show_facets = admin.ShowFacets.NEVER
    actions_selection_counter = False
    change_list_template = "admin/blog/image/change_list.html"
    change_form_template = "admin/blog/image/change_form.html"
    delete_confirmation_template = "admin/blog/image/delete_confirmation.html"
    delete_selected_confirmation_template = "admin/blog/image/delete_selected_confirmation.html"

    # The library.

    def changelist_view(self, request: HttpRequest, extra_context: dict | None = None) -> HttpResponse:
        try:
            # Whole or not at all: Django logs what it is about to delete.
            with transaction.atomic() if request.method == "POST" else nullcontext():
                response = super().changelist_view(request, self.drop_zone() | (extra_context or {}))
        except ProtectedError:
            return self._kept(request, reverse("admin:blog_image_changelist"))
        if changes := getattr(response, "context_data", {}).get("cl"):
            response.context_data["shows"] = list(changes.filter_specs[0].choices(changes))
        return response

    def get_queryset(self, request: HttpRequest) -> QuerySet[Image]:
        shown = ImageUse.objects.filter(image=OuterRef("pk")).order_by().values("image").annotate(number=Count("pk"))
        counted = Coalesce(Subquery(shown.values("number")), 0)
        # Asked only where no post shows it: an image of many posts stands in very many of their versions.
        serves = Case(When(uses.is_shown(), then=False), default=uses.serves(), output_field=BooleanField())
        images = super().get_queryset(request).prefetch_related("renditions")
        return images.annotate(use_count=counted, serves=serves)

    # One image.

    def get_fieldsets(self, request: HttpRequest, obj: Image | None = None) -> list[tuple]:
        sets = [
            (None, {"fields": ["alt", "decorative", "caption", "credit"]}),
            (
                _("Focal point"),
                {
                    "fields": [("focal_x", "focal_y")],
                    "classes": ["focal"],
                    "description": _(
                        "What matters most in it: where it is cut to a shape, this stays. 0.5 is the middle."
                    ),
                },
            ),
        ]
        if self.has_change_permission(request, obj):
            sets.append((_("File"), {"fields": ["replacement"]}))
        return sets

    def changeform_view(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        try:
            return super().changeform_view(request, *args, **kwargs)
        except IntegrityError:
            # The new file was uploaded by somebody else between check and save: checked again, the form says so.
            return super().changeform_view(request, *args, **kwargs)

    def render_change_form(self, request: HttpRequest, context: dict, add=False, change=False, form_url="", obj=None):
        image = Image.objects.prefetch_related("renditions").get(pk=obj.pk)  # as saved: `obj` may hold refused words
        shown = uses.shown_in(image, request.user)
        context |= {
            "title": gettext("Image"),
            "subtitle": None,
            "image": image,
            "renditions": image.renditions.all(),
            "show_save_and_add_another": False,
            "uses": shown,
            "uses_more": image.uses.count() - len(shown),
        }
        return super().render_change_form(request, context, add, change, form_url, obj)

    def save_model(self, request: HttpRequest, obj: Image, form: ImageForm, change: bool) -> None:
        replacement = form.cleaned_data.get("replacement")
        if replacement and replacement.digest != obj.digest:
            obj.take(replacement)
        else:
            obj.save()

    # An image that is used somewhere stays.

    def delete_view(self, request: HttpRequest, object_id: str, extra_context: dict | None = None) -> HttpResponse:
        try:
            return super().delete_view(request, object_id, extra_context)
        except ProtectedError:
            return self._kept(request, reverse("admin:blog_image_change", args=[object_id]))

    def get_deleted_objects(self, objs, request: HttpRequest) -> tuple[list, dict, set, list]:
        names = [str(image) for image in objs]
        return names, {self.opts.verbose_name_plural: len(names)}, set(), uses.told(list(objs), request.user)

    def _kept(self, request: HttpRequest, address: str) -> HttpResponse:
        """A post took the image while somebody confirmed that it goes."""
        self.message_user(request, gettext("Nothing was deleted, because posts show it."), messages.ERROR)
        return HttpResponseRedirect(address)
