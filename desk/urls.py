"""Addresses of the pages that span apps."""

from django.urls import URLPattern

app_name = "desk"
urlpatterns: list[URLPattern] = []
