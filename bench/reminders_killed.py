"""Days of reminders in seconds, with a clock of our own, while the processes that tell them are killed at random.

The processes are forks of one that has loaded everything, so that a dead one is replaced at once:

    python -m bench.reminders_killed FOLDER        (started by `accelerate`)

Each reads the time from FOLDER/clock and does what the tick does: plan, climb, tell, mail. A mail is a line in FOLDER/mail.
Reminders somebody asked for come due at random minutes.
"""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

RULES = ("reminders.asked",)
FORKS = 2
START = datetime(2026, 3, 1, 22, 0, tzinfo=UTC)  # Monday, 2 March 2026, six in the morning in Shanghai
MINUTE = timedelta(minutes=1)
MARK = "accelerated:"
"""What the slots of these reminders begin with: other scenarios leave reminders of the same rule."""


def accelerate(*, hours: int, kills: int, facts: int, seconds: float, seed: int = 7) -> list[str]:
    """Let so many hours pass within about so many seconds; complaints about what was lost or told twice."""
    with tempfile.TemporaryDirectory(prefix="keyline-killed-") as folder:
        return _accelerate(Path(folder), random.Random(seed), hours, kills, facts, seconds)


def _accelerate(folder: Path, dice: random.Random, hours: int, kills: int, facts: int, seconds: float) -> list[str]:
    _set_clock(folder, START)
    _make_facts(dice, hours, facts)
    forks = subprocess.Popen(
        [sys.executable, "-m", "bench.reminders_killed", str(folder)],
        cwd=Path(__file__).parent.parent,
        start_new_session=True,
    )
    try:
        _until((folder / "pids").exists, 120)
        killed = _let_time_pass(folder, dice, hours, kills, seconds)
        end = START + timedelta(hours=hours, days=1)
        _set_clock(folder, end)
        _until(lambda: not _unsettled(end), 60)
    finally:
        (folder / "stop").touch()
        with suppress(subprocess.TimeoutExpired):
            forks.wait(20)
        with suppress(ProcessLookupError):
            os.killpg(forks.pid, signal.SIGKILL)
        forks.wait()
    return _complaints(folder, facts, killed, hours)


def _make_facts(dice: random.Random, hours: int, facts: int) -> None:
    """Each asked for at a random minute, of one of nine people."""
    from core.models import Role, User
    from core.teams import add_team
    from reminders.actions.making import NewOccurrence, make
    from reminders.choices import Arrival
    from reminders.registry import rule_of

    team = add_team(name=f"Accelerated {time.time()}")
    reps = [
        User.objects.create(
            email=f"a{number}.{time.time()}@example.com", full_name=f"A {number}", role=role, team=team, language="en"
        )
        for number, role in enumerate([Role.REP] * 9 + [Role.MANAGER])
    ][:9]
    asked = [
        NewOccurrence(
            dice.choice(reps).pk, None, f"{MARK}{number}", None, START + MINUTE * dice.randint(0, hours * 60),
            words={"text": "x"}, arrival=Arrival.ASKED,
        )
        for number in range(facts)
    ]  # fmt: skip
    make(rule_of("reminders.asked"), asked, START)


def _let_time_pass(folder: Path, dice: random.Random, hours: int, kills: int, seconds: float) -> int:
    """Minute after minute; at random ones a process is killed. How many were."""
    minutes = hours * 60
    deaths = Counter(dice.randrange(minutes) for _kill in range(kills))
    killed, began = 0, time.monotonic()
    for minute in range(minutes):
        _set_clock(folder, START + MINUTE * minute)
        for _death in range(deaths[minute]):
            killed += _kill_one(folder, dice)
        wait = began + seconds * (minute + 1) / minutes - time.monotonic()
        if wait > 0:
            time.sleep(wait)
    return killed


def _kill_one(folder: Path, dice: random.Random) -> int:
    """One of the processes, whatever it is doing. 0: it was dead already."""
    until = time.monotonic() + 5
    while time.monotonic() < until:
        with suppress(ProcessLookupError, ValueError, IndexError):
            os.kill(int(dice.choice((folder / "pids").read_text().split())), signal.SIGKILL)
            return 1
        time.sleep(0.01)
    return 0


