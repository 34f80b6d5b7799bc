"""`manage.py import_file TARGET FILE [--mapping FILE.json] [--dry-run] …`: the import wizard on the command line."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from core.errors import DomainError
from core.imports import actions
from core.imports.mapping import Mapping
from core.imports.spec import specs
from core.models import ImportJob, ImportState, User
from core.users import SYSTEM, Actor

CHUNK = 1 << 20


class Command(BaseCommand):
    help = (
        "Import a table (CSV, TSV, XLSX, XLS, ODS) and print a summary as JSON: created, updated, unchanged, refused and the "
        "name of the file with the refused rows. Without a mapping the columns are recognised by their headings."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("target", help="what the file holds: accounts, contacts, prospects")
        parser.add_argument("file", type=Path)
        parser.add_argument(
            "--mapping", type=Path, help="JSON: one mapping, or {“mappings”: […]} of which the first that fits is taken"
        )
        parser.add_argument("--key", help="how a row finds the record it is about: the name of a key, or none")
        parser.add_argument(
            "--existing", choices=["update", "skip"], help="what to do with records that are here already"
        )
        parser.add_argument(
            "--create-missing",
            action="append",
            metavar="FIELD",
            help="make new records of names nobody bears yet, for example account",
        )
        parser.add_argument("--date-order", choices=["ymd", "dmy", "mdy"], help="where the columns do not prove it")
        parser.add_argument("--decimal-mark", choices=[".", ","], help="where the columns do not prove it")
        parser.add_argument("--currency", help="of amounts that name none, for example USD")
        parser.add_argument("--encoding", help="where it is recognised wrongly, for example gb18030")
        parser.add_argument("--sheet", help="of a workbook")
        parser.add_argument("--header-row", type=int, help="row of the headings; 0 when there are none")
        parser.add_argument("--dry-run", action="store_true", help="check everything, write nothing")
        parser.add_argument("--by", metavar="EMAIL", help="who imports: rights, scope and ownership are this person’s")

    def handle(self, *args: Any, target: str, file: Path, **options: Any) -> None:
        if target not in specs():
            raise CommandError(f"There is no target “{target}”. Choose one of: {', '.join(specs())}.")
        if not file.is_file():
            raise CommandError(f"There is no file {file}.")
        by = person(options["by"])
        try:
            job = self.prepare(by, target, file, options)
            report = actions.carry_out(by=by, job=job, write=not options["dry_run"])
        except DomainError as refusal:
            raise CommandError(str(refusal.message)) from refusal
        if report is None or job.state == ImportState.FAILED:
            raise CommandError(job.problem)
        refused = str(Path(settings.MEDIA_ROOT) / job.refused_file) if job.refused_file else None
        summary = {
            "target": target, "file": file.name, "dry_run": options["dry_run"], **report.counts, "key": report.key, "refused_file": refused,
        }  # fmt: skip
        self.stdout.write(json.dumps(summary, ensure_ascii=False, indent=2))

    def prepare(self, by: Actor, target: str, file: Path, options: dict[str, Any]) -> ImportJob:
        """Bring, read and map the file."""
        with file.open("rb") as stream:
            job = actions.bring_file(by=by, name=file.name, chunks=iter(lambda: stream.read(CHUNK), b""))
        layout = {name: options[name] for name in ("encoding", "sheet", "header_row") if options[name] is not None}
        job = actions.read_import(by=by, job_id=job.pk, target=target, **layout)
        given: dict[str, Any] = {}
        if options["mapping"]:
            given = fitting_mapping(options["mapping"], target, job.layout["columns"])
            if read_so := given.pop("layout", {}):
                job = actions.read_import(by=by, job_id=job.pk, target=target, **{**read_so, **layout})
        for name in ("key", "existing", "create_missing", "date_order", "decimal_mark", "currency"):
            if options[name] is not None:
                given[name] = options[name]
        start = Mapping() if options["mapping"] else actions.propose_mapping(by, job, from_memory=False)
        return actions.map_import(by=by, job_id=job.pk, mapping={**start.as_json(), **given})


def person(email: str | None) -> Actor:
    """Who imports; the program itself when nobody is named."""
    if not email:
        return SYSTEM
    user = User.objects.filter(email__iexact=email, is_active=True).first()
    if user is None:
        raise CommandError(f"Nobody who may sign in has the address {email}.")
    return user


def fitting_mapping(path: Path, target: str, headings: list[str]) -> dict[str, Any]:
    """The first mapping of the file that is for this target and whose columns are all there."""
    try:
        kept = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise CommandError(f"{path} is no mapping: {error}") from error
    mappings: list[dict[str, Any]] = kept.get("mappings", [kept])
    for mapping in mappings:
        columns = mapping.get("columns", {})
        guessed = all(heading.startswith("#") for heading in columns)
        if mapping.get("target", target) == target and (guessed or set(columns) <= set(headings)):
            return {name: value for name, value in mapping.items() if name not in {"target", "comment"}}
    raise CommandError(f"No mapping in {path} is for {target} and these columns: {', '.join(headings)}.")
