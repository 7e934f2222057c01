from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig


class MarginaliaConfig(AppConfig):
    name = "config"
    label = "config"

    def ready(self) -> None:
        from config import checks  # noqa: F401  registers the system checks


class MarginaliaAdminConfig(AdminConfig):
    default_site = "config.admin.MarginaliaAdminSite"
