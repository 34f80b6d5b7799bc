"""The guarded child process that opens one workbook and writes one sheet as CSV. Run by path, imports nothing of ours.

A damaged or hostile workbook may make the parser loop, ask for all memory or die: here it only takes this process with it.

    python -I workbook_child.py WORKBOOK OUT.csv [SHEET]

prints {"sheets": [{"name", "hidden"}], "sheet": NAME} or {"problem": CODE}.
"""

from __future__ import annotations

import csv
import datetime as dt
import json
import resource
import sys
from pathlib import Path
from typing import Any

from python_calamine import (
    CalamineError,
    CalamineWorkbook,
    PasswordError,
    SheetVisibleEnum,
    WorksheetNotFound,
    load_workbook,
)

MEMORY = 1 << 30
SECONDS = 60


def main(source: str, target: str, sheet: str | None) -> dict[str, Any]:
    """Write the sheet (or the first visible one that has cells) and tell which sheets there are."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    try:
        workbook = load_workbook(source)
    except PasswordError:
        return {"problem": "encrypted"}
    except CalamineError as error:
        return {"problem": "encrypted" if "password" in str(error).lower() else "corrupt"}
    sheets = [
        {"name": found.name, "hidden": found.visible != SheetVisibleEnum.Visible} for found in workbook.sheets_metadata
    ]
    names = [sheet] if sheet is not None else [str(found["name"]) for found in sheets if not found["hidden"]]
    for name in names:
        try:
            if write_sheet(workbook, name, target) or sheet is not None:
                return {"sheets": sheets, "sheet": name}
        except WorksheetNotFound:
            return {"problem": "no_sheet"}
        except CalamineError:
            if sheet is not None:
                return {"problem": "corrupt"}
    return {"problem": "no_visible_rows"}


def write_sheet(workbook: CalamineWorkbook, name: str, target: str) -> int:
    """Write all rows, empty ones too (so that row numbers stay those of the sheet); return how many have cells."""
    sheet = workbook.get_sheet_by_name(name)
    top, left = sheet.start or (0, 0)
    filled = 0
    with Path(target).open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out)
        writer.writerows([] for _ in range(top))
        lead = [""] * left
        for row in sheet.iter_rows():
            cells = [as_text(cell) for cell in row]
            filled += any(cells)
            writer.writerow(lead + cells)
    return filled


def as_text(cell: Any) -> str:
    """The cell as a person would type it: whole numbers without a point, at most 15 digits, ISO dates."""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else format(cell, ".15g")
    if isinstance(cell, dt.datetime):
        return cell.isoformat(" ", "seconds")
    return str(cell)


if __name__ == "__main__":
    try:
        answer = main(sys.argv[1], sys.argv[2], sys.argv[3] if len(sys.argv) > 3 else None)
    except MemoryError:
        answer = {"problem": "too_big_for_memory"}
    sys.stdout.write(json.dumps(answer) + "\n")
