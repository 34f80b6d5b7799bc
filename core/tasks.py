"""What Celery starts in core: the tick, and one run of a job."""

from celery import shared_task
from django.utils import timezone

from core import tick as clock


@shared_task(name="core.tick")
def tick() -> int:
    """Plan what has come due and send each run to a worker. Returns how many were sent."""
    now = timezone.now()
    clock.plan(now)
    runs = clock.due_runs(now)
    for run_id in runs:
        run_job.delay(run_id)
    return len(runs)


@shared_task(name="core.run_job")
def run_job(run_id: int) -> str:
    """Do the work of one planned run, unless somebody else has."""
    return clock.run(run_id) or "taken"
