"""Each module imports only those above it here."""

from blog.models.image import Image, ImageUse, Rendition
from blog.models.imported import ImportedPost
from blog.models.label import Label
from blog.models.mail import Mail
from blog.models.oldpath import OldPath
from blog.models.post import Page, Post
from blog.models.posttag import PostTag
from blog.models.series import Series
from blog.models.settings import SiteSettings
from blog.models.total import LabelCount, MonthCount
from blog.models.user import User
from blog.models.version import Version

__all__ = [
    "Image",
    "ImageUse",
    "ImportedPost",
    "Label",
    "LabelCount",
    "Mail",
    "MonthCount",
    "OldPath",
    "Page",
    "Post",
    "PostTag",
    "Rendition",
    "Series",
    "SiteSettings",
    "User",
    "Version",
]
