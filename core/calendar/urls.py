"""Addresses of the working calendar."""

from django.urls import URLPattern, path

from core.calendar import views

urlpatterns: list[URLPattern] = [
    path("", views.calendar, name="calendar"),
    path("import/", views.import_calendar, name="import_calendar"),
    path("<str:day>/", views.edit_day, name="edit_day"),
    path("<str:day>/clear/", views.clear_day, name="clear_day"),
]
