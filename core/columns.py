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

A cell is drawn hundreds of times a page. What is the same for all rows of one (the language, the words of the choices,
today) is looked up once by a `pen`, which gives the function that draws the cells:

    def health() -> Cell:
        words = {code: str(label) for code, label in Health.choices}
        return lambda row: words[row["health"]]

    Column(key="health", label=_("Health"), reads=("health",), pen=health, export=lambda row: row["health"])
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from functools import lru_cache, partial
from html import escape
from typing import Any

from django.db.models import Choices
from django.urls import reverse
from django.utils.formats import date_format, number_format
from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.timezone import get_current_timezone, localtime
from django.utils.translation import get_language

from core.money import money_writer

Row = dict[str, Any]
Cell = Callable[[Row], str]
Label = str | Promise
NOTHING = SafeString('<span class="muted none">–</span>')  # hidden on a phone


@dataclass(frozen=True, kw_only=True)
class Column:
    """One column. `reads` are the field paths it needs; `cell` gives text (escaped) or SafeString for the page, or `pen`
    a function that does, made anew for each page; `export` the plain value for a file; `sort` the field path or
    annotation the header sorts by (empty: it does not).
    """

    key: str
    label: Label
    reads: tuple[str, ...]
    export: Callable[[Row], Any]
    cell: Cell | None = None
    pen: Callable[[], Cell] | None = None
    sort: str = ""
    css: str = ""
    shown: bool = True

    def __post_init__(self) -> None:
        if (self.cell is None) == (self.pen is None):
            raise TypeError(f"The column {self.key} takes either a cell or a pen.")

    @property
    def is_number(self) -> bool:
        return "number" in self.css

    def draw(self, rows: list[Row], *, first: bool = False) -> list[str]:
        """The column's cells for these rows, each with its `<td>`, of the first column with `<th scope="row">`."""
        cell = self.pen() if self.pen else self.cell
        assert cell is not None  # noqa: S101  __post_init__ saw to it
        css = f' class="{self.css}"' if self.css else ""
        if first:
            start, end = f'<th scope="row"{css}>', "</th>"
        else:
            start, end = f'<td{css} data-label="{escape(str(self.label))}">', "</td>"
        inside = map(cell, rows)
        return [f"{start}{text if isinstance(text, SafeString) else escape(str(text))}{end}" for text in inside]


def text(key: str, label: Label, *, field: str = "", **more: Any) -> Column:
    """Plain text, as it is stored."""
    name = field or key
    return Column(
        key=key, label=label, reads=(name,), cell=lambda row: row[name] or "", export=lambda row: row[name], **more
    )


def link(key: str, label: Label, *, to: str, field: str = "", note: str = "", pk: str = "id", **more: Any) -> Column:
    """Text that leads to the page `to` of the row's `pk`; the heading of the row. `note` is a field shown small after it."""
    name = field or key
    address = addresses(to)

    def cell(row: Row) -> str:
        if row[pk] is None:
            return NOTHING
        small = f' <span class="cell-note">{escape(str(row[note]))}</span>' if note and row[note] else ""
        return SafeString(f'<a href="{address(row[pk])}">{escape(str(row[name] or ""))}</a>{small}')

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

    def drawn(value: Any, name: str) -> SafeString:
        if tones is None:
            return SafeString(escape(name))
        tone = tones.get(value, "")
        return SafeString(f'<span class="badge{" badge-" + tone if tone else ""}">{escape(name)}</span>')

    def pen() -> Cell:
        cells: dict[Any, SafeString] = {None: SafeString(), "": SafeString()}
        cells |= {value: drawn(value, str(name)) for value, name in labels.items() if value not in (None, "")}

        def cell(row: Row) -> str:
            value = row[key]
            return cells[value] if value in cells else drawn(value, str(value))

        return cell

    return Column(key=key, label=label, reads=(key,), pen=pen, export=name_of, **more)


def number(key: str, label: Label, **more: Any) -> Column:
    """A number, grouped for the reader's language."""

    def pen() -> Cell:
        language = get_language()
        return lambda row: NOTHING if row[key] is None else _number(row[key], language)

    return Column(key=key, label=label, reads=(key,), pen=pen, export=lambda row: row[key], **{"css": "number", **more})


