"""Check or carry out one import, from an opened table to a report. Used by page, command and API alike."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from collections.abc import Mapping as MappingOf
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from django.db import connection, transaction

from core.imports.columns import is_empty, survey
from core.imports.divert import match_diverted, write_diverted
from core.imports.lines import refuse_whole
from core.imports.mapping import Mapping, check_mapping, propose_key
from core.imports.match import match, written_fields
from core.imports.reading import Batch, Table
from core.imports.reasons import sentence, shorten
from core.imports.refused import write_refused
from core.imports.resolve import resolve
from core.imports.run import Progress, Run
from core.imports.spec import ImportSpec
from core.imports.write import write as write_rows
from core.permissions import require
from core.users import Actor

EXAMPLES = 5
ACTIONS = {"create": "created", "update": "updated", "same": "unchanged", "skip": "skipped", "repeated": "repeated"}


@dataclass
class Report:
    """What a check found or a run did."""

    counts: dict[str, int]
    examples: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    reasons: list[dict[str, Any]] = field(default_factory=list)
    notes: list[dict[str, Any]] = field(default_factory=list)
    refused_path: Path | None = None
    key: str = "none"

    def as_json(self) -> dict[str, Any]:
        """Plain values for a JSON column."""
        return {
            "counts": self.counts,
            "examples": self.examples,
            "reasons": self.reasons,
            "notes": self.notes,
            "key": self.key,
        }


def look_over(table: Table, progress: Progress | None = None) -> dict[str, Any]:
    """One pass over the file: rows, bad rows and what each column holds, as plain values."""
    samples: dict[str, list[str]] = {name: [] for name in table.layout.columns}
    found = survey(
        _sampled(table.batches(), samples),
        table.layout.columns,
        (lambda rows: progress("reading", rows)) if progress else None,
    )
    return {
        "rows": found.rows,
        "bad_rows": found.bad_rows,
        "columns": {column.name: column.as_json() for column in found.columns},
        "samples": samples,
    }


def _sampled(batches: Iterable[Batch], samples: dict[str, list[str]]) -> Iterator[Batch]:
    """Pass the rows on, keeping the first few different cells of every column."""
    for place, batch in enumerate(batches):
        for row in batch.rows[:200] if place == 0 else ():
            for kept, cell in zip(samples.values(), row, strict=True):
                if len(kept) < 3 and not is_empty(cell) and (text := shorten(cell)) not in kept:
                    kept.append(text)
        yield batch


def perform(
    *,
    spec: ImportSpec,
    mapping: Mapping,
    table: Table,
    found: MappingOf[str, Any],
    by: Actor,
    write: bool,
    folder: Path,
    job_id: int | None = None,
    file_name: str = "",
    progress: Progress | None = None,
) -> Report:
    """Check (write=False) or carry out the import; `found` is what `look_over` gave. All or nothing."""
    require(by, spec.add_verb)
    check_mapping(spec, mapping, table.layout.columns)
    if not mapping.key:
        mapping = replace(mapping, key=propose_key(spec, mapping, found["columns"], found["rows"]))
    run = Run(
        spec=spec, mapping=mapping, table=table, survey=found["columns"], by=by, job_id=job_id, file_name=file_name, write=write,
        progress=progress or _silent,
    )  # fmt: skip
    with transaction.atomic():
        _make_room()
        if write:
            _one_at_a_time(spec)
        run.load()
        if spec.prepare:
            spec.prepare(run)
        run.progress("matching", run.counts["rows"])
        resolve(run)
        match(run)
        match_diverted(run)
        refuse_whole(run)
        report = _report(run)
        if write:
            write_rows(run)
            write_diverted(run)
        if report.counts["refused"]:
            run.progress("reporting", report.counts["refused"])
            report.refused_path = write_refused(run, folder, "refused")
        run.drop_tables()
    return report


def _silent(_phase: str, _done: int) -> None:
    """Nobody watches."""


def _make_room() -> None:
    """Memory for sorting and for bulk entries into the search indexes, in this transaction only."""
    with connection.cursor() as cursor:
        for name, value in (
            ("work_mem", "64MB"),
            ("maintenance_work_mem", "256MB"),
            ("gin_pending_list_limit", "64MB"),
        ):
            cursor.execute("select set_config(%s, %s, true)", [name, value])


def _one_at_a_time(spec: ImportSpec) -> None:
    """Two imports into one target wait for each other, or both would create the same record."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(hashtext(%s))", [f"import:{spec.target}"])


