"""Working days against the calendar as announced; an unknown year is Monday to Friday and never an error."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from core.models import WorkDay
from core.workdays import add_workdays, days_ahead, is_workday, next_workday, workdays_between

pytestmark = pytest.mark.django_db


def day(text: str) -> date:
    return date.fromisoformat(text)


@pytest.mark.parametrize(
    ("on", "works"),
    [
        ("2024-02-29", True),  # leap day, a Thursday
        ("2024-02-04", True),  # make-up Sunday before Spring Festival
        ("2024-02-12", False),  # Spring Festival Monday
        ("2024-02-18", True),  # make-up Sunday after it
        ("2024-05-11", True),
        ("2024-10-12", True),
        ("2025-01-26", True),
        ("2025-01-28", False),
        ("2025-02-08", True),
        ("2025-10-08", False),  # the eighth day of the joint holiday
        ("2025-10-11", True),
        ("2026-01-02", False),
        ("2026-01-04", True),
        ("2026-02-14", True),
        ("2026-02-28", True),
        ("2026-05-09", True),
        ("2026-09-20", True),
        ("2026-10-10", True),
        ("2026-10-07", False),
        ("2026-11-22", False),  # a plain Sunday
        ("2026-11-23", True),
        ("2027-02-09", False),  # provisional: the law's day in lieu
        ("2027-10-09", False),  # no make-up Saturday is known for 2027 yet
        ("2031-10-01", True),  # unknown year: a Wednesday is a Wednesday
        ("2031-10-04", False),
        ("1999-12-31", True),
    ],
)
def test_a_day_is_a_working_day(on: str, works: bool) -> None:
    assert is_workday(day(on)) is works


@pytest.mark.parametrize(
    ("start", "days", "end"),
    [
        ("2026-02-13", 1, "2026-02-14"),  # onto a make-up Saturday
        ("2026-02-14", 1, "2026-02-24"),  # over the nine days of Spring Festival
        ("2026-02-24", -1, "2026-02-14"),
        ("2026-02-24", 0, "2026-02-24"),
        ("2026-02-15", 0, "2026-02-15"),  # zero stays, holiday or not
        ("2024-02-28", 1, "2024-02-29"),  # leap day
        ("2024-02-29", 1, "2024-03-01"),
        ("2025-02-28", 1, "2025-03-03"),  # month end, weekend
        ("2026-01-30", 1, "2026-02-02"),
        ("2026-12-31", 1, "2027-01-04"),  # new year, provisional
        ("2026-09-30", 1, "2026-10-08"),
        ("2026-10-09", 1, "2026-10-10"),
        ("2026-10-10", 1, "2026-10-12"),
        ("2030-12-31", 1, "2031-01-01"),  # unknown years
        ("2031-01-03", 1, "2031-01-06"),
        ("2026-01-05", 248, "2027-01-05"),
    ],
)
def test_working_days_are_added(start: str, days: int, end: str) -> None:
    assert add_workdays(day(start), days) == day(end)


@pytest.mark.parametrize(
    ("on", "expected"),
    [
        ("2026-02-15", "2026-02-24"),
        ("2026-02-14", "2026-02-14"),
        ("2026-10-01", "2026-10-08"),
        ("2026-11-21", "2026-11-23"),
        ("2031-10-04", "2031-10-06"),
    ],
)
def test_the_next_working_day(on: str, expected: str) -> None:
    assert next_workday(day(on)) == day(expected)


@pytest.mark.parametrize(
    ("on", "first", "name"),
    [
        ("2026-11-23", "2026-11-24", "Tomorrow"),
        ("2026-11-27", "2026-11-30", "Next working day"),  # a Friday
        ("2026-09-30", "2026-10-08", "Next working day"),  # before the National Day holidays
        ("2026-10-09", "2026-10-10", "Tomorrow"),  # a Saturday worked to make up
    ],
)
def test_days_ahead_are_called_what_they_are(on: str, first: str, name: str) -> None:
    (label, day_), (_label, week) = days_ahead(day(on), {7: "In a week"})
    assert (label, day_) == (name, day(first))
    assert week == next_workday(day(on) + timedelta(days=7))


@pytest.mark.parametrize(
    ("start", "end", "days"),
    [
        ("2023-12-31", "2024-12-31", 251),
        ("2024-12-31", "2025-12-31", 248),
        ("2025-12-31", "2026-12-31", 248),
        ("2026-02-13", "2026-02-24", 2),
        ("2026-02-24", "2026-02-13", -2),
        ("2026-05-09", "2026-05-09", 0),
        ("2030-12-31", "2031-12-31", 261),
    ],
)
def test_working_days_between(start: str, end: str, days: int) -> None:
    assert workdays_between(day(start), day(end)) == days


def test_the_seed_agrees_with_the_announcements() -> None:
    counts = {
        (year, works): WorkDay.objects.filter(date__year=year, is_workday=works).count()
        for year in range(2024, 2028)
        for works in (False, True)
    }
    assert counts == {
        (2024, False): 28, (2024, True): 8,
        (2025, False): 28, (2025, True): 5,
        (2026, False): 33, (2026, True): 6,
        (2027, False): 19, (2027, True): 0,
    }  # fmt: skip
    made_up = [f"{row.date:%m-%d}" for row in WorkDay.objects.filter(date__year=2024, is_workday=True)]
    assert made_up == ["02-04", "02-18", "04-07", "04-28", "05-11", "09-14", "09-29", "10-12"]
    assert set(WorkDay.objects.filter(date__year=2027).values_list("status", flat=True)) == {"provisional"}
    assert not WorkDay.objects.filter(date__year__lt=2027, status="provisional").exists()


def test_2027_follows_the_law_as_the_holidays_package_knows_it() -> None:
    holidays = pytest.importorskip("holidays")
    assert set(WorkDay.objects.filter(date__year=2027).values_list("date", flat=True)) == set(
        holidays.country_holidays("CN", years=2027)
    )


def test_a_million_days_away_nothing_breaks() -> None:
    assert is_workday(date.max) is (date.max.weekday() < 5)
    assert is_workday(date.min) is (date.min.weekday() < 5)


def test_adding_and_counting_are_each_others_inverse() -> None:
    start = day("2026-01-04")
    for days in (1, 5, 30, 247):
        assert workdays_between(start, add_workdays(start, days)) == days


def test_every_day_of_a_festival_falls_back_to_the_same_day() -> None:
    festival = [day("2026-02-15") + timedelta(days=n) for n in range(9)]
    assert {next_workday(on) for on in festival} == {day("2026-02-24")}
