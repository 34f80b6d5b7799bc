"""Pages found by key: the page after a row costs the same wherever that row lies, and needs no count.

The order is one column and the id, both in one direction, so that a plain index on (column, id) serves it forwards
and backwards. Rows without a value come last in either direction: they are a second stretch of the same index, walked
by id alone. Where several columns make the order (`search_rank`, then `sort_name`), none of them may be empty.

A cursor names the row a page begins behind. It is signed, so an address that was tampered with, or that belongs to
another order, simply shows the first page.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.core import signing
from django.db import models
from django.db.models import F, Func, Q, QuerySet, Value

Row = dict[str, Any]
MAX_CURSOR = 2_000


@dataclass(frozen=True)
class Order:
    """What rows are sorted by: field paths or annotations, the id always last; `nullable` allows an empty first one."""

    fields: tuple[str, ...]
    descending: bool = False
    nullable: bool = False

    def __post_init__(self) -> None:
        if self.nullable and len(self.fields) > 1:
            raise ValueError("Only an order by a single column may hold empty values.")

    @property
    def name(self) -> str:
        """The order as the address says it: "-amount"."""
        return ("-" if self.descending else "") + "+".join(self.fields)

    @property
    def key(self) -> tuple[str, ...]:
        return self.fields if "id" in self.fields else (*self.fields, "id")


@dataclass(frozen=True)
class Page:
    """Rows in the order asked for, and the cursors of the pages on either side (empty where there is none)."""

    rows: list[Row]
    before: str = ""
    after: str = ""


def read_page(
    rows: QuerySet[Any], order: Order, fields: tuple[str, ...], *, size: int, after: str = "", before: str = ""
) -> Page:
    """`size` rows as dictionaries, behind the cursor `after` or in front of the cursor `before`.

    Takes one statement; a second one only where a page reaches from the filled rows into the empty ones.
    """
    place = read_cursor(before or after, order)
    backwards = bool(before) and place is not None
    found = _take(rows, order, fields, place, backwards=backwards, count=size + 1)
    more = len(found) > size
    found = found[:size]
    if backwards:
        found.reverse()
    if not found:
        return Page([])
    has_before = more if backwards else place is not None
    has_after = True if backwards else more
    return Page(
        found,
        before=write_cursor(found[0], order) if has_before else "",
        after=write_cursor(found[-1], order) if has_after else "",
    )


def walk(rows: QuerySet[Any], order: Order, fields: tuple[str, ...], *, size: int = 2_000) -> Iterator[list[Row]]:
    """All rows, `size` at a time, with memory for one batch only. Each batch is a statement of its own."""
    place: tuple[Any, ...] | None = None
    while True:
        found = _take(rows, order, fields, place, backwards=False, count=size)
        if found:
            yield found
        if len(found) < size:
            return
        place = _key_of(found[-1], order)


def write_cursor(row: Row, order: Order) -> str:
    """The cursor of a row under an order."""
    return signing.Signer(salt="keyset").sign_object([order.name, *_key_of(row, order)], serializer=_Json)


def read_cursor(cursor: str, order: Order) -> tuple[Any, ...] | None:
    """The key a cursor holds; None when there is no cursor, or it is damaged or of another order."""
    if not cursor or len(cursor) > MAX_CURSOR:
        return None
    try:
        name, *key = signing.Signer(salt="keyset").unsign_object(cursor, serializer=_Json)
    except (signing.BadSignature, ValueError, UnicodeError):
        return None
    return tuple(key) if name == order.name else None


def _take(
    rows: QuerySet[Any],
    order: Order,
    fields: tuple[str, ...],
    place: tuple[Any, ...] | None,
    *,
    backwards: bool,
    count: int,
) -> list[Row]:
    """The `count` rows next to a place, nearest first."""
    descending = order.descending != backwards
    wanted = tuple(dict.fromkeys((*fields, *order.key)))
    found: list[Row] = []
    for condition, columns, key in _stretches(order, place, backwards=backwards):
        part = rows.filter(condition)
        if key:
            part = part.filter(_Beyond(columns, key, "<" if descending else ">"))
        by = [f"-{column}" if descending else column for column in columns]
        found += _looked_up(part.order_by(*by), by, count - len(found)).values(*wanted)[: count - len(found)]
        if len(found) >= count:
            break
    return found


def _looked_up(part: QuerySet[Any], by: list[str], count: int) -> QuerySet[Any]:
    """Of narrowed rows first the ids are found and put in order, by an index alone where there is one; then the rest is read.

    Otherwise PostgreSQL joins everything a page shows to all rows of somebody's scope before it sorts them. What is
    annotated must be worked out on the way.
    """
    if not part.query.has_filters() or part.query.annotations or part.query.distinct:
        return part
    return QuerySet(part.model).filter(pk__in=part.values("pk")[:count]).order_by(*by)


Stretch = tuple[Q, tuple[str, ...], tuple[Any, ...]]


def _stretches(order: Order, place: tuple[Any, ...] | None, *, backwards: bool) -> list[Stretch]:
    """The stretches of index still to walk, nearest first: which rows, their order, and the key to start beyond."""
    key = place or ()
    if not order.nullable:
        return [(Q(), order.key, key)]
    field = order.fields[0]
    filled: Stretch = (Q((f"{field}__isnull", False)), order.key, ())
    empty: Stretch = (Q((f"{field}__isnull", True)), ("id",), ())
    if not key:
        return [filled, empty]
    if key[0] is None:
        rest: Stretch = (empty[0], empty[1], key[1:])
        return [rest, filled] if backwards else [rest]
    rest = (filled[0], filled[1], key)
    return [rest] if backwards else [rest, empty]


class _Beyond(Func):
    """(columns) > (key) as one row comparison, which a composite index answers directly."""

    template = "%(expressions)s"
    output_field = models.BooleanField()

    def __init__(self, columns: tuple[str, ...], key: tuple[Any, ...], operator: str) -> None:
        left, right = _RowOf(*map(F, columns)), _RowOf(*map(Value, key))
        super().__init__(left, right, arg_joiner=f" {operator} ")


class _RowOf(Func):
    template = "ROW(%(expressions)s)"
    output_field = models.Field()


def _key_of(row: Row, order: Order) -> tuple[Any, ...]:
    return tuple(row[column] for column in order.key)


class _Json:
    """Keys as compact JSON; instants to the microsecond, amounts as text (PostgreSQL reads both back exactly)."""

    def dumps(self, key: Any) -> bytes:
        return json.dumps(key, default=_text, ensure_ascii=False, separators=(",", ":")).encode()

    def loads(self, data: bytes) -> Any:
        return json.loads(data)


def _text(value: Any) -> str:
    return value.isoformat() if isinstance(value, date | datetime) else str(value)
