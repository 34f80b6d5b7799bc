"""Addresses of the pages that span apps."""

from django.urls import path

from desk import views
from desk.feed.views import calendar_feed

app_name = "desk"
urlpatterns = [
    path("", views.home, name="home"),
    path("palette/", views.palette, name="palette"),
    path("calendar/<slug:key>.ics", calendar_feed, name="calendar_feed"),
]
