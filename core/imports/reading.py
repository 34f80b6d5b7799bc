"""Read any table file: `inspect` finds out how it is written, `read_rows` streams its rows, good and bad apart."""

from __future__ import annotations

import hashlib
import heapq
import itertools
import re
from collections import Counter
from collections.abc import Callable, Collection, Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from core.imports.charsets import detect_encoding
from core.imports.dialects import Dialect, sniff_dialect
from core.imports.headings import find_header, name_columns, normalise
from core.imports.problems import UnreadableFile
from core.imports.texts import Row, first_lines, text_batches, text_rows
from core.imports.workbooks import convert_sheet, is_workbook

MAX_COLUMNS = 500
PREVIEW_ROWS = 200
AUTO = -1
"""`header_row` value: find it. 0 means there is none."""

LONGEST_TOTAL = 12
MAY_BE_TOTAL = re.compile("[tTsS计計\u00aa-\u2fff\u3200-\u33ff\uf900-\uffff\U0001d400-\U0002fa1f]")
"""What every total has: these letters, or signs that are another width or form of some letter."""
CLOSING_WORDS = ("合计", "总计", "小计", "合計", "總計")
"""A total may name what it is of: 人民币合计."""
TOTALS = frozenset({"合计", "总计", "小计", "total", "totals", "sum", "grandtotal", "合計", "總計"})


@dataclass(frozen=True)
class Layout:
    """How one file is written; everything a person may correct. JSON-able, kept with the import."""

    kind: str = "text"
    encoding: str = "utf-8"
    encoding_label: str = "UTF-8"
    damaged: bool = False
    delimiter: str = ","
    quote: str = '"'
    escape: str = "doubled"
    separator_line: bool = False
    sheet: str = ""
    sheets: list[dict[str, Any]] = field(default_factory=list)
    header_row: int = AUTO
    first_row: int = 1
    columns: list[str] = field(default_factory=list)
    short_rows_allowed: bool = False
    long_rows_allowed: bool = False

    @property
    def dialect(self) -> Dialect:
        """The part that tells cells apart."""
        return Dialect(self.delimiter, self.quote, self.escape, self.separator_line)  # type: ignore[arg-type]

    @property
    def fingerprint(self) -> str:
        """The same for every file with these headings in this order."""
        return hashlib.sha256("\x1f".join(normalise(name) or name for name in self.columns).encode()).hexdigest()

    def as_json(self) -> dict[str, Any]:
        """Plain values for a JSON column."""
        return asdict(self)


@dataclass(frozen=True)
class BadRow:
    """A row that cannot be told into cells rightly: its number, why, and what there is of it."""

    number: int
    code: str
    found: int
    expected: int
    cells: list[str]


@dataclass(frozen=True)
class Batch:
    """Some rows below the header, good and bad ones apart; `numbers` are those of the good rows."""

    numbers: list[int]
    rows: list[list[str]]
    bad: list[BadRow]

    @property
    def count(self) -> int:
        """Good and bad rows together."""
        return len(self.rows) + len(self.bad)


@dataclass
class Table:
    """A file opened: its layout and the text file to stream (the workbook's sheet as CSV, or the file itself)."""

    path: Path
    layout: Layout

    def rows(self) -> Iterator[Row | BadRow]:
        """Rows below the header, each as wide as the columns."""
        return read_rows(self.path, self.layout)

    def batches(self) -> Iterator[Batch]:
        """The same in batches of some thousands."""
        return read_batches(self.path, self.layout)

    def preview(self, count: int = PREVIEW_ROWS) -> list[Row]:
        """The first raw rows, preamble and header included."""
        return list(itertools.islice(text_rows(self.path, self.layout.encoding, self.layout.dialect), count))


def open_table(path: Path, workdir: Path, known: Collection[str] = (), **given: Any) -> Table:
    """Find out how the file is written; `given` are a person's corrections (encoding, delimiter, sheet, header_row…)."""
    if path.stat().st_size == 0:
        raise UnreadableFile("empty")
    given = {name: value for name, value in given.items() if value is not None}
    if is_workbook(path):
        table = _open_workbook(path, workdir, given)
    else:
        table = _open_text(path, given)
    return Table(table.path, _find_columns(table, known, given))


def _open_workbook(path: Path, workdir: Path, given: dict[str, Any]) -> Table:
    converted = convert_sheet(path, given.get("sheet") or None, workdir / f"{path.stem[:40]}-sheet.csv")
    sheets = [{"name": sheet.name, "hidden": sheet.hidden} for sheet in converted.sheets]
    layout = Layout(kind="workbook", sheet=converted.name, sheets=sheets, header_row=given.get("header_row", AUTO))
    return Table(converted.path, layout)


def _open_text(path: Path, given: dict[str, Any]) -> Table:
    encoding = detect_encoding(path)
    name, label, damaged = encoding.name, encoding.label, encoding.damaged
    if given.get("encoding") and given["encoding"] != name:
        name = label = str(given["encoding"])
        damaged = False
    lines, whole = first_lines(path, name)
    dialect = sniff_dialect(lines, whole=whole)
    if (delimiter := given.get("delimiter")) and delimiter != dialect.delimiter:
        dialect = Dialect(delimiter, dialect.quote, "doubled", dialect.separator_line)
    layout = Layout(
        encoding=name,
        encoding_label=label,
        damaged=damaged,
        delimiter=dialect.delimiter,
        quote=dialect.quote,
        escape=dialect.escape,
        separator_line=dialect.separator_line,
        header_row=given.get("header_row", AUTO),
    )
    return Table(path, layout)


