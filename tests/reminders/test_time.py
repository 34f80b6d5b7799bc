"""Time: wall clocks, working days, quiet hours, escalation and snoozing, where they usually go wrong (T30)."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from reminders.choices import Channel, Importance, Rung, Shift
from reminders.rules.clock import day_at, instant, same_time_later
from reminders.rules.escalation import BACK_OFF, MOST_ATTEMPTS, chain, next_try, present
from reminders.rules.quiet import SPREAD, QuietHours, digest_time, free_from, is_quiet, opening, spread
from reminders.rules.snoozing import Refusal, refusal
from reminders.rules.workdays import (
    add_workdays,
    furthest,
    shifted,
    workday_before,
    working_hours_after,
)

SHANGHAI, NEW_YORK, LONDON = ZoneInfo("Asia/Shanghai"), ZoneInfo("America/New_York"), ZoneInfo("Europe/London")
LORD_HOWE, KATHMANDU, APIA, SAO_PAULO = (
    ZoneInfo("Australia/Lord_Howe"),
    ZoneInfo("Asia/Kathmandu"),
    ZoneInfo("Pacific/Apia"),
    ZoneInfo("America/Sao_Paulo"),
)

# The Spring Festival of 2026 as it was announced: off from 15 to 23 February, worked on the Saturdays 14 and 28.
OFF = {date(2026, 2, day) for day in range(15, 24)} | {date(2026, 1, 1), date(2026, 1, 2), date(2026, 1, 3)}
MADE_UP = {date(2026, 1, 4), date(2026, 2, 14), date(2026, 2, 28)}


def works(day: date) -> bool:
    return day in MADE_UP or (day.weekday() < 5 and day not in OFF)


def never(day: date) -> bool:
    return False


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def local(text: str, zone: ZoneInfo = SHANGHAI) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=zone).astimezone(UTC)


# ------------------------------------------------------------------ wall time


@pytest.mark.parametrize(
    ("on", "at", "zone", "expected"),
    [
        ("2026-03-02", "08:30", SHANGHAI, "2026-03-02T00:30"),  # no daylight saving since 1991
        ("2028-02-29", "08:30", SHANGHAI, "2028-02-29T00:30"),  # leap day
        ("2026-12-31", "23:59", SHANGHAI, "2026-12-31T15:59"),  # year end
        ("2027-01-01", "00:00", SHANGHAI, "2026-12-31T16:00"),  # the new year begins in the old one
        ("2027-03-13", "09:00", NEW_YORK, "2027-03-13T14:00"),  # the day before the clocks go forward
        ("2027-03-14", "09:00", NEW_YORK, "2027-03-14T13:00"),  # the same wall time, an hour earlier in UTC
        ("2027-03-14", "02:30", NEW_YORK, "2027-03-14T07:30"),  # in the gap: it is 03:30
        ("2027-03-14", "02:00", NEW_YORK, "2027-03-14T07:00"),  # the gap's first minute
        ("2027-03-14", "01:59", NEW_YORK, "2027-03-14T06:59"),  # the last before it
        ("2027-03-14", "03:00", NEW_YORK, "2027-03-14T07:00"),  # the first after it
        ("2027-11-07", "01:30", NEW_YORK, "2027-11-07T05:30"),  # in the fold: the first of the two
        ("2027-11-07", "02:00", NEW_YORK, "2027-11-07T07:00"),  # after the fold
        ("2027-03-28", "01:30", LONDON, "2027-03-28T01:30"),  # gap at one o'clock UTC: 02:30 summer time
        ("2027-10-31", "01:30", LONDON, "2027-10-31T00:30"),  # fold: first, still summer time
        ("2026-10-04", "02:15", LORD_HOWE, "2026-10-03T15:45"),  # a gap of half an hour
        ("2026-03-02", "08:30", KATHMANDU, "2026-03-02T02:45"),  # a zone of 5 h 45 min
        ("2011-12-30", "08:30", APIA, "2011-12-30T18:30"),  # a day Samoa never had
        ("2026-06-01", "08:30", SAO_PAULO, "2026-06-01T11:30"),  # a country that gave daylight saving up
    ],
)
def test_wall_time(on: str, at: str, zone: ZoneInfo, expected: str) -> None:
    assert instant(date.fromisoformat(on), time.fromisoformat(at), zone) == utc(expected)


def test_the_gap_is_half_past_three_on_the_wall() -> None:
    assert f"{instant(date(2027, 3, 14), time(2, 30), NEW_YORK).astimezone(NEW_YORK):%H:%M}" == "03:30"


@pytest.mark.parametrize(
    ("moment", "days", "zone", "expected"),
    [
        ("2027-03-13T09:00", 1, NEW_YORK, "2027-03-14T09:00"),  # 23 hours later
        ("2027-11-06T09:00", 1, NEW_YORK, "2027-11-07T09:00"),  # 25 hours later
        ("2027-11-07T09:00", -1, NEW_YORK, "2027-11-06T09:00"),
        ("2026-01-31T18:00", 1, SHANGHAI, "2026-02-01T18:00"),  # month end
        ("2028-02-28T18:00", 1, SHANGHAI, "2028-02-29T18:00"),  # leap year
        ("2027-02-28T18:00", 1, SHANGHAI, "2027-03-01T18:00"),  # no leap year
    ],
)
def test_a_day_later_is_the_same_time_of_day(moment: str, days: int, zone: ZoneInfo, expected: str) -> None:
    assert same_time_later(local(moment, zone), days, zone) == local(expected, zone)


@pytest.mark.parametrize(
    ("moment", "zone", "expected"),
    [
        ("2026-03-01T15:59", SHANGHAI, "2026-03-01"),
        ("2026-03-01T16:00", SHANGHAI, "2026-03-02"),  # already tomorrow there
        ("2026-03-02T04:59", NEW_YORK, "2026-03-01"),  # still yesterday there
        ("2026-03-02T10:00", APIA, "2026-03-02"),
        ("2026-03-02T11:00", APIA, "2026-03-03"),
    ],
)
def test_which_day_it_is(moment: str, zone: ZoneInfo, expected: str) -> None:
    assert day_at(utc(moment), zone) == date.fromisoformat(expected)


# ------------------------------------------------------------------ working days


@pytest.mark.parametrize(
    ("on", "shift", "expected"),
    [
        ("2026-03-02", Shift.EARLIER, "2026-03-02"),  # a Monday stays
        ("2026-03-07", Shift.EARLIER, "2026-03-06"),  # Saturday → Friday
        ("2026-03-08", Shift.LATER, "2026-03-09"),  # Sunday → Monday
        ("2026-03-08", Shift.NONE, "2026-03-08"),
        ("2026-02-14", Shift.EARLIER, "2026-02-14"),  # a Saturday that is worked on
        ("2026-02-18", Shift.EARLIER, "2026-02-14"),  # the festival → the make-up Saturday before it
        ("2026-02-23", Shift.EARLIER, "2026-02-14"),
        ("2026-02-18", Shift.LATER, "2026-02-24"),
        ("2026-02-28", Shift.LATER, "2026-02-28"),  # made up
        ("2026-01-02", Shift.EARLIER, "2025-12-31"),  # over the turn of the year
        ("2026-01-01", Shift.LATER, "2026-01-04"),  # the Sunday that makes up
        ("2031-05-10", Shift.EARLIER, "2031-05-09"),  # a year nobody has announced: Monday to Friday
    ],
)
def test_a_day_off_is_told_of_earlier_or_later(on: str, shift: Shift, expected: str) -> None:
    assert shifted(date.fromisoformat(on), shift, works) == date.fromisoformat(expected)


def test_a_calendar_without_any_working_day_stops_nothing() -> None:
    assert shifted(date(2026, 3, 2), Shift.EARLIER, never) == date(2026, 3, 2)
    assert opening(local("2026-03-02T09:00"), QuietHours(SHANGHAI), never) >= local("2026-03-02T09:00")
    assert working_hours_after(local("2026-03-02T09:00"), 4, SHANGHAI, never) == local("2026-03-02T13:00")


@pytest.mark.parametrize(
    ("until", "shift", "expected"),
    [
        ("2026-02-12", Shift.EARLIER, "2026-02-12"),  # the day after is worked on
        ("2026-02-14", Shift.EARLIER, "2026-02-23"),  # the whole festival is told of before it
        ("2026-02-14", Shift.LATER, "2026-02-14"),
        ("2026-03-06", Shift.EARLIER, "2026-03-08"),  # Friday: the week-end too
    ],
)
def test_how_far_the_planner_looks(until: str, shift: Shift, expected: str) -> None:
    assert furthest(date.fromisoformat(until), shift, works) == date.fromisoformat(expected)


@pytest.mark.parametrize(
    ("on", "expected"),
    [
        ("2026-03-03", "2026-03-02"),
        ("2026-03-02", "2026-02-28"),
        ("2026-02-24", "2026-02-14"),
        ("2026-03-09", "2026-03-06"),
    ],
)
def test_the_working_day_before(on: str, expected: str) -> None:
    assert workday_before(date.fromisoformat(on), works) == date.fromisoformat(expected)


@pytest.mark.parametrize(
    ("on", "days", "expected"),
    [
        ("2026-03-02", 0, "2026-03-02"),
        ("2026-03-06", 1, "2026-03-09"),
        ("2026-02-13", 2, "2026-02-24"),
        ("2026-02-27", 1, "2026-02-28"),
    ],
)
def test_working_days_later(on: str, days: int, expected: str) -> None:
    assert add_workdays(date.fromisoformat(on), days, works) == date.fromisoformat(expected)


@pytest.mark.parametrize(
    ("moment", "hours", "expected"),
    [
        ("2026-03-02T09:00", 4, "2026-03-02T13:00"),
        ("2026-03-02T08:30", 4, "2026-03-02T13:00"),  # counted from nine
        ("2026-03-02T14:00", 4, "2026-03-02T18:00"),  # to the last minute
        ("2026-03-02T16:00", 4, "2026-03-03T11:00"),  # over night
        ("2026-03-06T17:00", 4, "2026-03-09T12:00"),  # over the week-end
        ("2026-02-14T17:00", 4, "2026-02-24T12:00"),  # over the festival
        ("2026-02-27T17:00", 4, "2026-02-28T12:00"),  # into a Saturday that is worked on
        ("2026-03-07T12:00", 4, "2026-03-09T13:00"),  # told on a Saturday
        ("2026-03-02T22:00", 9, "2026-03-03T18:00"),  # a whole day
    ],
)
def test_working_hours_later(moment: str, hours: int, expected: str) -> None:
    assert working_hours_after(local(moment), hours, SHANGHAI, works) == local(expected)


def test_working_hours_over_a_change_of_the_clocks() -> None:
    """Friday five o'clock and four hours are Monday noon, though the week-end had an hour less."""
    assert working_hours_after(local("2027-03-12T17:00", NEW_YORK), 4, NEW_YORK, works) == local(
        "2027-03-15T12:00", NEW_YORK
    )


