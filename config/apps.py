from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig


class MarginaliaConfig(AppConfig):
    name = "config"
    label = "config"

    def ready(self) -> None:
        from config import checks  # noqa: F401  registers the system checks


class MarginaliaAdminConfig(AdminConfig):
    default_site = "config.admin.MarginaliaAdminSite"

    def ready(self) -> None:
        super().ready()  # finds every app's admin
        from django.contrib import admin
        from taggit.models import Tag

        admin.site.unregister(Tag)  # labels are blog.Label; taggit's own table stays empty
