"""The columns of a list: what each reads, how a cell looks, what an export writes.

A list page declares its columns with these makers. Rows are dictionaries (`values()`), because turning fifty rows into
model objects costs more than drawing them. `key` stands in addresses and in saved views: never rename one.

    COLUMNS = (
        link("name", _("Name"), sort="sort_name", to="accounts:account"),
        choice("tier", _("Tier"), Tier, sort="tier"),
        person("owner", _("Owner")),
        money("amount", _("Amount"), sort="amount"),
        day("next_step_on", _("Next step"), sort="next_step_on"),
        Column(key="health", label=_("Health"), reads=("score",), cell=draw_health, export=lambda row: row["score"]),
    )
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from functools import lru_cache
from typing import Any

from django.db.models import Choices
from django.urls import reverse
from django.utils.formats import date_format, number_format
from django.utils.functional import Promise
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.timezone import localtime
from django.utils.translation import get_language

from core.money import format_money

Row = dict[str, Any]
Label = str | Promise
NOTHING = SafeString('<span class="muted none">–</span>')  # hidden on a phone


@dataclass(frozen=True, kw_only=True)
class Column:
    """One column. `reads` are the field paths it needs; `cell` gives text (escaped) or SafeString for the page,
    `export` the plain value for a file; `sort` the field path or annotation the header sorts by (empty: it does not).
    """

    key: str
    label: Label
    reads: tuple[str, ...]
    cell: Callable[[Row], str]
    export: Callable[[Row], Any]
    sort: str = ""
    css: str = ""
    shown: bool = True

    @property
    def is_number(self) -> bool:
        return "number" in self.css


def text(key: str, label: Label, *, field: str = "", **more: Any) -> Column:
    """Plain text, as it is stored."""
    name = field or key
    return Column(
        key=key, label=label, reads=(name,), cell=lambda row: row[name] or "", export=lambda row: row[name], **more
    )


def link(key: str, label: Label, *, to: str, field: str = "", note: str = "", pk: str = "id", **more: Any) -> Column:
    """Text that leads to the page `to` of the row's `pk`; the heading of the row. `note` is a field shown small after it."""
    name = field or key
    address = _addresses(to)

    def cell(row: Row) -> str:
        if row[pk] is None:
            return NOTHING
        small = f' <span class="cell-note">{escape(row[note])}</span>' if note and row[note] else ""
        return SafeString(f'<a href="{address(row[pk])}">{escape(row[name])}</a>{small}')

    reads = (name, pk, note) if note else (name, pk)
    return Column(
        key=key,
        label=label,
        reads=reads,
        cell=cell,
        export=lambda row: row[name],
        **{"css": "cell-main cell-wide", **more},
    )


def choice(
    key: str, label: Label, choices: type[Choices], *, tones: Mapping[Any, str] | None = None, **more: Any
) -> Column:
    """The label of a coded value; with `tones` ({value: accent | good | warn | bad | ""}) as a badge."""
    labels: dict[Any, Label] = dict(choices.choices)

    def name_of(row: Row) -> str:
        value = row[key]
        return str(labels.get(value, value)) if value not in (None, "") else ""

    def cell(row: Row) -> str:
        name = name_of(row)
        if tones is None or not name:
            return name
        tone = tones.get(row[key], "")
        return SafeString(f'<span class="badge{" badge-" + tone if tone else ""}">{escape(name)}</span>')

    return Column(key=key, label=label, reads=(key,), cell=cell, export=name_of, **more)


def number(key: str, label: Label, **more: Any) -> Column:
    """A number, grouped for the reader's language."""
    return Column(
        key=key,
        label=label,
        reads=(key,),
        cell=lambda row: _number(row[key]),
        export=lambda row: row[key],
        **{"css": "number", **more},
    )


def money(key: str, label: Label, *, currency: str = "currency", cents: bool = False, **more: Any) -> Column:
    """An amount with its row's currency. Exports write the number; give the currency a column of its own there."""

    def cell(row: Row) -> str:
        return NOTHING if row[key] is None else format_money(row[key], row[currency], cents=cents)

    return Column(
        key=key, label=label, reads=(key, currency), cell=cell, export=lambda row: row[key], **{"css": "number", **more}
    )


def day(key: str, label: Label, *, late_before: Callable[[], date] | None = None, **more: Any) -> Column:
    """A day. With `late_before` (usually `workdays.today`) an earlier one is set in the warning colour."""

    def cell(row: Row) -> str:
        value = row[key]
        if value is None:
            return NOTHING
        tone = " text-bad" if late_before is not None and value < late_before() else ""
        return SafeString(
            f'<time class="tabular{tone}" datetime="{value.isoformat()}">{_day(value, get_language())}</time>'
        )

    return Column(key=key, label=label, reads=(key,), cell=cell, export=lambda row: row[key], **more)


def moment(key: str, label: Label, **more: Any) -> Column:
    """An instant, shown as "3 minutes ago" while recent."""

    def cell(row: Row) -> str:
        value = row[key]
        if value is None:
            return NOTHING
        here = localtime(value)
        words = date_format(here, "SHORT_DATETIME_FORMAT")
        return SafeString(
            f'<time class="tabular" datetime="{here.isoformat()}" data-behaviour="relative-time">{words}</time>'
        )

    return Column(key=key, label=label, reads=(key,), cell=cell, export=lambda row: row[key], **more)


def person(key: str, label: Label, *, name: str = "full_name", **more: Any) -> Column:
    """A colleague behind the foreign key `key`, by name. Sorting by it is left out: no index can serve it."""
    path = f"{key}__{name}"
    return Column(
        key=key, label=label, reads=(path,), cell=lambda row: row[path] or NOTHING, export=lambda row: row[path], **more
    )


def words(key: str, label: Label, **more: Any) -> Column:
    """A list of short words (tags)."""

    def cell(row: Row) -> str:
        return mark_safe(" ".join(format_html('<span class="badge">{}</span>', word) for word in row[key] or ()))  # noqa: S308  each piece is escaped

    return Column(
        key=key, label=label, reads=(key,), cell=cell, export=lambda row: ", ".join(map(str, row[key] or ())), **more
    )


def plain(value: Any) -> Any:
    """A value as a file takes it: text, number, day or instant in the reader's zone; everything else as text."""
    if isinstance(value, datetime):
        return localtime(value).replace(tzinfo=None, microsecond=0)
    if isinstance(value, Enum):
        return str(value.label) if isinstance(value, Choices) else value.value
    if value is None or isinstance(value, str | bool | int | float | Decimal | date):
        return value
    return str(value)


def _addresses(to: str) -> Callable[[int], str]:
    """`reverse()` for many rows: the pattern is looked up once."""

    @lru_cache(maxsize=1)
    def parts() -> tuple[str, str]:
        marker = 987_654_321
        before, after = reverse(to, args=[marker]).split(str(marker))
        return before, after

    def address(pk: int) -> str:
        before, after = parts()
        return f"{before}{pk}{after}"

    return address


def _number(value: Any) -> str:
    if value is None:
        return NOTHING
    return number_format(value, use_l10n=True, force_grouping=True)


@lru_cache(maxsize=4_000)
def _day(value: date, language: str | None) -> str:
    # The language is part of the key: the same day reads differently in another one.
    return date_format(value, "SHORT_DATE_FORMAT")