# ------------------------------------------------------------------ quiet hours


@pytest.mark.parametrize(
    ("moment", "zone", "expected"),
    [
        ("2026-03-02T08:00", SHANGHAI, "2026-03-02T08:00"),  # the first minute that is not quiet
        ("2026-03-02T07:59", SHANGHAI, "2026-03-02T08:00"),
        ("2026-03-02T20:59", SHANGHAI, "2026-03-02T20:59"),
        ("2026-03-02T21:00", SHANGHAI, "2026-03-03T08:00"),  # the first that is
        ("2026-03-06T22:00", SHANGHAI, "2026-03-09T08:00"),  # Friday night → Monday
        ("2026-03-07T12:00", SHANGHAI, "2026-03-09T08:00"),
        ("2026-02-14T12:00", SHANGHAI, "2026-02-14T12:00"),  # a make-up Saturday is a day like others
        ("2026-02-14T21:30", SHANGHAI, "2026-02-24T08:00"),  # and after it nine days are quiet
        ("2026-12-31T23:00", SHANGHAI, "2027-01-01T08:00"),  # 2027 is not announced: a Friday
        ("2027-03-14T03:30", NEW_YORK, "2027-03-15T08:00"),  # a Sunday whose night is short
        ("2027-11-07T01:30", NEW_YORK, "2027-11-08T08:00"),  # and one whose night is long
    ],
)
def test_quiet_hours_end(moment: str, zone: ZoneInfo, expected: str) -> None:
    assert opening(local(moment, zone), QuietHours(zone), works) == local(expected, zone)