def _report(run: Run) -> Report:
    counts = Counter(
        dict.fromkeys(
            ("created", "updated", "unchanged", "skipped", "repeated", "joined", "added", "refused", "left_out"), 0
        )
    )
    counts["rows"] = run.counts["rows"]
    counts["left_out"] = run.counts["left_out"]
    for each in (run, *run.diverted):
        if each.spec.tell:
            each.spec.tell(each)
        counts["joined"] += each.counts["joined"]
        counts["added"] += each.counts["added"]
        for action, number in each.query("select action, count(*) from {stage} group by 1"):
            if action in ACTIONS:
                counts[ACTIONS[action]] += number
        if each is not run:
            run.note("diverted", target=each.spec.target, count=each.query("select count(*) from {stage}")[0][0])
            run.notes += each.notes
    counts["refused"] = run.refused_rows()
    examples = {"created": _new_examples(run), "updated": _changed_examples(run), "refused": _refused_examples(run)}
    return Report(dict(counts), examples, _reasons(run), run.notes, key=run.mapping.key)


def _new_examples(run: Run) -> list[dict[str, Any]]:
    names = [each.name for each in run.spec.fields if run.has(each.name)]
    values = ", ".join(f"f_{name}::text" for name in names)
    rows = run.query(
        f"select row_number, {values} from {{stage}} where action = 'create' order by row_number limit {EXAMPLES}"
    )
    return [
        {"row": number, "values": [[name, shorten(text)] for name, text in zip(names, texts, strict=True) if text]}
        for number, *texts in rows
    ]


def _changed_examples(run: Run) -> list[dict[str, Any]]:
    fields = [each for each in written_fields(run) if not each.is_reference]
    if not fields:
        return []
    pairs = ", ".join(f"t.{each.column}::text, s.f_{each.name}::text" for each in fields)
    rows = run.query(
        f"select s.row_number, t.id, {pairs} from {{stage}} s join {run.spec.table} t on t.id = s.id "
        f"where s.action = 'update' order by s.row_number limit {EXAMPLES}"
    )
    examples = []
    for number, record, *texts in rows:
        changes = [
            [each.name, shorten(texts[2 * place] or ""), shorten(texts[2 * place + 1])]
            for place, each in enumerate(fields)
            if texts[2 * place + 1] is not None and texts[2 * place] != texts[2 * place + 1]
        ]
        examples.append({"row": number, "id": record, "changes": changes})
    return examples


def _refused_examples(run: Run) -> list[dict[str, Any]]:
    rows = run.query(
        "select row_number, coalesce(field, ''), code, coalesce(value, ''), found, expected from {refusals} "
        "order by row_number limit %s",
        [4 * EXAMPLES],
    )
    return [
        {
            "row": number,
            "field": name,
            "label": run.label_of(name),
            "code": code,
            "value": value,
            "found": found,
            "expected": expected,
        }
        for number, name, code, value, found, expected in rows
    ]


def _reasons(run: Run) -> list[dict[str, Any]]:
    """How often each reason occurs, for the summary."""
    rows = run.query(
        "select coalesce(field, ''), code, count(distinct row_number), min(value), min(found), min(expected) from {refusals} "
        "group by 1, 2 order by 3 desc, 1, 2 limit 30"
    )
    return [
        {
            "field": name,
            "label": run.label_of(name),
            "code": code,
            "count": number,
            "value": value or "",
            "found": found,
            "expected": expected,
        }
        for name, code, number, value, found, expected in rows
    ]


def reason_sentence(reason: MappingOf[str, Any]) -> str:
    """A stored reason in the active language."""
    extra = {"found": reason.get("found"), "expected": reason.get("expected"), "limit": reason.get("expected")}
    return sentence(reason["code"], reason["label"], reason["value"], extra)
