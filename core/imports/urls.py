"""Addresses of the import wizard."""

from django.urls import URLPattern, path

from core.imports import views

urlpatterns: list[URLPattern] = [
    path("", views.imports, name="imports"),
    path("<int:job_id>/", views.import_page, name="import"),
    path("<int:job_id>/reading/", views.read_import, name="read_import"),
    path("<int:job_id>/columns/", views.map_import, name="map_import"),
    path("<int:job_id>/check/", views.check_import, name="check_import"),
    path("<int:job_id>/run/", views.run_import, name="run_import"),
    path("<int:job_id>/refused/", views.refused_rows, name="refused_rows"),
    path("<int:job_id>/discard/", views.discard_import, name="discard_import"),
]
