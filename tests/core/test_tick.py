"""The clock: what is due, done once, caught up, and what happens when a run fails or its worker dies."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, time, timedelta
from time import sleep
from unittest import mock

import pytest
from django.db import OperationalError, connection, transaction
from django.utils import timezone

from core import tasks, tick
from core.models import JobRun, JobState

SIX = time(6, 0)
# Six in the morning in Shanghai is ten in the evening of the day before in UTC.
MONDAY = datetime(2026, 3, 1, 22, 0, tzinfo=UTC)
MONDAY_THERE = date(2026, 3, 2)


@pytest.fixture
def done() -> Iterator[list[date]]:
    """One daily job called `test.daily`; the list shows the days it was run for."""
    seen: list[date] = []
    with mock.patch.dict(tick.JOBS, clear=True):
        tick.daily("test.daily", "Test of a day", at=SIX)(seen.append)
        yield seen


@pytest.fixture
def clock(done: list[date]) -> Iterator[mock.Mock]:
    """`clock.return_value` is what time it is."""
    with mock.patch("django.utils.timezone.now", return_value=MONDAY) as now:
        yield now


def turn(times: int = 1) -> None:
    for _ in range(times):
        tasks.tick()


@pytest.mark.django_db
def test_a_job_runs_at_its_time_in_the_company_s_zone_and_once(clock: mock.Mock, done: list[date]) -> None:
    JobRun.objects.create(job="test.daily", slot=date(2026, 3, 1), due_at=MONDAY - timedelta(days=1), state="done")
    clock.return_value = MONDAY - timedelta(seconds=1)
    turn()
    assert done == []
    clock.return_value = MONDAY
    turn(3)
    assert done == [MONDAY_THERE]
    run = JobRun.objects.get(slot=MONDAY_THERE)
    assert (run.state, run.due_at, run.attempts, run.error) == (JobState.DONE, MONDAY, 1, "")


@pytest.mark.django_db
def test_a_new_job_starts_with_its_latest_slot(clock: mock.Mock, done: list[date]) -> None:
    clock.return_value = MONDAY + timedelta(hours=5)
    turn(2)
    assert done == [MONDAY_THERE]


@pytest.mark.django_db
def test_days_missed_while_the_house_was_dark_are_caught_up_in_order(clock: mock.Mock, done: list[date]) -> None:
    turn()
    clock.return_value = MONDAY + timedelta(days=3)
    turn(6)
    assert done == [date(2026, 3, day) for day in (2, 3, 4, 5)]


@pytest.mark.django_db
def test_after_a_long_pause_only_a_week_is_caught_up(clock: mock.Mock, done: list[date]) -> None:
    turn()
    clock.return_value = MONDAY + timedelta(days=60)
    turn(12)
    assert len(done) == 1 + tick.MISSED_DAYS + 1
    assert done[-1] == MONDAY_THERE + timedelta(days=60)


@pytest.mark.django_db
def test_a_weekly_job_is_for_its_weekday(clock: mock.Mock) -> None:
    seen: list[date] = []
    tick.JOBS.clear()
    tick.weekly("test.weekly", "Test of a week", weekday=0, at=SIX)(seen.append)
    for days in range(15):
        clock.return_value = MONDAY + timedelta(days=days)
        turn(2)
    assert seen == [date(2026, 3, 2), date(2026, 3, 9), date(2026, 3, 16)]


@pytest.mark.django_db
def test_a_failing_job_is_tried_again_later_and_then_given_up(clock: mock.Mock) -> None:
    tick.JOBS.clear()
    work = mock.Mock(side_effect=ValueError("no figures"), __qualname__="work")
    tick.daily("test.fails", "Test that fails", at=SIX)(work)
    turn(2)
    run = JobRun.objects.get()
    assert (run.state, run.attempts, run.error) == (JobState.FAILED, 1, "ValueError: no figures")
    for _ in range(10):
        clock.return_value += tick.RETRY_AFTER * tick.ATTEMPTS
        turn()
    run.refresh_from_db()
    assert (run.state, run.attempts) == (JobState.PARKED, tick.ATTEMPTS)
    assert work.call_count == tick.ATTEMPTS


@pytest.mark.django_db
def test_a_run_whose_worker_died_is_taken_over_after_its_lease(clock: mock.Mock, done: list[date]) -> None:
    tick.plan(MONDAY)
    JobRun.objects.update(state=JobState.RUNNING, attempts=1, free_at=MONDAY + tick.LEASE)
    turn()
    assert done == []
    clock.return_value = MONDAY + tick.LEASE
    turn()
    assert done == [MONDAY_THERE]


@pytest.mark.django_db(transaction=True)
def test_a_worker_at_work_keeps_its_lease(done: list[date]) -> None:
    """The heart beats on a connection of its own, whatever the work does with its transaction."""
    leases: list[datetime | None] = []

    def work(on: date) -> None:
        with transaction.atomic():
            first = JobRun.objects.get().free_at
            for _ in range(100):
                leases[:] = [first, JobRun.objects.get().free_at]
                if leases[0] != leases[1]:
                    return
                sleep(0.02)

    with mock.patch.dict(tick.JOBS, clear=True), mock.patch.object(tick, "BEAT", 0.02):
        tick.daily("test.slow", "Slow test", at=SIX)(work)
        tick.plan(timezone.now())
        assert tick.run(JobRun.objects.get().pk) == JobState.DONE
    assert leases[0] is not None
    assert leases[1] is not None
    assert leases[1] > leases[0]
    assert JobRun.objects.get().free_at is None  # and gives it up at the end


def test_a_dead_worker_s_run_is_free_within_two_minutes() -> None:
    assert timedelta(seconds=tick.BEAT) * 3 < tick.LEASE <= timedelta(minutes=2)


@pytest.mark.django_db
def test_the_next_day_waits_for_the_one_before(clock: mock.Mock, done: list[date]) -> None:
    tick.plan(MONDAY)
    JobRun.objects.update(state=JobState.RUNNING, attempts=1, free_at=MONDAY + timedelta(days=2))
    clock.return_value = MONDAY + timedelta(days=1)
    turn()
    assert done == []


def test_two_jobs_of_one_name_are_refused(done: list[date]) -> None:
    with pytest.raises(ValueError, match=r"Two jobs are called test\.daily"):
        tick.daily("test.daily", "Test of a day", at=SIX)(lambda on: None)


@pytest.mark.django_db(transaction=True)
def test_eight_clocks_at_once_do_the_work_once(done: list[date]) -> None:
    """The unique row and the claim hold it, not luck: eight planners, eight workers, one effect."""

    def one_clock(_number: int) -> None:
        now = timezone.now()
        tick.plan(now)
        for run_id in tick.due_runs(now):
            tick.run(run_id)
        connection.close()

    with ThreadPoolExecutor(8) as clocks:
        list(clocks.map(one_clock, range(8)))
    assert len(done) == 1
    assert JobRun.objects.get().attempts == 1


@pytest.mark.django_db
def test_every_declared_job_bears_a_second_run() -> None:
    """A worker may die after its last commit: then the same slot runs again."""
    assert {"core.tidy", "prospects.slip"} <= tick.names().keys()
    for job in tick.JOBS.values():
        slot = job.due_slots(timezone.now())[-1]
        job.run(slot)
        job.run(slot)


@pytest.mark.django_db
def test_a_database_that_is_away_costs_one_tick_and_one_sentence(
    clock: mock.Mock, done: list[date], caplog: pytest.LogCaptureFixture
) -> None:
    clock.return_value = MONDAY + timedelta(hours=5)
    away = OperationalError("the database system is not yet accepting connections\n")
    with mock.patch("django.db.connection.ensure_connection", side_effect=away):
        turn()
    assert done == []
    assert [record.getMessage() for record in caplog.records if record.name == "core.tasks"] == [
        "No tick, the database does not answer: the database system is not yet accepting connections"
    ]
    turn()
    assert done == [MONDAY_THERE]
