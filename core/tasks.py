"""What Celery starts in core: the tick, one run of a job, telling of an event, and the daily tidying."""

import logging
from datetime import date, time, timedelta

from celery import shared_task
from django.contrib.sessions.models import Session
from django.db import OperationalError, connection
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core import tick as clock
from core.files.storage import drop_unclaimed
from core.health import note_tick
from core.imports.abandoned import abandoned_imports
from core.imports.tasks import work_on_import
from core.models import AuditEvent, IdempotencyKey, JobRun, JobState
from core.subscriptions import listeners_of
from core.tick import daily

log = logging.getLogger(__name__)

KEYS_KEPT = timedelta(days=2)
RUNS_KEPT = timedelta(days=400)


@shared_task(name="core.tick")
def tick() -> int:
    """Plan what has come due and send each run, and each import a dead worker left behind, to a worker; how many runs.

    A database that is away for the moment is no fault of the tick: it says so, and the next one does its work.
    """
    now = timezone.now()
    note_tick(now)
    try:
        connection.ensure_connection()
    except OperationalError as error:
        log.warning("No tick, the database does not answer: %s", str(error).strip())
        return 0
    clock.plan(now)
    runs = clock.due_runs(now)
    for run_id in runs:
        run_job.delay(run_id)
    for job_id in abandoned_imports(now):
        work_on_import.delay(job_id)
    for look in clock.LOOKS:
        try:
            look(now)
        except Exception:
            log.exception("%s failed", look.__qualname__)
    return len(runs)


@shared_task(name="core.run_job")
def run_job(run_id: int) -> str:
    """Do the work of one planned run, unless somebody else has."""
    return clock.run(run_id) or "taken"


@shared_task(name="core.deliver_event")
def deliver_event(event_id: int) -> None:
    """Tell every listener of an event that it happened. A listener that fails does not keep the others from hearing."""
    event = AuditEvent.objects.select_related("actor").get(pk=event_id)
    for listener in listeners_of(event.code):
        try:
            listener(event)
        except Exception:
            log.exception("Listener %s failed on event %s", listener.__qualname__, event_id)


@daily("core.tidy", _("Tidying up"), at=time(3, 30))
def tidy(on: date) -> None:
    """Forget what nobody will ask for again: used-up keys, ended sessions, runs of more than a year ago, files of no record."""
    now = timezone.now()
    IdempotencyKey.objects.filter(created_at__lt=now - KEYS_KEPT).delete()
    Session.objects.filter(expire_date__lt=now).delete()
    JobRun.objects.filter(state=JobState.DONE, due_at__lt=now - RUNS_KEPT).delete()
    drop_unclaimed()
