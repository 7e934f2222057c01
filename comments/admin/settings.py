from django.contrib import admin

from blog.admin.settings import SingleRowAdmin
from comments.models import CommentSettings


@admin.register(CommentSettings)
class CommentSettingsAdmin(SingleRowAdmin):
    pass
