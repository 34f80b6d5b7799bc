"""Lists as files. CSV and XLSX leave row by row; no cell of theirs is a live formula.

Spreadsheets run what begins with = + - @, also behind blanks, tabs or line ends and in full-width letters. In CSV such
a text gets an apostrophe in front; numbers, also signed ones and telephone numbers, stay as they are. In XLSX every text
is stored as typed text, which no program evaluates.
"""

from __future__ import annotations

import csv
import re
import tempfile
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from decimal import Decimal
from typing import IO, Any

from django.utils.translation import gettext_lazy as _
from openpyxl import Workbook
from openpyxl.cell import Cell, WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.worksheet._write_only import WriteOnlyWorksheet

from core import audit
from core.models import User
from core.permissions import require

EXPORTED = audit.event_type("core.list_exported", _("Exported the list {list} as {format}"))

BOM = "\ufeff"
MAX_SHEET_ROWS = 200_000  # a workbook is written whole before it leaves; longer lists go out as CSV
MAX_CELL = 32_767  # characters; longer texts make a workbook unreadable

_LIVE = re.compile(r"[\s\x00-\x20\u3000\ufeff\u200b-\u200f]*[=+\-@＝＋－＠﹢﹣﹦﹫]")
_HARMLESS = re.compile(r"[+-]?\d[\d ]*(?:[.,]\d+)?%?\Z", re.ASCII)
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]|[\ud800-\udfff]")

Cells = list[Any]


def record_export(*, by: User, list_key: str, format: str, filters: dict[str, Any]) -> None:  # noqa: A002  the word of the address
    """Ask for the right and leave the trace: who took which list out of the house, under which filters."""
    require(by, "exports.run")
    audit.record(EXPORTED, by=by, on=by, list=list_key, format=format, filters=filters)


def neutral(text: str) -> str:
    """The text as CSV may hold it: what a spreadsheet would run is marked as text."""
    text = _CONTROL.sub("", text)
    is_live = text.startswith(("\t", "\r", "\n")) or _LIVE.match(text)
    return f"'{text}" if is_live and not _HARMLESS.match(text) else text


def csv_lines(heading: Cells, rows: Iterable[Cells]) -> Iterator[str]:
    """The file, some hundred lines at a time, with a byte order mark so that Excel reads UTF-8."""
    echo = _Echo()
    writer = csv.writer(echo, lineterminator="\r\n")
    writer.writerow([neutral(str(cell)) for cell in heading])
    yield BOM + echo.take()
    for row in rows:
        writer.writerow([_csv_cell(cell) for cell in row])
        if len(echo.held) >= 500:
            yield echo.take()
    if echo.held:
        yield echo.take()


def write_workbook(heading: Cells, rows: Iterable[Cells], title: str) -> IO[bytes]:
    """The file as XLSX in a temporary file, ready to read; texts typed as text, numbers and days as such."""
    book = Workbook(write_only=True)
    sheet: WriteOnlyWorksheet = book.create_sheet(re.sub(r"[\[\]:*?/\\]", " ", title)[:31] or "Keyline")
    sheet.freeze_panes = "A2"
    sheet.append([_text_cell(sheet, str(cell), bold=True) for cell in heading])
    for row in rows:
        sheet.append([_text_cell(sheet, cell) if isinstance(cell, str) else cell for cell in row])
    file = tempfile.TemporaryFile()  # noqa: SIM115  closed by the response that sends it
    book.save(file)
    file.seek(0)
    return file


def _csv_cell(cell: Any) -> str:
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, int | float | Decimal):
        return str(cell)
    if isinstance(cell, datetime):
        return cell.isoformat(sep=" ")
    if isinstance(cell, date):
        return cell.isoformat()
    return neutral(str(cell))


def _text_cell(sheet: WriteOnlyWorksheet, text: str, *, bold: bool = False) -> Cell:
    cell = WriteOnlyCell(sheet, _CONTROL.sub("", text)[:MAX_CELL])
    cell.data_type = "s"  # "=…" had become a formula
    if bold:
        cell.font = Font(bold=True)
    return cell


class _Echo:
    """A file that hands back what was written to it."""

    def __init__(self) -> None:
        self.held: list[str] = []

    def write(self, line: str) -> int:
        self.held.append(line)
        return len(line)

    def take(self) -> str:
        lines = "".join(self.held)
        self.held.clear()
        return lines
