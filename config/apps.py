from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig


class MarginaliaConfig(AppConfig):
    name = "config"
    label = "config"

    def ready(self) -> None:
        from django.contrib.auth.signals import user_logged_in

        from config import checks, sentry  # noqa: F401  registers the system checks
        from config.sessions import noting

        user_logged_in.connect(noting.began, dispatch_uid="config.sessions")
        sentry.start()


class MarginaliaAdminConfig(AdminConfig):
    default_site = "config.admin.MarginaliaAdminSite"

    def ready(self) -> None:
        super().ready()  # finds every app's admin
        from django.contrib import admin
        from django.contrib.auth.models import Group
        from django_otp.plugins.otp_totp.models import TOTPDevice
        from django_tasks_db.models import DBTaskResult
        from taggit.models import Tag

        # taggit's own table stays empty (labels are blog.Label), what roles may do stands in config/roles.py, and
        # results of tasks mean nothing to those who write. A second step is everybody's own: “Your account”.
        admin.site.unregister([Tag, Group, DBTaskResult, TOTPDevice])
