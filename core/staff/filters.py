"""The filters of the list of users."""

from __future__ import annotations

import django_filters
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from core.models import Role, Team, User


class UserFilters(django_filters.FilterSet):
    """By name or address, role, team and whether the person may sign in."""

    name = django_filters.CharFilter(label=_("Name or email"), method="by_name")
    role = django_filters.ChoiceFilter(label=_("Role"), choices=Role.choices)
    team = django_filters.ModelChoiceFilter(label=_("Team"), queryset=Team.objects.order_by("path"))
    is_active = django_filters.BooleanFilter(label=_("May sign in"))

    class Meta:
        model = User
        fields: list[str] = []

    def by_name(self, rows: QuerySet[User], _name: str, value: str) -> QuerySet[User]:
        """Rows whose name or address contains the text."""
        return rows.filter(Q(full_name__icontains=value) | Q(email__icontains=value))
