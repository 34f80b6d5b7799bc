"""When a call may be made, and how good the moment is (C7, L3): a table of moments."""

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

import pytest

from dunning.choices import SlotReason
from dunning.queries import Calendar
from dunning.rules import slots
from dunning.rules.slots import Hours, Limits

EXCEPTIONS = {
    **{date(2026, 10, day): False for day in range(1, 8)},  # national holiday
    date(2026, 9, 25): False,
    date(2026, 9, 20): True,  # make-up Sunday
    date(2026, 10, 10): True,  # make-up Saturday
    date(2026, 2, 28): True,
}
CHINA = Hours()
OWNER = Hours(owner_answers=True)
BERLIN = Hours(zone="Europe/Berlin")
NEW_YORK = Hours(zone="America/New_York")
URUMQI = Hours(zone="Asia/Shanghai", opens_at=time(10), lunch_from=time(14), lunch_to=time(16), closes_at=time(20))
EARLY_SHIFT = Hours(opens_at=time(7, 30), lunch_from=time(11, 30), lunch_to=time(12, 30), closes_at=time(16))
SHIPPED = Limits()
WIDE = Limits(earliest=time(8), latest=time(21))

NO_WEEKEND, LUNCH, EARLY, LATE = SlotReason.DAY_OFF, SlotReason.LUNCH, SlotReason.TOO_EARLY, SlotReason.TOO_LATE
HARD, OWNERS, TIRED, QUIET = SlotReason.HARD_HOURS, SlotReason.OWNER_EARLY, SlotReason.ATTEMPTS, SlotReason.QUIET_DAY
BEST = 100  # first minutes of a Tuesday to Thursday
GOOD, FAIR, WORST = 70, 60, 50

# (their wall clock, hours, limits, attempts) → score or the reason against it
TABLE = [
    # the first fifteen minutes
    ("2026-11-24 09:00", CHINA, SHIPPED, 0, BEST),
    ("2026-11-24 09:14", CHINA, SHIPPED, 0, BEST),
    ("2026-11-24 09:15", CHINA, SHIPPED, 0, GOOD),
    ("2026-11-24 08:59", CHINA, SHIPPED, 0, EARLY),
    # through a day
    ("2026-11-25 11:59", CHINA, SHIPPED, 0, GOOD),
    ("2026-11-25 12:00", CHINA, SHIPPED, 0, LUNCH),
    ("2026-11-25 13:29", CHINA, SHIPPED, 0, LUNCH),
    ("2026-11-25 13:30", CHINA, SHIPPED, 0, GOOD),
    ("2026-11-25 17:59", CHINA, SHIPPED, 0, GOOD),
    ("2026-11-25 18:00", CHINA, SHIPPED, 0, LATE),
    # weekdays: Tuesday to Thursday, then Friday, Monday last
    ("2026-11-23 10:00", CHINA, SHIPPED, 0, WORST),
    ("2026-11-24 10:00", CHINA, SHIPPED, 0, GOOD),
    ("2026-11-25 10:00", CHINA, SHIPPED, 0, GOOD),
    ("2026-11-26 10:00", CHINA, SHIPPED, 0, GOOD),
    ("2026-11-27 10:00", CHINA, SHIPPED, 0, FAIR),
    ("2026-11-28 10:00", CHINA, SHIPPED, 0, NO_WEEKEND),
    ("2026-11-22 10:00", CHINA, SHIPPED, 0, NO_WEEKEND),
    ("2026-11-23 09:05", CHINA, SHIPPED, 0, WORST + 30),
    # holidays and make-up days
    ("2026-10-01 10:00", CHINA, SHIPPED, 0, NO_WEEKEND),
    ("2026-10-07 10:00", CHINA, SHIPPED, 0, NO_WEEKEND),
    ("2026-10-08 10:00", CHINA, SHIPPED, 0, GOOD),
    ("2026-10-10 10:00", CHINA, SHIPPED, 0, FAIR),
    ("2026-10-10 09:10", CHINA, SHIPPED, 0, FAIR + 30),
    ("2026-09-20 10:00", CHINA, SHIPPED, 0, FAIR),
    ("2026-10-11 10:00", CHINA, SHIPPED, 0, NO_WEEKEND),
    ("2026-09-25 10:00", CHINA, SHIPPED, 0, NO_WEEKEND),
    # abroad neither our holidays nor our make-up days count
    ("2026-10-06 10:00", BERLIN, SHIPPED, 0, GOOD),
    ("2026-10-10 10:00", BERLIN, SHIPPED, 0, NO_WEEKEND),
    ("2026-10-05 10:00", NEW_YORK, SHIPPED, 0, WORST),
    ("2026-11-24 09:05", NEW_YORK, SHIPPED, 0, BEST),
    ("2026-11-24 12:30", BERLIN, SHIPPED, 0, LUNCH),
    # owners of small private firms are not called early
    ("2026-11-24 09:05", OWNER, SHIPPED, 0, OWNERS),
    ("2026-11-24 09:59", OWNER, SHIPPED, 0, OWNERS),
    ("2026-11-24 10:00", OWNER, SHIPPED, 0, BEST),
    ("2026-11-24 10:15", OWNER, SHIPPED, 0, GOOD),
    ("2026-11-24 08:30", OWNER, SHIPPED, 0, EARLY),
    # their own hours
    ("2026-11-24 09:30", URUMQI, SHIPPED, 0, EARLY),
    ("2026-11-24 10:05", URUMQI, SHIPPED, 0, BEST),
    ("2026-11-24 12:30", URUMQI, SHIPPED, 0, GOOD),
    ("2026-11-24 15:59", URUMQI, SHIPPED, 0, LUNCH),
    ("2026-11-24 18:30", URUMQI, SHIPPED, 0, LATE),
    ("2026-11-24 19:59", URUMQI, WIDE, 0, GOOD),
    # who begins before we may call has no first minutes for us
    ("2026-11-24 08:59", EARLY_SHIFT, SHIPPED, 0, EARLY),
    ("2026-11-24 09:05", EARLY_SHIFT, SHIPPED, 0, GOOD),
    ("2026-11-24 16:00", EARLY_SHIFT, SHIPPED, 0, LATE),
    ("2026-11-24 07:59", EARLY_SHIFT, WIDE, 0, HARD),
    ("2026-11-24 08:00", EARLY_SHIFT, WIDE, 0, GOOD),
    # the hard limits stand whatever the settings say
    ("2026-11-24 07:30", EARLY_SHIFT, Limits(earliest=time(6), latest=time(23)), 0, HARD),
    ("2026-11-24 21:00", Hours(closes_at=time(23)), Limits(latest=time(23)), 0, HARD),
    ("2026-11-24 20:59", Hours(closes_at=time(23)), Limits(latest=time(23)), 0, GOOD),
    # attempts and quiet weekdays
    ("2026-11-24 10:00", CHINA, SHIPPED, 2, GOOD),
    ("2026-11-24 10:00", CHINA, SHIPPED, 3, TIRED),
    ("2026-11-24 10:00", CHINA, Limits(quiet_weekdays=frozenset({1})), 0, QUIET),
]


