"""`/healthz`: whether this process can do its work. For load balancers and monitors; says nothing about customers.

An app adds a part of its own to `CHECKS` when it starts: a function that says "ok" or what is the matter in a few words.
"""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from celery import current_app
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.cache import cache
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from redis import Redis

from core.models import JobRun, JobState

log = logging.getLogger(__name__)

LATE = timedelta(minutes=5)
TICKED = "core.ticked_at"
FATAL = ("database", "redis", "migrations")

Check = Callable[[], str]


@login_not_required
@never_cache
@require_safe
def healthz(_request: HttpRequest) -> JsonResponse:
    """200 when database, broker and migrations are as they should be, else 503; late jobs are told but do not fail it."""
    parts = told()
    healthy = all(parts[name] == "ok" for name in FATAL)
    return JsonResponse({"status": "ok" if healthy else "failing", **parts}, status=200 if healthy else 503)


def told() -> dict[str, str]:
    """What each part says of itself."""
    return {name: _told(look) for name, look in CHECKS.items()}


def told_by(part: str) -> str:
    """What one part says of itself."""
    return _told(CHECKS[part])


def note_tick(at: datetime) -> None:
    """Beat sent a tick and a worker took it: the clock goes."""
    cache.set(TICKED, at.timestamp(), timeout=None)


def clock_age() -> float | None:
    """Seconds since a worker last took a tick; None when none ever did."""
    ticked = cache.get(TICKED)
    return None if ticked is None else max(0.0, timezone.now().timestamp() - float(ticked))


def queue_length() -> int:
    """How many tasks wait in the queue for a worker."""
    with Redis.from_url(settings.REDIS_URL, socket_connect_timeout=2, socket_timeout=2) as broker:
        return int(broker.llen(current_app.conf.task_default_queue))


def _told(look: Check) -> str:
    try:
        return look()
    except Exception as error:
        log.warning("Health: %s: %s", type(error).__name__, error)
        return "failing"


def _database() -> str:
    with connection.cursor() as cursor:
        cursor.execute("select 1")
    return "ok"


def _redis() -> str:
    cache.set("healthz", 1, timeout=10)
    return "ok" if cache.get("healthz") else "failing"


def _migrations() -> str:
    """Asked of the database until it is up to date once; it does not fall back while the process lives."""
    if not _migrated:
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            return "pending"
        _migrated.append(True)
    return "ok"


_migrated: list[bool] = []


def _jobs() -> str:
    now = timezone.now()
    parked = JobRun.objects.filter(state=JobState.PARKED, due_at__gte=now - timedelta(days=7)).count()
    if parked:
        return f"{parked} given up"
    oldest = (
        JobRun.objects.exclude(state__in=[JobState.DONE, JobState.PARKED])
        .filter(started_at=None)
        .order_by("due_at")
        .values_list("due_at", flat=True)
        .first()
    )
    if oldest and now - oldest > LATE:
        return f"late by {int((now - oldest).total_seconds())} s"
    return "ok"


def _clock() -> str:
    """Ticks come from beat through the queue to a worker: where they stop is told by what lies in the queue."""
    age = clock_age()
    if age is not None and age <= LATE.total_seconds():
        return "ok"
    waiting = queue_length()
    if waiting:
        return f"no worker takes from the queue, {waiting} waiting"
    return "no beat" if age is None else f"no beat for {int(age)} s"


CHECKS: dict[str, Check] = {
    "database": _database,
    "redis": _redis,
    "migrations": _migrations,
    "jobs": _jobs,
    "clock": _clock,
}
