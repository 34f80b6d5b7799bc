"""Addresses for the tests of lists: the product's, and a record page to link to."""

from django.http import HttpRequest, HttpResponse
from django.urls import include, path

from config.urls import urlpatterns as product


def record(request: HttpRequest, pk: int) -> HttpResponse:
    return HttpResponse(str(pk))


urlpatterns = [*product, path("test/", include(([path("<int:pk>/", record, name="record")], "test")))]
