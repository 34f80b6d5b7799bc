"""The addresses of the receivables."""

from django.urls import URLPattern

app_name = "receivables"

urlpatterns: list[URLPattern] = []
