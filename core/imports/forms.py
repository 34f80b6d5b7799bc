"""What the wizard's forms say, as a layout or a mapping."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.errors import DomainError
from core.imports import dialects
from core.imports.charsets import LABELS as ENCODINGS
from core.imports.mapping import Mapping
from core.imports.reasons import shorten
from core.imports.spec import Field, ImportSpec
from core.models import ImportJob
from core.money import CURRENCIES

DELIMITERS = [
    (",", gettext_lazy("Comma ,")),
    (";", gettext_lazy("Semicolon ;")),
    ("\t", gettext_lazy("Tab")),
    ("|", gettext_lazy("Pipe |")),
    (" ", gettext_lazy("Blank")),
]
DATE_ORDERS = [
    ("", gettext_lazy("As the columns show")),
    ("dmy", gettext_lazy("Day, month, year (31/12/2026)")),
    ("mdy", gettext_lazy("Month, day, year (12/31/2026)")),
    ("ymd", gettext_lazy("Year, month, day (2026-12-31)")),
]
MARKS = [
    ("", gettext_lazy("As the columns show")),
    (".", gettext_lazy("Point (1,234.50)")),
    (",", gettext_lazy("Comma (1.234,50)")),
]
SCALES: list[tuple[float, Any]] = [
    (1, gettext_lazy("As they stand")),
    (0.01, gettext_lazy("Cents: 1234 is 12.34")),
    (1_000, gettext_lazy("Thousands")),
    (10_000, gettext_lazy("Ten thousands (万)")),
    (1_000_000, gettext_lazy("Millions")),
    (-1, gettext_lazy("With the other sign")),
]
SHOWN_VALUES = 3
MOST_WORDS = 12  # a column of more different words is none to choose rows by


def layout_from(post: QueryDict) -> dict[str, Any]:
    """A person's corrections to how the file is read; empty ones are left to us."""
    layout: dict[str, Any] = {}
    if (encoding := post.get("encoding")) in ENCODINGS:
        layout["encoding"] = encoding
    if (delimiter := post.get("delimiter")) in dialects.LABELS:
        layout["delimiter"] = delimiter
    if sheet := post.get("sheet"):
        layout["sheet"] = sheet
    header = post.get("header_row", "")
    if header.isdigit():
        layout["header_row"] = int(header)
    return layout


def mapping_from(post: QueryDict, job: ImportJob, spec: ImportSpec) -> Mapping:
    """The mapping that the form's selects and fields say."""
    headings: list[str] = job.layout["columns"]
    names = {field.name for field in spec.fields if not field.hidden}
    columns = {
        heading: name
        for place, heading in enumerate(headings)
        if (name := post.get(f"column-{place}", "")) in names
    }  # fmt: skip
    values: dict[str, dict[str, str]] = {}
    for name in columns.values():
        words = post.getlist(f"word-{name}")
        chosen = post.getlist(f"value-{name}")
        if words and len(words) == len(chosen):
            values[name] = dict(zip(words, chosen, strict=True))
    constants = {
        name: value.strip()
        for name in names - set(columns.values())
        if (value := post.get(f"constant-{name}", "")).strip()
    }  # fmt: skip
    only = {
        heading: post.getlist(f"only_words-{place}")
        for place, heading in enumerate(post.getlist("only_column"))
        if heading in headings
    }
    create = [name for name in post.getlist("create") if name in columns.values() and spec.field(name).may_create]
    return Mapping.from_json(
        {
            "columns": columns,
            "values": values,
            "constants": constants,
            "scales": _scales_from(post, set(columns.values()), job.mapping.get("scales", {})),
            "only": only,
            "key": post.get("key", ""),
            "create_missing": create,
            "existing": "skip" if post.get("existing") == "skip" else "update",
            "date_order": post.get("date_order", "") if post.get("date_order") in {"", "dmy", "mdy", "ymd"} else "",
            "decimal_mark": post.get("decimal_mark", "") if post.get("decimal_mark") in {"", ".", ","} else "",
            "currency": post.get("currency", "") if post.get("currency") in CURRENCIES else "",
        }
    )


def _scales_from(post: QueryDict, names: set[str], before: dict[str, float]) -> dict[str, float]:
    """What the numbers of each column count in; a column the page did not ask about keeps what it had."""
    known = {str(scale): scale for scale, _label in SCALES}
    chosen = {name: known.get(post.get(f"scale-{name}", ""), before.get(name, 1)) for name in names}
    return {name: scale for name, scale in chosen.items() if scale != 1}


def scale_fields(spec: ImportSpec, mapping: Mapping) -> list[dict[str, Any]]:
    """Amounts of this file: what their numbers count in may be chosen."""
    return [
        {
            "field": each,
            "value": str(mapping.scales.get(each.name, 1)),
            "choices": [(str(scale), label) for scale, label in SCALES],
        }
        for each in spec.fields
        if each.kind == "decimal" and each.places is not None and each.name in mapping.columns.values()
    ]


def require_values(spec: ImportSpec, mapping: Mapping) -> None:
    """Every word of a choice column must be said to stand for something; empty means: leave the field empty."""
    for name, words in mapping.values.items():
        field = spec.field(name)
        if name == "status" and (unknown := [word for word, value in words.items() if not value]):
            raise DomainError(
                _("Say what “%(word)s” stands for in “%(name)s”.") % {"word": unknown[0], "name": field.label},
                field=f"value-{name}",
            )


