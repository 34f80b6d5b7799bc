"""Rows of a text table, streamed: any size in constant memory, no row swallowed by a stray quote."""

from __future__ import annotations

import csv
import itertools
from collections import deque
from collections.abc import Iterable, Iterator
from pathlib import Path

from core.imports.dialects import SEPARATOR_LINE, Dialect, split_leniently, standard_reader

MAX_LINES_IN_CELL = 400
"""A record longer than this is no record but an opening quote that nobody closed."""

Row = tuple[int, list[str]]
"""Number of the row as a spreadsheet program counts it (header line = 1), and its cells."""

csv.field_size_limit(1 << 24)


class _UnclosedQuote(Exception):
    """Raised out of the line feed to stop a record that runs away."""


class _Lines:
    """The lines of a file, remembering those of the current record so that they can be read again one by one."""

    def __init__(self, lines: Iterable[str]) -> None:
        self._lines = iter(lines)
        self._again: deque[str] = deque()
        self.record: list[str] = []

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        if len(self.record) >= MAX_LINES_IN_CELL:
            raise _UnclosedQuote
        line = self._again.popleft() if self._again else next(self._lines)
        if "\0" in line:
            line = line.replace("\0", "")
        self.record.append(line)
        return line

    def give_back(self) -> str:
        """Keep only the first line of the record; the others are read again."""
        first, *rest = self.record
        self._again.extendleft(reversed(rest))
        self.record = []
        return first


def first_lines(path: Path, encoding: str, count: int = 400) -> tuple[list[str], bool]:
    """The first lines, and whether these are all."""
    with path.open(encoding=encoding, errors="replace", newline="") as file:
        lines = [line[:100_000] for line in itertools.islice(file, count + 1)]
    return lines[:count], len(lines) <= count


def text_rows(path: Path, encoding: str, dialect: Dialect) -> Iterator[Row]:
    """All rows with their numbers; blank lines count but are not given."""
    with path.open(encoding=encoding, errors="replace", newline="") as file:
        lines = _Lines(file)
        if dialect.escape == "missing":
            yield from _lenient_rows(lines, dialect)
        else:
            yield from _standard_rows(lines, dialect)


def _standard_rows(lines: _Lines, dialect: Dialect) -> Iterator[Row]:
    reader = standard_reader(lines, dialect)
    number = 0
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            if not lines.record:
                return
            cells = []
        except (_UnclosedQuote, csv.Error):
            cells = [lines.give_back().rstrip("\r\n")]
            cells = split_leniently(cells[0], dialect)
            reader = standard_reader(lines, dialect)
        lines.record.clear()
        number += 1
        if cells and not (number == 1 and dialect.separator_line) and any(cells):
            yield number, cells


def _lenient_rows(lines: _Lines, dialect: Dialect) -> Iterator[Row]:
    for number, line in enumerate(lines, 1):
        lines.record.clear()
        if line.strip() and not (number == 1 and SEPARATOR_LINE.match(line)):
            yield number, split_leniently(line, dialect)
