"""Rows of a file that belong to another target: cancellations among invoices become credit notes, in the same import."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from core.imports.match import match
from core.imports.resolve import resolve
from core.imports.run import Run
from core.imports.spec import specs
from core.imports.write import write


def divert(run: Run, where: str, target: str, values: Mapping[str, str]) -> int:
    """Move the staged rows (alias s) for which `where` holds to another target; fields of the same name go along.

    `values` are field → SQL where they are not taken as they stand. Called by `prepare`; returns how many rows went.
    """
    if not run.query(f"select exists (select 1 from {{stage}} s where {where})")[0][0]:
        return 0
    spec = specs()[target]
    names = {each.name for each in spec.fields}
    mapping = replace(
        run.mapping,
        columns={heading: name for heading, name in run.mapping.columns.items() if name in names},
        constants={name: value for name, value in run.mapping.constants.items() if name in names},
        create_missing=[name for name in run.mapping.create_missing if name in names],
        key=run.mapping.key if spec.key(run.mapping.key) else spec.keys[0].name,
    )
    other = replace(
        run, spec=spec, mapping=mapping, survey={}, stage=f"{run.stage}_{target}", derived=set(values), diverted=[],
        counts=type(run.counts)(), notes=[],
    )  # fmt: skip
    other.create_stage()
    shared = [each.name for each in run.spec.fields if each.name in names and each.name not in values]
    columns = ", ".join(f"f_{name}" for name in (*shared, *values))
    said = ", ".join((*(f"s.f_{name}" for name in shared), *values.values()))
    other.execute(
        f"insert into {{stage}} (row_number, {columns}) select s.row_number, {said} from {run.stage} s where {where}"
    )
    run.execute(f"delete from {{stage}} s where {where}")
    run.diverted.append(other)
    return int(other.query("select count(*) from {stage}")[0][0])


def match_diverted(run: Run) -> None:
    """Find and judge the rows that went to other targets, as if they had come alone."""
    for other in run.diverted:
        if other.spec.prepare:
            other.spec.prepare(other)
        resolve(other)
        match(other)


def write_diverted(run: Run) -> None:
    """Write them; names that the first target has created by now are found."""
    for other in run.diverted:
        noted = list(other.notes)
        resolve(other)
        other.notes = noted
        write(other)
