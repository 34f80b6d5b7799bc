"""Addresses of the pages that span apps."""

from django.urls import path

from desk import views
from desk.brief.views import brief_as_pdf, show_brief

app_name = "desk"
urlpatterns = [
    path("", views.home, name="home"),
    path("team/", views.team, name="team"),
    path("palette/", views.palette, name="palette"),
    path("visits/<int:visit_id>/brief/", show_brief, name="visit_brief"),
    path("visits/<int:visit_id>/brief.pdf", brief_as_pdf, name="visit_brief_pdf"),
    path("calendar/<slug:key>.ics", views.calendar_feed, name="calendar_feed"),
]
