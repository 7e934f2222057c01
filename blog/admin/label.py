from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db.models import PROTECT, Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from blog import merging, names
from blog.admin.bounded import BoundedAdmin
from blog.models import Label, PostTag

AT_ONCE = 20  # labels that become one


class LabelForm(ModelForm):
    def clean_name(self) -> str:
        name = " ".join(self.cleaned_data["name"].split())
        others = Label.objects.exclude(pk=self.instance.pk).values_list("name", flat=True)
        if there := names.same(name, others):
            raise ValidationError(gettext("There is already “%(name)s”.") % {"name": there}, code="taken")
        return name


class MergeForm(forms.Form):
    """Which of several labels stays."""

    kept = forms.ModelChoiceField(Label.objects.none(), error_messages={"required": _("Choose the one that stays.")})

    def __init__(self, data: dict | None, *, labels: list[Label], held: dict[int, list[str]]) -> None:
        super().__init__(data)
        self.labels, self.held = labels, held
        self.fields["kept"].queryset = Label.objects.filter(pk__in=[label.pk for label in labels])

    def clean_kept(self) -> Label:
        kept = self.cleaned_data["kept"]
        needed = [label.name for label in self.labels if label != kept and label.pk in self.held]
        if needed:
            message = gettext("“%(name)s” cannot go: something still needs it.") % {"name": "”, “".join(needed)}
            raise ValidationError(message, code="needed")
        return kept


@admin.register(Label)
class LabelAdmin(BoundedAdmin):
    form = LabelForm
    fields = ["name", "slug"]
    list_display = ["name", "slug", "posts"]
    search_fields = ["name", "slug"]
    actions = ["merge_selected"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Label]:
        # The published ones are counted already; the others are few.
        others = PostTag.objects.filter(tag=OuterRef("pk"), published_at=None).order_by().values("tag")
        others = Coalesce(Subquery(others.annotate(n=Count("pk")).values("n")), 0)
        return super().get_queryset(request).annotate(count=Coalesce("total__count", 0) + others)

    @admin.display(description=_("posts"), ordering="count")
    def posts(self, label: Label) -> str:
        count = label.count
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
        rows = PostTag.objects.filter(tag__in=[label.pk for label in objs]).order_by()
        counts = dict(rows.values_list("tag").annotate(Count("pk")))
        told = []
        for label in objs:
            count = counts.get(label.pk, 0)
            told.append(
                ngettext("%(label)s, which %(count)d post loses", "%(label)s, which %(count)d posts lose", count)
                % {"label": label, "count": count}
            )
        protected = [told for held in held_by(objs).values() for told in held]
        return told, {self.opts.verbose_name_plural: len(told)}, set(), protected

    # Another name, and several that become one.

    def save_model(self, request: HttpRequest, obj: Label, form: LabelForm, change: bool) -> None:
        before = Label.objects.filter(pk=obj.pk).first() if change else None
        super().save_model(request, obj, form, change)
        if before:
            merging.renamed(obj, before)

    def has_merge_permission(self, request: HttpRequest) -> bool:
        return self.has_change_permission(request) and self.has_delete_permission(request)

    @admin.action(description=_("Merge into one…"), permissions=["merge"])
    def merge_selected(self, request: HttpRequest, labels: QuerySet[Label]) -> HttpResponse | None:
        chosen = list(labels.order_by("-count", "name")[: AT_ONCE + 1])
        if not 1 < len(chosen) <= AT_ONCE:
            message = gettext("Choose between two labels and %(most)d.") % {"most": AT_ONCE}
            self.message_user(request, message, messages.WARNING)
            return None
        held = held_by(chosen)
        form = MergeForm(request.POST if "apply" in request.POST else None, labels=chosen, held=held)
        if not form.is_valid():
            return self._ask_which(request, chosen, held, form)
        kept = form.cleaned_data["kept"]
        others = [label for label in chosen if label != kept]
        merging.merge(kept, others)
        names = ", ".join(f"“{label.name}”" for label in others)
        self.log_change(request, kept, gettext("Merged with %(names)s.") % {"names": names})
        said = gettext("%(names)s became “%(kept)s”. Old addresses lead there.") % {"names": names, "kept": kept}
        self.message_user(request, said, messages.SUCCESS)
        return None

    def _ask_which(self, request: HttpRequest, chosen: list[Label], held: dict, form: MergeForm) -> HttpResponse:
        context = self.admin_site.each_context(request) | {
            "title": gettext("Merge labels into one"),
            "opts": self.opts,
            "form": form,
            "rows": [(label, label.count, held.get(label.pk, [])) for label in chosen],
            "kept": form.data.get("kept") or str(next(iter(held), chosen[0].pk)),
            "cannot": len(held) > 1,
        }
        return TemplateResponse(request, "admin/blog/label/merge.html", context)


def held_by(labels: list[Label]) -> dict[int, list[str]]:
    """By the ids of labels, what must not lose them, in words: rows of whichever app needs a label to stay."""
    held: dict[int, list[str]] = {}
    for relation in Label._meta.related_objects:
        if relation.on_delete is not PROTECT:
            continue
        name = relation.field.name
        for row in relation.related_model.objects.filter(**{f"{name}__in": labels}):
            held.setdefault(getattr(row, f"{name}_id"), []).append(f"{row._meta.verbose_name}: {row}")
    return held
