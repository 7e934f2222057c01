from django.urls import include, path, re_path, register_converter

from blog import accent, feeds, previews, reads, sitemaps, views
from blog.media import media
from blog.shared import shared
from blog.slugs import MonthConverter, SlugConverter, YearConverter

register_converter(SlugConverter, "uslug")
register_converter(YearConverter, "yyyy")
register_converter(MonthConverter, "mm")

feed_urls = [
    path("feed.atom", shared()(feeds.PostFeed()), name="feed_atom"),
    path("feed.rss", shared()(feeds.NewestRss()), name="feed_rss"),
]

# /label/<slug>/
label_urls = [
    path("", views.label, name="label"),
    path("feed.atom", shared()(feeds.LabelFeed()), name="label_atom"),
    path("feed.rss", shared()(feeds.LabelRss()), name="label_rss"),
]

# /author/<slug>/
author_urls = [
    path("", views.author, name="author"),
    path("feed.atom", shared()(feeds.AuthorFeed()), name="author_atom"),
    path("feed.rss", shared()(feeds.AuthorRss()), name="author_rss"),
]

# /series/<slug>/
series_urls = [
    path("", views.series, name="series"),
    path("feed.atom", shared()(feeds.SeriesFeed()), name="series_atom"),
    path("feed.rss", shared()(feeds.SeriesRss()), name="series_rss"),
]

# /<year>/
date_urls = [
    path("", views.year, name="year"),
    path("<mm:month>/", views.month, name="month"),
    path("<mm:month>/<uslug:slug>/", views.post, name="post"),
]

# A file's first part has no number: each part has one address.
PART = r"(?:-(?P<part>[2-9]|[1-9][0-9]{1,4}))?\.xml$"
sitemap_urls = [
    path("sitemap-lists.xml", sitemaps.lists),
    re_path(rf"^sitemap-pages{PART}", sitemaps.pages),
    re_path(rf"^sitemap-labels{PART}", sitemaps.labels),
    re_path(rf"^sitemap-series{PART}", sitemaps.series),
    re_path(rf"^sitemap-posts-(?P<year>[0-9]{{4}})-(?P<month>[0-9]{{2}}){PART}", sitemaps.posts),
]

urlpatterns = [
    path("", views.home, name="home"),
    path("", include(feed_urls)),
    path("archive/", views.archive, name="archive"),
    path("search/", views.search, name="search"),
    path("p/<uslug:slug>/", views.page, name="page"),
    path("label/<uslug:slug>/", include(label_urls)),
    path("author/<uslug:slug>/", include(author_urls)),
    path("series/<uslug:slug>/", include(series_urls)),
    path("<yyyy:year>/", include(date_urls)),
    path("admin/preview/<int:pk>/", previews.preview, name="preview_post"),
    path("admin/preview/<int:pk>/frame/", previews.frame, name="preview_frame"),
    path("preview/<str:key>/", previews.by_link, name="preview_link"),
    path("read/<int:pk>/", reads.read, name="read"),
    path("media/<path:name>", media, name="media"),
    path("", include("blog.legacy")),
    path("robots.txt", views.robots, name="robots"),
    re_path(r"^colours-([0-9a-f]{12})\.css$", accent.colours, name="colours"),
    path("favicon.ico", views.favicon, name="favicon"),
    path("sitemap.xml", sitemaps.index, name="sitemap_index"),
    path("", include(sitemap_urls)),
]
