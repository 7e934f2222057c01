from django.urls import path, register_converter

from blog import views
from blog.slugs import MonthConverter, SlugConverter, YearConverter

register_converter(SlugConverter, "uslug")
register_converter(YearConverter, "yyyy")
register_converter(MonthConverter, "mm")

urlpatterns = [
    path("", views.home, name="home"),
]
