"""The desk of the block rules: the list, one rule, the test box, import and export."""

from datetime import MAXYEAR

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.models import DELETION, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect, StreamingHttpResponse
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.html import format_html
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from blog.admin.bounded import BoundedAdmin
from blog.admin.fields import MomentField
from comments.admin.rules import ImportForm, TestForm
from comments.blocking import keys
from comments.blocking.effect import Effect, effect
from comments.folding.pattern import read
from comments.models import BlockRule

LISTED_BEFORE_DELETING = 20


class RuleForm(forms.ModelForm):
    expires_at = MomentField(label=_("Until"), required=False, help_text=_("For ever if left empty."))

    class Meta:
        model = BlockRule
        fields = ["match", "pattern", "field", "action", "expires_at", "note"]
        widgets = {
            "match": forms.RadioSelect,
            "action": forms.RadioSelect,
            "pattern": forms.TextInput(attrs={"dir": "auto", "autocomplete": "off"}),
            "note": forms.TextInput(attrs={"dir": "auto"}),
        }

    notes: tuple[str, ...] = ()  # what was made of the pattern

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["expires_at"].kept = self.instance.expires_at

    def clean(self) -> dict:
        data = super().clean()
        match, pattern = data.get("match"), data.get("pattern")
        if match and pattern:
            try:
                made = read(match, pattern)
            except ValidationError as error:
                self.add_error("pattern", error)
                return data
            data["match"], data["pattern"], self.notes = made.match, made.pattern, made.notes
            self._refuse_twin(made.match, made.folded, data.get("field"))
        if data.get("match") == BlockRule.Match.NETWORK and data.get("field") != BlockRule.Field.ANY:
            self.add_error("field", _("A network is of the whole comment: choose “anywhere”."))
        return data

    def clean_expires_at(self):
        moment = self.cleaned_data["expires_at"]
        if moment and "expires_at" in self.changed_data and moment <= timezone.now():
            raise ValidationError(_("This is past. Choose a later moment, or leave it empty."))
        if moment and moment.year == MAXYEAR:  # its last day is over in the east before the west has it
            raise ValidationError(_("This is as good as for ever: leave it empty."))
        return moment

    def _refuse_twin(self, match: str, folded: str, field: str | None) -> None:
        twin = BlockRule.objects.filter(match=match, folded=folded, field=field).exclude(pk=self.instance.pk).first()
        if twin:
            address = reverse("admin:comments_blockrule_change", args=[twin.pk])
            words = gettext("There is a rule for this already: {rule}")
            link = format_html('<a href="{}">{}</a>', address, twin)
            self.add_error("pattern", ValidationError(format_html(words, rule=link)))

    def is_valid(self) -> bool:
        """“Check” shows the form again with what the rule would do: for the admin, it is not ready to be saved."""
        return super().is_valid() and not self.is_checked

    @property
    def is_checked(self) -> bool:
        return self.is_bound and "_check" in self.data

    @cached_property
    def effect(self) -> Effect | None:
        """What the rule would have hit: as it is typed, once that is understood, or as it is stored."""
        if self.is_bound and self.errors:
            return None
        if not self.is_bound and self.instance.pk is None:
            return None
        if self.is_bound:
            self.instance.read()
        return effect(self.instance)


class ChoicesFilter(admin.ChoicesFieldListFilter):
    """The choices of a field, under a title that can stand after “By”."""

    TITLES = {"match": _("what it is"), "action": _("what becomes of the comment"), "field": _("where it looks")}

    def __init__(self, field, *args, **kwargs) -> None:
        super().__init__(field, *args, **kwargs)
        self.title = self.TITLES[field.name]