@pytest.mark.parametrize(
    ("quiet_from", "quiet_to", "moment", "quiet"),
    [
        ("21:00", "08:00", "2026-03-02T03:00", True),
        ("12:00", "13:30", "2026-03-02T12:00", True),  # within a day
        ("12:00", "13:30", "2026-03-02T13:30", False),
        ("00:00", "00:00", "2026-03-02T03:00", False),  # none
        ("00:00", "23:59", "2026-03-02T23:59", False),
    ],
)
def test_a_persons_own_hours(quiet_from: str, quiet_to: str, moment: str, quiet: bool) -> None:
    hours = QuietHours(SHANGHAI, time.fromisoformat(quiet_from), time.fromisoformat(quiet_to))
    assert is_quiet(local(moment), hours, works) == quiet


def test_who_works_on_days_off_hears_of_it_then() -> None:
    assert opening(local("2026-03-07T12:00"), QuietHours(SHANGHAI, rests_on_days_off=False), works) == local(
        "2026-03-07T12:00"
    )


def test_what_waited_is_spread_over_ten_minutes_and_always_the_same() -> None:
    opens = local("2026-03-03T08:00")
    hours = QuietHours(SHANGHAI)
    told = [
        free_from(local("2026-03-02T23:00"), Channel.EMAIL, Importance.NORMAL, hours, works, f"{number}")
        for number in range(500)
    ]
    assert all(opens <= at < opens + SPREAD for at in told)
    assert len({at.minute for at in told}) == 10
    assert spread("7") == spread("7")


