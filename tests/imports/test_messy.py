"""Every messy file goes through read, map and check: rows or a sentence, never a crash."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from core.errors import DomainError
from core.imports import actions
from core.imports.mapping import Mapping
from tests.imports.conftest import DATA

FILES = sorted(path for folder in ("csv-messy", "xlsx-messy") for path in (DATA / folder).rglob("*") if path.is_file())


@pytest.mark.parametrize("path", FILES or [None], ids=lambda path: "/".join(path.parts[-3:]) if path else "no data")
def test_every_messy_file_ends_in_rows_or_a_sentence(administrator, path: Path | None):
    if path is None:
        pytest.skip(f"sample data not found: {DATA} (set KEYLINE_TEST_DATA)")
    try:
        job = actions.bring_file(by=administrator, name=path.name, chunks=[path.read_bytes()])
        job = actions.read_import(by=administrator, job_id=job.pk, target="accounts")
    except DomainError as refusal:
        return _is_a_sentence(str(refusal.message))
    mapping = Mapping.from_json(job.mapping)
    if "name" not in mapping.fields:
        columns = {name: field for name, field in mapping.columns.items() if name != job.layout["columns"][0]}
        mapping = replace(mapping, columns={**columns, job.layout["columns"][0]: "name"}, key="name")
    job = actions.map_import(by=administrator, job_id=job.pk, mapping=mapping.as_json())
    actions.carry_out(by=administrator, job=job, write=False)
    assert job.problem == ""
    assert job.counts["rows"] == job.survey["rows"] + job.survey["bad_rows"]
    taken = sum(
        job.counts[name] for name in ("created", "updated", "unchanged", "repeated", "refused", "left_out", "skipped")
    )
    assert taken == job.counts["rows"]
    return None


def _is_a_sentence(text: str) -> None:
    assert len(text) > 20
    assert text.endswith((".", "。"))
