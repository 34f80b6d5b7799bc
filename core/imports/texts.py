"""Rows of a text table, streamed in batches: any size in constant memory, no row swallowed by a stray quote.

Nearly always every line is one row; then the library's reader takes a whole batch of lines at once. Only a batch in which
a quoted cell runs over several lines, or a quote is not closed, is gone through line by line.
"""

from __future__ import annotations

import csv
import itertools
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from core.imports.dialects import Dialect, split_leniently, standard_reader

MAX_LINES_IN_CELL = 400
"""A record longer than this is no record but an opening quote that nobody closed."""

Row = tuple[int, list[str]]
"""Number of the row as a spreadsheet program counts it (header line = 1), and its cells."""

Lines = tuple[Sequence[int], list[list[str]]]
"""A batch: the numbers of its rows, and their cells."""

BATCH_CHARACTERS = 1 << 19
"""About so much of the file is held at a time."""

csv.field_size_limit(1 << 24)


class _UnclosedQuote(Exception):
    """Raised out of the line feed to stop a record that runs away."""


class _Lines:
    """The lines of a file, remembering those of the current record so that they can be read again one by one."""

    def __init__(self, lines: Iterable[str]) -> None:
        self._lines = iter(lines)
        self.again: deque[str] = deque()
        self.record: list[str] = []
        self.taken = 0

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        if len(self.record) >= MAX_LINES_IN_CELL:
            raise _UnclosedQuote
        line = self.again.popleft() if self.again else next(self._lines)
        self.taken += 1
        if "\0" in line:
            line = line.replace("\0", "")
        self.record.append(line)
        return line

    def give_back(self) -> str:
        """Keep only the first line of the record; the others are read again."""
        first, *rest = self.record
        self.again.extendleft(reversed(rest))
        self.taken -= len(rest)
        self.record = []
        return first


def first_lines(path: Path, encoding: str, count: int = 400) -> tuple[list[str], bool]:
    """The first lines, and whether these are all."""
    with path.open(encoding=encoding, errors="replace", newline="") as file:
        lines = [line[:100_000] for line in itertools.islice(file, count + 1)]
    return lines[:count], len(lines) <= count


def text_rows(path: Path, encoding: str, dialect: Dialect) -> Iterator[Row]:
    """All rows with their numbers; blank lines count but are not given."""
    for numbers, rows in text_batches(path, encoding, dialect):
        for number, cells in zip(numbers, rows, strict=True):
            if any(cells):
                yield number, cells


def text_batches(path: Path, encoding: str, dialect: Dialect) -> Iterator[Lines]:
    """All rows in batches, blank ones without a filled cell included; the line that names the separator is left out."""
    parse = _lenient_rows if dialect.escape == "missing" else _standard_rows
    number = 0
    with path.open(encoding=encoding, errors="replace", newline="") as file:
        waiting: list[str] = []
        while lines := waiting + file.readlines(BATCH_CHARACTERS):
            rows, waiting = parse(lines, file, dialect)
            if number == 0 and rows and dialect.separator_line:
                rows[0] = []
            yield range(number + 1, number + 1 + len(rows)), rows
            number += len(rows)


def _standard_rows(lines: list[str], file: Iterable[str], dialect: Dialect) -> tuple[list[list[str]], list[str]]:
    """The rows of these lines, and lines read too far."""
    if "\0" in "".join(lines):
        lines = [line.replace("\0", "") for line in lines]
    try:
        rows = list(standard_reader(lines, dialect))
        if len(rows) == len(lines):
            list(standard_reader(lines[-1:], dialect, strict=True))  # is its last cell closed?
            return rows, []
    except csv.Error:
        pass
    return _records(lines, file, dialect)


def _records(lines: list[str], file: Iterable[str], dialect: Dialect) -> tuple[list[list[str]], list[str]]:
    """The same line by line: a record that does not end is given back but for its first line."""
    feed = _Lines(itertools.chain(lines, file))
    reader = standard_reader(feed, dialect)
    rows: list[list[str]] = []
    while feed.taken < len(lines):
        try:
            cells = next(reader)
        except StopIteration:
            if not feed.record:
                break
            cells = []
        except (_UnclosedQuote, csv.Error):
            cells = split_leniently(feed.give_back().rstrip("\r\n"), dialect)
            reader = standard_reader(feed, dialect)
        feed.record.clear()
        rows.append(cells)
    return rows, list(feed.again)


def _lenient_rows(lines: list[str], _file: Iterable[str], dialect: Dialect) -> tuple[list[list[str]], list[str]]:
    rows = [split_leniently(line.replace("\0", ""), dialect) if line.strip() else [] for line in lines]
    return rows, []
