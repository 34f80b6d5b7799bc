"""Addresses of core: settings, imports, audit. Each owner adds a line."""

from django.urls import URLPattern, URLResolver, include, path

from core import views
from core.history import views as history

app_name = "core"
urlpatterns: list[URLPattern | URLResolver] = [
    path("language/", views.choose_language, name="choose_language"),
    path("theme/", views.choose_theme, name="choose_theme"),
    path("presence/", views.presence, name="presence"),
    path("offline/", views.offline, name="offline"),
    path("service-worker.js", views.service_worker, name="service_worker"),
    path("imports/", include("core.imports.urls")),
    path("comments/", include("core.comments.urls")),
    path("files/", include("core.files.urls")),
    path("settings/", include("core.staff.urls")),
    path("settings/calendar/", include("core.calendar.urls")),
    path("settings/audit/", history.list_events, name="list_events"),
    path("settings/jobs/", history.list_jobs, name="list_jobs"),
    path("history/<str:record_type>/<int:record_id>/", history.history, name="history"),
]
