from django.contrib import admin
from django.contrib.auth.views import LogoutView
from django.urls import include, path

from config.views import SignIn

urlpatterns = [
    path("", include("comments.urls")),
    path("", include("blog.urls")),
    path("sign-in/", SignIn.as_view(), name="sign_in"),
    path("sign-out/", LogoutView.as_view(), name="sign_out"),
    path("admin/", admin.site.urls),
]