def at(text, zone):
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone))


def workdays(hours):
    def ours(on):
        return EXCEPTIONS.get(on, on.weekday() < 5)

    return lambda on: slots.works(on, our_calendar=hours.zone == "Asia/Shanghai", is_workday=ours)


@pytest.mark.parametrize(("when", "hours", "limits", "attempts", "expected"), TABLE)
def test_a_moment_is_judged(when, hours, limits, attempts, expected):
    slot = slots.judge(at(when, hours.zone), hours, limits, workdays(hours), attempts=attempts)
    if isinstance(expected, SlotReason):
        assert (slot.score, slot.reasons[0]) == (0, expected)
    else:
        assert slot.score == expected
        assert slot.is_best == (expected in (BEST, FAIR + 30, WORST + 30))


@pytest.mark.parametrize(
    ("when", "hours", "later"),
    [
        ("2026-11-24 08:00", CHINA, True),
        ("2026-11-24 12:30", CHINA, True),
        ("2026-11-24 19:00", CHINA, False),
        ("2026-11-22 08:00", CHINA, False),
        ("2026-11-24 09:30", OWNER, True),
    ],
)
def test_it_is_known_whether_the_day_gets_better(when, hours, later):
    assert slots.judge(at(when, hours.zone), hours, SHIPPED, workdays(hours)).later_today is later


@pytest.mark.parametrize(
    ("when", "hours", "opening"),
    [
        ("2026-11-24 10:00", CHINA, "2026-11-24 10:00"),
        ("2026-11-24 12:30", CHINA, "2026-11-24 13:30"),
        ("2026-11-24 19:00", CHINA, "2026-11-25 09:00"),
        ("2026-11-27 19:00", CHINA, "2026-11-30 09:00"),
        ("2026-09-30 18:30", CHINA, "2026-10-08 09:00"),  # over the whole holiday
        ("2026-10-09 18:30", CHINA, "2026-10-10 09:00"),  # to the make-up Saturday
        ("2026-10-09 18:30", BERLIN, "2026-10-12 09:00"),
        ("2026-11-24 09:30", OWNER, "2026-11-24 10:00"),
        ("2026-10-24 19:00", BERLIN, "2026-10-26 09:00"),  # over the end of summer time
    ],
)
def test_the_next_moment_to_call(when, hours, opening):
    found = slots.next_opening(at(when, hours.zone), hours, SHIPPED, workdays(hours))
    assert found == at(opening, hours.zone)


def test_a_customer_who_can_never_be_called_has_no_next_moment():
    night_shift = Hours(opens_at=time(21, 30), lunch_from=time(22), lunch_to=time(22), closes_at=time(23))
    moment = at("2026-11-24 10:00", "Asia/Shanghai")
    assert slots.next_opening(moment, night_shift, SHIPPED, workdays(night_shift)) is None


def test_one_instant_is_judged_at_each_customers_own_place():
    instant = datetime(2026, 11, 24, 14, 5, tzinfo=ZoneInfo("UTC"))
    scores = {
        hours.zone: slots.judge(instant, hours, SHIPPED, workdays(hours)).score for hours in (CHINA, BERLIN, NEW_YORK)
    }
    assert scores == {"Asia/Shanghai": 0, "Europe/Berlin": GOOD, "America/New_York": BEST}


@pytest.mark.django_db
def test_the_calendar_of_the_company_knows_holidays_and_make_up_days():
    calendar = Calendar(date(2026, 10, 1))
    assert [calendar.of("Asia/Shanghai")(date(2026, 10, day)) for day in (1, 8, 10, 11)] == [False, True, True, False]
    assert [calendar.of("Europe/Berlin")(date(2026, 10, day)) for day in (1, 8, 10, 11)] == [True, True, False, False]
    assert calendar.add_workdays(date(2026, 9, 30), 1) == date(2026, 10, 8)
    assert calendar.add_workdays(date(2026, 10, 9), 1) == date(2026, 10, 10)
