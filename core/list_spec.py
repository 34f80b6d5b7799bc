"""What a list page shows, declared by its app; see `core.lists`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db.models import QuerySet
from django_filters import FilterSet

from core.columns import Column, Label, Row
from core.models import User


@dataclass(frozen=True)
class Choosing:
    """What can be done with several rows of a list: words and icon of the button, the form it opens, the right it takes.

    The form's address names the rows as `?id=7&id=9`, or all that the list finds as `?all=1` with the list's own words:
    `chosen_ids` reads it.
    """

    label: Label
    icon: str
    view: str
    verb: str


@dataclass(frozen=True, kw_only=True)
class ListSpec:
    """What a list page shows. `extend` may add to a page's rows what needs one more statement (an account per contact).

    `views` are ready-made answers, (label, words of the address), one click above the table. Where the rows are not
    `Searchable`, `find` names the filter the search box fills, `find_hint` says in it what may be typed.
    """

    key: str
    title: Label
    rows: Callable[[User], QuerySet[Any]]
    columns: Sequence[Column]
    sort: str
    filters: type[FilterSet] | None = None
    extend: Callable[[list[Row]], None] | None = None
    views: Sequence[tuple[Label, dict[str, str]]] = ()
    find: str = ""
    find_hint: Label = ""
    empty_icon: str = "list"
    empty_title: Label = ""
    empty_text: Label = ""
    empty_action: tuple[Label, str, str] | None = None
    """How to begin: words of the button, the page it leads to, the right it takes."""
    choosing: Choosing | None = None

    def column(self, key: str) -> Column | None:
        return next((column for column in self.columns if column.key == key), None)

    @cached_property
    def reads(self) -> tuple[str, ...]:
        """Every field path the columns need, once; what `extend` adds is no field and is left out by it."""
        return tuple(dict.fromkeys(path for column in self.columns for path in column.reads))
