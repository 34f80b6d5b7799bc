"""The base of all viewsets: thin, over the same queries and actions as the pages.

    class AccountViewSet(ResourceViewSet):
        shape = AccountShape                        # what an answer looks like (core.api.shapes.Shape)
        rows = staticmethod(queries.visible_accounts)      # (user) -> QuerySet; the scope
        one = staticmethod(queries.get_account)            # (user, id) -> object, or raises NotFound
        filterset_class = AccountFilters            # the FilterSet of the list page
        sorts = {"id": "id", "name": "sort_name", "updated_at": "updated_at"}

        @takes(AccountInput, AccountShape, status=201)
        def create(self, request):
            account = actions.add_account(by=request.user, **self.read(AccountInput))
            return self.answer(account, status=201)

        @takes(AccountInput, AccountShape)
        def partial_update(self, request, pk):
            changes = self.read(AccountInput, partial=True)
            actions.edit_account(by=request.user, account_id=int(pk), version=self.version(), **changes)
            return self.answer(self.one(request.user, int(pk)))

        @takes(MoveInput, AccountShape)
        @action(detail=True, methods=["post"])
        def move(self, request, pk): ...

`list` and `retrieve` are given. Rights, scope and rules stay in queries and actions; what they refuse with becomes the
answer (`core.api.errors`). An object with a `version` is answered with its `ETag`; `If-Match` on an edit hands it to the
action as `version`, and a stale one is 412 with the object as it is now. `q` searches where the model is Searchable.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property, wraps
from typing import Any, ClassVar, TypeVar, cast

from django.db.models import Model, QuerySet
from django.utils.translation import gettext_lazy as _
from django_filters.rest_framework import DjangoFilterBackend
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import serializers, viewsets
from rest_framework.exceptions import APIException
from rest_framework.filters import BaseFilterBackend
from rest_framework.request import Request
from rest_framework.response import Response

from core import search
from core.api.shapes import Shape
from core.api.versions import etag_of, version_of_header
from core.filter_words import narrowed
from core.models import Searchable, User

Row = dict[str, Any]
Operation = TypeVar("Operation", bound=Callable[..., Response])


class SearchFilter(BaseFilterBackend):
    """`?q=`: by name, code, pinyin or initials, as everywhere; at most search.CANDIDATES rows."""

    def filter_queryset(self, request: Request, queryset: QuerySet[Any], view: Any) -> QuerySet[Any]:
        term = request.query_params.get("q", "")
        return search.match(queryset, term) if term and issubclass(queryset.model, Searchable) else queryset

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        if not issubclass(view.shape.Meta.model, Searchable):
            return []
        return [
            {
                "name": "q", "in": "query", "required": False, "schema": {"type": "string"},
                "description": "Name, code, pinyin or initials: 华为, huawei and hw find the same.",
            }
        ]  # fmt: skip


class WordFilter(DjangoFilterBackend):
    """The FilterSet of the list page, with only the filters that the address has words for."""

    def get_filterset_class(self, view: Any, queryset: QuerySet[Any] | None = None) -> Any:
        filters = super().get_filterset_class(view, queryset)
        if filters is None or getattr(view, "swagger_fake_view", False):
            return filters
        return narrowed(filters, view.request.query_params)


class ResourceViewSet(viewsets.GenericViewSet[Any]):
    """Lists and shows what a user may see; a subclass adds the actions. See the module for how."""

    shape: type[Shape]
    rows: Callable[[User], QuerySet[Any]]
    one: Callable[[User, int], Model]
    extend: Callable[[list[Row]], None] | None = None
    sorts: ClassVar[dict[str, str]] = {"id": "id"}
    filter_backends = (WordFilter, SearchFilter)
    lookup_value_regex = "[0-9]{1,18}"

    def get_queryset(self) -> QuerySet[Any]:
        if getattr(self, "swagger_fake_view", False):  # drawing the schema, nobody is signed in
            return cast("QuerySet[Any]", self.shape.Meta.model._default_manager.none())
        return self.rows(self.user)

    def get_serializer_class(self) -> type[Shape]:
        return self.shape

    @property
    def user(self) -> User:
        return cast("User", self.request.user)

    @cached_property
    def drawn(self) -> Shape:
        """The shape, ready to draw rows and objects with."""
        return self.shape(context=self.get_serializer_context())

    @property
    def reads(self) -> tuple[str, ...]:
        """The field paths a row of the list needs."""
        return self.drawn.reads

    # ---------------------------------------------------------------- reading
    def list(self, request: Request) -> Response:
        rows = self.paginate_queryset(self.filter_queryset(self.get_queryset()))
        if rows is None:
            raise TypeError("every list has pages")
        found = cast("list[Row]", rows)
        if self.extend:
            self.extend(found)
        return self.get_paginated_response([self.drawn.to_representation(row) for row in found])

    def retrieve(self, request: Request, pk: str) -> Response:
        found = self.one(self.user, int(pk))
        tag = etag_of(found)
        if tag and request.headers.get("If-None-Match") in {tag, f"W/{tag}"}:
            return Response(status=304, headers={"ETag": tag})
        return self.answer(found)

    # ---------------------------------------------------------------- for the actions of a subclass
    def read(self, shape: type[serializers.Serializer[Any]], *, partial: bool = False) -> dict[str, Any]:
        """The request's body in a shape; a wrong one is answered with 400 and every mistake by field."""
        reader = shape(data=self.request.data, partial=partial, context=self.get_serializer_context())
        reader.is_valid(raise_exception=True)
        return dict(reader.validated_data)

    def version(self) -> int | None:
        """The version the caller holds, from If-Match; None when he did not say."""
        return version_of_header(self.request.headers.get("If-Match", ""))

    def answer(self, found: Model, *, status: int = 200) -> Response:
        """An object in the viewset's shape, with its ETag."""
        tag = etag_of(found)
        return Response(self.drawn.to_representation(found), status=status, headers={"ETag": tag} if tag else None)


class KeyMissing(APIException):
    """A POST about money came without its key."""

    status_code = 400
    default_code = "idempotency_key_missing"
    default_detail = _("This needs an Idempotency-Key, so that sending it twice does it once.")


def keyed(operation: Operation) -> Operation:
    """A POST about money: refused with 400 without an `Idempotency-Key` (`core.idempotency` makes the key count).

    Stands innermost, under `@takes` and `@action`.
    """

    @wraps(operation)
    def run(self: ResourceViewSet, request: Request, *args: Any, **kwargs: Any) -> Response:
        if not request.headers.get("Idempotency-Key"):
            raise KeyMissing
        return operation(self, request, *args, **kwargs)

    described = extend_schema(
        parameters=[
            OpenApiParameter(
                "Idempotency-Key", str, OpenApiParameter.HEADER, required=True,
                description="The same key again gets the first answer instead of a second effect. Kept two days.",
            )
        ]
    )  # fmt: skip
    return cast("Operation", described(run))


def takes(request: Any, response: Any, *, status: int = 200, summary: str = "") -> Callable[[Operation], Operation]:
    """Say in the schema what an operation reads and answers. Refusals are declared for all of them in `core.api.schema`."""
    described = OpenApiResponse(response) if response is not None else OpenApiResponse(description="Done.")
    decorate: Callable[[Operation], Operation] = extend_schema(
        request=request, responses={status: described}, summary=summary or None
    )
    return decorate
