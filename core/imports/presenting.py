"""What the wizard's pages show, ready for the templates."""

from __future__ import annotations

from typing import Any

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.imports import actions, dialects, forms, progress, queries
from core.imports.engine import reason_sentence
from core.imports.mapping import Mapping, missing_fields
from core.imports.problems import NOTES, problem_sentence
from core.imports.reading import PREVIEW_ROWS
from core.imports.reasons import shorten
from core.imports.spec import ImportSpec, specs
from core.models import ImportJob, ImportState
from core.users import Actor
from core.words import listed

PREVIEW_LINES = 14
PREVIEW_COLUMNS = 40

SHARES = {
    ImportState.UPLOADED: {"reading": (0, 100)},
    ImportState.CHECKING: {"reading": (0, 70), "matching": (70, 90), "reporting": (90, 100)},
    ImportState.RUNNING: {
        "reading": (0, 40), "matching": (40, 50), "names": (50, 65), "writing": (65, 80), "linking": (80, 95), "reporting": (95, 100),
    },
}  # fmt: skip
"""Which part of the bar each phase takes, in percent."""


def steps(job: ImportJob | None, current: int) -> list[dict[str, Any]]:
    """The five steps of the wizard, with links back to those that may be done again."""
    words = [_("File"), _("Reading"), _("Columns"), _("Check"), _("Import")]
    names = [None, "core:read_import", "core:map_import", None, None]
    may_go_back = job is not None and not job.is_busy and job.state != ImportState.DONE and bool(job.layout)
    return [
        {
            "number": place,
            "label": word,
            "done": place < current,
            "current": place == current,
            "url_name": name if may_go_back and place < current else None,
        }
        for place, (word, name) in enumerate(zip(words, names, strict=True), 1)
    ]


# ---------------------------------------------------------------------- reading
def reading_page(job: ImportJob) -> dict[str, Any]:
    """How the file is read, and its first lines."""
    layout = job.layout
    lines = [
        {
            "number": number,
            "cells": [shorten(cell, 60) for cell in cells[:PREVIEW_COLUMNS]],
            "kind": "header" if number == layout["header_row"] else "preamble" if number < layout["first_row"] else "",
        }
        for number, cells in actions.table_of(job).preview(PREVIEW_ROWS)
    ]
    first = next((place for place, line in enumerate(lines) if line["number"] >= layout["first_row"]), 0)
    return {
        "job": job,
        "title": job.file_name,
        "steps": steps(job, 2),
        "layout": layout,
        "lines": lines[: max(PREVIEW_LINES, first + 8)],
        "header_choices": [line["number"] for line in lines[:40]],
        "sheets": [sheet for sheet in layout["sheets"] if not sheet["hidden"]],
        "facts": _facts(job),
        "same": queries.same_file_done(job.by, job) if job.by else None,
    }


def _facts(job: ImportJob) -> list[str]:
    layout = job.layout
    rows = job.survey.get("rows", 0)
    facts = [
        ngettext("%(count)s row", "%(count)s rows", rows) % {"count": number_format(rows, force_grouping=True)},
        ngettext("%(count)s column", "%(count)s columns", len(layout["columns"])) % {"count": len(layout["columns"])},
    ]
    if layout["kind"] == "workbook":
        facts.append(_("Sheet “%(name)s”") % {"name": layout["sheet"]})
    else:
        facts += [
            layout["encoding_label"],
            str(dict(forms.DELIMITERS).get(layout["delimiter"], dialects.LABELS.get(layout["delimiter"], ""))),
        ]
    if bad := job.survey.get("bad_rows", 0):
        facts.append(
            ngettext("%(count)s row of another width", "%(count)s rows of another width", bad) % {"count": bad}
        )
    return facts


# ---------------------------------------------------------------------- columns
def mapping_page(by: Actor, job: ImportJob, mapping: Mapping | None = None) -> dict[str, Any]:
    """Target, columns, values and options."""
    page: dict[str, Any] = {
        "job": job, "title": job.file_name, "steps": steps(job, 3), "targets": actions.targets_for(by).values(),
    }  # fmt: skip
    if not job.target:
        return page
    spec = actions.spec_of(by, job)
    mapping = mapping or Mapping.from_json(job.mapping)
    columns = forms.column_rows(job, spec, mapping)
    kinds = {column["field"].kind for column in columns if column["field"]}
    return page | {
        "spec": spec,
        "mapping": mapping,
        "columns": columns,
        "mapped": sum(1 for column in columns if column["name"]),
        "fields": forms.field_choices(spec),
        "missing": missing_fields(spec, mapping),
        "keys": forms.key_choices(spec, mapping),
        "constants": forms.constant_fields(spec, mapping),
        "scales": forms.scale_fields(spec, mapping),
        "creatable": forms.creatable_fields(spec, mapping),
        "row_choices": forms.row_choices(job, mapping),
        "date_orders": forms.DATE_ORDERS if kinds & {"date", "datetime"} else [],
        "marks": forms.MARKS if kinds & {"decimal", "integer"} else [],
        "currencies": forms.currency_choices() if "decimal" in kinds else [],
        "remembered": bool(actions.remembered_for(job)),
    }


