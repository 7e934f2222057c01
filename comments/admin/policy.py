"""The comment policies of labels (the owner's) and of single posts (of those who decide on their comments)."""

from collections.abc import Callable

from django import forms
from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import path, reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from blog.admin.bounded import BoundedAdmin
from blog.admin.fields import LabelInput
from blog.ids import number
from blog.models import Label, Post
from comments.conditions import RULES, Conditions, Value
from comments.effective import NAMES, as_above, edit_place, may_set, words_for
from comments.models import CommentSettings, LabelPolicy, PostPolicy


class PolicyForm(forms.ModelForm):
    """Left empty, a value is as above; each field says what that comes to."""

    def __init__(self, *args, above: Callable[[str], Value], **kwargs) -> None:
        super().__init__(*args, **kwargs)
        for name in self.fields.keys() & set(RULES):  # who may only look has none
            field, said = self.fields[name], as_above(name, above(name))
            if name == "hold_all":
                field.widget = forms.Select(choices=[("", said), ("True", gettext("Yes")), ("False", gettext("No"))])
            else:
                field.help_text = gettext("Left empty: %(above)s. 0: never.") % {"above": said[0].lower() + said[1:]}


class LabelPolicyForm(PolicyForm):
    label = forms.ModelChoiceField(
        Label.objects.all(),
        label=_("Label"),
        to_field_name="name",
        widget=LabelInput,
        error_messages={"invalid_choice": _("There is no label of this name.")},
    )

    def __init__(self, *args, **kwargs) -> None:
        settings = CommentSettings.load()
        super().__init__(*args, above=lambda name: Value(getattr(settings, name)), **kwargs)


@admin.register(LabelPolicy)
class LabelPolicyAdmin(BoundedAdmin):
    form = LabelPolicyForm
    fields = ["label", "closed", *RULES]
    list_display = ["label", "says"]
    list_select_related = ["label"]
    search_fields = ["label__name"]
    ordering = ["label__name"]

    def get_readonly_fields(self, request: HttpRequest, obj: LabelPolicy | None = None) -> list[str]:
        return ["label"] if obj else []

    @admin.display(description=_("what it says"))
    def says(self, policy: LabelPolicy) -> str:
        said = [f"{NAMES['mode']}: {gettext('closed')}"] if policy.closed else []
        for name in RULES:
            value = getattr(policy, name)
            if value is not None:
                said.append(f"{NAMES[name]}: {words_for(name, value)}")
        return "; ".join(said) or gettext("nothing of its own")


class PostPolicyForm(PolicyForm):
    def __init__(self, *args, **kwargs) -> None:
        conditions = Conditions.of(kwargs["instance"].post)
        super().__init__(*args, above=conditions.inherited, **kwargs)


@admin.register(PostPolicy)
class PostPolicyAdmin(admin.ModelAdmin):
    """One page for each post, found by the post's number; a post without a policy of its own has an empty one."""

    form = PostPolicyForm
    fields = RULES
    change_form_template = "admin/comments/policy_of_post.html"

    def get_urls(self) -> list:
        view = self.admin_site.admin_view(self.change_view)
        return [path("<path:object_id>/change/", view, name="comments_postpolicy_change")]

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> PostPolicy | None:
        post = Post.objects.filter(pk=number(object_id)).select_related("author").first()
        if post is None:
            return None
        policy = PostPolicy.objects.filter(post=post).first() or PostPolicy()
        policy.post = post
        return policy

    def has_module_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: PostPolicy | None = None) -> bool:
        if obj is None:
            return any(request.user.has_perm(f"comments.moderate_{which}_comment") for which in ("any", "own"))
        return may_set(request.user, obj.post)

    has_view_permission = has_change_permission

    def change_view(self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict | None = None):
        mine = {"title": gettext("Comment policy of a post"), "subtitle": None}
        return super().change_view(request, object_id, form_url, mine | (extra_context or {}))

    def render_change_form(self, request: HttpRequest, context: dict, add=False, change=False, form_url="", obj=None):
        context["edit_place"] = edit_place(obj.post, request.user)
        return super().render_change_form(request, context, add, change, form_url, obj)

    def save_model(self, request: HttpRequest, obj: PostPolicy, form: forms.ModelForm, change: bool) -> None:
        values = {name: getattr(obj, name) for name in RULES}
        saved, _made = PostPolicy.objects.update_or_create(post=obj.post, defaults=values)
        obj.pk = saved.pk

    def response_change(self, request: HttpRequest, obj: PostPolicy) -> HttpResponse:
        self.message_user(request, gettext("Saved. It holds from now on."), messages.SUCCESS)
        return HttpResponseRedirect(reverse("admin:comments_postpolicy_change", args=[obj.post_id]))