def _unsettled(now: datetime) -> bool:
    from reminders.models import Occurrence

    return Occurrence.objects.filter(
        rule__in=RULES, state__in=["planned", "leased", "snoozed"], free_at__lte=now
    ).exists()


def _complaints(folder: Path, facts: int, killed: int, hours: int) -> list[str]:
    from django.db.models import Count

    from reminders.models import Delivery, Occurrence

    ours = Occurrence.objects.filter(rule__in=RULES, slot_key__startswith=MARK)
    heads = ours.filter(channel="in_app", arrival__in=["rule", "asked"])
    told = heads.filter(deliveries__round=0, deliveries__result="sent").distinct().count()
    twice = (
        Delivery.objects.filter(occurrence__in=ours, result="sent")
        .values("occurrence", "round")
        .annotate(times=Count("id"))
        .filter(times__gt=1)
        .count()
    )
    written = (folder / "mail").read_text().split() if (folder / "mail").exists() else []
    mailed = Delivery.objects.filter(occurrence__in=ours, occurrence__channel="email", result="sent")
    unproved = set(mailed.values_list("message_id", flat=True)) - set(written)
    print(
        f"  {hours} h, {killed} killed, {told} of {facts} told, {twice} twice, {len(set(written))} mails"
        f" ({len(written) - len(set(written))} handed over again under the same Message-ID)",
        flush=True,
    )
    return [
        *([f"{facts - told} of {facts} were lost."] if told != facts else []),
        *([f"{twice} were told twice."] if twice else []),
        *([f"{len(unproved)} mails are said to be sent and were not."] if unproved else []),
        *(["Nobody was killed."] if not killed else []),
    ]


def _set_clock(folder: Path, now: datetime) -> None:
    unfinished = folder / "clock.part"
    unfinished.write_text(now.isoformat())
    unfinished.rename(folder / "clock")


def _until(done: object, seconds: float) -> None:
    until = time.monotonic() + seconds
    while not done() and time.monotonic() < until:  # type: ignore[operator]
        time.sleep(0.05)


# ------------------------------------------------------------------ the processes that are killed


def _keep_forks(folder: Path) -> None:
    """Always two of them; whoever dies is replaced."""
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    alive: set[int] = set()
    while not (folder / "stop").exists():
        for _missing in range(FORKS - len(alive)):
            pid = os.fork()
            if pid == 0:
                _work(folder)
                os._exit(0)
            alive.add(pid)
        _write_pids(folder, sorted(alive))
        with suppress(ChildProcessError):
            while (gone := os.waitpid(-1, os.WNOHANG)[0]) != 0:
                alive.discard(gone)
        time.sleep(0.01)
    for pid in alive:
        os.kill(pid, signal.SIGKILL)


def _write_pids(folder: Path, pids: Sequence[int]) -> None:
    unfinished = folder / "pids.part"
    unfinished.write_text(" ".join(map(str, pids)))
    unfinished.rename(folder / "pids")


def _work(folder: Path) -> None:
    """What the tick does, again and again, at the time the clock shows."""
    from reminders import actions
    from reminders.actions import telling
    from reminders.channels import SENDERS, Outgoing
    from reminders.choices import Channel

    def send(message: Outgoing) -> None:
        with (folder / "mail").open("a") as box:
            box.write(f"{message.message_id}\n")

    telling.BATCH = 20
    SENDERS.clear()
    SENDERS[Channel.EMAIL] = send
    while not (folder / "stop").exists():
        now = datetime.fromisoformat((folder / "clock").read_text())
        actions.plan(now=now, only=RULES)
        actions.escalate(now=now)
        actions.tell_in_app(now=now)
        actions.send_channel(Channel.EMAIL, now=now)


if __name__ == "__main__":
    _keep_forks(Path(sys.argv[1]))