def test_the_bell_and_what_is_critical_do_not_wait() -> None:
    night, hours = local("2026-03-02T23:00"), QuietHours(SHANGHAI)
    assert free_from(night, Channel.IN_APP, Importance.LOW, hours, works, "x") == night
    assert free_from(night, Channel.EMAIL, Importance.CRITICAL, hours, works, "x") == night
    assert free_from(night, Channel.EMAIL, Importance.HIGH, hours, works, "x") > night


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        ("2026-03-02T08:29", "2026-03-02T08:30"),
        ("2026-03-02T08:30", "2026-03-02T08:30"),
        ("2026-03-02T08:31", "2026-03-03T08:30"),
        ("2026-03-06T15:00", "2026-03-09T08:30"),  # Friday afternoon → Monday morning
        ("2026-02-14T15:00", "2026-02-24T08:30"),
    ],
)
def test_small_things_wait_for_the_morning(moment: str, expected: str) -> None:
    assert digest_time(local(moment), QuietHours(SHANGHAI), works) == local(expected)


def test_who_sleeps_longer_gets_the_morning_message_later() -> None:
    hours = QuietHours(SHANGHAI, quiet_from=time(22), quiet_to=time(10))
    assert digest_time(local("2026-03-02T15:00"), hours, works) == local("2026-03-03T10:00")


# ------------------------------------------------------------------ escalation

RUNGS = [(Rung.AGAIN, 4), (Rung.MANAGER, 1), (Rung.DIRECTOR, 2)]
REP, MANAGER, DIRECTOR, DEPUTY = 1, 2, 3, 4


def climb(
    *, above: list[int], stand_ins: dict[int, int] | None = None, told: str = "2026-03-03T08:30"
) -> list[tuple[str, int, datetime]]:
    steps = chain(
        owner=REP, above=above, stand_ins=stand_ins or {}, told_at=local(told), rungs=RUNGS, zone=SHANGHAI, works=works
    )
    return [(step.rung.value, step.user_id, step.at) for step in steps]


def test_a_reminder_left_alone_climbs() -> None:
    assert climb(above=[MANAGER, DIRECTOR]) == [
        ("again", REP, local("2026-03-03T13:00")),
        ("manager", MANAGER, local("2026-03-04T08:30")),
        ("director", DIRECTOR, local("2026-03-05T08:30")),
    ]


