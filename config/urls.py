from django.contrib import admin
from django.contrib.auth.views import LogoutView
from django.urls import include, path

from config import password
from config.views import SignIn

# /password/
password_urls = [
    path("", password.forgotten, name="password_forgotten"),
    path("", password.forgotten, name="admin_password_reset"),  # the admin's own name for it
    path("sent/", password.sent, name="password_sent"),
    path("<str:uid>/<str:token>/", password.choose, name="password_new"),
]

urlpatterns = [
    path("", include("comments.urls")),
    path("", include("blog.urls")),
    path("sign-in/", SignIn.as_view(), name="sign_in"),
    path("sign-out/", LogoutView.as_view(), name="sign_out"),
    path("password/", include(password_urls)),
    path("admin/", admin.site.urls),
]