def money(key: str, label: Label, *, currency: str = "currency", cents: bool = False, **more: Any) -> Column:
    """An amount with its row's currency. Exports write the number; give the currency a column of its own there."""

    def pen() -> Cell:
        write = money_writer(cents=cents)
        return lambda row: NOTHING if row[key] is None else write(row[key], row[currency])

    return Column(
        key=key, label=label, reads=(key, currency), pen=pen, export=lambda row: row[key], **{"css": "number", **more}
    )


def day(
    key: str, label: Label, *, late_before: Callable[[], date] | None = None, unless: str = "", **more: Any
) -> Column:
    """A day. With `late_before` (usually `workdays.today`) an earlier one is set in the warning colour, unless the field
    `unless` of the row is filled: what is over is not late.
    """

    def pen() -> Cell:
        language = get_language()
        limit = late_before() if late_before is not None else date.min

        def cell(row: Row) -> str:
            value = row[key]
            return NOTHING if value is None else _day(value, value < limit and not (unless and row[unless]), language)

        return cell

    reads = (key, unless) if unless else (key,)
    return Column(key=key, label=label, reads=reads, pen=pen, export=lambda row: row[key], **more)


def moment(key: str, label: Label, **more: Any) -> Column:
    """An instant, shown as "3 minutes ago" while recent."""

    def pen() -> Cell:
        language, zone = get_language(), get_current_timezone()

        def cell(row: Row) -> str:
            value = row[key]
            if value is None:
                return NOTHING
            here = value.astimezone(zone)
            words = _minute(here.replace(second=0, microsecond=0, tzinfo=None), language)
            return SafeString(
                f'<time class="tabular" datetime="{here.isoformat()}" data-behaviour="relative-time">{words}</time>'
            )

        return cell

    return Column(key=key, label=label, reads=(key,), pen=pen, export=lambda row: row[key], **more)


def person(key: str, label: Label, *, name: str = "full_name", **more: Any) -> Column:
    """A colleague behind the foreign key `key`, by name. Sorting by it is left out: no index can serve it."""
    path = f"{key}__{name}"
    return Column(
        key=key, label=label, reads=(path,), cell=lambda row: row[path] or NOTHING, export=lambda row: row[path], **more
    )


def words(key: str, label: Label, **more: Any) -> Column:
    """A list of short words (tags)."""

    def cell(row: Row) -> str:
        return SafeString(" ".join(f'<span class="badge">{escape(str(word))}</span>' for word in row[key] or ()))

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


def addresses(to: str) -> Callable[[int], str]:
    """`reverse()` for many rows: the pattern of a page with one number in its address is looked up once a process."""
    return partial(_address, to)


def _address(to: str, pk: int) -> str:
    before, after = _around_number(to)
    return f"{before}{pk}{after}"


@lru_cache(maxsize=200)
def _around_number(to: str) -> tuple[str, str]:
    marker = 987_654_321
    before, after = reverse(to, args=[marker]).split(str(marker))
    return before, after


# The language is part of the keys below: the same day or number reads differently in another one.


def _number(value: Any, language: str | None) -> str:
    # Decimals are not kept: 1.0 and 1.00 are one key and two spellings.
    return _count(value, language) if isinstance(value, int) else _grouped(value)


@lru_cache(maxsize=4_000)
def _count(value: int, _language: str | None) -> str:
    return _grouped(value)


def _grouped(value: Any) -> str:
    return number_format(value, use_l10n=True, force_grouping=True)


@lru_cache(maxsize=4_000)
def _day(value: date, is_late: bool, _language: str | None) -> SafeString:
    tone = " text-bad" if is_late else ""
    words = date_format(value, "SHORT_DATE_FORMAT")
    return SafeString(f'<time class="tabular{tone}" datetime="{value.isoformat()}">{words}</time>')


@lru_cache(maxsize=4_000)
def _minute(value: datetime, _language: str | None) -> str:
    return date_format(value, "SHORT_DATETIME_FORMAT")
