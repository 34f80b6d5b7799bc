"""From the text of a cell to the value of a field, or the reason why not. One converter per column, made once."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Mapping
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
MOST = Decimal(10) ** 16
CACHE_SIZE = 20_000


class Refused(ValueError):
    """This value cannot be taken; `code` says why."""

    def __init__(self, code: str, **extra: Any) -> None:
        super().__init__(code)
        self.code = code
        self.extra = extra


def converter(field: Field, mapping: mappings.Mapping, column: Mapping[str, Any]) -> Converter:
    """The function that turns this column's cells into what the staging table takes. `column` is its survey."""
    convert = _plain_converter(field, mapping, column)
    if field.kind in {"date", "datetime", "choice", "decimal", "integer", "tags"}:
        return _remembering(convert)
    return convert


def _plain_converter(field: Field, mapping: mappings.Mapping, column: Mapping[str, Any]) -> Converter:
    order: Order | None = mapping.date_order or column.get("date", {}).get("order")  # type: ignore[assignment]
    mark: Mark = mapping.decimal_mark or column.get("number", {}).get("mark") or "."  # type: ignore[assignment]
    match field.kind:
        case "date":
            return partial(_date, order)
        case "datetime":
            return partial(_datetime, order, ZoneInfo(settings.TIME_ZONE))
        case "decimal":
            return partial(_decimal, field, mark, mapping.scales.get(field.name, 1))
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


def _remembering(convert: Converter) -> Converter:
    """Columns repeat themselves: each distinct cell is converted once."""
    known: dict[str, str | Refused | None] = {}

    def remembered(text: str) -> str | None:
        answer = known.get(text, known)
        if answer is known:
            if len(known) > CACHE_SIZE:
                known.clear()
            try:
                answer = convert(text)
            except Refused as refused:
                answer = refused
            known[text] = answer
        if isinstance(answer, Refused):
            raise answer
        return answer  # type: ignore[return-value]

    return remembered


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


def _datetime(order: Order | None, zone: ZoneInfo, text: str) -> str | None:
    if is_empty(text):
        return None
    try:
        day, parts = to_date(text, order)
    except DateError as error:
        raise Refused(error.code) from None
    return dt.datetime.combine(day, parts.time or dt.time(), parts.zone or zone).isoformat()


def _number(field: Field, mark: Mark, text: str) -> Decimal | None:
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


def _decimal(field: Field, mark: Mark, scale: int, text: str) -> str | None:
    value = _number(field, mark, text)
    return None if value is None else str(round_money(value * scale))


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
