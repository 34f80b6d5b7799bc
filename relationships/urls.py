"""Addresses of contacts."""

from django.urls import URLPattern

app_name = "relationships"
urlpatterns: list[URLPattern] = []
