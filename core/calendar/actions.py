"""Every change to the working calendar."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from core import audit
from core.calendar import events
from core.calendar.files import read_calendar
from core.calendar.queries import MANUAL
from core.errors import DomainError
from core.models import WorkDay
from core.models.day import DayStatus
from core.permissions import require
from core.users import Actor


@dataclass(frozen=True)
class ImportedCalendar:
    """What an import did: the years it covers and how many days it added, changed and removed."""

    years: list[int]
    added: int
    changed: int
    removed: int


@transaction.atomic
def set_day(*, by: Actor, on: date, is_workday: bool, name: str) -> WorkDay:
    """Make one day a working day or a day off, whatever its weekday and the published calendar say."""
    require(by, "calendar.manage")
    name = name.strip()
    if not name:
        raise DomainError(_("Say why: the day needs a name."), field="name")
    old = WorkDay.objects.select_for_update().filter(date=on).first()
    row, _created = WorkDay.objects.update_or_create(
        date=on, defaults={"is_workday": is_workday, "name": name, "source": MANUAL, "status": DayStatus.OFFICIAL}
    )
    audit.record(
        events.DAY_SET, by=by, on=row, day=on, name=name,
        before={"is_workday": old.is_workday, "name": old.name} if old else None,
        after={"is_workday": is_workday, "name": name},
    )  # fmt: skip
    return row


@transaction.atomic
def clear_day(*, by: Actor, on: date) -> None:
    """Make one day ordinary again: a working day from Monday to Friday."""
    require(by, "calendar.manage")
    row = WorkDay.objects.select_for_update().filter(date=on).first()
    if row is None:
        return
    audit.record(
        events.DAY_CLEARED, by=by, on=row, day=on, before={"is_workday": row.is_workday, "name": row.name}, after={}
    )
    row.delete()


@transaction.atomic
def import_calendar(*, by: Actor, file_name: str, content: bytes) -> ImportedCalendar:
    """Take over a published calendar. In the years it covers it replaces what was there, days set by hand excepted.

    The years become official. The same file again changes nothing.
    """
    require(by, "calendar.manage")
    published = {day.date: day for day in read_calendar(content)}
    years = sorted({on.year for on in published})
    known = {row.date: row for row in WorkDay.objects.select_for_update().filter(date__year__in=years)}
    added, changed = [], []
    for on, day in published.items():
        row = known.pop(on, None)
        if row is None:
            added.append(
                WorkDay(date=on, is_workday=day.is_workday, name=day.name, source=file_name[:200], status="official")
            )
        elif row.source != MANUAL and (row.is_workday, row.name, row.status) != (day.is_workday, day.name, "official"):
            row.is_workday, row.name, row.source, row.status = day.is_workday, day.name, file_name[:200], "official"
            changed.append(row)
    gone = [row for row in known.values() if row.source != MANUAL]
    WorkDay.objects.bulk_create(added)
    WorkDay.objects.bulk_update(changed, ["is_workday", "name", "source", "status"])
    WorkDay.objects.filter(pk__in=[row.pk for row in gone]).delete()
    done = ImportedCalendar(years, len(added), len(changed), len(gone))
    if added or changed or gone:
        first = WorkDay.objects.filter(date__year__in=years)[0]
        audit.record(
            events.CALENDAR_IMPORTED, by=by, on=first, file=file_name, years=years, added=done.added,
            changed=done.changed, removed=done.removed,
        )  # fmt: skip
    return done
