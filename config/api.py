"""/api/v1/: every app's viewsets, one line each, and the schema."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
