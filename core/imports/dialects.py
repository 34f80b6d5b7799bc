"""Recognise how a text table is written: what parts the cells, what quotes them, how a quote inside is written.

Every combination is tried on the first rows; the one that gives rows of one width with no stray quotes wins.
"""

from __future__ import annotations

import csv
import math
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

Escape = Literal["doubled", "backslash", "missing"]

DELIMITERS = (",", ";", "\t", "|", " ")
LABELS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "pipe", " ": "blank"}
SAMPLE_ROWS = 300
SEPARATOR_LINE = re.compile(r"^\ufeff?sep=(.)\s*$", re.IGNORECASE)
BACKSLASH_QUOTE = {quote: re.compile(rf"(?<!\\)\\{quote}") for quote in ('"', "'")}


@dataclass(frozen=True)
class Dialect:
    """How the cells of a text table are told apart."""

    delimiter: str = ","
    quote: str = '"'
    escape: Escape = "doubled"
    separator_line: bool = False


def sniff_dialect(lines: list[str], *, whole: bool = True) -> Dialect:
    """The dialect that reads these first lines best; `whole` = the lines are all there are."""
    if lines and (given := SEPARATOR_LINE.match(lines[0])):
        return Dialect(given[1], separator_line=True)
    if not whole and len(lines) > 1:
        lines = lines[:-1]
    body = [line for line in lines[:SAMPLE_ROWS] if line.strip()]
    text = "".join(body)
    candidates = [
        Dialect(delimiter, quote, escape)
        for delimiter in DELIMITERS
        if delimiter in text
        for quote in ('"', "'")
        if quote == '"' or _quotes_cells(text, delimiter, quote)
        for escape in _possible_escapes(text, quote)
    ]
    if not candidates:
        return Dialect()
    best = max(candidates, key=lambda dialect: _score(body, dialect))
    return best if _score(body, best) > _score(body, None) else Dialect()


def _quotes_cells(text: str, delimiter: str, quote: str) -> bool:
    return f"{delimiter}{quote}" in text and (f"{quote}{delimiter}" in text or f"{quote}\n" in text)


def _possible_escapes(text: str, quote: str) -> tuple[Escape, ...]:
    if quote not in text:
        return ("doubled",)
    return ("doubled", "backslash", "missing") if f"\\{quote}" in text else ("doubled", "missing")


def _score(lines: list[str], dialect: Dialect | None) -> float:
    """0…1 and a little more for width: how evenly the rows fall apart, less what the quotes leave over."""
    if dialect is None:
        return 0.55
    rows, stray = _parse(lines, dialect)
    full = Counter(len(row) for row in rows if any(cell.strip() for cell in row))
    if not full:
        return 0.0
    width, same = max(full.items(), key=lambda item: (item[1], item[0]))
    if width == 1:
        return 0.0
    even = same / sum(full.values())
    prefer = {",": 0.03, ";": 0.03, "\t": 0.04, "|": 0.02, " ": -0.25}[dialect.delimiter]
    cost = {"doubled": 0.0, "backslash": 0.01, "missing": 0.04}[dialect.escape] + (0.02 if dialect.quote == "'" else 0)
    return even + 0.05 * math.log2(width) + prefer - cost - 0.5 * stray / len(rows)


def _parse(lines: list[str], dialect: Dialect) -> tuple[list[list[str]], int]:
    """The rows and how many of them have a quote where none should be."""
    if dialect.escape == "missing":
        rows = [split_leniently(line, dialect) for line in lines]
        return rows, sum(any(cell.startswith(dialect.quote) for cell in row) for row in rows)
    try:
        return list(standard_reader(lines, dialect, strict=True)), 0
    except csv.Error:
        pass
    rows = list(standard_reader(lines, dialect))
    stray = sum(any(dialect.quote in cell for cell in row) for row in rows)
    return rows, max(stray, 1)


def standard_reader(lines: Iterable[str], dialect: Dialect, *, strict: bool = False) -> csv.Reader:  # type: ignore[name-defined]
    """The library's fast reader set to this dialect; backslash escapes are first rewritten as doubled quotes."""
    if dialect.escape == "backslash":
        escaped, doubled = BACKSLASH_QUOTE[dialect.quote], dialect.quote * 2
        lines = (escaped.sub(doubled, line) if "\\" in line else line for line in lines)
    return csv.reader(
        lines,
        delimiter=dialect.delimiter,
        quotechar=dialect.quote,
        skipinitialspace=dialect.delimiter != " ",
        strict=strict,
    )


def split_leniently(line: str, dialect: Dialect) -> list[str]:
    """Split one line where a quote closes a cell only if a delimiter or the end follows: unescaped quotes survive."""
    quote, delimiter = dialect.quote, dialect.delimiter
    line = line.rstrip("\r\n")
    cells: list[str] = []
    place = 0
    while True:
        start = place
        if delimiter != " ":
            while line.startswith(" ", start):
                start += 1
        if not line.startswith(quote, start):
            end = line.find(delimiter, place)
            cells.append(line[place : end if end >= 0 else len(line)].lstrip(" " if delimiter != " " else ""))
        else:
            end = start + 1
            while (end := line.find(quote, end)) >= 0:
                after = end + 1
                if after == len(line) or line[after] == delimiter:
                    break
                end = after
            if end < 0:
                cells.append(line[start:])
            else:
                cells.append(line[start + 1 : end].replace(quote * 2, quote))
                end += 1
                if end == len(line):
                    end = -1
        if end < 0:
            return cells
        place = end + len(delimiter)
