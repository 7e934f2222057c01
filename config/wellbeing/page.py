import platform
from typing import NamedTuple

import django
from django.conf import settings
from django.contrib import messages
from django.contrib.admin import AdminSite
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe
from django_tasks_db.models import DBTaskResult
from django_tasks_db.models import TaskResultStatus as Status

from config import doctor
from config.backup.manifest import version
from config.doctor import Level
from config.metrics import figures
from config.tasks import look_at_everything
from config.wellbeing import pictures


class Seen(NamedTuple):
    """What one check of the doctor's found that is not well."""

    check: str
    level: str
    words: str
    todo: str


def urls(site: AdminSite) -> list:
    return [
        path("how-is-the-site/", site.admin_view(wellbeing), {"site": site}, name="wellbeing"),
        path("how-is-the-site/look/", site.admin_view(look), name="wellbeing_look"),
    ]


@require_safe
def wellbeing(request: HttpRequest, site: AdminSite) -> HttpResponse:
    if not request.user.is_superuser:
        raise PermissionDenied
    now = timezone.now()
    looked = _last_look()
    found = _findings(looked)
    disk, tasks = figures.disk(), figures.tasks(now)
    answers = pictures.Answers.counted()
    context = site.each_context(request) | {
        "title": _("How is the site?"),
        "found": found,
        "problems": sum(each.level == Level.PROBLEM for each in found),
        "looked_at": looked and looked["finished_at"],
        "is_looking": _is_looking(),
        "waiting": figures.queue(),
        "mails": figures.mails(),
        "tasks": tasks,
        "oldest_task": tasks.oldest is not None and pictures.ago(tasks.oldest),
        "ticked": pictures.ago(figures.tick_age(now)),
        "database_size": figures.database_size(),
        "disk": disk,
        "disk_picture": pictures.disk(disk),
        "backup": figures.last_backup(now),
        "answers": answers,
        "answers_pictures": answers.pictures(),
        "comments": pictures.comments(now, request.site.zone),
        "versions": _versions(),
    }
    if context["backup"]:
        context["backup_ago"] = pictures.ago(context["backup"].age)
    return TemplateResponse(request, "admin/wellbeing.html", context)


@require_POST
def look(request: HttpRequest) -> HttpResponse:
    """Has the worker look at everything: it may take longer than anybody waits for a page."""
    if not request.user.is_superuser:
        raise PermissionDenied
    if not _is_looking():
        look_at_everything.enqueue()
    messages.info(request, _("The worker looks at everything. Open this page again in a moment."))
    return HttpResponseRedirect(reverse("admin:wellbeing"))


def _findings(looked: dict | None) -> list[Seen]:
    """What is not well: as it is now, or where that takes long, as it was when the worker last looked."""
    now = [Seen(name, str(found.level), found.words, found.todo) for name, found in doctor.glance()]
    then = [Seen(**each) for each in looked["return_value"]] if looked else []
    then = [each for each in then if each.check not in doctor.AT_A_GLANCE]
    ill = [each for each in now + then if each.level != Level.OK]
    return sorted(ill, key=lambda each: each.level != Level.PROBLEM)


def _looks():
    return DBTaskResult.objects.filter(task_path=look_at_everything.module_path)


def _last_look() -> dict | None:
    """Results are kept for a week."""
    done = _looks().filter(status=Status.SUCCESSFUL).order_by("-finished_at")
    return done.values("finished_at", "return_value").first()


def _is_looking() -> bool:
    return _looks().filter(status__in=[Status.READY, Status.RUNNING]).exists()


def _versions() -> list[tuple[str, str]]:
    database = f"{connection.display_name} {'.'.join(map(str, connection.get_database_version()))}"
    return [
        ("Marginalia", version()),
        ("Django", django.get_version()),
        ("Python", platform.python_version()),
        (_("Database"), database),
        (_("Settings"), _("debug") if settings.DEBUG else _("production")),
    ]
