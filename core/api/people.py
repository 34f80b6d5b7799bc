"""/api/v1/users/, /teams/: who works here. The smallest complete example of a resource."""

from __future__ import annotations

from typing import ClassVar

import django_filters
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from core import people
from core.api.resources import ResourceViewSet, takes
from core.api.shapes import Shape
from core.models import Role, Team, User


class UserShape(Shape):
    """A colleague."""

    team_name = serializers.CharField(source="team.name", read_only=True, allow_null=True)

    class Meta:
        model = User
        fields = ("id", "full_name", "email", "role", "team", "team_name", "is_active")


class TeamShape(Shape):
    """A team and the one above it."""

    class Meta:
        model = Team
        fields = ("id", "name", "parent")


class UserFilters(django_filters.FilterSet):
    """Colleagues by role, team and whether they still work here."""

    role = django_filters.ChoiceFilter(choices=Role.choices)
    team = django_filters.NumberFilter(field_name="team_id")
    is_active = django_filters.BooleanFilter()
    email = django_filters.CharFilter(lookup_expr="iexact")


class UserViewSet(ResourceViewSet):
    """Colleagues, for owners and assignees; `me` is who asks."""

    shape = UserShape
    rows = staticmethod(people.colleagues)
    one = staticmethod(people.get_colleague)
    filterset_class = UserFilters
    sorts: ClassVar = {"id": "id"}

    @takes(None, UserShape, summary="Who asks")
    @action(detail=False, methods=["get"], filter_backends=[], pagination_class=None)
    def me(self, request: Request) -> Response:
        return self.answer(self.user)


class TeamViewSet(ResourceViewSet):
    """The sales organisation; `parent` makes the tree."""

    shape = TeamShape
    rows = staticmethod(people.teams)
    one = staticmethod(people.get_team)
