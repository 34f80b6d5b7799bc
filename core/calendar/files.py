"""Reading calendars that others publish: iCalendar files and the JSON of the holiday-cn project.

Only whole days count. An event whose title speaks of working (上班, 补班, "working day") is a make-up working day, any
other a day off. Everything that cannot be read is refused with a sentence; a file never breaks the page.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.utils.translation import gettext as _

from core.errors import DomainError

MOST_BYTES = 2_000_000
LONGEST_EVENT = 60  # days
WORKING = re.compile(r"上班|补班|調休上班|work(?:ing)?[ -]?day|make-?up", re.IGNORECASE)
DECORATION = re.compile(r"^上班\(补|^补班[:：]?|[()（）]|假期$|假期(?=[)）])|放假$|休假$")


@dataclass(frozen=True)
class PublishedDay:
    """One day on which a published calendar differs from Monday to Friday."""

    date: date
    is_workday: bool
    name: str


def read_calendar(content: bytes) -> list[PublishedDay]:
    """The days of a file, earliest first; the last word counts where a day occurs twice. DomainError says what is wrong."""
    if len(content) > MOST_BYTES:
        raise DomainError(_("The file is too large for a calendar."), field="file")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise DomainError(_("The file is not in UTF-8."), field="file") from error
    if "BEGIN:VCALENDAR" in text[:2_000].upper():
        found = _days_of_ics(text)
    elif text.lstrip()[:1] in {"{", "["}:
        found = _days_of_json(text)
    else:
        raise DomainError(_("This is neither an iCalendar file (.ics) nor a holiday-cn file (.json)."), field="file")
    days = {day.date: day for day in found}
    if not days:
        raise DomainError(_("The file holds no whole days."), field="file")
    return [days[on] for on in sorted(days)]


def _days_of_ics(text: str) -> Iterator[PublishedDay]:
    unfolded = re.sub(r"\r?\n[ \t]", "", text)
    for block in re.findall(r"BEGIN:VEVENT(.*?)END:VEVENT", unfolded, flags=re.DOTALL | re.IGNORECASE):
        first, title = _ics_date(block, "DTSTART"), _ics_text(block, "SUMMARY")
        if first is None or not title:
            continue
        after = _ics_date(block, "DTEND") or first + timedelta(days=1)  # DTEND is the day after the last
        length = min(max((after - first).days, 1), LONGEST_EVENT)
        for n in range(length):
            yield _day(first + timedelta(days=n), title, is_workday=bool(WORKING.search(title)))


def _ics_date(block: str, name: str) -> date | None:
    found = re.search(rf"^{name}(?:;[^:\r\n]*)?:(\d{{4}})(\d{{2}})(\d{{2}})\s*$", block, flags=re.MULTILINE)
    try:
        return date(*map(int, found.groups())) if found else None
    except ValueError:
        return None


def _ics_text(block: str, name: str) -> str:
    found = re.search(rf"^{name}(?:;[^:\r\n]*)?:(.*)$", block, flags=re.MULTILINE)
    return re.sub(r"\\([,;\\])", r"\1", found.group(1)).strip() if found else ""


def _days_of_json(text: str) -> Iterator[PublishedDay]:
    try:
        content: Any = json.loads(text)
        days = content["days"] if isinstance(content, dict) else content
        for day in days:
            yield _day(date.fromisoformat(day["date"]), str(day["name"]), is_workday=not day["isOffDay"])
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise DomainError(
            _("The file is not a holiday-cn calendar: {reason}.").format(reason=error), field="file"
        ) from error


def _day(on: date, title: str, *, is_workday: bool) -> PublishedDay:
    return PublishedDay(on, is_workday, (DECORATION.sub("", title).strip() or title)[:100])
