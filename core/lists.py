"""The one list of the product: columns, filters as chips in the address, search, sort, pages by key, export.

A page declares what it lists and answers with `show_list`:

    ACCOUNTS = ListSpec(
        key="accounts",
        title=_("Accounts"),
        rows=visible_accounts,                    # queries.visible_accounts(user) -> QuerySet
        columns=(link("name", _("Name"), sort="sort_name", to="accounts:account"), …),   # see core.columns
        sort="name",                              # key of a column, "-name" for descending
        filters=AccountFilters,                   # the FilterSet that the API uses too
        empty_title=_("No accounts yet"),
        empty_text=_("…what the page is for and how to begin"),
    )

    def list_accounts(request: StaffRequest) -> HttpResponse:
        return show_list(request, ACCOUNTS, "accounts/list_accounts.html")

The template extends "core/list.html" (or includes "core/_list.html" with `list`) and adds its actions. The address holds
everything: `?q=华为&tier=vip&sort=-amount&size=200&after=…`; `?export=csv|xlsx` answers with all columns of all rows shown.
Sort only by columns with an index on (column, id): see `core.keyset`.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import tzinfo
from typing import Any

from django.http import FileResponse, HttpRequest, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone, translation
from django.utils.cache import patch_vary_headers
from django.utils.timezone import get_current_timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from core import exports
from core.errors import DomainError
from core.list_page import PASSING_WORDS, ListPage, grouped
from core.list_spec import Choosing, ListSpec
from core.workdays import today

__all__ = ["Choosing", "ListPage", "ListSpec", "chosen_ids", "show_list"]


def chosen_ids(request: HttpRequest, spec: ListSpec, most: int) -> list[int]:
    """The rows a form of `Choosing` was opened for, at most one more than `most`, so that too many are noticed.

    Those named one by one may be anybody's: the action they are given to asks who sees them.
    """
    if request.GET.get("all"):
        return list(ListPage(request, spec).exported.order_by().values_list("pk", flat=True)[: most + 1])
    found = dict.fromkeys(int(pk) for pk in request.GET.getlist("id") if pk.isdecimal())
    return list(found)[: most + 1]


def show_list(
    request: HttpRequest, spec: ListSpec, template: str = "core/list.html", context: dict[str, Any] | None = None
) -> HttpResponseBase:
    """The whole page, the part that htmx swaps, or the file, for a request to a list's address."""
    page = ListPage(request, spec)
    if page.export_format:
        return _export(page)
    htmx = getattr(request, "htmx", None)
    target = htmx.target if htmx and not htmx.history_restore_request else None
    part = {"list": "core/_list.html", "list-filters": "core/_list_filters.html"}.get(target or "")
    values = {"title": spec.title, "list": page, **(context or {})}
    response = render(request, part or template, values)
    if target == "list":
        response["HX-Push-Url"] = page.address  # without the empty words a form sends
    patch_vary_headers(response, ["HX-Request", "HX-Target"])
    return response


def _export(page: ListPage) -> HttpResponseBase:
    filters = {word: page.query.getlist(word) for word in page.query if word not in {*PASSING_WORDS, "size"}}
    if page.export_format == "xlsx" and page.exported[: exports.MAX_SHEET_ROWS + 1].count() > exports.MAX_SHEET_ROWS:
        most = grouped(exports.MAX_SHEET_ROWS)
        raise DomainError(
            _("A workbook takes at most %(count)s rows. Narrow the list, or export CSV.") % {"count": most}
        )
    exports.record_export(by=page.user, list_key=page.spec.key, format=page.export_format, filters=filters)
    heading = [str(column.label) for column in page.spec.columns]
    name = f"{page.spec.key}-{today().isoformat()}.{page.export_format}"
    if page.export_format == "xlsx":
        file = exports.write_workbook(heading, page.export_rows(), str(page.spec.title))
        return FileResponse(file, as_attachment=True, filename=name)
    lines = exports.csv_lines(heading, page.export_rows())
    response = StreamingHttpResponse(
        _as_the_reader(lines, get_current_timezone(), get_language()), content_type="text/csv; charset=utf-8"
    )
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _as_the_reader(lines: Iterator[str], zone: tzinfo, language: str | None) -> Iterator[str]:
    """The lines, drawn in the reader's language and time zone: they leave when the request's own are gone."""
    with timezone.override(zone), translation.override(language):
        yield from lines
