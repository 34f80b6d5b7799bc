"""The taps on one's own counters of the day (P7)."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.errors import DomainError
from core.models import User
from core.permissions import require
from prospects.choices import Counter
from prospects.models import Tally
from prospects.queries.numbers import written_up
from prospects.rules.numbers import after_tap, after_undo

LATEST = timedelta(days=7)
"""A tap made without a line may arrive so late; it counts on the day it was made."""
MOST = 999


@transaction.atomic
def tap_counter(*, by: User, counter: Counter, at: datetime | None = None) -> Tally:
    """One more on one's own counter, on the day of `at` where the person is; now unless told otherwise.

    What is written up already is in the figure. Raises DomainError for a moment more than a week ago.
    """
    require(by, "prospects.tally")
    row, logged = _locked(by, counter, at)
    row.count = after_tap(row.count, logged)
    if row.count > MOST:
        raise DomainError(_("That many in one day cannot be."), code="too_many")
    row.save(update_fields=["count"])
    return row


@transaction.atomic
def take_back_tap(*, by: User, counter: Counter, at: datetime | None = None) -> Tally:
    """One less. Raises DomainError where nothing tapped is left: what is written up is corrected where it stands."""
    require(by, "prospects.tally")
    row, logged = _locked(by, counter, at)
    stands = after_undo(row.count, logged)
    if stands is None:
        raise DomainError(_("Only what you have written up is left; it counts by itself."), code="nothing_tapped")
    row.count = stands
    row.save(update_fields=["count"])
    return row


def _locked(by: User, counter: Counter, at: datetime | None) -> tuple[Tally, int]:
    """The counter of that day, locked, and how many are written up."""
    on = _day(at)
    row, _is_new = Tally.objects.select_for_update().get_or_create(
        user=by, counter=counter, on=on, defaults={"count": 0}
    )
    return row, written_up(by, counter, on)


def _day(at: datetime | None) -> date:
    now = timezone.now()
    at = min(at or now, now)
    if at < now - LATEST:
        raise DomainError(_("More than a week ago: write it up as a call or a visit."), field="at", code="too_old")
    return timezone.localdate(at)