def test_a_follow_up_due_on_monday_reaches_the_manager_on_the_third_working_day() -> None:
    """Due on Monday, overdue on Tuesday morning, and on Wednesday the manager hears of it."""
    (_again, manager, _director) = climb(above=[MANAGER, DIRECTOR], told="2026-03-03T08:30")
    assert manager[2] == local("2026-03-04T08:30")


def test_climbing_skips_days_off() -> None:
    assert [at for _rung, _who, at in climb(above=[MANAGER, DIRECTOR], told="2026-02-13T08:30")] == [
        local("2026-02-13T13:00"), local("2026-02-14T08:30"), local("2026-02-24T08:30"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("above", "stand_ins", "expected"),
    [
        ([MANAGER, DIRECTOR], {MANAGER: DEPUTY}, [REP, DEPUTY, DIRECTOR]),  # the manager's stand-in
        ([MANAGER, DIRECTOR], {MANAGER: DIRECTOR}, [REP, DIRECTOR]),  # nobody twice
        ([MANAGER, DIRECTOR], {MANAGER: REP}, [REP, DIRECTOR]),  # not back to the owner
        ([MANAGER, DIRECTOR], {MANAGER: DEPUTY, DEPUTY: MANAGER}, [REP, MANAGER, DIRECTOR]),  # a circle
        ([MANAGER], {}, [REP, MANAGER]),  # no director
        ([], {}, [REP]),  # nobody above
    ],
)
def test_who_hears_of_it(above: list[int], stand_ins: dict[int, int], expected: list[int]) -> None:
    assert [who for _rung, who, _at in climb(above=above, stand_ins=stand_ins)] == expected


def test_stand_ins_of_stand_ins() -> None:
    assert present(1, {1: 2, 2: 3}) == 3
    assert present(1, {1: 2, 2: 1}) == 1
    assert present(1, {}) == 1


def test_tries_come_later_and_later_and_then_end() -> None:
    at = utc("2026-03-02T01:00")
    waits = [next_try(number, at) for number in range(1, MOST_ATTEMPTS + 1)]
    assert waits == [*(at + wait for wait in BACK_OFF), None]


# ------------------------------------------------------------------ snoozing


@pytest.mark.parametrize(
    ("until", "snoozes", "deadline", "reason", "expected"),
    [
        ("2026-03-03T09:00", 0, None, "", None),
        ("2026-03-02T09:00", 0, None, "", Refusal.IN_THE_PAST),
        ("2026-03-03T09:00", 5, None, "", Refusal.NEEDS_A_REASON),  # the sixth time
        ("2026-03-03T09:00", 5, None, "They are on holiday", None),
        ("2026-03-03T09:00", 5, None, "   ", Refusal.NEEDS_A_REASON),
        ("2026-03-16T09:00", 0, None, "", None),  # fourteen days
        ("2026-03-16T09:01", 0, None, "", Refusal.NEEDS_A_REASON),
        ("2026-04-16T09:00", 0, None, "They decide in April", None),
        ("2028-03-02T09:00", 0, None, "Leap year", Refusal.TOO_FAR),
        ("2026-03-05T09:00", 0, "2026-03-06", "", None),  # the day before the right is lost
        ("2026-03-06T00:00", 0, "2026-03-06", "Whatever", Refusal.PAST_DEADLINE),
        ("2026-03-05T23:59", 0, "2026-03-06", "", None),
    ],
)
def test_putting_off(until: str, snoozes: int, deadline: str | None, reason: str, expected: Refusal | None) -> None:
    moment = local(until)
    found = refusal(
        until=moment,
        now=local("2026-03-02T09:00"),
        first_due_at=local("2026-03-02T09:00"),
        snoozes=snoozes,
        deadline_on=date.fromisoformat(deadline) if deadline else None,
        reason=reason,
        today=day_at(moment, SHANGHAI),
    )
    assert found == expected


def test_fourteen_days_are_counted_from_the_first_time() -> None:
    """Five short delays do not add up to a long one without a reason."""
    now = local("2026-03-15T09:00")
    found = refusal(
        until=now + timedelta(days=3), now=now, first_due_at=local("2026-03-02T09:00"), snoozes=4, deadline_on=None,
        reason="", today=date(2026, 3, 18),
    )  # fmt: skip
    assert found == Refusal.NEEDS_A_REASON
