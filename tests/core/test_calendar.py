"""The working calendar's pages: looking, editing a day, importing what others publish."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from core.calendar import actions
from core.calendar.files import PublishedDay, read_calendar
from core.calendar.queries import calendar_year, official_days_left, official_until
from core.errors import DomainError, NotAllowed
from core.models import AuditEvent, User, WorkDay
from core.workdays import is_workday

AsUser = Callable[[User], Client]
YEAR_2027 = b"""BEGIN:VCALENDAR\r
VERSION:2.0\r
BEGIN:VEVENT\r
SUMMARY:\xe5\x85\x83\xe6\x97\xa6\r
 \xe5\x81\x87\xe6\x9c\x9f\r
DTSTART;VALUE=DATE:20270101\r
DTEND;VALUE=DATE:20270104\r
END:VEVENT\r
BEGIN:VEVENT\r
SUMMARY:\xe4\xb8\x8a\xe7\x8f\xad(\xe8\xa1\xa5\xe5\x85\x83\xe6\x97\xa6\xe5\x81\x87\xe6\x9c\x9f)\r
DTSTART;VALUE=DATE:20270109\r
DTEND;VALUE=DATE:20270110\r
END:VEVENT\r
END:VCALENDAR\r
"""
JSON_2028 = b'{"year": 2028, "days": [{"name": "X", "date": "2028-01-03", "isOffDay": true}]}'


def test_a_year_counts_its_days(administrator: User) -> None:
    year = calendar_year(administrator, 2026, date(2026, 11, 22))
    assert (year.workdays, year.days_off, year.make_up_days, year.is_official) == (248, 33, 6, True)
    assert [month.workdays for month in year.months][1] == 16
    assert calendar_year(administrator, 2027, date(2026, 11, 22)).is_official is False
    assert calendar_year(administrator, 2040, date(2026, 11, 22)).status is None


def test_the_announced_calendar_runs_out(db: None) -> None:
    assert official_until() == date(2026, 12, 31)
    assert official_days_left(date(2026, 11, 22)) == 39
    assert official_days_left(date(2027, 5, 1)) == 0
    WorkDay.objects.all().delete()
    assert official_until() is None
    assert official_days_left(date(2026, 11, 22)) == 0


@pytest.mark.parametrize(
    ("year", "state"), [("2026", b"official"), ("2027", b"provisional"), ("2040", b"not known yet"), ("x", b"2026")]
)
def test_the_page_says_how_sure_a_year_is(administrator: User, as_user: AsUser, year: str, state: bytes) -> None:
    answer = as_user(administrator).get("/settings/calendar/", {"year": year})
    assert answer.status_code == 200
    assert state in answer.content or year == "x"


def test_a_day_is_set_and_cleared(administrator: User, as_user: AsUser) -> None:
    browser, on = as_user(administrator), date(2026, 11, 25)
    assert browser.get("/settings/calendar/2026-11-25/").status_code == 200
    browser.post("/settings/calendar/2026-11-25/", {"is_workday": "off", "name": "Company day"})
    assert is_workday(on) is False
    assert browser.post("/settings/calendar/2026-11-25/", {"is_workday": "off", "name": ""}).status_code == 422
    browser.post("/settings/calendar/2026-11-25/clear/")
    assert is_workday(on) is True
    codes = list(AuditEvent.objects.order_by("id").values_list("code", flat=True))
    assert codes == ["core.day_set", "core.day_cleared"]
    assert browser.get("/settings/calendar/2026-13-45/").status_code == 404


def test_only_an_administrator_changes_the_calendar(manager: User, as_user: AsUser) -> None:
    with pytest.raises(NotAllowed):
        actions.set_day(by=manager, on=date(2026, 11, 25), is_workday=False, name="X")
    with pytest.raises(NotAllowed):
        actions.import_calendar(by=manager, file_name="x.ics", content=YEAR_2027)
    assert as_user(manager).get("/settings/calendar/").status_code == 403


def test_an_import_makes_the_year_official_and_keeps_days_set_by_hand(administrator: User, as_user: AsUser) -> None:
    actions.set_day(by=administrator, on=date(2027, 6, 1), is_workday=False, name="Company day")
    file = SimpleUploadedFile("2027.ics", YEAR_2027)
    answer = as_user(administrator).post("/settings/calendar/import/", {"file": file}, follow=True)
    assert answer.redirect_chain[-1][0].endswith("?year=2027")
    assert not is_workday(date(2027, 1, 1))
    assert is_workday(date(2027, 1, 9))  # a Saturday made up
    assert is_workday(date(2027, 2, 9))  # the provisional day is gone
    assert not is_workday(date(2027, 6, 1))
    assert official_until() == date(2027, 12, 31)


def test_the_same_file_again_changes_nothing(administrator: User) -> None:
    first = actions.import_calendar(by=administrator, file_name="2027.ics", content=YEAR_2027)
    assert (first.added, first.changed, first.removed) == (3, 1, 18)
    again = actions.import_calendar(by=administrator, file_name="2027.ics", content=YEAR_2027)
    assert (again.added, again.changed, again.removed) == (0, 0, 0)
    assert AuditEvent.objects.count() == 1


def test_both_formats_are_read() -> None:
    assert read_calendar(YEAR_2027) == [
        PublishedDay(date(2027, 1, 1), False, "元旦"),
        PublishedDay(date(2027, 1, 2), False, "元旦"),
        PublishedDay(date(2027, 1, 3), False, "元旦"),
        PublishedDay(date(2027, 1, 9), True, "元旦"),
    ]
    assert read_calendar(b"\xef\xbb\xbf" + JSON_2028) == [PublishedDay(date(2028, 1, 3), False, "X")]


@pytest.mark.parametrize(
    "content",
    [
        b"", b"hello", b"\xff\xfe\x00", b"{", b"[]", b'{"days": 3}', b'{"days": [{"name": "X"}]}', b"[" * 5_000,
        b'{"days": [{"name": "X", "date": "2028-02-30", "isOffDay": true}]}', b"BEGIN:VCALENDAR\nEND:VCALENDAR",
        b"BEGIN:VCALENDAR\nBEGIN:VEVENT\nSUMMARY:X\nDTSTART:99999999\nEND:VEVENT", b"x" * 2_000_001,
    ],
)  # fmt: skip
def test_what_is_no_calendar_is_refused_in_words(content: bytes) -> None:
    with pytest.raises(DomainError) as refusal:
        read_calendar(content)
    assert refusal.value.field == "file"


def test_a_refused_file_comes_back_on_the_form(administrator: User, as_user: AsUser) -> None:
    answer = as_user(administrator).post("/settings/calendar/import/", {"file": SimpleUploadedFile("x.ics", b"hello")})
    assert answer.status_code == 422
    assert b"neither" in answer.content
