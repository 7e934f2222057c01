from django.contrib import admin
from django.utils.translation import gettext_lazy as _


class MarginaliaAdminSite(admin.AdminSite):
    site_header = "Marginalia"
    site_title = "Marginalia"
    index_title = _("Desk")
