"""The product's addresses and one floor view per measured page."""

from django.urls import path

from bench.floor import FLOORS, floor
from config.urls import handler400, handler403, handler404, handler500
from config.urls import urlpatterns as product

__all__ = ["handler400", "handler403", "handler404", "handler500"]

urlpatterns = [*product, *(path(f"floor/{name}/", floor, {"name": name}) for name in FLOORS)]