# ---------------------------------------------------------------------- under way, checked, done
def state_page(by: Actor, job: ImportJob) -> dict[str, Any]:
    """Where the import stands."""
    spec = specs().get(job.target)
    places = {ImportState.RUNNING: 5, ImportState.DONE: 6}  # behind the last one: nothing is left to do
    number = places.get(ImportState(job.state), 4 if job.target else 2)
    page: dict[str, Any] = {"job": job, "title": job.file_name, "spec": spec, "steps": steps(job, number)}
    if job.is_busy:
        return page | _under_way(job)
    if job.state == ImportState.FAILED:
        return page | {"problem": problem_sentence(job.problem, job.report)}
    if job.report:
        page |= _summary(job, spec)
    return page


def _under_way(job: ImportJob) -> dict[str, Any]:
    note = progress.read(job.pk)
    phase, done = note.get("phase", ""), note.get("done", 0)
    rows = max(job.survey.get("rows", 0), 1)
    start, end = SHARES[ImportState(job.state)].get(phase, (0, 0))
    percent = start + int((end - start) * min(done / rows, 1)) if phase else 0
    words = {
        "reading": _("Reading the rows"), "matching": _("Finding records that are here already"), "names": _("Preparing names for search"),
        "writing": _("Writing"), "linking": _("Writing"), "reporting": _("Collecting what was refused"),
    }  # fmt: skip
    figure = _("%(done)s of %(rows)s") % {
        "done": number_format(min(done, rows), force_grouping=True), "rows": number_format(rows, force_grouping=True),
    }  # fmt: skip
    return {
        "percent": percent,
        "phase": words.get(phase, _("Waiting for its turn")),
        "figure": figure if phase == "reading" and rows > 1 else "",
    }


def _summary(job: ImportJob, spec: ImportSpec | None) -> dict[str, Any]:
    counts = job.counts
    done = job.state == ImportState.DONE
    words = [
        ("created", _("created") if done else _("new"), "good"),
        ("updated", _("updated") if done else _("changed"), ""),
        ("unchanged", _("unchanged"), ""),
        ("skipped", _("here already, left alone"), ""),
        ("repeated", _("twice in the file"), ""),
        ("joined", _("further lines of the same"), ""),
        ("added", _("here already, with something new"), "good"),
        ("left_out", _("left out by your choice"), ""),
        ("refused", _("refused"), "bad"),
    ]
    always = {"created", "updated", "unchanged", "refused"}
    figures = [
        {
            "name": name,
            "label": label,
            "value": number_format(counts.get(name, 0), force_grouping=True),
            "tone": tone if counts.get(name) else "",
        }
        for name, label, tone in words
        if counts.get(name) or name in always
    ]
    labels = {field.name: str(field.label) for field in spec.fields} if spec else {}
    return {
        "figures": figures,
        "notes": [sentence for note in job.report.get("notes", []) if (sentence := note_sentence(note, spec))],
        "reasons": [
            {"count": reason["count"], "text": reason_sentence(reason)} for reason in job.report.get("reasons", [])
        ],
        "created": [
            {
                "row": each["row"],
                "values": [
                    (labels[name], _said(spec, name, value)) for name, value in each["values"] if name in labels
                ],
            }
            for each in job.report.get("examples", {}).get("created", [])
        ],
        "updated": [
            {
                "row": each["row"],
                "changes": [
                    (labels.get(name, name), _said(spec, name, old), _said(spec, name, new))
                    for name, old, new in each["changes"]
                ],
            }
            for each in job.report.get("examples", {}).get("updated", [])
        ],
        "refused": [
            {"row": each["row"], "text": reason_sentence(each)}
            for each in job.report.get("examples", {}).get("refused", [])
        ],
        "would_write": counts.get("created", 0) + counts.get("updated", 0) + counts.get("added", 0),
    }


def _said(spec: ImportSpec | None, name: str, value: Any) -> Any:
    """A value as it is shown: of a choice its label."""
    found = next((each for each in spec.fields if each.name == name), None) if spec else None
    choices = found.choices() if found and found.choices else ()
    return next((str(label) for key, label in choices if str(key) == str(value)), value)


def note_sentence(note: dict[str, Any], spec: ImportSpec | None) -> str:
    """What a check or run noticed, in words."""
    names = listed(note.get("names", [])[:4])
    more = note.get("count", 0) - min(len(note.get("names", [])), 4)
    if more > 0:
        names = _("%(names)s and %(count)s more") % {"names": names, "count": number_format(more, force_grouping=True)}
    values = {
        "names": names,
        "count": note.get("count", 0),
        "rows": number_format(note.get("rows", 0), force_grouping=True),
    }
    match note["code"]:
        case "users_unknown":
            return _("No colleagues of these names: %(names)s. Their %(rows)s rows go to you.") % values
        case "records_created":
            target = specs().get(note.get("target", ""))
            return _("Also created under “%(target)s”, because nobody bears the name yet: %(names)s.") % {
                **values, "target": target.label if target else "",
            }  # fmt: skip
        case "records_unknown":
            return _("Not known here, left empty: %(names)s.") % values
        case "owners_not_taken":
            return (
                _(
                    "Owners in the file were not taken for %(rows)s rows: only managers hand records over. They go to you."
                )
                % values
            )
        case "classes_kept":
            return _("%(rows)s prospects stand in another class here; the board’s own class stays.") % values
        case "diverted":
            target = specs().get(note.get("target", ""))
            return _("%(count)s of them are %(target)s and go there.") % {
                "count": number_format(note["count"], force_grouping=True), "target": target.label if target else "",
            }  # fmt: skip
    return str(NOTES[note["code"]]) % {**note, **values} if note["code"] in NOTES else ""