def _find_columns(table: Table, known: Collection[str], given: dict[str, Any]) -> Layout:
    rows = table.preview()
    if not rows:
        raise UnreadableFile("empty")
    number = table.layout.header_row
    if number == AUTO:
        number = find_header(rows, known) or 0
    by_number = dict(rows)
    header = by_number.get(number)
    first_row = int(given.get("first_row") or (number + 1 if header else _first_data_row(rows)))
    body = [cells for row, cells in rows if row >= first_row]
    if header is None and not body:
        raise UnreadableFile("no_rows")
    width = _width(header, body)
    if width > MAX_COLUMNS:
        raise UnreadableFile("too_many_columns", limit=MAX_COLUMNS)
    workbook = table.layout.kind == "workbook"
    values = table.layout.as_json()
    values.update(
        header_row=number if header else 0,
        first_row=first_row,
        columns=list(given["columns"]) if given.get("columns") else name_columns(header, width),
        short_rows_allowed=workbook or _is_habit(body, lambda cells: len(cells) < width),
        long_rows_allowed=workbook or _is_habit(body, lambda cells: len(cells) > width),
    )
    return Layout(**values)


def _is_habit(body: list[list[str]], odd: Callable[[list[str]], bool]) -> bool:
    """Whether rows of another width are this file's way of writing (a fifth of them), not a slip."""
    return sum(map(odd, body)) > (0.2 if len(body) > 4 else 0.5) * len(body)


def _width(header: list[str] | None, body: list[list[str]]) -> int:
    if header is not None:
        return max((place for place, cell in enumerate(header, 1) if cell.strip()), default=1) if body else len(header)
    widths = Counter(len(cells) for cells in body)
    return max(widths, key=lambda width: (widths[width], width))


def _first_data_row(rows: list[Row]) -> int:
    """Without a header: a few title lines closed by a blank line are preamble, else data starts at the first row."""
    for (number, _), (following, _) in itertools.pairwise(rows[:6]):
        if following > number + 1 and number <= 5:
            return following
    return rows[0][0]


def read_rows(path: Path, layout: Layout) -> Iterator[Row | BadRow]:
    """Stream the rows below the header; a row of another width is bad, a repeated header or a total is left out."""
    for batch in read_batches(path, layout):
        good: Iterator[Row | BadRow] = zip(batch.numbers, batch.rows, strict=True)
        yield from heapq.merge(good, batch.bad, key=number_of) if batch.bad else good


def number_of(row: Row | BadRow) -> int:
    """The row's number in the file."""
    return row.number if isinstance(row, BadRow) else row[0]


def read_batches(path: Path, layout: Layout) -> Iterator[Batch]:
    """The same rows in batches; what is out of the ordinary is looked at row by row, the others are taken as they are."""
    width = len(layout.columns)
    header: list[str] = []
    careful = layout.escape == "missing"
    for numbers, rows in text_batches(path, layout.encoding, layout.dialect):
        if numbers[0] <= layout.header_row <= numbers[-1]:
            header = rows[layout.header_row - numbers[0]]
        heading = header[0] if header else None
        batch = Batch([], [], [])
        for number, cells in zip(numbers, rows, strict=True):
            if (
                len(cells) == width
                and (first := cells[0])
                and first != heading
                and not careful
                and not first.isspace()
                and (len(first) > LONGEST_TOTAL or not MAY_BE_TOTAL.search(first))
                and number >= layout.first_row
            ):
                batch.numbers.append(number)
                batch.rows.append(cells)
            elif number >= layout.first_row:
                _judge_row(number, cells, header, layout, batch)
        yield batch


def _judge_row(number: int, cells: list[str], header: list[str], layout: Layout, batch: Batch) -> None:
    """Take a row, set it aside as bad, or pass over it: blank lines, the header once more, remarks, totals."""
    width = len(layout.columns)
    if not any(cell and not cell.isspace() for cell in cells):
        return
    if header and cells[0] == header[0] and _repeats(header, cells):
        return
    fitted = cells if len(cells) == width else _fit(cells, layout)
    if fitted is None:
        if not _is_remark(cells) and not _is_total(cells):
            batch.bad.append(BadRow(number, "wide" if len(cells) > width else "narrow", len(cells), width, cells))
    elif layout.escape == "missing" and any(cell.startswith(layout.quote) for cell in fitted):
        batch.bad.append(BadRow(number, "quote", len(cells), width, cells))
    elif not _is_total(fitted):
        batch.numbers.append(number)
        batch.rows.append(fitted)


def _fit(cells: list[str], layout: Layout) -> list[str] | None:
    """A row of another width made as wide as the columns, if that is this file's habit; None when it is a mistake."""
    width = len(layout.columns)
    if len(cells) < width:
        return cells + [""] * (width - len(cells)) if layout.short_rows_allowed else None
    if layout.long_rows_allowed and not any(cell.strip() for cell in cells[width:]):
        return cells[:width]
    return None


def _repeats(header: list[str], cells: list[str]) -> bool:
    """The header once more, further down: two tables under each other, or pages glued together."""
    return len(cells) > 1 and all(mine == other for mine, other in zip(cells, header, strict=False))


def _is_remark(cells: list[str]) -> bool:
    return cells[0].startswith("#")


def _is_total(cells: list[str]) -> bool:
    """A closing line 合计 / Total: the first filled cell says so and most others are empty or numbers."""
    first = next((cell for cell in cells if cell.strip()), "")
    word = normalise(first)
    return len(cells) > 2 and len(first) <= LONGEST_TOTAL and (word in TOTALS or word.endswith(CLOSING_WORDS))
