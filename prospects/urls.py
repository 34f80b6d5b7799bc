"""Addresses of the board and its pages."""

from django.urls import URLPattern

app_name = "prospects"
urlpatterns: list[URLPattern] = []
