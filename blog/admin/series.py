from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.forms import ModelForm, Textarea
from django.http import HttpRequest
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from blog import names
from blog.admin.bounded import BoundedAdmin
from blog.models import Post, Series


class SeriesForm(ModelForm):
    class Meta:
        widgets = {"description": Textarea(attrs={"rows": 3, "dir": "auto"})}

    def clean_title(self) -> str:
        title = " ".join(self.cleaned_data["title"].split())
        others = Series.objects.exclude(pk=self.instance.pk).values_list("title", flat=True)
        if there := names.same(title, others):
            message = gettext("There is already “%(title)s”.") % {"title": there}
            raise ValidationError(message, code="taken")
        return title


@admin.register(Series)
class SeriesAdmin(BoundedAdmin):
    form = SeriesForm
    fields = ["title", "slug", "description"]
    list_display = ["title", "slug", "parts"]
    search_fields = ["title", "slug"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Series]:
        counted = Post.objects.filter(series=OuterRef("pk"), status=Post.Status.PUBLISHED).order_by()
        counted = counted.values("series").annotate(n=Count("pk"))
        return super().get_queryset(request).annotate(count=Subquery(counted.values("n")))

    @admin.display(description=_("parts"), ordering="count")
    def parts(self, series: Series) -> str:
        count = series.count or 0
        return ngettext("%(count)d part", "%(count)d parts", count) % {"count": count}

    def view_on_site(self, obj: Series) -> str | None:
        return obj.get_absolute_url() if Post.objects.series().filter(pk=obj.pk).exists() else None

    def get_deleted_objects(self, objs, request: HttpRequest) -> tuple[list, dict, set, list]:
        """The series, each with how many posts it has: they stay, and belong to none then."""
        posts = Post.objects.filter(series__in=[series.pk for series in objs]).order_by()
        counts = dict(posts.values_list("series").annotate(Count("pk")))
        told = []
        for series in objs:
            count = counts.get(series.pk, 0)
            words = ngettext(
                "%(series)s, of %(count)d post, which stays", "%(series)s, of %(count)d posts, which stay", count
            )
            told.append(words % {"series": series, "count": count})
        return told, {self.opts.verbose_name_plural: len(told)}, set(), []