def column_rows(job: ImportJob, spec: ImportSpec, mapping: Mapping) -> list[dict[str, Any]]:
    """One entry for each column of the file: heading, what stands in it, the field chosen, its words to translate."""
    rows = []
    samples = job.survey.get("samples", {})
    for place, heading in enumerate(job.layout["columns"]):
        found = job.survey["columns"].get(heading, {})
        name = mapping.columns.get(heading, "")
        field = spec.field(name) if name else None
        rows.append(
            {
                "place": place,
                "heading": heading if not heading.startswith("#") else _("Column %(number)s") % {"number": heading[1:]},
                "samples": [shorten(text, 40) for text in samples.get(heading, [])[:SHOWN_VALUES]],
                "filled": found.get("filled", 0),
                "name": name,
                "field": field,
                "words": _words(field, found, mapping) if field and field.kind == "choice" else [],
                "too_many": bool(field and field.kind == "choice" and found.get("many")),
                "remark": _remark(field, found, mapping) if field else None,
            }
        )
    return rows


def _words(field: Field, found: dict[str, Any], mapping: Mapping) -> list[dict[str, Any]]:
    given = mapping.values.get(field.name, {})
    return [
        {"word": word, "count": count, "value": given.get(word, field.choice_of(word) or "")}
        for word, count in found.get("values", [])
    ]


def _remark(field: Field, found: dict[str, Any], mapping: Mapping) -> dict[str, str] | None:
    """What the person should know about how this column is read."""
    if field.kind in {"date", "datetime"}:
        return _date_remark(found.get("date", {}), mapping)
    if field.kind in {"decimal", "integer"}:
        number = found.get("number", {})
        if not mapping.decimal_mark and number.get("mixed"):
            return {"tone": "warn", "text": _("Both 1,234.50 and 1.234,50 occur. Set the decimal mark.")}
        if not mapping.decimal_mark and not number.get("certain", True):
            text = _("“%(example)s” is read as thousands. Set the decimal mark if that is wrong.")
            return {"tone": "", "text": text % {"example": number["example"]}}
    return None


def _date_remark(date: dict[str, Any], mapping: Mapping) -> dict[str, str] | None:
    if mapping.date_order or not date:
        return None
    if date.get("mixed"):
        return {
            "tone": "warn",
            "text": _("Some dates are day first, some month first. Set the order below; the others are refused."),
        }
    if date.get("order") is None:
        return {
            "tone": "warn",
            "text": _("“%(example)s” can be read two ways. Set the order of dates below.")
            % {"example": date["example"]},
        }
    if date.get("open"):
        orders = {"dmy": _("day first"), "mdy": _("month first"), "ymd": _("year first")}
        return {
            "tone": "good",
            "text": _("Read %(order)s: the whole column proves it.") % {"order": orders[date["order"]]},
        }
    return None


def field_choices(spec: ImportSpec) -> list[tuple[str, str]]:
    """The fields of a target for a select, required ones marked."""
    return [
        (field.name, f"{field.label} *" if field.required else str(field.label))
        for field in spec.fields
        if not field.hidden
    ]


def key_choices(spec: ImportSpec, mapping: Mapping) -> list[tuple[str, str]]:
    """The keys whose fields have a column, and “every row is new”."""
    keys = [(key.name, str(key.label)) for key in spec.keys if set(key.fields) <= mapping.fields]
    return keys if spec.append_only else [*keys, ("none", _("Do not match: every row is new"))]


def constant_fields(spec: ImportSpec, mapping: Mapping) -> list[dict[str, Any]]:
    """Fields without a column for which one value may be given for all rows: a choice, or a day."""
    return [
        {
            "field": field,
            "choices": list(field.choices()) if field.choices else [],
            "value": mapping.constants.get(field.name, ""),
        }
        for field in spec.fields
        if ((field.kind == "choice" and field.choices) or field.one_for_all)
        and not field.hidden
        and field.name not in mapping.columns.values()
    ]


def creatable_fields(spec: ImportSpec, mapping: Mapping) -> list[Field]:
    """Fields of this file whose unknown names may become new records."""
    return [each for each in spec.fields if each.may_create and each.name in mapping.fields]


def row_choices(job: ImportJob, mapping: Mapping) -> list[dict[str, Any]]:
    """By which columns of few different words rows are taken, and one more to choose while some column is left."""
    words = {
        heading: [word for word, _count in found["values"]]
        for heading, found in job.survey["columns"].items()
        if 1 < len(found.get("values", [])) <= MOST_WORDS
    }
    left = [heading for heading in words if heading not in mapping.only]
    chosen = [
        {"heading": heading, "headings": [heading, *left], "words": words.get(heading, taken), "taken": taken}
        for heading, taken in mapping.only.items()
    ]
    return [*chosen, {"heading": "", "headings": left}] if left else chosen


def currency_choices() -> Iterable[tuple[str, str]]:
    """Currencies for amounts that name none."""
    default = settings.DEFAULT_CURRENCY
    return [
        ("", _("Our own (%(currency)s)") % {"currency": default}),
        *((code, code) for code in CURRENCIES if code != default),
    ]
