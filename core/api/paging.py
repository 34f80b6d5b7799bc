"""Keyset pages for the API: newest id first, `?after=`."""

from rest_framework.pagination import CursorPagination


class KeysetPagination(CursorPagination):
    """Fifty rows a page in a stable order; `next` and `previous` are links, deep pages cost what the first does."""

    ordering = "-id"
    max_page_size = 200
    page_size_query_param = "page_size"
