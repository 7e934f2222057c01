"""The desk's lists on a large site: no page of one counts all its rows, nor sorts them.

Where a list holds few rows they are looked up one by one; where it holds many, its order is walked until a page is
full. A database that knows nothing of how common a thing is may do the one where the other is right.
"""

from django.contrib import admin
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.views.main import ORDER_VAR, PAGE_VAR, ChangeList
from django.core.paginator import InvalidPage, Paginator
from django.db.models import Exists, Model, OuterRef, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import NoReverseMatch
from django.utils.formats import number_format
from django.utils.functional import cached_property
from django.utils.translation import gettext

from blog.ids import number

COUNTED = 1_000  # rows; whoever pages on to the last of them is shown as many more
FURTHEST = 2_000  # page; who looks for what lies behind it filters


def in_words(count: int, is_more: bool = False) -> str:
    """“8,412”, or “more than 1,000”."""
    figure = number_format(count, force_grouping=True)
    return gettext("more than %s") % figure if is_more else figure


class BoundedPaginator(Paginator):
    """Pages of the rows up to a bound, which lies past the page that is asked for: so the furthest can be paged to.

    `rows` is a queryset, `page` the number of that page.
    """

    def __init__(self, rows: QuerySet, per_page: int, *args, page: int = 1, **kwargs) -> None:
        super().__init__(rows, per_page, *args, **kwargs)
        self.bound = COUNTED * (1 + min(page, FURTHEST) * self.per_page // COUNTED)

    @cached_property
    def ids(self) -> list:
        """Of all rows if they are few; else of so many that one knows."""
        return list(self.object_list.order_by().values_list("pk", flat=True)[: COUNTED + 1])

    @cached_property
    def reached(self) -> int:
        """How many rows there are up to the bound, and one more."""
        if len(self.ids) <= COUNTED or self.bound <= COUNTED:
            return len(self.ids)
        return self.object_list.order_by().values("pk")[: self.bound + 1].count()

    @cached_property
    def count(self) -> int:
        return min(self.reached, self.bound)

    @property
    def more(self) -> bool:
        """Whether there are rows past the bound."""
        return self.reached > self.bound

    @property
    def in_words(self) -> str:
        return in_words(self.count, self.more)


class BoundedList(ChangeList):
    def get_results(self, request: HttpRequest) -> None:
        self.paginator = self.model_admin.get_paginator(request, self.queryset, self.list_per_page)
        self.result_count, self.full_result_count = self.paginator.count, None
        self.show_full_result_count, self.show_admin_actions = False, True
        self.can_show_all = self.result_count <= self.list_max_show_all
        self.multi_page = self.result_count > self.list_per_page
        self.paginator.object_list = self.result_list = self._narrow()
        if self.multi_page and not (self.show_all and self.can_show_all):
            try:
                self.result_list = self.paginator.page(self.page_num).object_list
            except InvalidPage as error:
                raise IncorrectLookupParameters from error

    def _narrow(self) -> QuerySet:
        """The same rows in the same order, found in the way that fits their number."""
        rows = self.apply_select_related(self.root_queryset).order_by(*self.queryset.query.order_by)
        if len(self.paginator.ids) <= COUNTED:
            return rows.filter(pk__in=self.paginator.ids)
        if ORDER_VAR in self.params:
            return self.queryset  # an order that may have no index to be walked along
        return rows.filter(Exists(self.queryset.order_by().values("pk").filter(pk=OuterRef("pk"))))


class BoundedAdmin(admin.ModelAdmin):
    show_full_result_count = False

    def get_changelist(self, request: HttpRequest, **kwargs) -> type[ChangeList]:
        return BoundedList

    def get_view_on_site_url(self, obj: Model | None = None) -> str | None:
        """None for a form that is shown again with a slug that no address can have."""
        try:
            return super().get_view_on_site_url(obj)
        except NoReverseMatch:
            return None

    def response_action(self, request: HttpRequest, queryset: QuerySet) -> HttpResponse | None:
        """Of what was ticked, what names no row is left out: Django would fail on it."""
        ticked = request.POST.getlist(ACTION_CHECKBOX_NAME)
        request.POST = request.POST.copy()
        request.POST.setlist(ACTION_CHECKBOX_NAME, [pk for pk in ticked if number(pk)])
        return super().response_action(request, queryset)

    def get_paginator(self, request: HttpRequest, queryset: QuerySet, per_page: int, *args, **kwargs) -> Paginator:
        return BoundedPaginator(queryset, per_page, *args, page=number(request.GET.get(PAGE_VAR)), **kwargs)
