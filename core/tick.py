"""The clock of the product: which daily and weekly jobs there are, which of their runs are due, and running them once.

Celery only wakes us (one `tick` a minute); the table JobRun decides. Two clocks, a killed worker, a night without power:
each slot is run, in order, and never twice at the same time. A job must still bear a second run (a worker may die after
its last commit): it receives the slot as `on` and asks what is still to do.

    @daily("prospects.slip", _("Slipping and falling back"), at=time(6, 0))
    def slip_prospects(on: date) -> None: ...

in an app's `tasks.py` is all it takes. Times are in the company's zone.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import connection
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.module_loading import autodiscover_modules

from core.heartbeat import beating
from core.models import JobRun, JobState

log = logging.getLogger(__name__)

Work = Callable[[date], object]
LEASE = timedelta(seconds=60)  # renewed while the work goes on: a dead worker's run is free after so long
BEAT = LEASE.total_seconds() / 4
ATTEMPTS = 5
RETRY_AFTER = timedelta(minutes=5)  # times the number of attempts so far
MISSED_DAYS = 7  # after a longer pause only the last week is caught up
MISSED_WEEKS = 4


@dataclass(frozen=True)
class Job:
    """Work the clock starts: every day at a time, or every week on one weekday. People read `label`, programs `name`."""

    name: str
    label: str | Promise
    at: time
    weekday: int | None
    run: Work

    def due_slots(self, now: datetime) -> list[date]:
        """The slots, oldest first, that have come by `now` and are young enough to be caught up."""
        here = now.astimezone(ZoneInfo(settings.TIME_ZONE)).date()
        if self.weekday is None:
            slots = [here - timedelta(days=back) for back in range(MISSED_DAYS, -1, -1)]
        else:
            last = here - timedelta(days=(here.weekday() - self.weekday) % 7)
            slots = [last - timedelta(weeks=back) for back in range(MISSED_WEEKS, -1, -1)]
        return [slot for slot in slots if self.due_at(slot) <= now]

    def due_at(self, slot: date) -> datetime:
        """The moment the slot is due, in UTC."""
        return datetime.combine(slot, self.at, tzinfo=ZoneInfo(settings.TIME_ZONE)).astimezone(UTC)


JOBS: dict[str, Job] = {}
LOOKS: list[Callable[[datetime], object]] = []


def daily(name: str, label: str | Promise, *, at: time) -> Callable[[Work], Work]:
    """Declare work for every day at `at`; it receives the day."""
    return _declare(name, label, at, None)


def weekly(name: str, label: str | Promise, *, weekday: int, at: time) -> Callable[[Work], Work]:
    """Declare work for one weekday (Monday is 0); it receives the date of that weekday."""
    return _declare(name, label, at, weekday)


def each_tick(look: Callable[[datetime], object]) -> Callable[[datetime], object]:
    """Declare a quick look, once a tick, whether rows wait for a worker. It sends them one; the rows decide what is done."""
    LOOKS.append(look)
    return look


def names() -> dict[str, str]:
    """What people call each job, by its name, in the reader's language."""
    autodiscover_modules("tasks")  # a web process has not read them
    return {job.name: str(job.label) for job in JOBS.values()}


def _declare(name: str, label: str | Promise, at: time, weekday: int | None) -> Callable[[Work], Work]:
    def declare(work: Work) -> Work:
        known = JOBS.get(name)
        if known and known.run.__qualname__ != work.__qualname__:
            raise ValueError(f"Two jobs are called {name}.")
        JOBS[name] = Job(name, label, at, weekday, work)
        return work

    return declare


def plan(now: datetime) -> int:
    """Write a row for every slot that has come; any number of planners may do it at once. Returns how many are new.

    A job seen for the first time starts with its latest slot: there is nothing to catch up before it existed.
    """
    before = dict(JobRun.objects.order_by("job", "slot").distinct("job").values_list("job", "slot"))
    rows = []
    for job in JOBS.values():
        slots = job.due_slots(now)
        first = before.get(job.name)
        wanted = slots[-1:] if first is None else [slot for slot in slots if slot >= first]
        rows += [(job.name, slot, job.due_at(slot), JobState.WAITING.value) for slot in wanted]
    if not rows:
        return 0
    with connection.cursor() as cursor:
        columns = list(zip(*rows, strict=True))
        cursor.execute(
            "insert into core_jobrun (job, slot, due_at, state, attempts, error)"
            " select job, slot, due_at, state, 0, '' from unnest(%s::text[], %s::date[], %s::timestamptz[], %s::text[])"
            " as new (job, slot, due_at, state) on conflict (job, slot) do nothing",
            [list(column) for column in columns],
        )
        return int(cursor.rowcount)


def due_runs(now: datetime) -> list[int]:
    """Runs that somebody should claim now: not more than one of a job, its oldest."""
    unfinished = Q(state__in=[JobState.WAITING, JobState.RUNNING, JobState.FAILED])
    earlier = JobRun.objects.filter(unfinished, job=OuterRef("job"), slot__lt=OuterRef("slot"))
    free = Q(free_at=None) | Q(free_at__lte=now)
    runs = JobRun.objects.filter(unfinished, free, ~Exists(earlier), job__in=JOBS)
    return list(runs.order_by("due_at").values_list("pk", flat=True))


def run(run_id: int) -> JobState | None:
    """Claim a run and do its work. None: somebody else has it or it is done."""
    now = timezone.now()
    claimable = JobRun.objects.filter(pk=run_id).exclude(state__in=[JobState.DONE, JobState.PARKED])
    claimed = claimable.filter(Q(free_at=None) | Q(free_at__lte=now)).update(
        state=JobState.RUNNING, attempts=F("attempts") + 1, started_at=now, free_at=now + LEASE
    )
    if not claimed:
        return None
    row = JobRun.objects.get(pk=run_id)
    try:
        with beating(partial(_renew_lease, run_id), every=BEAT):
            JOBS[row.job].run(row.slot)
    except Exception as error:
        log.exception("Job %s failed", row)
        return _record_failure(row, error)
    JobRun.objects.filter(pk=run_id).update(state=JobState.DONE, finished_at=timezone.now(), free_at=None, error="")
    return JobState.DONE


def _renew_lease(run_id: int) -> None:
    """Say that the work goes on; a run that is over keeps its end."""
    JobRun.objects.filter(pk=run_id, state=JobState.RUNNING).update(free_at=timezone.now() + LEASE)


def _record_failure(row: JobRun, error: Exception) -> JobState:
    state = JobState.PARKED if row.attempts >= ATTEMPTS else JobState.FAILED
    now = timezone.now()
    JobRun.objects.filter(pk=row.pk).update(
        state=state,
        finished_at=now,
        free_at=now + RETRY_AFTER * row.attempts,
        error=f"{type(error).__name__}: {error}"[:2000],
    )
    return state
