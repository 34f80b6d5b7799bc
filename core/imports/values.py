"""From the text of a cell to the value of a field, or the reason why not. Columns are converted in batches."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings

from core.imports import mapping as mappings
from core.imports.columns import is_empty
from core.imports.dates import DateError, Order, to_date
from core.imports.numbers import Mark, NumberError, to_decimal
from core.imports.spec import Field
from core.money import round_money

Converter = Callable[[str], str | None]

BLANK_WORDS = frozenset({"-", "--", "—", "–", "n/a", "#n/a", "\\n"})
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
EMAIL = re.compile(r"^[^@\s<>(),;]+@[^@\s<>(),;]+\.[^@\s<>(),;.]{2,}$")
AMOUNT = re.compile(r"[0-9]{1,15}\.[0-9]{2}\Z")
MOST = Decimal(10) ** 16
CACHE_SIZE = 20_000


class Refused(ValueError):
    """This value cannot be taken; `code` says why."""

    def __init__(self, code: str, **extra: Any) -> None:
        super().__init__(code)
        self.code = code
        self.extra = extra


class ColumnConverter:
    """Turns the cells of one column into what the staging table takes, many at a time; a refused one becomes its `Refused`.

    Columns repeat themselves, so each distinct cell is converted once; texts and plain amounts, which are taken as they
    stand, do not even take that way.
    """

    def __init__(
        self, field: Field, mapping: mappings.Mapping, column: Mapping[str, Any], *, other: bool = False
    ) -> None:
        """`column` is what the survey found in it; `other` gives the second reading of its dates."""
        self._known = _Known(_plain_converter(field, mapping, column, other=other))
        self._as_it_stands = _as_it_stands(field, mapping, column)

    def __call__(self, cells: Sequence[str]) -> list[str | Refused | None]:
        """The values, in the same order."""
        known = self._known
        if len(known) > CACHE_SIZE:
            known.clear()
            known.refused = False
        if self._as_it_stands is None:
            return list(map(known.__getitem__, cells))
        plain = self._as_it_stands
        return [cell if plain(cell) else known[cell] for cell in cells]

    @property
    def may_have_refused(self) -> bool:
        """Whether any cell lately was refused."""
        return self._known.refused

    def one(self, text: str) -> str | None:
        """One cell; raises Refused."""
        value = self._known[text]
        if isinstance(value, Refused):
            raise value
        return value


class _Known(dict[str, "str | Refused | None"]):
    """Cells with their values, filled as they are asked for."""

    def __init__(self, convert: Converter) -> None:
        super().__init__()
        self.convert = convert
        self.refused = False

    def __missing__(self, text: str) -> str | Refused | None:
        value: str | Refused | None
        try:
            value = self.convert(text)
        except Refused as refused:
            value = refused
            self.refused = True
        self[text] = value
        return value


def _as_it_stands(field: Field, mapping: mappings.Mapping, column: Mapping[str, Any]) -> Callable[[str], object] | None:
    """A quick test for cells that conversion would leave as they are; None when there is none for this field."""
    if field.kind in {"text", "reference", "user"} and not field.tidy and not field.check:
        longest = field.max_length or column.get("longest", 0)
        return str.isalnum if column.get("longest", longest + 1) <= longest else None
    if (
        field.kind == "decimal"
        and not field.tidy
        and _mark(mapping, column) == "."
        and mapping.scales.get(field.name, 1) == 1
    ):
        return AMOUNT.match if field.maximum is None and (field.minimum or 0) <= 0 else None
    return None


def two_ways(field: Field, column: Mapping[str, Any]) -> bool:
    """Whether the column leaves open in which order its days are written, and the rows shall decide."""
    date = column.get("date", {})
    return field.two_ways and bool(date.get("mixed") or (date.get("open") and not date.get("order")))


def _plain_converter(
    field: Field, mapping: mappings.Mapping, column: Mapping[str, Any], *, other: bool = False
) -> Converter:
    if two_ways(field, column):
        return partial(_other_reading if other else _first_reading, mapping.date_order or None)  # type: ignore[arg-type]
    order: Order | None = mapping.date_order or column.get("date", {}).get("order")  # type: ignore[assignment]
    mark = _mark(mapping, column)
    match field.kind:
        case "date":
            return partial(_date, order)
        case "datetime":
            return partial(_datetime, order, ZoneInfo(settings.TIME_ZONE))
        case "decimal":
            return partial(_decimal, field, mark, Decimal(str(mapping.scales.get(field.name, 1))))
        case "integer":
            return partial(_integer, field, mark)
        case "choice":
            return partial(_choice, field, mapping.values.get(field.name, {}))
        case "email":
            return _email
        case "phone":
            return _phone
        case "tags":
            return _tags
        case _:
            return partial(_text, field)


def _mark(mapping: mappings.Mapping, column: Mapping[str, Any]) -> Mark:
    return mapping.decimal_mark or column.get("number", {}).get("mark") or "."  # type: ignore[return-value]


def clean(text: str, *, lines: bool = False) -> str:
    """Text without control characters; blanks are gathered unless the value may have several lines."""
    if not text.isprintable():
        text = CONTROL.sub("", text)
    if lines:
        return text.replace("\r\n", "\n").replace("\r", "\n").strip()
    return " ".join(text.split())


def _text(field: Field, text: str) -> str | None:
    value = clean(text, lines=field.max_length is None)
    if not value or value.casefold() in BLANK_WORDS:
        return None
    if "\ufffd" in value:
        raise Refused("unreadable")
    if field.tidy:
        value = field.tidy(value)
    if field.max_length and len(value) > field.max_length:
        raise Refused("too_long", limit=field.max_length)
    if field.check and (code := field.check(value)):
        raise Refused(code)
    return value or None


def _date(order: Order | None, text: str) -> str | None:
    if is_empty(text):
        return None
    try:
        return to_date(text, order)[0].isoformat()
    except DateError as error:
        raise Refused(error.code) from None


def _first_reading(order: Order | None, text: str) -> str | None:
    """Day first where both orders are possible, unless month first is the rule; what is possible in one order only so."""
    readings = _readings(order, text)
    return readings[0].isoformat() if readings else None


def _other_reading(order: Order | None, text: str) -> str | None:
    try:
        readings = _readings(order, text)
    except Refused:
        return None  # the first reading's converter has said so
    return readings[1].isoformat() if len(readings) > 1 else None


def _readings(order: Order | None, text: str) -> list[dt.date]:
    """The days a cell may mean, the likelier first."""
    if is_empty(text):
        return []
    orders: tuple[Order, Order] = ("mdy", "dmy") if order == "mdy" else ("dmy", "mdy")
    days: list[dt.date] = []
    problem = ""
    for each in orders:
        try:
            day = to_date(text, each)[0]
        except DateError as error:
            problem = problem or error.code
        else:
            days += [day] if day not in days else []
    if not days:
        raise Refused(problem)
    return days


def _datetime(order: Order | None, zone: ZoneInfo, text: str) -> str | None:
    if is_empty(text):
        return None
    try:
        day, parts = to_date(text, order)
    except DateError as error:
        raise Refused(error.code) from None
    return dt.datetime.combine(day, parts.time or dt.time(), parts.zone or zone).isoformat()


def _number(field: Field, mark: Mark, text: str) -> Decimal | None:
    if field.tidy:
        text = field.tidy(text)
    if is_empty(text):
        return None
    try:
        value = to_decimal(text.strip(), mark)
    except NumberError as error:
        raise Refused(error.code) from None
    if field.minimum is not None and value < field.minimum:
        raise Refused("negative" if field.minimum == 0 else "out_of_range")
    if abs(value) >= MOST or (field.maximum is not None and value > field.maximum):
        raise Refused("out_of_range")
    return value


def _decimal(field: Field, mark: Mark, scale: Decimal, text: str) -> str | None:
    value = _number(field, mark, text)
    if value is None:
        return None
    return format(value * scale, "f") if field.places is None else str(round_money(value * scale))


def _integer(field: Field, mark: Mark, text: str) -> str | None:
    value = _number(field, mark, text)
    if value is None:
        return None
    if value != value.to_integral_value():
        raise Refused("not_whole")
    return str(int(value))


def _choice(field: Field, given: Mapping[str, str], text: str) -> str | None:
    word = clean(text)
    if word in given:
        return given[word] or None
    if not word or word in BLANK_WORDS:
        return None
    if value := field.choice_of(word):
        return value
    raise Refused("not_a_choice")


def _email(text: str) -> str | None:
    value = clean(text).removeprefix("mailto:")
    if is_empty(value):
        return None
    if not EMAIL.match(value) or len(value) > 254:
        raise Refused("not_an_email")
    return value


def _phone(text: str) -> str | None:
    value = clean(text)
    if is_empty(value):
        return None
    if not any(char.isdigit() for char in value) or len(value) > 60:
        raise Refused("not_a_phone")
    return value


def _tags(text: str) -> str | None:
    words = [clean(word)[:40] for word in re.split(r"[,;，；、|]", text)]
    return array_literal(list(dict.fromkeys(word for word in words if word))) if any(words) else None


def array_literal(words: list[str]) -> str:
    """A PostgreSQL array as COPY takes it."""
    return "{" + ",".join('"' + word.replace("\\", "\\\\").replace('"', '\\"') + '"' for word in words) + "}"
