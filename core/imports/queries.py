"""Reading imports: everybody sees his own, administrators see all."""

from __future__ import annotations

from django.db.models import QuerySet

from core.errors import NotFound
from core.models import ImportJob, Role
from core.users import Actor


def visible_imports(by: Actor) -> QuerySet[ImportJob]:
    """The imports this person may look at, newest first."""
    rows = ImportJob.objects.select_related("by")
    if by.is_system or by.role == Role.ADMINISTRATOR:
        return rows
    return rows.filter(by=by.pk)


def get_import(by: Actor, job_id: int, *, lock: bool = False) -> ImportJob:
    """One import; NotFound when it does not exist for this person."""
    rows = visible_imports(by)
    if lock:
        rows = rows.select_for_update(of=("self",), no_key=True)
    job = rows.filter(pk=job_id).first()
    if job is None:
        raise NotFound
    return job


def same_file_done(by: Actor, job: ImportJob) -> ImportJob | None:
    """The last finished import of the very same bytes."""
    return visible_imports(by).filter(sha256=job.sha256, state="done").exclude(pk=job.pk).first()
