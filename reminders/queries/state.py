"""How the reminders are, for monitors: a part of `/healthz` and figures of `/metrics`."""

from __future__ import annotations

from collections.abc import Iterator

from core.metrics import Figure
from reminders.queries.ledger import health


def how_reminders_are() -> str:
    """Late when something has been due for five minutes; what was given up is told, too."""
    now = health()
    if now.is_late:
        return f"late by {int(now.lateness)} s"
    return f"{now.parked} given up" if now.parked else "ok"


def reminder_figures() -> Iterator[Figure]:
    """What is due by channel and for how long, what was given up, what failed."""
    now = health()
    for channel, count in now.waiting.items():
        yield "keyline_reminders_due", "Reminders that are due and not yet told.", {"channel": channel}, float(count)
    for channel, age in now.oldest_due.items():
        yield "keyline_reminders_oldest_due_seconds", "How long the oldest of them is due.", {"channel": channel}, age
    yield "keyline_reminders_parked", "Reminders that were given up.", {}, float(now.parked)
    yield "keyline_reminders_failed_day", "Attempts that failed within 24 hours.", {}, float(now.failed_lately)
