"""An import whose worker died is begun anew by the next tick, one that is being worked on is left alone."""

from collections.abc import Iterator
from datetime import timedelta
from time import sleep

import pytest
from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper
from django.utils import timezone

from core.imports.abandoned import abandoned_imports
from core.models import ImportJob, ImportState

pytestmark = pytest.mark.django_db


@pytest.fixture
def job(rep) -> ImportJob:
    return ImportJob.objects.create(
        by=rep, file_name="a.csv", state=ImportState.RUNNING, started_at=timezone.now() - timedelta(minutes=2)
    )


@pytest.fixture
def worker(job) -> Iterator[BaseDatabaseWrapper]:
    """Another connection that holds the job's lock, as a worker does."""
    other = connection.copy()
    with other.cursor() as cursor:
        cursor.execute("select pg_advisory_lock(hashtext('import_job'), %s)", [job.pk])
    yield other
    other.close()


def test_an_import_nobody_works_on_is_found(job):
    assert abandoned_imports(timezone.now()) == [job.pk]


def test_an_import_with_a_living_worker_is_not_until_he_dies(job, worker):
    assert abandoned_imports(timezone.now()) == []
    worker.close()
    for _ in range(50):  # the server notices the death a moment later
        if abandoned_imports(timezone.now()) == [job.pk]:
            return
        sleep(0.05)
    pytest.fail("the lock outlived its worker")


@pytest.mark.parametrize("state", [ImportState.READ, ImportState.CHECKED, ImportState.DONE, ImportState.FAILED])
def test_what_waits_for_a_person_or_is_over_is_left_alone(job, state):
    ImportJob.objects.update(state=state)
    assert abandoned_imports(timezone.now()) == []


def test_what_was_asked_for_just_now_is_left_to_the_queue(job):
    assert abandoned_imports(timezone.now() - timedelta(seconds=70)) == []
