"""Pages by key for the API: `?page_size=`, `?sort=`, and a cursor in the links `next` and `previous`."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from rest_framework.pagination import BasePagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import remove_query_param, replace_query_param

from core.keyset import Order, Page, read_page

PAGE_SIZE = 50
MAX_PAGE_SIZE = 200


class KeysetPagination(BasePagination):
    """Rows behind or before a cursor; deep pages cost what the first does, and there is no count.

    The view says what may be sorted by (`sorts`: word of the address -> field path with an index on (path, id)) and which
    field paths its rows need (`reads`). Rows come as dictionaries.
    """

    page: Page

    def paginate_queryset(self, queryset: QuerySet[Any], request: Request, view: Any = None) -> list[Any]:
        self.address = request.build_absolute_uri()
        words = request.query_params
        self.page = read_page(
            queryset,
            _order(words.get("sort", ""), view.sorts, queryset),
            view.reads,
            size=_size(words.get("page_size", "")),
            after=words.get("after", ""),
            before=words.get("before", ""),
        )
        return self.page.rows

    def get_paginated_response(self, data: Any) -> Response:
        return Response({"next": self._link("after"), "previous": self._link("before"), "results": data})

    def _link(self, word: str) -> str | None:
        cursor = getattr(self.page, word)
        if not cursor:
            return None
        other = "before" if word == "after" else "after"
        link: str = replace_query_param(remove_query_param(self.address, other), word, cursor)
        return link

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        link = {"type": "string", "format": "uri", "nullable": True}
        return {
            "type": "object",
            "required": ["next", "previous", "results"],
            "properties": {"next": link, "previous": link, "results": schema},
        }

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        sorts = [word for key in view.sorts for word in (key, f"-{key}")]
        return [
            _parameter(
                "page_size", f"Rows a page, at most {MAX_PAGE_SIZE}.", {"type": "integer", "default": PAGE_SIZE}
            ),
            _parameter("sort", "What to sort by; a minus turns the order round.", {"type": "string", "enum": sorts}),
            _parameter("after", "Cursor from the link `next`.", {"type": "string"}),
            _parameter("before", "Cursor from the link `previous`.", {"type": "string"}),
        ]


def _order(word: str, sorts: dict[str, str], rows: QuerySet[Any]) -> Order:
    name = word.removeprefix("-")
    if name not in sorts:
        return Order(("id",), descending=True)
    path = sorts[name]
    if path == "id":
        return Order(("id",), descending=word.startswith("-"))
    return Order((path,), descending=word.startswith("-"), nullable=_nullable(rows, path))


def _nullable(rows: QuerySet[Any], path: str) -> bool:
    return bool(getattr(rows.model._meta.get_field(path), "null", False))


def _size(word: str) -> int:
    return min(max(int(word), 1), MAX_PAGE_SIZE) if word.isascii() and word.isdigit() and len(word) < 10 else PAGE_SIZE


def _parameter(name: str, description: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {"name": name, "in": "query", "required": False, "description": description, "schema": schema}
