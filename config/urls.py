from django.contrib import admin
from django.contrib.auth.views import LogoutView
from django.urls import include, path

from config import invitations, password
from config.signin.code import sign_in_code
from config.signin.doors import SignIn

handler400 = "config.views.not_understood"
handler403 = "config.views.forbidden"
handler404 = "config.views.not_found"
handler500 = "config.views.failed"

# /password/
password_urls = [
    path("", password.forgotten, name="password_forgotten"),
    path("", password.forgotten, name="admin_password_reset"),  # the admin's own name for it
    path("sent/", password.sent, name="password_sent"),
    path("<str:uid>/<str:token>/", password.choose, name="password_new"),
]

urlpatterns = [
    path("", include("blog.urls")),  # first, since that is what readers ask for
    path("", include("comments.urls")),
    path("sign-in/", SignIn.as_view(), name="sign_in"),
    path("sign-in/code/", sign_in_code, name="sign_in_code"),
    path("sign-out/", LogoutView.as_view(), name="sign_out"),
    path("password/", include(password_urls)),
    path("invitation/<str:invitation>/", invitations.join, name="invitation"),
    path("admin/", admin.site.urls),
]
