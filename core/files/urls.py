"""Addresses of files: those of a record, and one by itself."""

from django.urls import URLPattern, path

from core.files import views

urlpatterns: list[URLPattern] = [
    path("<int:file_id>/", views.file, name="file"),
    path("<int:file_id>/small/", views.small_picture, name="small_picture"),
    path("<int:file_id>/remove/", views.remove_file, name="remove_file"),
    path("<str:record_type>/<int:record_id>/", views.files, name="files"),
]
