"""What Celery does for imports."""

from celery import shared_task

from core.imports import actions


@shared_task(name="core.work_on_import")
def work_on_import(job_id: int) -> str:
    """Check or run one import."""
    return actions.work_on_import(job_id)


@shared_task(name="core.read_import")
def read_import(job_id: int) -> str:
    """Read a large file after it was uploaded."""
    return actions.read_uploaded(job_id)
