from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from core.imports import actions
from core.models import ImportJob, User

ROOT = Path(__file__).resolve().parents[2]
DATA = Path(os.environ.get("KEYLINE_TEST_DATA") or ROOT.parent / "shared" / "data")
MAPPINGS = Path(__file__).parent / "mappings"


def data_file(name: str) -> Path:
    """A file of the public sample data; the test is skipped where the data is not there."""
    path = DATA / name
    if not path.exists():
        pytest.skip(f"sample data not found: {path} (set KEYLINE_TEST_DATA)")
    return path


def mapping(dataset: str, place: int = 0) -> dict[str, Any]:
    """One mapping of tests/imports/mappings/<dataset>.json."""
    kept: dict[str, Any] = json.loads((MAPPINGS / f"{dataset}.json").read_text("utf-8"))
    return kept["mappings"][place]


@pytest.fixture(autouse=True)
def private_media(tmp_path: Path, settings: Any) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture
def bring(administrator: User) -> Callable[..., ImportJob]:
    """Bring a file through all steps: read, map, check, run. `bring("accounts.csv", by=rep, mapping={…})`."""

    def bring(
        name: str | Path, given: dict[str, Any] | None = None, *, by: User | None = None, content: bytes | None = None,
        run: bool = True, **changes: Any,
    ) -> ImportJob:  # fmt: skip
        person = by or administrator
        chunks = [content] if content is not None else [Path(name).read_bytes()]
        job = actions.bring_file(by=person, name=str(name), chunks=chunks)
        given = {**(given or {}), **changes}
        target, layout = given.pop("target", ""), given.pop("layout", {})
        given.pop("comment", None)
        job = actions.read_import(by=person, job_id=job.pk, target=target, **layout)
        job = actions.map_import(by=person, job_id=job.pk, mapping={**job.mapping, **given} if given else job.mapping)
        for write in (False, True) if run else (False,):
            actions.carry_out(by=person, job=job, write=write)
            job.refresh_from_db()
            assert not job.problem, job.problem
        return job

    return bring
