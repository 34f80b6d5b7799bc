"""Every step of an import that changes something: bring a file, read it, map it, check it, run it, throw it away."""

from __future__ import annotations

import hashlib
import logging
import re
import shutil
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pghistory
from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from core import audit
from core.errors import DomainError
from core.imports import events, progress, queries
from core.imports.engine import Report, look_over, perform
from core.imports.mapping import Mapping as ImportMap
from core.imports.mapping import check_mapping, propose_columns, propose_key, propose_target, propose_values
from core.imports.mended import without_reasons
from core.imports.problems import UnreadableFile
from core.imports.reading import Layout, Table, open_table
from core.imports.spec import ImportSpec, known_headings, specs
from core.models import ImportJob, ImportMapping, ImportState
from core.permissions import allowed, require
from core.users import SYSTEM, Actor, as_row

log = logging.getLogger(__name__)

MAX_BYTES = 256 * 1024 * 1024
INLINE_BYTES = 3 * 1024 * 1024
"""Files up to this size are read while the person waits; it takes less than a second."""


# ---------------------------------------------------------------------- bring and read
def bring_file(*, by: Actor, name: str, chunks: Iterable[bytes]) -> ImportJob:
    """Keep an uploaded file privately and open an import for it. Raises DomainError when it is too large or empty."""
    require(by, "imports.run")
    job = ImportJob.objects.create(by=as_row(by), file_name=Path(name.replace("\\", "/")).name[-255:] or "import")
    folder = folder_of(job)
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"file{_safe_suffix(name)}"
    digest, size = hashlib.sha256(), 0
    try:
        with path.open("wb") as out:
            for chunk in chunks:
                size += len(chunk)
                if size > MAX_BYTES:
                    raise UnreadableFile("too_large", limit=MAX_BYTES // 1024 // 1024)
                digest.update(chunk)
                out.write(chunk)
        if size == 0:
            raise UnreadableFile("empty")
    except UnreadableFile as problem:
        shutil.rmtree(folder, ignore_errors=True)
        job.delete()
        raise DomainError(str(problem), field="file", code=problem.code) from problem
    path.chmod(0o600)
    job.file, job.file_size, job.sha256 = str(path.relative_to(settings.MEDIA_ROOT)), size, digest.hexdigest()
    job.save(update_fields=["file", "file_size", "sha256"])
    return job


def read_import(*, by: Actor, job_id: int, target: str = "", **layout: Any) -> ImportJob:
    """Find out how the file is written and what is in it; propose target and mapping. `layout` = a person's corrections.

    A file that cannot be read ends in the state failed with a sentence, and raises DomainError with it.
    """
    require(by, "imports.run")
    job = queries.get_import(by, job_id)
    _not_busy(job, ImportState.UPLOADED)
    report = progress.reporter(job.pk)
    try:
        table = open_table(path_of(job), folder_of(job), known_headings(), **layout)
        found = look_over(table, report)
        if not found["rows"] and not found["bad_rows"]:
            raise UnreadableFile("no_rows")
    except UnreadableFile as problem:
        job.state, job.problem = ImportState.FAILED, str(problem)[:400]
        job.report = problem.kept
        job.save(update_fields=["state", "problem", "report"])
        raise DomainError(str(problem), field="file", code=problem.code) from problem
    job.layout = {
        **table.layout.as_json(),
        "given": {name: value for name, value in layout.items() if value not in (None, "")},
    }
    job.survey = found
    job.state, job.problem, job.report = ImportState.READ, "", {}
    job.target = target or job.target or propose_target(targets_for(by), table.layout.columns)
    job.mapping = propose_mapping(by, job).as_json() if job.target else {}
    job.save()
    return job


def targets_for(by: Actor) -> dict[str, ImportSpec]:
    """The targets this person may import."""
    return {target: spec for target, spec in specs().items() if allowed(by, spec.add_verb)}


def propose_mapping(by: Actor, job: ImportJob, *, from_memory: bool = True) -> ImportMap:
    """What was decided for these headings last time (unless told to forget), else what the headings say."""
    spec = spec_of(by, job)
    columns: list[str] = job.layout["columns"]
    remembered = remembered_for(job) if from_memory else None
    found = job.survey["columns"]
    if remembered is not None:
        mapping = ImportMap.from_json(remembered.mapping).without(columns)
    else:
        empty = [heading for heading, column in found.items() if not column["filled"]]
        mapping = ImportMap(columns=propose_columns(spec, columns, empty=empty))
    mapping = replace(mapping, values={**mapping.values, **propose_values(spec, mapping, found)})
    if not mapping.key or not _key_possible(spec, mapping):
        mapping = replace(mapping, key=propose_key(spec, mapping, found, job.survey["rows"]))
    return mapping


def remembered_for(job: ImportJob) -> ImportMapping | None:
    """What was decided for these headings and this target before."""
    return ImportMapping.objects.filter(fingerprint=fingerprint(job.layout["columns"]), target=job.target).first()


def request_reading(*, by: Actor, job_id: int, target: str = "") -> ImportJob:
    """Have a large file read in the background."""
    require(by, "imports.run")
    job = queries.get_import(by, job_id)
    job.target = target if target in targets_for(by) else ""
    job.save(update_fields=["target"])
    progress.clear(job.pk)
    transaction.on_commit(lambda: _wake_reader(job.pk))
    return job


def _wake_reader(job_id: int) -> None:
    from core.imports.tasks import read_import

    read_import.delay(job_id)


def _key_possible(spec: ImportSpec, mapping: ImportMap) -> bool:
    key = spec.key(mapping.key)
    return mapping.key == "none" or (key is not None and set(key.fields) <= mapping.fields)


# ---------------------------------------------------------------------- map, check, run
def choose_target(*, by: Actor, job_id: int, target: str) -> ImportJob:
    """Say what the file holds; the mapping is proposed afresh."""
    require(by, "imports.run")
    job = queries.get_import(by, job_id)
    _not_busy(job)
    job.target = target
    spec_of(by, job)
    job.mapping = propose_mapping(by, job).as_json()
    job.state, job.report = ImportState.READ, {}
    job.save(update_fields=["target", "mapping", "state", "report"])
    return job


def map_import(*, by: Actor, job_id: int, mapping: Mapping[str, Any]) -> ImportJob:
    """Decide which column goes where, and the options. Raises DomainError when it cannot work."""
    require(by, "imports.run")
    job = queries.get_import(by, job_id)
    _not_busy(job)
    spec = spec_of(by, job)
    chosen = ImportMap.from_json(mapping)
    check_mapping(spec, chosen, job.layout["columns"])
    if not chosen.key:
        chosen = replace(chosen, key=propose_key(spec, chosen, job.survey["columns"], job.survey["rows"]))
    job.mapping, job.state, job.report = chosen.as_json(), ImportState.READ, {}
    job.save(update_fields=["mapping", "state", "report"])
    return job


def request_check(*, by: Actor, job_id: int) -> ImportJob:
    """Have the import checked in the background; nothing is written."""
    return _request(by, job_id, ImportState.CHECKING)


def request_run(*, by: Actor, job_id: int) -> ImportJob:
    """Have the import carried out in the background."""
    return _request(by, job_id, ImportState.RUNNING)


@transaction.atomic
def _request(by: Actor, job_id: int, state: ImportState) -> ImportJob:
    require(by, "imports.run")
    job = queries.get_import(by, job_id, lock=True)
    _not_busy(job)
    if job.state == ImportState.DONE:
        raise DomainError(_("This import is done already."), code="done")
    check_mapping(spec_of(by, job), ImportMap.from_json(job.mapping), job.layout["columns"])
    job.state, job.problem, job.started_at = state, "", timezone.now()
    job.save(update_fields=["state", "problem", "started_at"])
    progress.clear(job.pk)
    transaction.on_commit(lambda: _wake_worker(job.pk))
    return job


def _wake_worker(job_id: int) -> None:
    from core.imports.tasks import work_on_import

    work_on_import.delay(job_id)


def work_on_import(job_id: int) -> str:
    """What the worker does: check or run, whichever was asked for. A second worker, or a second time, does nothing."""
    if not _take(job_id):
        return "taken"
    try:
        job = ImportJob.objects.select_related("by").get(pk=job_id)
        if job.state not in {ImportState.CHECKING, ImportState.RUNNING}:
            return job.state
        by: Actor = job.by or SYSTEM
        with translation.override(getattr(by, "language", "") or settings.LANGUAGE_CODE):
            carry_out(by=by, job=job, write=job.state == ImportState.RUNNING)
        return job.state
    finally:
        _let_go(job_id)


def carry_out(*, by: Actor, job: ImportJob, write: bool) -> Report | None:
    """Check or run now. What goes wrong ends in the state failed with a sentence; nothing is half written."""
    try:
        with transaction.atomic(), pghistory.context(user=by.pk, import_job=job.pk):
            spec = spec_of(by, job)
            report = perform(
                spec=spec, mapping=ImportMap.from_json(job.mapping), table=table_of(job), found=job.survey, by=by, write=write,
                folder=folder_of(job), job_id=job.pk, file_name=job.file_name, progress=progress.reporter(job.pk),
            )  # fmt: skip
            _keep(job, report, write=write)
            if write:
                audit.record(
                    events.IMPORT_DONE,
                    by=by,
                    on=job,
                    file=job.file_name,
                    target=job.target,
                    counts=report.counts,
                    **_spoken(report),
                )
                _remember(by, job)
            return report
    except DomainError as refusal:
        _fail(job, str(refusal.message))
    except UnreadableFile as problem:
        _fail(job, str(problem), problem.kept)
    except Exception:
        log.exception("import %s failed", job.pk)
        ours = UnreadableFile("ours")
        _fail(job, str(ours), ours.kept)
    return None


def _keep(job: ImportJob, report: Report, *, write: bool) -> None:
    job.report = report.as_json()
    job.mapping = {**job.mapping, "key": report.key}
    job.refused_file = str(report.refused_path.relative_to(settings.MEDIA_ROOT)) if report.refused_path else ""
    job.state = ImportState.DONE if write else ImportState.CHECKED
    job.finished_at = timezone.now() if write else None
    job.problem = ""
    job.save(update_fields=["report", "mapping", "refused_file", "state", "finished_at", "problem"])


def _spoken(report: Report) -> dict[str, Any]:
    """The counts that the event's sentence names."""
    return {name: report.counts[name] for name in ("created", "updated", "unchanged", "refused")}


def _fail(job: ImportJob, sentence: str, kept: dict[str, Any] | None = None) -> None:
    job.state, job.problem, job.finished_at = ImportState.FAILED, sentence[:400], timezone.now()
    job.report = kept or {}
    job.save(update_fields=["state", "problem", "report", "finished_at"])


def _remember(by: Actor, job: ImportJob) -> None:
    ImportMapping.objects.update_or_create(
        fingerprint=fingerprint(job.layout["columns"]),
        target=job.target,
        defaults={"mapping": job.mapping, "by": as_row(by)},
    )


def discard_import(*, by: Actor, job_id: int) -> None:
    """Throw an import away with its files; what it has written stays."""
    require(by, "imports.run")
    job = queries.get_import(by, job_id)
    if job.state in {ImportState.CHECKING, ImportState.RUNNING}:
        raise DomainError(_("This import is being worked on. Wait until it is done."))
    shutil.rmtree(folder_of(job), ignore_errors=True)
    job.delete()


# ---------------------------------------------------------------------- where things are
def folder_of(job: ImportJob) -> Path:
    """The private folder of an import's files."""
    return Path(settings.MEDIA_ROOT) / "imports" / str(job.pk)


def path_of(job: ImportJob) -> Path:
    """The file as it was brought; DomainError when it has gone."""
    path = Path(settings.MEDIA_ROOT) / job.file
    if not job.file or not path.is_file():
        raise DomainError(_("The file is no longer here. Bring it once more."), field="file", code="file_gone")
    return path


def spec_of(by: Actor, job: ImportJob) -> ImportSpec:
    """The target's spec; DomainError when none is chosen, NotAllowed when the person may not import it."""
    spec = specs().get(job.target)
    if spec is None:
        raise DomainError(_("Choose what the file holds."), field="target")
    require(by, spec.add_verb)
    return spec


def table_of(job: ImportJob) -> Table:
    """The file opened the way it was found to be written; a workbook's sheet is written out again if it has gone."""
    values = {name: value for name, value in job.layout.items() if name in Layout.__dataclass_fields__}
    layout = Layout(**values)
    if layout.kind != "workbook":
        return Table(path_of(job), layout)
    from core.imports.workbooks import convert_sheet

    target = folder_of(job) / "sheet.csv"
    convert_sheet(path_of(job), layout.sheet, target)
    return Table(target, layout)


def fingerprint(columns: list[str]) -> str:
    """The same for every file with these headings; the column of reasons in a mended file does not count."""
    return Layout(columns=without_reasons(columns)).fingerprint


def _safe_suffix(name: str) -> str:
    suffix = Path(name).suffix.lower()
    return suffix if re.fullmatch(r"\.[a-z0-9]{1,5}", suffix) else ""


def _not_busy(job: ImportJob, *except_for: ImportState) -> None:
    if job.is_busy and job.state not in except_for:
        raise DomainError(_("This import is being worked on. Wait until it is done."), code="busy")


def _take(job_id: int) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("select pg_try_advisory_lock(hashtext('import_job'), %s)", [job_id])
        return bool(cursor.fetchone()[0])


def _let_go(job_id: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_unlock(hashtext('import_job'), %s)", [job_id])


def read_uploaded(job_id: int) -> str:
    """What the worker does with a large file: read it once; a second time does nothing."""
    if not _take(job_id):
        return "taken"
    try:
        job = ImportJob.objects.select_related("by").get(pk=job_id)
        if job.state == ImportState.UPLOADED:
            by: Actor = job.by or SYSTEM
            with translation.override(getattr(by, "language", "") or settings.LANGUAGE_CODE):
                try:
                    job = read_import(by=by, job_id=job_id)
                except DomainError:
                    job.refresh_from_db()
        return job.state
    finally:
        _let_go(job_id)
