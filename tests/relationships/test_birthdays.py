"""Birthdays by the solar and the lunar calendar (R5). Lunar days as almanacs print them."""

from __future__ import annotations

from datetime import date

import pytest
from django.utils.translation import override

from relationships.choices import BirthdayCalendar
from relationships.rules.birthdays import (
    Birthday,
    as_text,
    celebrated_in,
    from_text,
    nearest_to,
    next_from,
    wrong_part,
)
from relationships.rules.retention import kept_since
from relationships.templatetags.relationships import birthday_words

SOLAR, LUNAR, LEAP = BirthdayCalendar
ON = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("birthday", "year", "kept_on"),
    [
        (Birthday(SOLAR, 12, 3), 2026, date(2026, 12, 3)),
        (Birthday(SOLAR, 2, 29), 2028, date(2028, 2, 29)),
        (Birthday(SOLAR, 2, 29), 2026, date(2026, 2, 28)),  # no leap year: the day before
        (Birthday(LUNAR, 1, 1), 2025, date(2025, 1, 29)),  # Chinese New Year
        (Birthday(LUNAR, 1, 1), 2026, date(2026, 2, 17)),
        (Birthday(LUNAR, 8, 15), 2025, date(2025, 10, 6)),  # Mid-Autumn, after a leap sixth month
        (Birthday(LUNAR, 8, 15), 2026, date(2026, 9, 25)),
        (Birthday(LUNAR, 12, 30), 2023, date(2024, 2, 9)),  # New Year's Eve of a year whose last month is long
        (Birthday(LUNAR, 12, 30), 2025, date(2026, 2, 16)),  # and of one whose last month has 29 days
        (Birthday(LEAP, 6, 1), 2025, date(2025, 7, 25)),  # the year has the leap month
        (Birthday(LUNAR, 6, 1), 2025, date(2025, 6, 25)),  # who was born in the ordinary one stays there
        (Birthday(LEAP, 6, 1), 2026, date(2026, 7, 14)),  # the year has none: the ordinary month
        (Birthday(LEAP, 11, 15), 2033, date(2034, 1, 5)),  # the odd leap month of 2033
        (Birthday(LEAP, 8, 8), 1976, date(1976, 10, 1)),
    ],
)
def test_a_birthday_is_kept_on(birthday: Birthday, year: int, kept_on: date) -> None:
    assert celebrated_in(birthday, year) == kept_on


@pytest.mark.parametrize(
    ("birthday", "on", "nearest", "following"),
    [
        (Birthday(SOLAR, 1, 2), date(2026, 12, 30), date(2027, 1, 2), date(2027, 1, 2)),
        (Birthday(SOLAR, 12, 28), date(2027, 1, 4), date(2026, 12, 28), date(2027, 12, 28)),
        (Birthday(SOLAR, 3, 5), date(2026, 3, 5), date(2026, 3, 5), date(2026, 3, 5)),
        (Birthday(LUNAR, 12, 30), date(2026, 2, 18), date(2026, 2, 16), date(2027, 2, 5)),  # the lunar year turned
        (Birthday(LUNAR, 1, 1), date(2026, 2, 16), date(2026, 2, 17), date(2026, 2, 17)),
        (Birthday(LUNAR, 11, 25), date(2026, 1, 10), date(2026, 1, 13), date(2026, 1, 13)),  # in lunar 2025 still
        (Birthday(LUNAR, 10, 15), ON, ON, ON),
    ],
)
def test_the_nearest_and_the_next(birthday: Birthday, on: date, nearest: date, following: date) -> None:
    assert (nearest_to(birthday, on), next_from(birthday, on)) == (nearest, following)


@pytest.mark.parametrize(
    ("birthday", "part"),
    [
        (Birthday(SOLAR, 2, 29), ""),
        (Birthday(SOLAR, 2, 29, 1976), ""),
        (Birthday(SOLAR, 2, 29, 1975), "day"),
        (Birthday(SOLAR, 4, 31), "day"),
        (Birthday(SOLAR, 13, 1), "month"),
        (Birthday(SOLAR, 11, 24, 2026), "year"),  # tomorrow
        (Birthday(SOLAR, 5, 5, 1899), "year"),
        (Birthday(LUNAR, 12, 30), ""),
        (Birthday(LUNAR, 12, 31), "day"),
        (Birthday(LUNAR, 12, 30, 2024), "day"),  # that month had 29 days
        (Birthday(LUNAR, 12, 1, 2026), "year"),  # next January
        (Birthday(LEAP, 8, 8, 1976), ""),
        (Birthday(LEAP, 8, 8, 1977), "year"),  # no leap month then
        (Birthday(LEAP, 12, 1), "month"),  # never doubled in these two centuries
    ],
)
def test_what_cannot_be(birthday: Birthday, part: str) -> None:
    assert wrong_part(birthday, ON) == part


def test_what_is_written_is_read_again() -> None:
    birthday = Birthday(LEAP, 8, 8, 1976)
    assert from_text(as_text(birthday)) == birthday


@pytest.mark.parametrize(
    ("on", "months", "since"),
    [
        (date(2026, 11, 23), 24, date(2024, 11, 23)),
        (date(2026, 3, 31), 1, date(2026, 2, 28)),
        (date(2026, 1, 15), 1, date(2025, 12, 15)),
    ],
)
def test_how_long_it_is_kept(on: date, months: int, since: date) -> None:
    assert kept_since(on, months) == since


@pytest.mark.parametrize(
    ("birthday", "chinese", "english"),
    [
        (Birthday(LUNAR, 8, 15), "农历八月十五", "lunar month 8, day 15"),
        (Birthday(LEAP, 6, 21), "农历闰六月廿一", "lunar leap month 6, day 21"),
        (Birthday(LUNAR, 12, 5, 1980), "农历腊月初五 (1980)", "lunar month 12, day 5 (1980)"),
    ],
)
def test_a_lunar_birthday_is_told_as_one_says_it(birthday: Birthday, chinese: str, english: str) -> None:
    assert birthday_words(birthday) == english
    with override("zh-hans"):
        assert birthday_words(birthday) == chinese
