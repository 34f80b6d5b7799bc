"""Find the header line: lines before it are preamble, and there may be none at all.

A header line is filled, distinct, made of short words, and what stands below it is of another kind than itself.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Collection, Sequence

from core.imports.texts import Row

LOOK_AHEAD = 60
MAX_HEADING_LENGTH = 80

NUMBER = re.compile(r"^[\s$€£¥￥(+-]*\d[\d.,'\s]*(e[+-]?\d+)?\s*[%)万亿元]*$", re.IGNORECASE)
DATE = re.compile(r"^\d{1,4}[-/.年]\d{1,2}[-/.月]\d{1,4}日?([ T].*)?$|^\d{1,2}[- ][A-Za-z]{3}[- ]\d{2,4}$")
ADDRESS = re.compile(r"^\S+@\S+\.\S+$|^(https?://|www\.)\S+$", re.IGNORECASE)
CODE = re.compile(r"^(?=.*\d)[A-Za-z0-9]+[-_./#][A-Za-z0-9-_./#]+$")


def normalise(heading: str) -> str:
    """A heading without case, blanks, marks and width, for comparing: `A股 简 称` = `a股简称`, `E-Mail *` = `email`."""
    text = unicodedata.normalize("NFKC", heading).casefold()
    return "".join(char for char in text if char.isalnum())


def looks_like_data(cell: str) -> bool:
    """Numbers, dates, addresses and codes do not stand in header lines."""
    cell = cell.strip()
    return bool(NUMBER.match(cell) or DATE.match(cell) or ADDRESS.match(cell) or CODE.match(cell))


def find_header(rows: Sequence[Row], known: Collection[str] = ()) -> int | None:
    """Number of the header row among the first rows, None when there is none. `known`: normalised headings we know."""
    sample = [(number, [cell.strip() for cell in cells]) for number, cells in rows[:LOOK_AHEAD]]
    if not sample:
        return None
    width = _usual_width(sample)
    best_number, best_score = None, 0.0
    for place, (number, cells) in enumerate(sample[:40]):
        below = [other for _, other in sample[place + 1 :] if _filled(other) >= max(1, width // 3)]
        score = _score(cells, below, width, known) - 0.01 * place
        if score > best_score:
            best_number, best_score = number, score
    if best_number is None:
        return None
    return _last_repeat(sample, best_number)


def _usual_width(sample: list[Row]) -> int:
    widths = Counter(_filled(cells) for _, cells in sample if _filled(cells))
    usual = max(widths.values(), default=0)
    return max((width for width, count in widths.items() if count >= max(usual * 0.5, 1)), default=1)


def _filled(cells: list[str]) -> int:
    return sum(1 for cell in cells if cell)


def _score(cells: list[str], below: list[list[str]], width: int, known: Collection[str]) -> float:
    filled = [cell for cell in cells if cell]
    if not filled or any(len(cell) > MAX_HEADING_LENGTH for cell in filled):
        return 0.0
    if len(filled) < max(width * 0.5, 1) or (width > 1 and len(filled) == 1):
        return 0.0
    recognised = sum(1 for cell in filled if normalise(cell) in known) / len(filled)
    data = sum(1 for cell in filled if looks_like_data(cell)) / len(filled)
    if filled[0].startswith("#") and not recognised:
        return 0.0
    distinct = len(set(filled)) / len(filled)
    if width == 1 and not recognised:
        return 0.4 if below and all(looks_like_data(row[0]) for row in below if row) and not data else 0.0
    score = 0.5 * min(len(filled) / width, 1) + 0.4 * distinct + 2 * recognised - 2 * data
    score += 0.8 * _contrast(cells, below)
    return score if score >= 0.55 else 0.0


def _contrast(cells: list[str], below: list[list[str]]) -> float:
    """Share of columns of numbers, dates or codes whose top cell is a word: the mark of a header line."""
    typed = different = 0
    for place, cell in enumerate(cells):
        column = [row[place] for row in below[:30] if place < len(row) and row[place]]
        if not column:
            continue
        if sum(looks_like_data(value) for value in column) >= 0.7 * len(column):
            typed += 1
            different += bool(cell) and not looks_like_data(cell)
    if not typed:
        return 0.0
    return different / typed


def _last_repeat(sample: list[Row], number: int) -> int:
    """The header may be written twice or thrice: the last copy counts."""
    cells = dict(sample)
    while cells.get(number + 1) == cells[number]:
        number += 1
    return number


def name_columns(header: Sequence[str] | None, width: int) -> list[str]:
    """A distinct name for each column: `Phone`, `Phone (2)`; `#3` where there is no heading."""
    names: list[str] = []
    seen: Counter[str] = Counter()
    for place in range(width):
        name = " ".join(header[place].split()) if header and place < len(header) else ""
        name = name or f"#{place + 1}"
        seen[name] += 1
        names.append(name if seen[name] == 1 else f"{name} ({seen[name]})")
    return names
