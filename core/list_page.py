"""One request to a list: what its template draws and where its links lead."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property
from html import escape
from typing import Any, ClassVar, cast
from urllib.parse import urlencode

from django.db.models import Model, QuerySet
from django.http import HttpRequest, QueryDict
from django.utils.formats import number_format
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django_filters import FilterSet

from core import search
from core.chips import Chip, chips_of
from core.columns import Column, Label, Row, plain
from core.filter_forms import dress
from core.filter_words import narrowed
from core.keyset import Order, Page, read_page, walk
from core.list_spec import ListSpec
from core.models import Searchable, User
from core.navigation import address_of
from core.permissions import allowed

SIZES = (50, 200)
MAX_COUNT = 10_000
PASSING_WORDS = ("after", "before", "export", "filters")  # of one answer only: links to other answers leave them out


class ListPage:
    """One request to a list: what the template draws."""

    sizes: ClassVar[tuple[int, ...]] = SIZES

    def __init__(self, request: HttpRequest, spec: ListSpec) -> None:
        self.request = request
        self.spec = spec
        self.user = cast("User", request.user)  # the middleware lets nobody else in
        self.query: QueryDict = request.GET
        self.q = self.query.get("q", "").replace("\x00", "").strip()[: search.MAX_TERM]
        self.size = SIZES[1] if self.query.get("size") == str(SIZES[1]) else SIZES[0]

    # -------------------------------------------------------------- rows
    @cached_property
    def filterset(self) -> FilterSet | None:
        """The filters that the address has words for; None when it has none."""
        filters = narrowed(self.spec.filters, self.query) if self.spec.filters else None
        return filters and filters(self.query, queryset=self.spec.rows(self.user), request=self.request)

    @cached_property
    def filtered(self) -> QuerySet[Any]:
        """The rows this user may see, under the filters, without the search."""
        return self.filterset.qs if self.filterset else self.spec.rows(self.user)

    @cached_property
    def found(self) -> QuerySet[Any]:
        """The same under the search too: at most `search.CANDIDATES` rows, best first."""
        return search.ranked(self.filtered, self.q) if self.q else self.filtered

    @cached_property
    def order(self) -> Order:
        key = self.query.get("sort", "")
        column = self.spec.column(key.removeprefix("-"))
        if column is None or not column.sort:
            if self.q:
                return Order(("search_rank", "sort_name"))
            key = self.spec.sort
            column = self.spec.column(key.removeprefix("-"))
        if column is None:
            raise ValueError(f"{self.spec.key} sorts by {key}, which is no column of it.")
        return Order((column.sort,), key.startswith("-"), nullable=_nullable(self.filtered, column.sort))

    @cached_property
    def page(self) -> Page:
        page = read_page(
            self.found,
            self.order,
            self._fields,
            size=self.size,
            after=self.query.get("after", ""),
            before=self.query.get("before", ""),
        )
        if self.spec.extend:
            self.spec.extend(page.rows)
        return page

    @cached_property
    def lines(self) -> list[tuple[Any, SafeString]]:
        """Each row's id and its drawn cells, column by column. Not in the template: here it is four times as fast."""
        rows = self.page.rows
        cells = [column.draw(rows, first=not number) for number, column in enumerate(self.columns)]
        if self.choosing_url:
            cells.insert(0, [_box(row) for row in rows])
        return [
            (row["id"], SafeString("".join(drawn))) for row, drawn in zip(rows, zip(*cells, strict=True), strict=True)
        ]

    @cached_property
    def columns(self) -> list[Column]:
        return [column for column in self.spec.columns if column.shown]

    @property
    def _fields(self) -> tuple[str, ...]:
        single = (
            each for each in self.found.model._meta.get_fields() if not each.one_to_many and not each.many_to_many
        )
        known = {*self.found.query.annotations, *(field.name for field in single)}  # many of a row would double the row
        known |= {field.attname for field in self.found.model._meta.concrete_fields}
        return ("id", *(path for path in self.spec.reads if path.split("__")[0] in known))

    # -------------------------------------------------------------- several rows at once
    @cached_property
    def choosing_url(self) -> str:
        """The form that takes chosen rows; empty for who may not, or where a list has none."""
        choosing = self.spec.choosing
        return address_of(choosing.view) if choosing and allowed(self.user, choosing.verb) else ""

    @property
    def choosing_all_url(self) -> str:
        """The same for every row found, shown or not."""
        words = [pair for pair in self._lasting if pair[0] not in {"sort", "size"}]
        return f"{self.choosing_url}?{urlencode([('all', '1'), *words])}"

    # -------------------------------------------------------------- words
    @cached_property
    def total(self) -> str:
        """How many rows are found, like "1,204" or "10,000+": not counted further than MAX_COUNT (or than the search looks)."""
        total, is_more = self._counted
        return f"{grouped(total)}{'+' if is_more else ''}"

    @cached_property
    def summary(self) -> str:
        """Like "50 of 1,204"."""
        shown = len(self.page.rows)
        if (shown, False) == self._counted:
            return _("%(shown)s in all") % {"shown": grouped(shown)}
        return _("%(shown)s of %(total)s") % {"shown": grouped(shown), "total": self.total}

    @cached_property
    def _counted(self) -> tuple[int, bool]:
        """How many rows are found, and whether there are more than were counted."""
        most = search.CANDIDATES if self.q else MAX_COUNT
        found = search.match(self.filtered, self.q) if self.q else self.filtered
        total = found.order_by()[: most + (not self.q)].values("pk").count()
        return min(total, most), total >= most if self.q else total > most

    @cached_property
    def chips(self) -> list[Chip]:
        chips = chips_of(self.filterset, self.url_without) if self.filterset else []
        if self.q:
            chips.insert(0, Chip(_("Search"), self.q, self.url_without(["q"])))
        return chips

    @property
    def is_narrowed(self) -> bool:
        """Whether a search or filter is in force: then an empty list means something else."""
        return bool(self.chips)

    @property
    def may_export(self) -> bool:
        return allowed(self.user, "exports.run")

    @cached_property
    def form(self) -> Any:
        """The form with all the filters."""
        filters = self.spec.filters
        whole = filters and filters(self.query, queryset=self.spec.rows(self.user), request=self.request)
        return dress(whole.form) if whole else None

    @property
    def searchable(self) -> bool:
        return bool(self.spec.find) or issubclass(self.filtered.model, Searchable)

    @property
    def search_word(self) -> str:
        """The word of the address that the search box writes."""
        return self.spec.find or "q"

    @property
    def search_text(self) -> str:
        return self.query.get(self.search_word, "")

    @property
    def empty_url(self) -> str:
        """Where one begins; empty for who may not."""
        if self.spec.empty_action is None or not allowed(self.user, self.spec.empty_action[2]):
            return ""
        return address_of(self.spec.empty_action[1])

    @property
    def views(self) -> list[tuple[Label, str, bool]]:
        """The ready-made answers: label, address, whether this is the one. One without words is all rows."""
        asked = {word: value for word, value in self._lasting if word not in {"sort", "size"}}
        return [
            (label, f"?{urlencode(words)}" if words else self.request.path, self._narrows(words) == asked)
            for label, words in self.spec.views
        ]

    def _narrows(self, words: dict[str, str]) -> dict[str, str]:
        return {word: value for word, value in words.items() if word not in {"sort", "size"}}

    # -------------------------------------------------------------- addresses
    @property
    def address(self) -> str:
        """This answer's own address, without empty words."""
        words = [(word, value) for word, value in self._pairs() if word not in {"export", "filters"}]
        return f"{self.request.path}?{urlencode(words)}" if words else self.request.path

    def url(self, **changes: Any) -> str:
        """This list with some words of the address changed (None takes one out); back on the first page."""
        words = [pair for pair in self._lasting if pair[0] not in changes]
        words += [(word, str(value)) for word, value in changes.items() if value is not None]
        return f"?{urlencode(words)}" if words else self.request.path

    def url_without(self, words: Sequence[str]) -> str:
        return self.url(**dict.fromkeys(words))

    @property
    def has_filters(self) -> bool:
        return self.spec.filters is not None

    @property
    def shows_filters(self) -> bool:
        """Without JavaScript the filter form stands on the page, once it was asked for."""
        return self.has_filters and "filters" in self.query

    @property
    def filters_url(self) -> str:
        return self.url(filters="choose")

    @property
    def clear_url(self) -> str:
        keep = {word: str(self.query[word]) for word in ("sort", "size") if word in self.query}
        query = QueryDict(mutable=True)
        query.update(keep)
        return f"?{query.urlencode()}" if keep else self.request.path

    @property
    def newer_url(self) -> str:
        return self.url(before=self.page.before) if self.page.before else ""

    @property
    def older_url(self) -> str:
        return self.url(after=self.page.after) if self.page.after else ""

    @property
    def size_urls(self) -> list[tuple[int, str, bool]]:
        return [(size, self.url(size=None if size == SIZES[0] else size), size == self.size) for size in SIZES]

    @property
    def csv_url(self) -> str:
        return self.url(export="csv")

    @property
    def xlsx_url(self) -> str:
        return self.url(export="xlsx")

    @cached_property
    def heads(self) -> list[dict[str, Any]]:
        """The head of each column: its words, and where a click on it sorts."""
        return [self._head(column) for column in self.columns]

    @property
    def sorts(self) -> list[dict[str, Any]]:
        """The heads one can sort by."""
        return [head for head in self.heads if head["url"]]

    def _head(self, column: Column) -> dict[str, Any]:
        current = column.sort and self.order.fields == (column.sort,)
        turned = f"-{column.key}" if current and not self.order.descending else column.key
        return {
            "label": column.label,
            "css": column.css if column.is_number else "",
            "url": self.url(sort=turned) if column.sort else "",
            "sorted": ("descending" if self.order.descending else "ascending") if current else "",
        }

    @cached_property
    def kept(self) -> list[tuple[str, str]]:
        """Words of the address that the search form must carry along, and the filter form likewise."""
        return [pair for pair in self._lasting if pair[0] != self.search_word]

    @cached_property
    def kept_by_filters(self) -> list[tuple[str, str]]:
        return [(word, value) for word, value in self._pairs() if word in {"q", "sort", "size"}]

    @cached_property
    def _lasting(self) -> list[tuple[str, str]]:
        """The words of the address that its links to other answers keep."""
        return [pair for pair in self._pairs() if pair[0] not in PASSING_WORDS]

    def _pairs(self) -> Iterator[tuple[str, str]]:
        for word, values in self.query.lists():
            yield from ((word, value) for value in values if value)

    # -------------------------------------------------------------- export
    @property
    def export_format(self) -> str:
        wanted = self.query.get("export", "")
        return wanted if wanted in {"csv", "xlsx"} else ""

    @cached_property
    def exported(self) -> QuerySet[Any]:
        """Every row the filters and the search find, however many."""
        return search.matching(self.filtered, self.q) if self.q else self.filtered

    def export_rows(self) -> Iterator[list[Any]]:
        """Every row shown, in the same order, all columns."""
        order = self.order if "search_rank" not in self.order.fields else Order(("sort_name",))
        for batch in walk(self.exported, order, self._fields):
            if self.spec.extend:
                self.spec.extend(batch)
            yield from ([plain(column.export(row)) for column in self.spec.columns] for row in batch)


def _box(row: Row) -> str:
    """The cell in which a row is chosen."""
    name = escape(_("Choose %(name)s") % {"name": row.get("name") or row["id"]})
    box = f'<input class="form-check-input" type="checkbox" name="id" value="{row["id"]}" aria-label="{name}">'
    return f'<td class="cell-choose">{box}</td>'


def grouped(number: int) -> str:
    """Like "1,204", as the reader writes it."""
    return number_format(number, use_l10n=True, force_grouping=True)


def _nullable(rows: QuerySet[Any], path: str) -> bool:
    """Whether a field path can be empty on the way; an annotation may always be."""
    model: type[Model] = rows.model
    if path in rows.query.annotations:
        return True
    for name in path.split("__"):
        field: Any = model._meta.get_field(name)
        if field.null:
            return True
        model = field.related_model or model
    return False
