"""What the choices of putting off mean."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from reminders.rules.later import DAY, NEXT_WEEK, TODAY, TOMORROW, later

SHANGHAI = ZoneInfo("Asia/Shanghai")


def works(day: date) -> bool:
    """Monday to Friday, but for the holiday of 1 May 2026 and the make-up Sunday after it."""
    return {date(2026, 5, 1): False, date(2026, 5, 9): True}.get(day, day.weekday() < 5)


@pytest.mark.parametrize(
    ("choice", "now", "then"),
    [
        (TODAY, "2026-04-29 10:00", "2026-04-29 13:00"),
        (TODAY, "2026-04-29 16:00", None),
        (TOMORROW, "2026-04-29 10:00", "2026-04-30 08:30"),
        (TOMORROW, "2026-04-30 10:00", "2026-05-04 08:30"),
        (TOMORROW, "2026-05-08 10:00", "2026-05-09 08:30"),
        (NEXT_WEEK, "2026-04-29 10:00", "2026-05-04 08:30"),
        (NEXT_WEEK, "2026-05-03 10:00", "2026-05-04 08:30"),
        ("nonsense", "2026-04-29 10:00", None),
    ],
)
def test_a_choice_is_a_moment(choice, now, then):
    moment = later(choice, datetime.fromisoformat(now).replace(tzinfo=SHANGHAI), SHANGHAI, works)
    assert moment == (datetime.fromisoformat(then).replace(tzinfo=SHANGHAI) if then else None)


def test_a_chosen_day_is_taken_as_it_is():
    now = datetime(2026, 4, 29, 10, tzinfo=SHANGHAI)
    assert later(DAY, now, SHANGHAI, works, date(2026, 5, 2)) == datetime(2026, 5, 2, 8, 30, tzinfo=SHANGHAI)
    assert later(DAY, now, SHANGHAI, works) is None
