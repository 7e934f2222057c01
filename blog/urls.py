from django.contrib.sitemaps import views as sitemap_views
from django.urls import include, path, re_path, register_converter

from blog import feeds, views
from blog.media import media
from blog.sitemaps import SITEMAPS
from blog.slugs import MonthConverter, SlugConverter, YearConverter

register_converter(SlugConverter, "uslug")
register_converter(YearConverter, "yyyy")
register_converter(MonthConverter, "mm")

feed_urls = [
    path("feed.atom", feeds.PostFeed(), name="feed_atom"),
    path("feed.rss", feeds.NewestRss(), name="feed_rss"),
]

# /label/<slug>/
label_urls = [
    path("", views.label, name="label"),
    path("feed.atom", feeds.LabelFeed(), name="label_atom"),
    path("feed.rss", feeds.LabelRss(), name="label_rss"),
]

# /author/<slug>/
author_urls = [
    path("", views.author, name="author"),
    path("feed.atom", feeds.AuthorFeed(), name="author_atom"),
    path("feed.rss", feeds.AuthorRss(), name="author_rss"),
]

# /<year>/
date_urls = [
    path("", views.year, name="year"),
    path("<mm:month>/", views.month, name="month"),
    path("<mm:month>/<uslug:slug>/", views.post, name="post"),
]

urlpatterns = [
    path("", views.home, name="home"),
    path("", include(feed_urls)),
    path("archive/", views.archive, name="archive"),
    path("search/", views.search, name="search"),
    path("p/<uslug:slug>/", views.page, name="page"),
    path("label/<uslug:slug>/", include(label_urls)),
    path("author/<uslug:slug>/", include(author_urls)),
    path("<yyyy:year>/", include(date_urls)),
    path("admin/preview/<int:pk>/", views.preview, name="preview_post"),
    path("media/<path:name>", media, name="media"),
    path("", include("blog.legacy")),
    path("robots.txt", views.robots, name="robots"),
    path("favicon.ico", views.favicon, name="favicon"),
    path(
        "sitemap.xml", sitemap_views.index, {"sitemaps": SITEMAPS, "sitemap_url_name": "sitemap"}, name="sitemap_index"
    ),
    re_path(
        r"^sitemap-(?P<section>[a-z]+)\.xml$",
        sitemap_views.sitemap,
        {"sitemaps": SITEMAPS},
        name="sitemap",
    ),
]
