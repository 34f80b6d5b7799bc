"""`/healthz`: whether this process can do its work. For load balancers and monitors; says nothing about customers."""

import logging
from collections.abc import Callable
from datetime import timedelta

from django.contrib.auth.decorators import login_not_required
from django.core.cache import cache
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from core.models import JobRun, JobState

log = logging.getLogger(__name__)

LATE = timedelta(minutes=5)


@login_not_required
@never_cache
@require_safe
def healthz(_request: HttpRequest) -> JsonResponse:
    """200 when database, broker and migrations are as they should be, else 503; late jobs are told but do not fail it."""
    parts = {name: _told(check) for name, check in CHECKS.items()}
    healthy = all(parts[name] == "ok" for name in ("database", "redis", "migrations"))
    return JsonResponse({"status": "ok" if healthy else "failing", **parts}, status=200 if healthy else 503)


def _told(check: Callable[[], str]) -> str:
    try:
        return check()
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


CHECKS = {"database": _database, "redis": _redis, "migrations": _migrations, "jobs": _jobs}
