"""Quiet hours of a person: what rings waits for their end, and then not everything rings at once."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from reminders.choices import Channel, Importance
from reminders.rules.clock import instant
from reminders.rules.workdays import LONGEST_BREAK, Works

SPREAD = timedelta(minutes=10)
DIGEST_AT = time(8, 30)
DIGEST_FROM = 3
"""So many small things in one morning are one message."""


@dataclass(frozen=True)
class QuietHours:
    """When a person is left alone, in his own time zone. Equal times: never at night; they may cross midnight or not."""

    zone: ZoneInfo
    quiet_from: time = time(21, 0)
    quiet_to: time = time(8, 0)
    rests_on_days_off: bool = True
    bundles: bool = True

    def covers(self, clock: time) -> bool:
        """Whether this time of day is quiet."""
        if self.quiet_from <= self.quiet_to:
            return self.quiet_from <= clock < self.quiet_to
        return clock >= self.quiet_from or clock < self.quiet_to


def is_quiet(at: datetime, hours: QuietHours, works: Works) -> bool:
    """Whether the person is left alone at this moment."""
    here = at.astimezone(hours.zone)
    return hours.covers(here.time()) or (hours.rests_on_days_off and not works(here.date()))


def opening(at: datetime, hours: QuietHours, works: Works) -> datetime:
    """The first moment from `at` on at which the person may be disturbed."""
    here = at
    for _day in range(2 * LONGEST_BREAK):
        if not is_quiet(here, hours, works):
            return here
        local = here.astimezone(hours.zone)
        tomorrow = local.date() + timedelta(days=1)
        if hours.rests_on_days_off and not works(local.date()):
            here = instant(tomorrow, time(0), hours.zone)
        else:
            ends = instant(local.date(), hours.quiet_to, hours.zone)
            here = ends if ends > here else instant(tomorrow, hours.quiet_to, hours.zone)
    return at


def breaks_quiet(importance: Importance) -> bool:
    """Critical things, a clock that runs out or security, do not wait."""
    return importance == Importance.CRITICAL


def rings(channel: Channel) -> bool:
    """The bell in Keyline makes no sound; everything else does."""
    return channel != Channel.IN_APP


def spread(key: str) -> timedelta:
    """How long after the opening this one comes: between nothing and ten minutes, always the same for the same key."""
    mark = int.from_bytes(hashlib.blake2s(key.encode(), digest_size=4).digest(), "big")
    return timedelta(seconds=mark % int(SPREAD.total_seconds()))


def digest_time(at: datetime, hours: QuietHours, works: Works) -> datetime:
    """The morning message that something small waits for: the next 08:30 at which the person may be disturbed."""
    here = at.astimezone(hours.zone)
    for away in range(LONGEST_BREAK):
        on = here.date() + timedelta(days=away)
        morning = instant(on, DIGEST_AT, hours.zone)
        if morning >= at and (works(on) or not hours.rests_on_days_off):
            return opening(morning, hours, works).astimezone(UTC)
    return at


def free_from(
    at: datetime, channel: Channel, importance: Importance, hours: QuietHours, works: Works, key: str
) -> datetime:
    """From when something due at `at` may be told: at once, after the quiet hours, or with the morning's message."""
    if not rings(channel) or breaks_quiet(importance):
        return at
    if importance == Importance.LOW and hours.bundles:
        return digest_time(at, hours, works)
    opens = opening(at, hours, works)
    return at if opens == at else (opens + spread(key)).astimezone(UTC)
