"""The admin's frame and its dashboard: the one place where posts and comments meet on a desk."""

from collections.abc import Callable
from datetime import timedelta
from functools import update_wrapper

from django.contrib import admin
from django.contrib.admin.forms import AdminAuthenticationForm
from django.db.models import Count, Min, Q
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.i18n import JavaScriptCatalog

from blog.models import Mail, Post, User
from comments.models import Comment
from config.views import session_ended

SHOWN = 5
PATIENCE = timedelta(hours=1)  # with a mail server that is away
LONG = ["body", "body_html", "body_text", "toc"]  # columns that no list shows
Status = Post.Status

# What stands in the bar on every page, in this order, for those who may go there.
PLACES = ["Post", "Page", "Image", "Label", "Series", "Comment", "User", "SiteSettings"]


class LoginForm(AdminAuthenticationForm):
    _REFUSED = _("Name or password is wrong, or this account may not enter the desk.")
    error_messages = {"invalid_login": _REFUSED, "inactive": _REFUSED}


class MarginaliaAdminSite(admin.AdminSite):
    site_header = "Marginalia"
    site_title = "Marginalia"
    index_title = _("Desk")
    enable_nav_sidebar = False
    login_form = LoginForm

    def each_context(self, request: HttpRequest) -> dict:
        context = super().each_context(request)
        models = {model["object_name"]: model for app in context["available_apps"] for model in app["models"]}
        return context | {
            "site": request.site,  # the login view would put the host's name there
            "site_title": request.site.title,
            "site_header": request.site.title,
            # Who may add alone, such as an author a series, does so where it is needed.
            "places": [models[name] for name in PLACES if name in models and models[name]["admin_url"]],
        }

    def admin_view(self, view: Callable, cacheable: bool = False) -> Callable:
        """A form sent after the session ended is not answered with the sign-in page, which would lose its words."""
        inner = super().admin_view(view, cacheable)

        def guarded(request: HttpRequest, *args, **kwargs) -> HttpResponse:
            leaves = request.path == reverse("admin:logout", current_app=self.name)
            if request.method == "POST" and request.user.is_anonymous and not leaves:
                return never_cache(session_ended)(request)
            return inner(request, *args, **kwargs)

        return update_wrapper(guarded, view)

    def index(self, request: HttpRequest, extra_context: dict | None = None) -> HttpResponse:
        return super().index(request, desk(request.user) | (extra_context or {}))

    def i18n_javascript(self, request: HttpRequest, extra_context: dict | None = None) -> HttpResponse:
        """The words of the admin's scripts, and of the editor's."""
        return JavaScriptCatalog.as_view(packages=["django.contrib.admin", "django_prose_editor"])(request)


def desk(user: User) -> dict:
    """What needs this user now, as far as their rights go: eight queries at most."""
    return _posts(user) | _comments(user) | _mails(user)


def _posts(user: User) -> dict:
    if not user.has_perm("blog.change_post"):
        return {}
    now = timezone.now()
    mine = Post.objects.owned_by(user).select_related("author").defer(*LONG)
    out = mine.filter(status=Status.PUBLISHED)
    return {
        "may_write": user.has_perm("blog.add_post"),
        "publishes": user.has_perm("blog.publish_post"),
        "sees_all": user.has_perm("blog.change_any_post"),
        "drafts": mine.filter(status=Status.DRAFT, author=user).order_by("-updated_at")[:SHOWN],
        "in_review": mine.filter(status=Status.IN_REVIEW).order_by("updated_at")[:SHOWN],
        "scheduled": out.filter(published_at__gt=now).order_by("published_at", "pk")[:SHOWN],
        "published": out.filter(published_at__lte=now, kind=Post.Kind.POST).order_by("-published_at", "-pk")[:SHOWN],
    }


def _comments(user: User) -> dict:
    if not (user.has_perm("comments.moderate_any_comment") or user.has_perm("comments.moderate_own_comment")):
        return {}
    long = ["body_html", *(f"post__{name}" for name in LONG)]
    mine = Comment.objects.moderated_by(user).select_related("post").defer(*long)
    waiting = mine.pending()
    return {
        "moderates": True,
        "waiting_count": waiting.count(),
        "waiting": waiting.reverse()[:SHOWN],
        "latest_comments": mine.filter(status=Comment.Status.APPROVED).order_by("-created_at", "-pk")[:SHOWN],
    }


def _mails(user: User) -> dict:
    if not user.is_superuser:
        return {}
    waiting, dead = Mail.Status.WAITING, Mail.Status.DEAD
    return Mail.objects.filter(status__in=[waiting, dead]).aggregate(
        dead_mails=Count("pk", filter=Q(status=dead)),
        mail_server_away=Min("unreached_at", filter=Q(status=waiting, unreached_at__lt=timezone.now() - PATIENCE)),
    )
