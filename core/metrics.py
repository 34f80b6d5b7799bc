"""`/metrics`: figures for Prometheus. They say how the house works, nothing about customers.

Asked with the token of `METRICS_TOKEN`; without one set, only from this machine or a private network, and not through a proxy.
An app adds a function to `MEASURES` when it starts: it gives (name, help, labels, value), read at the moment of asking.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from ipaddress import ip_address
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily
from redis.exceptions import RedisError

from core import health

PLAIN = "text/plain; version=0.0.4; charset=utf-8"
FORWARDED = ("X-Forwarded-For", "Forwarded", "X-Real-Ip")

Figure = tuple[str, str, dict[str, str], float]
Measure = Callable[[], Iterable[Figure]]


@login_not_required
@never_cache
@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """Every figure as it is now."""
    if not _may_ask(request):
        raise PermissionDenied
    registry = CollectorRegistry(auto_describe=False)
    registry.register(_Figures())
    return HttpResponse(generate_latest(registry), content_type=PLAIN)


def _may_ask(request: HttpRequest) -> bool:
    if settings.METRICS_TOKEN:
        given = request.headers.get("Authorization", "").removeprefix("Bearer ")
        return secrets.compare_digest(given.encode(), settings.METRICS_TOKEN.encode())
    if any(name in request.headers for name in FORWARDED):
        return False
    try:
        address = ip_address(request.META.get("REMOTE_ADDR") or "127.0.0.1")  # a socket file has no address
    except ValueError:
        return False
    return address.is_loopback or address.is_private


class _Figures:
    """What the client library asks for its samples."""

    def collect(self) -> Iterator[Any]:
        families: dict[str, GaugeMetricFamily] = {}
        for figures in MEASURES:
            for name, words, labels, value in figures():
                family = families.get(name)
                if family is None:
                    family = families[name] = GaugeMetricFamily(name, words, labels=list(labels))
                family.add_metric(list(labels.values()), value)
        yield from families.values()


def house() -> Iterator[Figure]:
    """Whether each part of `/healthz` is well, the clock, the queue."""
    for part, said in health.told().items():
        yield "keyline_ok", "1 where the part of /healthz says ok.", {"part": part}, float(said == "ok")
    age = health.clock_age()
    if age is not None:
        yield "keyline_clock_age_seconds", "Seconds since a worker took the last tick.", {}, age
    with suppress(RedisError):  # keyline_ok says that it is away
        yield "keyline_queue_length", "Tasks that wait for a worker.", {}, float(health.queue_length())


MEASURES: list[Measure] = [house]
