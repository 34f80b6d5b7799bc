"""Reminders under the axe: whatever is killed, each is told once, and soon (assurance T9, T10, §5.5).

    python -m bench.reminders [children worker beat broker amnesia two-beats bulk accelerated] [--folder /somewhere/empty]

Without names all of them. Servers, worker and beat of its own, in a folder of its own. 500 reminders come due; while they are
being told, a bit at a time, something dies by `kill -9`:

    children   a process of the worker's pool, ten times        beat       the clock
    worker     the whole worker, five times                     broker     Valkey, with its file
    amnesia    Valkey, and its file is lost too                 two-beats  nothing dies, but two clocks run

Afterwards: 500 effects, none twice, all within 120 seconds. `bulk`: 10,000 come due in one minute. `accelerated`: 72 hours in
some minutes with 50 random kills (`bench/reminders_killed.py`). Exit 1 and a sentence for whatever does not hold.
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import psutil

from bin import valkey
from bin.places import ROOT, Places
from bin.servers import start, stop

DUE = 500
WITHIN = 120.0  # seconds
BULK = 10_000
BULK_WITHIN = 60.0


def main() -> int:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m bench.reminders")
    parser.add_argument("scenarios", nargs="*", choices=[[], *SCENARIOS], default=[])
    parser.add_argument("--folder", type=Path)
    options = parser.parse_args()
    folder = options.folder or Path(tempfile.mkdtemp(prefix="keyline-reminders-"))
    folder.mkdir(parents=True, exist_ok=True)
    at = start(folder)
    os.environ |= {"KEYLINE_DATA_DIR": str(folder), "DATABASE_URL": at.database_url, "REDIS_URL": at.redis_url}
    complaints: list[str] = []
    try:
        _prepare()
        for name in options.scenarios or SCENARIOS:
            found = SCENARIOS[name](at)
            complaints += [f"{name}: {one}" for one in found]
            print(f"{'✗' if found else '✓'} {name}", flush=True)
    finally:
        stop(folder)
        if not options.folder:
            shutil.rmtree(folder, ignore_errors=True)
    for complaint in complaints:
        print(f"✗ {complaint}")
    return 1 if complaints else 0


def _prepare() -> None:
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    from django.core.management import call_command

    from core.models import Role, User
    from core.teams import add_team

    call_command("migrate", verbosity=0)
    if not User.objects.exists():
        team = add_team(name="Bench")
        for number in range(50):
            User.objects.create(
                email=f"{number}@example.com", full_name=f"Rep {number}", role=Role.REP, team=team, language="en"
            )


# ------------------------------------------------------------------ something dies


def _schedule(count: int) -> str:
    """So many reminders, due at once; the mark in their slots."""
    from core.models import User
    from reminders.actions.making import NewOccurrence, make
    from reminders.choices import Arrival, Channel
    from reminders.models import Occurrence
    from reminders.queries import database_now
    from reminders.registry import rule_of

    mark, now = f"{time.time_ns()}", database_now()
    people = list(User.objects.values_list("pk", flat=True))
    new = [
        NewOccurrence(
            people[number % len(people)],
            None,
            f"{mark}:{number}",
            None,
            now,
            words={"text": "x"},
            arrival=Arrival.ASKED,
        )
        for number in range(count)
    ]
    make(rule_of("reminders.asked"), new, now)
    Occurrence.objects.exclude(
        channel=Channel.IN_APP
    ).delete()  # mail goes to whoever runs this: only the desk is counted
    return mark


def _told(mark: str) -> int:
    from reminders.models import Occurrence

    return Occurrence.objects.filter(slot_key__startswith=f"{mark}:", state="sent").count()


def _wrong(mark: str, seconds: float) -> list[str]:
    """What does not hold of the reminders with this mark."""
    from django.db.models import Count

    from reminders.models import Delivery

    deliveries = Delivery.objects.filter(occurrence__slot_key__startswith=f"{mark}:", result="sent")
    effects = deliveries.count()
    twice = deliveries.values("occurrence").annotate(times=Count("id")).filter(times__gt=1).count()
    print(f"  {effects} effects, {twice} twice, {seconds:.0f} s", flush=True)
    return [
        *([f"{DUE - _told(mark)} of {DUE} were not told."] if _told(mark) < DUE else []),
        *([f"{twice} were told twice."] if twice else []),
        *([f"{effects} effects for {DUE} reminders."] if effects != DUE else []),
        *([f"They took {seconds:.0f} s."] if seconds > WITHIN else []),
    ]


def _while_dying(at: Places, kill: Callable[[Parts, Places], None], *, beats: int = 1) -> list[str]:
    """500 come due while `kill` goes about its work."""
    with _parts(beats) as parts:
        probe = _schedule(1)
        _wait(lambda: _told(probe) > 0, 600)  # worker and clock are up
        mark = _schedule(DUE)
        began = time.monotonic()
        _wait(lambda: _told(mark) > 0, WITHIN)
        kill(parts, at)
        _wait(lambda: _told(mark) >= DUE, WITHIN - (time.monotonic() - began))
        seconds = time.monotonic() - began
    return _wrong(mark, seconds)


def _wait(done: Callable[[], bool], seconds: float) -> None:
    until = time.monotonic() + seconds
    while not done() and time.monotonic() < until:
        time.sleep(0.2)


class Parts:
    """A worker that takes its time, and one clock or two."""

    def __init__(self, beats: int) -> None:
        self.worker = self._start("worker", "--concurrency", "2", "--without-mingle", "--without-gossip")
        self.beats = [self.start_beat(number) for number in range(beats)]

    def start_beat(self, number: int = 0) -> subprocess.Popen[bytes]:
        """One clock."""
        schedule = str(Path(os.environ["KEYLINE_DATA_DIR"]) / f"beat-{number}")
        return self._start("beat", "--pidfile=", "--schedule", schedule)

    def kill_worker(self) -> None:
        """The worker and all of its pool at once; another is started."""
        for process in [*psutil.Process(self.worker.pid).children(recursive=True), psutil.Process(self.worker.pid)]:
            process.kill()
        self.worker.wait()
        self.worker = self._start("worker", "--concurrency", "2", "--without-mingle", "--without-gossip")

    def kill_child(self) -> bool:
        """One process of the pool, perhaps the one at work."""
        children = psutil.Process(self.worker.pid).children(recursive=True)
        if not children:
            return False
        random.choice(children).kill()
        return True

    def stop(self) -> None:
        """All of them."""
        for part in [*self.beats, self.worker]:
            if part.poll() is None:
                for process in psutil.Process(part.pid).children(recursive=True):
                    process.kill()
                part.kill()
            part.wait()

    def _start(self, *what: str) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-W", "ignore", "-m", "celery", "--quiet", "-A", "bench.reminders_worker", *what]
        return subprocess.Popen([*command, "--loglevel", "ERROR"], cwd=ROOT)


@contextmanager
def _parts(beats: int) -> Iterator[Parts]:
    parts = Parts(beats)
    try:
        yield parts
    finally:
        parts.stop()


def _kill_children(parts: Parts, _at: Places) -> None:
    killed = 0
    while killed < 10:
        killed += parts.kill_child()
        time.sleep(1)


def _kill_worker(parts: Parts, _at: Places) -> None:
    for _number in range(5):
        parts.kill_worker()
        time.sleep(4)


def _kill_beat(parts: Parts, _at: Places) -> None:
    parts.beats[0].send_signal(signal.SIGKILL)
    parts.beats[0].wait()
    parts.kill_worker()  # what it had in hand waits for the next tick
    time.sleep(3)
    parts.beats[0] = parts.start_beat()


def _kill_broker(_parts: Parts, at: Places) -> None:
    _end_broker(at)
    valkey.start(at)


def _kill_broker_and_file(parts: Parts, at: Places) -> None:
    _end_broker(at)
    shutil.rmtree(at.valkey / "appendonlydir", ignore_errors=True)
    parts.kill_worker()  # its task is nowhere any more
    valkey.start(at)


def _end_broker(at: Places) -> None:
    for process in psutil.process_iter(["cmdline"]):
        if str(at.valkey_socket) in (process.info["cmdline"] or []):
            process.kill()
            process.wait()


def _kill_nothing(_parts: Parts, _at: Places) -> None:
    return


# ------------------------------------------------------------------ many at once


def _bulk(_at: Places) -> list[str]:
    """10,000 follow-ups of fifty people are due in one minute: planned from the prospects, judged, put on the desks."""
    from datetime import datetime

    from django.db import connection

    from core.models import User
    from prospects.choices import Stage
    from prospects.models import Prospect
    from reminders import actions
    from reminders.models import Delivery, Occurrence
    from reminders.queries import database_now

    now: datetime = database_now()
    people = list(User.objects.all())
    Prospect.objects.bulk_create(
        [
            Prospect(
                owner=people[number % len(people)], team=people[0].team, name=f"Bulk {number}", stage=Stage.C, next_step="Call",
                next_step_on=now.date() - timedelta(days=1), opened_on=now.date(), entered_stage_on=now.date(),
                currency="CNY", sort_name=f"bulk {number}",
            )
            for number in range(BULK)
        ],
        batch_size=2_000,
    )  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute("analyze")
    code = "prospects.follow_up_overdue"
    spent = {"plan": time.monotonic()}
    for _turn in range(BULK // 5_000 + 1):
        actions.plan(now=now + timedelta(days=2), only=[code])
    spent["plan"] = time.monotonic() - spent["plan"]
    Occurrence.objects.filter(rule=code).exclude(channel="in_app").delete()
    began, cpu = time.monotonic(), time.process_time()
    told = actions.tell_in_app(now=now + timedelta(days=2))
    seconds = time.monotonic() - began
    again = time.monotonic()
    actions.plan(now=now + timedelta(days=2), only=[code])
    again = time.monotonic() - again
    print(
        f"  {told} told in {seconds:.1f} s ({time.process_time() - cpu:.1f} s of it Python), planned in {spent['plan']:.1f} s,"
        f" planned again with nothing new in {again:.2f} s",
        flush=True,
    )
    effects = Delivery.objects.filter(occurrence__rule=code).count()
    return [
        *([f"{told} of {BULK} were told."] if told != BULK else []),
        *([f"{effects} effects."] if effects != BULK else []),
        *([f"It took {seconds:.0f} s."] if seconds > BULK_WITHIN else []),
    ]


def _accelerated(_at: Places) -> list[str]:
    from bench.reminders_killed import accelerate

    return accelerate(hours=72, kills=50, facts=600, seconds=180)


SCENARIOS: dict[str, Callable[[Places], list[str]]] = {
    "children": lambda at: _while_dying(at, _kill_children),
    "worker": lambda at: _while_dying(at, _kill_worker),
    "beat": lambda at: _while_dying(at, _kill_beat),
    "broker": lambda at: _while_dying(at, _kill_broker),
    "amnesia": lambda at: _while_dying(at, _kill_broker_and_file),
    "two-beats": lambda at: _while_dying(at, _kill_nothing, beats=2),
    "bulk": _bulk,
    "accelerated": _accelerated,
}

if __name__ == "__main__":
    sys.exit(main())
