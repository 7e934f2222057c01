"""Each module imports only those above it here."""

from blog.models.alike import Alike
from blog.models.image import Image, ImageUse, Rendition
from blog.models.imported import ImportedPost
from blog.models.label import Label
from blog.models.mail import Mail
from blog.models.oldpath import MissingPath, OldPath
from blog.models.post import Page, Post
from blog.models.posttag import PostTag
from blog.models.preview import Preview, ReviewNote
from blog.models.reads import MonthReads, PostReads, Referrer, SiteReads
from blog.models.revision import Revision
from blog.models.series import Series
from blog.models.settings import MenuItem, SiteSettings
from blog.models.total import LabelCount, MonthCount
from blog.models.user import User
from blog.models.version import Version

__all__ = [
    "Alike",
    "Image",
    "ImageUse",
    "ImportedPost",
    "Label",
    "LabelCount",
    "Mail",
    "MenuItem",
    "MissingPath",
    "MonthCount",
    "MonthReads",
    "OldPath",
    "Page",
    "Post",
    "PostReads",
    "PostTag",
    "Preview",
    "Referrer",
    "Rendition",
    "ReviewNote",
    "Revision",
    "Series",
    "SiteReads",
    "SiteSettings",
    "User",
    "Version",
]
