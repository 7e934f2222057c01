"""Before what is dangerous, the password is asked for again if it was not typed within a quarter of an hour: a desk
that was left open must not give the site away.

What was sent is kept in the page that asks, and goes on from there; nothing is stored meanwhile.
"""

import time
from collections.abc import Callable

from django.contrib.admin import AdminSite
from django.contrib.auth.hashers import check_password
from django.contrib.auth.signals import user_logged_in
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from config.signin import throttle

WITHIN = 15 * 60  # seconds
AT = "password_at"  # in the session
PASSWORD = "again_password"  # noqa: S105  the field's name
OPENING = "again_opening"  # a page was asked for, not a form sent

# Addresses of the desk by name: who may do what, what the site knows of people, the comments' policies, and what cannot
# be taken back. Those of FORMS are read without being asked. What is decided daily is not here: each has its undo.
ALWAYS = {
    "auth_user_password_change",
    "blog_user_add",
    "blog_user_change",
    "blog_user_delete",
    "comments_blockrule_export",
    "comments_comment_filter_import",
    "comments_comment_filter_reset",
    "comments_moderationevent_export",
    "sign_in_settings",
}
FORMS = {
    "blog_image_changelist",  # its one action deletes
    "blog_image_delete",
    "blog_label_changelist",  # its actions delete and merge
    "blog_label_delete",
    "blog_user_changelist",
    "comments_comment_delete",
    "comments_commenter_account_delete",
    "comments_commenter_delete",
    "comments_commentsettings_change",
    "comments_labelpolicy_add",
    "comments_labelpolicy_change",
    "comments_labelpolicy_changelist",
    "comments_labelpolicy_delete",
    "comments_postpolicy_change",
    "invitation_send",
    "invitations",
    "second_step_codes",
}


# Forms that ask for the present password themselves, and in which field: there too it cannot be guessed for long.
THEIR_OWN = {"account": "current_password", "password_change": "old_password"}


@receiver(user_logged_in)
def note(sender, request: HttpRequest, **kwargs) -> None:
    request.session[AT] = time.time()


def is_asked_for(request: HttpRequest) -> bool:
    """Whether this is something before which the password is asked for."""
    name = request.resolver_match.url_name
    return name in ALWAYS or (name in FORMS and request.method == "POST")


def _guesses(request: HttpRequest) -> bool:
    return bool(request.POST.get(THEIR_OWN.get(request.resolver_match.url_name, "")))


def is_recent(request: HttpRequest) -> bool:
    return 0 <= time.time() - request.session.get(AT, 0) <= WITHIN


def recently(request: HttpRequest, site: AdminSite, go_on: Callable[[], HttpResponse]) -> HttpResponse:
    """What `go_on` answers; before what is dangerous, only if the password was typed a moment ago, or is now. Else the
    page that asks for it."""
    if not is_asked_for(request):
        seconds = _guesses(request) and throttle.of_password(request.user)
        return throttle.refused(request, seconds) if seconds else go_on()
    typed = request.POST.get(PASSWORD) if request.method == "POST" else None
    if typed is None and is_recent(request):
        return go_on()
    return never_cache(_answer)(request, site, go_on, typed)


def _answer(
    request: HttpRequest, site: AdminSite, go_on: Callable[[], HttpResponse], typed: str | None
) -> HttpResponse:
    if typed is None:
        return _page(request, site)
    if seconds := throttle.of_password(request.user):
        return _page(request, site, throttle.too_often(seconds), 429, seconds)
    # Not the user's own method: it may store the hash anew, which would end this very session.
    if not check_password(typed, request.user.password):
        return _page(request, site, _("This is not your password. Nothing was changed."), 422)
    throttle.forget_password(request.user)
    request.session[AT] = time.time()
    if OPENING in request.POST:
        return HttpResponseRedirect(request.get_full_path(), status=303)
    request.POST = _sent(request)
    return go_on()


def _page(request: HttpRequest, site: AdminSite, problem: str = "", status: int = 0, seconds: int = 0) -> HttpResponse:
    is_form = request.method == "POST" and OPENING not in request.POST
    context = site.each_context(request) | {
        "title": _("Your password, please"),
        "problem": problem,
        "is_form": is_form,
        "kept": [(name, value) for name, values in _sent(request).lists() for value in values],
        "had_files": bool(is_form and request.FILES),
        "password_name": PASSWORD,
        "opening_name": OPENING,
        "here": request.get_full_path(),
    }
    request.current_app = site.name
    response = TemplateResponse(request, "admin/recently.html", context, status=status or (403 if is_form else 200))
    if seconds:
        response["Retry-After"] = str(seconds)
    return response


def _sent(request: HttpRequest) -> QueryDict:
    """What was sent, without what this page has added."""
    sent = request.POST.copy()
    for name in (PASSWORD, OPENING, "csrfmiddlewaretoken"):
        sent.pop(name, None)
    sent._mutable = False
    return sent
