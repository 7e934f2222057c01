from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import PROTECT, Count, OuterRef, QuerySet, Subquery
from django.forms import ModelForm
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from blog import names
from blog.models import Label, PostTag


class LabelForm(ModelForm):
    def clean_name(self) -> str:
        name = " ".join(self.cleaned_data["name"].split())
        others = Label.objects.exclude(pk=self.instance.pk).values_list("name", flat=True)
        if there := names.same(name, others):
            raise ValidationError(gettext("There is already “%(name)s”.") % {"name": there}, code="taken")
        return name


@admin.register(Label)
class LabelAdmin(admin.ModelAdmin):
    form = LabelForm
    fields = ["name", "slug"]
    list_display = ["name", "slug", "posts"]
    search_fields = ["name", "slug"]
    show_full_result_count = False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Label]:
        counted = PostTag.objects.filter(tag=OuterRef("pk")).order_by().values("tag").annotate(n=Count("pk"))
        return super().get_queryset(request).annotate(count=Subquery(counted.values("n")))

    @admin.display(description=_("posts"), ordering="count")
    def posts(self, label: Label) -> str:
        count = label.count or 0
        words = ngettext("%(count)d post", "%(count)d posts", count) % {"count": count}
        return format_html('<a href="{}?label={}">{}</a>', reverse("admin:blog_post_changelist"), label.pk, words)

    def get_form(self, request: HttpRequest, obj: Label | None = None, change: bool = False, **kwargs):
        form: type[ModelForm] = super().get_form(request, obj, change, **kwargs)
        if obj is None and "slug" in form.base_fields:
            form.base_fields["slug"].required = False
            form.base_fields["slug"].help_text = gettext("Ends the address. Made from the name if left empty.")
        return form

    def view_on_site(self, obj: Label) -> str:
        return obj.get_absolute_url()

    def get_deleted_objects(self, objs, request: HttpRequest) -> tuple[list, dict, set, list]:
        """The labels, each with how many posts lose it (a list of them could be very long), and what forbids it."""
        told = []
        for label in objs:
            count = label.items.count()
            told.append(
                ngettext("%(label)s, which %(count)d post loses", "%(label)s, which %(count)d posts lose", count)
                % {"label": label, "count": count}
            )
        keeping = [relation for relation in Label._meta.related_objects if relation.on_delete is PROTECT]
        kept = [
            row
            for relation in keeping
            for row in relation.related_model.objects.filter(**{relation.field.name + "__in": objs})
        ]
        protected = [f"{row._meta.verbose_name}: {row}" for row in kept]
        return told, {self.opts.verbose_name_plural: len(told)}, set(), protected
