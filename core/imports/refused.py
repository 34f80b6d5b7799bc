"""The file of refused rows: the same columns as the file that came in, and why. Mend it and import it again."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell

from core.exports import neutral
from core.imports.reading import BadRow
from core.imports.reasons import sentence
from core.imports.run import Run
from core.imports.values import CONTROL

REASON_HEADING = gettext_lazy("Refused because")


def reasons_by_row(run: Run, first: int = 0, count: int = 20_000) -> dict[int, list[str]]:
    """Sentences for the next so many refused rows after row `first`."""
    rows = run.query(
        "select row_number, coalesce(field, ''), code, coalesce(value, ''), found, expected from {refusals} where row_number in ("
        f"select distinct row_number from {{refusals}} where row_number > %s order by 1 limit {int(count)}) order by row_number",
        [first],
    )
    reasons: dict[int, list[str]] = {}
    for number, name, code, value, found, expected in rows:
        extra = {"found": found, "expected": expected, "limit": expected}
        text = sentence(code, run.label_of(name), value, extra)
        if text not in reasons.setdefault(number, []):
            reasons[number].append(text)
    return reasons


def write_refused(run: Run, folder: Path, stem: str) -> Path:
    """Write the file and return its path: XLSX when a workbook came in, else CSV with the same delimiter."""
    header = [*run.table.layout.columns, str(REASON_HEADING)]
    if run.table.layout.kind == "workbook":
        path = folder / f"{stem}.xlsx"
        _write_workbook(path, header, _refused_rows(run))
    else:
        path = folder / f"{stem}.csv"
        with path.open("w", encoding="utf-8-sig", newline="") as out:
            delimiter = run.table.layout.delimiter
            writer = csv.writer(out, delimiter=delimiter if delimiter != " " else ",")
            writer.writerow([neutral(name) for name in header])
            writer.writerows([neutral(cell) for cell in row] for row in _refused_rows(run))
    return path


def _refused_rows(run: Run) -> Iterator[list[str]]:
    """Go through the file once more; the reasons of a few thousand refused rows are held at a time."""
    width = len(run.table.layout.columns)
    reasons = reasons_by_row(run)
    last = max(reasons, default=0)
    for item in run.table.rows():
        number, cells = (item.number, item.cells) if isinstance(item, BadRow) else item
        if number > last and reasons:
            reasons = reasons_by_row(run, last)
            last = max(reasons, default=last)
        if number in reasons:
            shown = [*cells[:width], *[""] * (width - len(cells))]
            if len(cells) > width:
                shown[-1] = run.table.layout.delimiter.join([shown[-1], *cells[width:]]).rstrip(
                    run.table.layout.delimiter
                )
            row = _("Row %(number)s") % {"number": number}
            yield [*shown, f"{row}: {' '.join(reasons[number])}"]


def _write_workbook(path: Path, header: list[str], rows: Iterator[list[str]]) -> None:
    book = Workbook(write_only=True)
    sheet = book.create_sheet(str(_("Refused rows")))
    sheet.append(_text_cells(sheet, header))
    for row in rows:
        sheet.append(_text_cells(sheet, row))
    book.save(path)


def _text_cells(sheet: Any, row: list[str]) -> list[Any]:
    """Cells typed as text: a spreadsheet program never takes them for formulas."""
    cells = []
    for text in row:
        cell = WriteOnlyCell(sheet, value=CONTROL.sub("", text)[:32_000])
        cell.data_type = "s"
        cells.append(cell)
    return cells
