"""Addresses of core: settings, imports, audit. Each owner adds a line."""

from django.urls import URLPattern

app_name = "core"
urlpatterns: list[URLPattern] = []
