"""One check or run of an import: rows into a staging table, then everything set by set in SQL, in one transaction.

    load     COPY the converted rows
    resolve  accounts and colleagues named in the rows become ids
    match    rows find the records they are about; the same record twice in the file is noticed
    judge    each row gets an action: create, update, same, skip
    write    insert and update, nothing where nothing differs

A check stops before `write`. A run that fails leaves nothing behind.
"""

from __future__ import annotations

import csv
import io
import secrets
import tempfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import compress, repeat
from typing import Any

from django.db import connection

from core.imports import mapping as mappings
from core.imports.mended import is_mended, restored
from core.imports.reading import Table
from core.imports.spec import Field, ImportSpec
from core.imports.values import ColumnConverter, Refused, clean, two_ways
from core.permissions import allowed
from core.users import Actor

COPY_BYTES = 1 << 17
SPOOL = 1 << 22
"""Refusals up to so many bytes are held in memory, more in a temporary file."""

Progress = Callable[[str, int], None]
"""Called with the name of the phase and the rows done so far."""


@dataclass
class Run:
    """The state of one check or run. Hooks of specs use `execute`, `refuse`, `value_of`, `note` and the names below."""

    spec: ImportSpec
    mapping: mappings.Mapping
    table: Table
    survey: Mapping[str, Any]
    by: Actor
    job_id: int | None = None
    file_name: str = ""
    write: bool = False
    progress: Progress = lambda phase, done: None
    counts: Counter[str] = field(default_factory=Counter)
    notes: list[dict[str, Any]] = field(default_factory=list)
    derived: set[str] = field(default_factory=set)
    diverted: list[Run] = field(default_factory=list)
    """Runs of other targets that took some rows of this file (`core.imports.divert`)."""

    stage: str = ""
    refusals: str = ""

    def __post_init__(self) -> None:
        """Tables of its own for every run."""
        mark = secrets.token_hex(4)
        self.stage = self.stage or f"import_stage_{mark}"
        self.refusals = self.refusals or f"import_refusals_{mark}"

    # ------------------------------------------------------------------ for the hooks
    def execute(self, sql: str, params: Sequence[Any] | Mapping[str, Any] = ()) -> int:
        """Run one statement; `{stage}` and `{refusals}` stand for the two tables. Returns the number of rows it touched."""
        with connection.cursor() as cursor:
            cursor.execute(self._named(sql), params or None)
            return int(cursor.rowcount)

    def query(self, sql: str, params: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """All rows of one query; `{stage}` and `{refusals}` stand for the two tables."""
        with connection.cursor() as cursor:
            cursor.execute(self._named(sql), params or None)
            return list(cursor.fetchall())

    def _named(self, sql: str) -> str:
        return sql.replace("{stage}", self.stage).replace("{refusals}", self.refusals)

    def refuse(self, where: str, code: str, name: str = "", value: str = "null", params: Sequence[Any] = ()) -> None:
        """Refuse the staged rows (alias s) for which `where` holds; `value` is SQL for what the sentence quotes."""
        self.execute(
            "insert into {refusals} (row_number, field, code, value) "
            f"select s.row_number, %s, %s, left(({value})::text, 200) from {{stage}} s where {where}",
            [name, code, *params],
        )

    def note(self, code: str, **details: Any) -> None:
        """Something the person should know that refuses no row."""
        self.notes.append({"code": code, **details})

    def has(self, name: str) -> bool:
        """Whether the field gets values from this file."""
        return name in self.mapping.fields

    @property
    def joins_lines(self) -> bool:
        """Whether several rows of this file make one record."""
        return any(self.has(name) for name in self.spec.lines)

    @property
    def two_ways(self) -> list[str]:
        """Fields whose dates are staged in two readings, because their column leaves the order open."""
        return [
            name
            for heading, name in self.mapping.columns.items()
            if two_ways(self.spec.field(name), self.survey.get(heading, {}))
        ]

    def may(self, verb: str) -> bool:
        """Whether the importing person has this right."""
        return allowed(self.by, verb)

    # ------------------------------------------------------------------ loading
    def create_tables(self) -> None:
        """The two tables of this run, seen by nobody else and gone when its transaction fails.

        Unlogged, not temporary: a session's temporary tables have 8 MB of memory, these use the shared buffers. Free room in
        the pages lets a row's action be written beside the row; without an index that costs no more than the row.
        """
        self.drop_tables()
        self.create_stage()
        self.execute(
            "create unlogged table {refusals} (row_number int not null, field text, "
            "code text not null, value text, found int, expected int) with (autovacuum_enabled = off)"
        )

    def create_stage(self) -> None:
        """The table of the rows alone."""
        columns = ["row_number int not null"]
        for each in self.spec.fields:
            columns.append(f"f_{each.name} {each.staging_type}")
            if each.is_reference:
                columns.append(f"{each.name}_id bigint")
        columns += [f"f_{name}_other date" for name in self.two_ways]
        columns += ["id bigint", "action text", "changed boolean not null default false"]
        self.execute(
            f"create unlogged table {{stage}} ({', '.join(columns)}) with (fillfactor = 60, autovacuum_enabled = off)"
        )

    def drop_tables(self) -> None:
        """Leave nothing behind on a connection that is used again."""
        self.execute("drop table if exists {stage}, {stage}_lines, {refusals}")
        for other in self.diverted:
            other.drop_tables()

    def load(self) -> None:
        """Fill the tables from the file: one COPY for all rows, one for all refusals."""
        self.create_tables()
        with tempfile.SpooledTemporaryFile(max_size=SPOOL, mode="w+", encoding="utf-8", newline="") as refusals:
            columns, plan = self._plan()
            constants = [self._constant(name) for name in self._constant_names]
            names = ["row_number", *columns, *(f"f_{name}" for name in self._constant_names)]
            copy_text(self.stage, names, self._converted(plan, constants, csv.writer(refusals)))
            if refusals.tell():
                refusals.seek(0)
                copy_text(self.refusals, ["row_number", "field", "code", "value", "found", "expected"], refusals)
        self.execute("analyze {stage}")

    def _converted(
        self, plan: list[tuple[int, Field, ColumnConverter]], constants: list[str | None], refusals: Any
    ) -> Iterator[str]:
        """The file in batches of CSV lines for the staging table; refusals go to the writer beside."""
        filters = self._filters()
        mended = is_mended(self.table.layout.columns)
        for batch in self.table.batches():
            self.counts["rows"] += batch.count
            refusals.writerows([bad.number, "", bad.code, "", bad.found, bad.expected] for bad in batch.bad)
            numbers, rows = batch.numbers, batch.rows
            if mended:
                rows = [[restored(cell) for cell in cells] for cells in rows]
            if filters:
                kept = [all(clean(cells[place]) in words for place, words in filters) for cells in rows]
                numbers, rows = list(compress(numbers, kept)), list(compress(rows, kept))
                self.counts["left_out"] += len(batch.rows) - len(rows)
            if rows:
                cells = list(zip(*rows, strict=True))
                yield _csv_lines(numbers, cells, plan, constants, refusals, keep=self.joins_lines)
            self.progress("reading", self.counts["rows"])

    @property
    def _constant_names(self) -> list[str]:
        return [name for name in self.mapping.constants if name not in self.mapping.columns.values()]

    def _plan(self) -> tuple[list[str], list[tuple[int, Field, ColumnConverter]]]:
        """The staging table's columns, and from which cells each is made by which converter."""
        places = {heading: place for place, heading in enumerate(self.table.layout.columns)}
        columns, plan = [], []
        for heading, name in self.mapping.columns.items():
            each, found = self.spec.field(name), self.survey.get(heading, {})
            columns.append(f"f_{name}")
            plan.append((places[heading], each, ColumnConverter(each, self.mapping, found)))
            if name in self.two_ways:
                columns.append(f"f_{name}_other")
                plan.append((places[heading], each, ColumnConverter(each, self.mapping, found, other=True)))
        return columns, plan

    def _constant(self, name: str) -> str | None:
        """One value for all rows, read like a cell of its own column."""
        try:
            return ColumnConverter(self.spec.field(name), self.mapping, {}).one(self.mapping.constants[name])
        except Refused as refused:
            from core.errors import DomainError
            from core.imports.reasons import sentence

            label = str(self.spec.field(name).label)
            raise DomainError(
                sentence(refused.code, label, self.mapping.constants[name], refused.extra), field="constants"
            ) from None

    def _filters(self) -> list[tuple[int, frozenset[str]]]:
        places = {heading: place for place, heading in enumerate(self.table.layout.columns)}
        return [(places[heading], frozenset(words)) for heading, words in self.mapping.only.items()]

    # ------------------------------------------------------------------ what comes out
    def refused_rows(self) -> int:
        """Rows refused so far, each counted once."""
        return int(self.query("select count(distinct row_number) from {refusals}")[0][0])

    def label_of(self, name: str) -> str:
        """The file's heading for a field, or the field's own label."""
        headings = {field_name: heading for heading, field_name in self.mapping.columns.items()}
        return headings.get(name) or (str(self.spec.field(name).label) if name else "")


def _csv_lines(
    numbers: list[int], cells: list[tuple[str, ...]], plan: list[tuple[int, Field, ColumnConverter]],
    constants: list[str | None], refusals: Any, *, keep: bool = False,
) -> str:  # fmt: skip
    """One batch converted column by column, as CSV; rows with a refused cell are left out and their refusals written.

    With `keep` they stay, the refused cell empty: who joins rows must know of which a line is missing.
    """
    taken = [True] * len(numbers)
    columns: list[Iterable[Any]] = [numbers]
    for place, each, convert in plan:
        values = convert(cells[place])
        columns.append([None if isinstance(value, Refused) else value for value in values] if keep else values)
        if convert.may_have_refused:
            for row, value in enumerate(values):
                if isinstance(value, Refused):
                    taken[row] = False
                    quoted = cells[place][row][:200].replace("\0", "")
                    refusals.writerow([numbers[row], each.name, value.code, quoted, None, value.extra.get("limit")])
    rows: Iterable[Any] = zip(*columns, *(repeat(value, len(numbers)) for value in constants), strict=True)
    buffer = io.StringIO()
    csv.writer(buffer).writerows(rows if keep or all(taken) else compress(rows, taken))
    return buffer.getvalue()


def copy_rows(table: str, columns: list[str], rows: Iterable[Sequence[Any]]) -> None:
    """COPY rows into a table; None is null."""
    buffer = io.StringIO()
    csv.writer(buffer).writerows(rows)
    copy_text(table, columns, [buffer.getvalue()])


def copy_text(table: str, columns: list[str], parts: Iterable[str]) -> None:
    """COPY CSV that comes in parts, by one statement."""
    with connection.cursor() as cursor:
        cursor.copy_expert(f"copy {table} ({', '.join(columns)}) from stdin (format csv)", _Feed(parts), COPY_BYTES)


class _Feed:
    """An iterable of texts as a file to read from."""

    def __init__(self, parts: Iterable[str]) -> None:
        self._parts = iter(parts)
        self._rest = io.BytesIO()

    def read(self, size: int) -> bytes:
        """The next so many bytes at most; none at the end."""
        while not (data := self._rest.read(size)):
            part = next(self._parts, None)
            if part is None:
                return b""
            self._rest = io.BytesIO(part.encode())
        return data
