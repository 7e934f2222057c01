from django.urls import include, path

from blog import urls as blog_urls  # noqa: F401  registers the converters
from blog.shared import shared
from comments import deciding, feeds, following, person, proving, reporting, status, views

# <post>
post_urls = [
    path("comment/", views.write, name="write_comment"),
    path("follow/", following.ask, name="follow_post"),
    path("feed.atom", shared()(feeds.ThreadFeed()), name="thread_feed"),
]

# <page>
page_urls = [
    path("comment/", views.write, name="write_page_comment"),
    path("follow/", following.ask, name="follow_page"),
    path("feed.atom", shared()(feeds.ThreadFeed()), name="page_thread_feed"),
]

# /comment/status/<capability>/
own_urls = [
    path("", status.status, name="comment_status"),
    path("edit/", status.edit, name="comment_edit"),
    path("withdraw/", status.withdraw, name="comment_withdraw"),
    path("appeal/", status.appeal, name="comment_appeal"),
    path("mail/", status.mail, name="comment_mail"),
    path("mine/", status.mine, name="comment_mine"),
    path("forget/", status.forget, name="comment_forget"),
]

# /comment/mine/<token>/
person_urls = [
    path("", person.mine, name="mine"),
    path("export/", person.export, name="mine_export"),
    path("erase/", person.erase, name="mine_erase"),
    path("forget/", person.forget, name="mine_forget"),
    path("unfollow/", person.unfollow, name="mine_unfollow"),
]

urlpatterns = [
    path("<yyyy:year>/<mm:month>/<uslug:slug>/", include(post_urls)),
    path("p/<uslug:slug>/", include(page_urls)),
    path("comment/<int:pk>/", views.permalink, name="comment"),
    path("comment/<int:pk>/report/", reporting.report, name="report_comment"),
    path("comment/<int:pk>/report/thanks/", reporting.thanks, name="report_thanks"),
    path("comment/status/<str:capability>/", include(own_urls)),
    path("comment/prove/<str:token>/", proving.prove, name="prove"),
    path("comment/follow/<str:token>/", following.agree, name="follow"),
    path("comment/mine/<str:token>/", include(person_urls)),
    path("moderate/<str:token>/", deciding.moderate, name="moderate"),
    path("unsubscribe/<str:token>/", following.unsubscribe, name="unsubscribe"),
    path("comments/feed.atom", shared()(feeds.CommentFeed()), name="comments_feed"),
    path("", include("comments.legacy")),
]
