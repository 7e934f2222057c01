"""What ends sign-ins at the desk: one's own on “Your account”, anybody's on the user's page for owners."""

from django.contrib import messages
from django.contrib.admin import AdminSite
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from blog.models import User
from config.models import SignIn
from config.sessions.listing import end


def urls(site: AdminSite) -> list:
    return [
        path("account/<int:user>/sign-ins/<int:pk>/end/", site.admin_view(end_one), name="sign_in_end"),
        path("account/<int:user>/sign-ins/end/", site.admin_view(end_all), name="sign_ins_end"),
    ]


@require_POST
def end_one(request: HttpRequest, user: int, pk: int) -> HttpResponse:
    sign_ins = _sign_ins(request, user)
    if end(sign_ins.filter(pk=pk)):
        messages.success(request, _("That sign-in has ended."))
    else:
        messages.info(request, _("That sign-in had ended already."))
    return _back(request, user)


@require_POST
def end_all(request: HttpRequest, user: int) -> HttpResponse:
    if count := end(_sign_ins(request, user)):
        said = ngettext("%(count)d sign-in has ended.", "%(count)d sign-ins have ended.", count)
        messages.success(request, said % {"count": count})
    else:
        messages.info(request, _("There were none to end."))
    return _back(request, user)


def _sign_ins(request: HttpRequest, user: int):
    """All of the user's but the one in use: that ends by logging out."""
    if user != request.user.pk and not request.user.has_perm("blog.change_user"):
        raise PermissionDenied
    get_object_or_404(User, pk=user)
    return SignIn.objects.filter(user=user).exclude(session=request.session.session_key)


def _back(request: HttpRequest, user: int) -> HttpResponse:
    is_own = user == request.user.pk
    page = reverse("admin:account") if is_own else reverse("admin:blog_user_change", args=[user])
    return HttpResponseRedirect(f"{page}#sign-ins")
