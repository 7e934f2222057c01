from django.urls import include, path

from blog import urls as blog_urls  # noqa: F401  registers the converters
from comments import feeds, reporting, views

# <post>
post_urls = [
    path("comment/", views.write, name="write_comment"),
    path("feed.atom", feeds.ThreadFeed(), name="thread_feed"),
]

# <page>
page_urls = [
    path("comment/", views.write, name="write_page_comment"),
    path("feed.atom", feeds.ThreadFeed(), name="page_thread_feed"),
]

urlpatterns = [
    path("<yyyy:year>/<mm:month>/<uslug:slug>/", include(post_urls)),
    path("p/<uslug:slug>/", include(page_urls)),
    path("comment/<int:pk>/", views.permalink, name="comment"),
    path("comment/<int:pk>/report/", reporting.report, name="report_comment"),
    path("comment/<int:pk>/report/thanks/", reporting.thanks, name="report_thanks"),
    path("comment/status/<str:capability>/", views.status, name="comment_status"),
    path("comments/feed.atom", feeds.CommentFeed(), name="comments_feed"),
    path("", include("comments.legacy")),
]
