"""Imports whose worker died: asked for, not finished, and nobody holds the lock that a worker holds while it works."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import connection

PATIENCE = timedelta(minutes=1)  # a queue may be longer than that; a second worker then finds the lock or the work done

ABANDONED = """
    select id from core_importjob
    where state in ('checking', 'running') and started_at < %s and not exists (
        select from pg_locks
        where locktype = 'advisory' and objsubid = 2 and database = (select oid from pg_database where datname = current_database())
          and classid::bigint = hashtext('import_job')::bigint & 4294967295 and objid::bigint = core_importjob.id
    )
    order by id
"""


def abandoned_imports(now: datetime) -> list[int]:
    """Imports that some worker should begin anew; what the dead one had written was rolled back with it."""
    with connection.cursor() as cursor:
        cursor.execute(ABANDONED, [now - PATIENCE])
        return [pk for (pk,) in cursor.fetchall()]