class InForceFilter(admin.SimpleListFilter):
    title = _("whether it is in force")
    parameter_name = "in_force"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple]:
        return [("yes", _("Yes")), ("no", _("No, its time is over"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        if self.value() == "yes":
            return queryset.in_force()
        return queryset.filter(expires_at__lte=timezone.now()) if self.value() == "no" else queryset


class RecordFilter(admin.SimpleListFilter):
    title = _("what it has hit so far")
    parameter_name = "record"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple]:
        return [("hit", _("Has hit")), ("never", _("Never hit")), ("overturned", _("Was overturned"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        chosen = {"hit": {"hits__gt": 0}, "never": {"hits": 0}, "overturned": {"overturned__gt": 0}}
        return queryset.filter(**chosen.get(self.value(), {}))


@admin.register(BlockRule)
class BlockRuleAdmin(BoundedAdmin):
    form = RuleForm
    fields = ["match", "pattern", "field", "action", "expires_at", "note"]
    list_display = ["shown_pattern", "match", "field", "action", "hits", "overturned", "until", "shown_note"]
    list_display_links = ["shown_pattern"]
    list_filter = [
        ("match", ChoicesFilter),
        ("action", ChoicesFilter),
        ("field", ChoicesFilter),
        InForceFilter,
        RecordFilter,
    ]
    list_per_page = 50
    search_fields = ["pattern", "note"]
    search_help_text = _("Part of the pattern or of the note")
    show_facets = admin.ShowFacets.NEVER

    @admin.display(description=_("what to look for"), ordering="pattern")
    def shown_pattern(self, rule: BlockRule) -> str:
        return format_html('<bdi class="pattern">{}</bdi>', rule.pattern)

    @admin.display(description=_("until"), ordering="expires_at")
    def until(self, rule: BlockRule) -> str:
        if rule.expires_at is None:
            return "–"
        moment = timezone.localtime(rule.expires_at).strftime("%Y-%m-%d %H:%M")
        return moment if rule.expires_at > timezone.now() else gettext("over since %(moment)s") % {"moment": moment}

    @admin.display(description=_("note"))
    def shown_note(self, rule: BlockRule) -> str:
        return format_html("<bdi>{}</bdi>", rule.note)

    # One rule.

    def response_add(self, request: HttpRequest, obj: BlockRule, post_url_continue: str | None = None) -> HttpResponse:
        return self._saved(request, obj)

    def response_change(self, request: HttpRequest, obj: BlockRule) -> HttpResponse:
        return self._saved(request, obj)

    def _saved(self, request: HttpRequest, rule: BlockRule) -> HttpResponse:
        found = effect(rule)
        said = gettext("The rule is saved and in force.")
        if rule.expires_at and rule.expires_at <= timezone.now():
            said = gettext("The rule is saved. Its time is over.")
        figure = ngettext(
            "Of the newest %(looked_at)d approved comment it would have hit %(hit)d.",
            "Of the newest %(looked_at)d approved comments it would have hit %(hit)d.",
            found.looked_at,
        ) % {"looked_at": found.looked_at, "hit": found.hit}
        self.message_user(request, f"{said} {figure}" if found.looked_at else said, messages.SUCCESS)
        name = "add" if "_addanother" in request.POST else "changelist"
        return HttpResponseRedirect(reverse(f"admin:comments_blockrule_{name}"))

    def save_form(self, request: HttpRequest, form: RuleForm, change: bool) -> BlockRule:
        for note in form.notes:
            self.message_user(request, note, messages.WARNING)
        return super().save_form(request, form, change)

    # Many rules are deleted at once: the page names some of them, and counts the rest.

    def get_deleted_objects(self, objs, request: HttpRequest) -> tuple[list, dict, set, list]:
        count = len(objs)
        names = [str(rule) for rule in objs[:LISTED_BEFORE_DELETING]]
        if count > len(names):
            names.append(gettext("and %(count)d more") % {"count": count - len(names)})
        return names, {self.opts.verbose_name_plural: count}, set(), []

    def log_deletions(self, request: HttpRequest, queryset: QuerySet) -> list[LogEntry]:
        """One line in the admin's history for so many."""
        count = len(queryset)
        if count <= LISTED_BEFORE_DELETING:
            return super().log_deletions(request, queryset)
        return [
            LogEntry.objects.create(
                user=request.user,
                content_type=ContentType.objects.get_for_model(BlockRule),
                object_repr=f"{count} {self.opts.verbose_name_plural}",
                action_flag=DELETION,
            )
        ]

    # The test box, import, export.

    def get_urls(self) -> list:
        pages = [
            path("test/", self.admin_site.admin_view(self.test_view), name="comments_blockrule_test"),
            path("import/", self.admin_site.admin_view(self.import_view), name="comments_blockrule_import"),
            path("export/", self.admin_site.admin_view(self.export_view), name="comments_blockrule_export"),
        ]
        return [*pages, *super().get_urls()]

    def test_view(self, request: HttpRequest) -> HttpResponse:
        """Changes nothing; it is sent by POST because people's words have no place in an address."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        form = TestForm(request.POST if request.method == "POST" else None)
        found = form.found() if form.is_bound and form.is_valid() else None
        context = {"title": gettext("Try the rules"), "form": form, "found": found}
        return self._page(request, "test", context, status=200 if not form.errors else 422)

    def import_view(self, request: HttpRequest) -> HttpResponse:
        if not self.has_add_permission(request):
            raise PermissionDenied
        form = ImportForm(request.POST or None, request.FILES or None)
        draft = form.draft() if form.is_bound and form.is_valid() else None
        if draft and "_import" in request.POST:
            stored = keys.store(draft)
            said = ngettext("%(count)d rule is new.", "%(count)d rules are new.", stored) % {"count": stored}
            self.message_user(request, said, messages.SUCCESS)
            if not draft.faults:
                return HttpResponseRedirect(reverse("admin:comments_blockrule_changelist"))
            # What could not be read is left in the form, and only that.
            form = ImportForm({"action": form.cleaned_data["action"], "text": draft.unread()})
            form.is_valid()
            draft = form.draft()
        context = {"title": gettext("Import and export rules"), "form": form, "draft": draft}
        return self._page(request, "import", context, status=200 if not form.errors else 422)

    def export_view(self, request: HttpRequest) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        if request.method not in ("GET", "HEAD"):
            return HttpResponseNotAllowed(["GET", "HEAD"])
        rules = BlockRule.objects.order_by("pk")
        wanted = request.GET.get("for", "")
        if wanted == "hold":
            lines = keys.wordpress_keys(rules.in_force().filter(action=BlockRule.Action.HOLD).iterator())
        elif wanted == "disallow":
            lines = keys.wordpress_keys(rules.in_force().exclude(action=BlockRule.Action.HOLD).iterator())
        else:
            lines = keys.lines(rules.iterator())
        name = {"hold": "moderation-keys", "disallow": "disallowed-keys"}.get(wanted, "block-rules")
        response = StreamingHttpResponse((f"{line}\n" for line in lines), content_type="text/plain; charset=utf-8")
        response["Content-Disposition"] = f'attachment; filename="{name}.txt"'
        return response

    def _page(self, request: HttpRequest, name: str, context: dict, status: int) -> HttpResponse:
        base = self.admin_site.each_context(request) | {"opts": self.opts, "media": self.media}
        template = f"admin/comments/blockrule/{name}.html"
        return TemplateResponse(request, template, base | context, status=status)
