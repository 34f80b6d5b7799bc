"""No file of ours holds a live formula, and none spoils a number or a telephone (T18, ASVS 1.2.10)."""

from __future__ import annotations

import csv
import io
import zipfile
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import openpyxl
import pytest

from core.exports import csv_lines, neutral, write_workbook

LIVE = [
    "=1+1", "+1+1", "-1+1", "@SUM(1)", "\t=1", "\r=1", "\n=1", " =1", "  +A1", "\u3000=1", "＝1+1", "＋1+1", "－A1", "＠SUM(1)", "\ufeff=1",
    "\u200b=1", "\x00=1", "\x0b=1", "=cmd|' /C calc'!A0", '=HYPERLINK("http://x")', "-2+3+cmd|' /C calc'!D2", "@A1", '=IMPORTXML("x")',
    "+86-10-5555", "-A1", "--1", "=", "+", "﹢1+A1", "\t\t=1", "\r\n=1", "=1\n+2",
]  # fmt: skip
HARMLESS = [
    "华为",
    "a=1",
    "-5",
    "+86 138 0000 1111",
    "-1,5",
    "+3.25",
    "-10%",
    "2026-01-02",
    "1-2",
    "",
    "'quoted",
    "x@y.com",
]


def read(content: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.removeprefix("\ufeff"), newline="")))


@pytest.mark.parametrize("text", LIVE)
def test_csv_marks_what_a_spreadsheet_would_run(text: str) -> None:
    (cell,) = read("".join(csv_lines([], [[text]])))[1]
    assert cell.startswith("'")
    assert "\x00" not in cell


@pytest.mark.parametrize("text", HARMLESS)
def test_csv_leaves_everything_else_as_it_is(text: str) -> None:
    assert neutral(text) == text


def test_csv_writes_values_a_program_can_read() -> None:
    row: list[Any] = [None, True, -5, Decimal("-1234.50"), date(2026, 1, 2), datetime(2026, 1, 2, 3, 4), 'a "b", c']
    assert read("".join(csv_lines(["h"] * 7, [row])))[1] == [
        "", "true", "-5", "-1234.50", "2026-01-02", "2026-01-02 03:04:00", 'a "b", c',
    ]  # fmt: skip


def test_csv_is_utf8_with_its_mark_and_leaves_in_parts() -> None:
    parts = list(csv_lines(["名称"], ([str(number)] for number in range(2_000))))
    assert parts[0].startswith("\ufeff名称")
    assert len(parts) > 3


def test_headings_are_neutral_too() -> None:
    assert read("".join(csv_lines(["=1+1"], [])))[0] == ["'=1+1"]


@pytest.mark.parametrize("text", LIVE + HARMLESS)
def test_xlsx_types_every_text_as_text(text: str) -> None:
    file = write_workbook(["=h"], [[text]], "=Accounts/2026")
    content = file.read()
    assert b"<f>" not in zipfile.ZipFile(io.BytesIO(content)).read("xl/worksheets/sheet1.xml")
    sheet: Any = openpyxl.load_workbook(io.BytesIO(content)).active
    assert sheet["A1"].data_type == "s"
    assert sheet["A2"].data_type in {"s", "inlineStr"}, "the second is how empty text is read back"


def test_xlsx_keeps_types_and_survives_odd_letters() -> None:
    row: list[Any] = [Decimal("12.50"), date(2026, 1, 2), True, None, "\x07bell\ud800", "x" * 40_000]
    sheet: Any = openpyxl.load_workbook(io.BytesIO(write_workbook(["h"] * 6, [row], "T").read())).active
    cells = [cell.value for cell in sheet[2]]
    assert cells[0] == 12.5
    assert cells[1] == datetime(2026, 1, 2)
    assert cells[2:5] == [True, None, "bell"]
    assert len(cells[5]) == 32_767
