from django.urls import include, path, re_path, register_converter

from blog import accent, feeds, icons, previews, reads, site_files, sitemaps, speculation, views
from blog.feed_formats import KINDS
from blog.media import media
from blog.shared import shared
from blog.slugs import MonthConverter, SlugConverter, YearConverter

register_converter(SlugConverter, "uslug")
register_converter(YearConverter, "yyyy")
register_converter(MonthConverter, "mm")


def feeds_of(feed: type[feeds.PostFeed], name: str) -> list:
    """feed.atom, feed.rss and feed.json of the same posts; named <name>_atom and so on."""
    return [path(f"feed.{ending}", shared()(feed(kind)), name=f"{name}_{ending}") for ending, kind in KINDS.items()]


# /label/<slug>/
label_urls = [path("", views.label, name="label"), *feeds_of(feeds.LabelFeed, "label")]

# /author/<slug>/
author_urls = [path("", views.author, name="author"), *feeds_of(feeds.AuthorFeed, "author")]

# /series/<slug>/
series_urls = [path("", views.series, name="series"), *feeds_of(feeds.SeriesFeed, "series")]

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

# Django tries one after another, so what readers ask for most comes first.
urlpatterns = [
    path("", views.home, name="home"),
    path("<yyyy:year>/", include(date_urls)),
    *feeds_of(feeds.PostFeed, "feed"),
    path("archive/", views.archive, name="archive"),
    path("search/", views.search, name="search"),
    path("p/<uslug:slug>/", views.page, name="page"),
    path("label/", views.label_index, name="labels"),
    path("label/<uslug:slug>/", include(label_urls)),
    path("author/<uslug:slug>/", include(author_urls)),
    path("series/<uslug:slug>/", include(series_urls)),
    path("admin/preview/<int:pk>/", previews.preview, name="preview_post"),
    path("admin/preview/<int:pk>/frame/", previews.frame, name="preview_frame"),
    path("preview/<str:key>/", previews.by_link, name="preview_link"),
    path("read/<int:pk>/", reads.read, name="read"),
    path("media/<path:name>", media, name="media"),
    path("", include("blog.legacy")),
    path("robots.txt", views.robots, name="robots"),
    path("speculation.json", speculation.rules, name="speculation"),
    re_path(r"^colours-([0-9a-f]{12})\.css$", accent.colours, name="colours"),
    path("favicon.ico", views.favicon, name="favicon"),
    path("opensearch.xml", site_files.opensearch, name="opensearch"),
    path("manifest.webmanifest", site_files.manifest, name="manifest"),
    re_path(r"^icon-([0-9a-f]{12})-([a-z0-9-]{1,20})\.png$", icons.icon, name="icon"),
    path("sitemap.xml", sitemaps.index, name="sitemap_index"),
    path("", include(sitemap_urls)),
]
