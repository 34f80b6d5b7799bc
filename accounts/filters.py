"""What the list of accounts and the API can be narrowed by."""

from __future__ import annotations

from functools import partial
from typing import Any, Literal

import django_filters
from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.choices import DevelopmentStage, Kind, Ownership, Tier
from accounts.models import Account
from accounts.queries import known_values
from core.models import Team, User


class AccountFilters(django_filters.FilterSet):
    """One set for page and API."""

    owner = django_filters.ModelChoiceFilter(label=_("Owner"), queryset=User.objects.filter(is_active=True))
    team = django_filters.ModelChoiceFilter(
        label=_("Team"), queryset=Team.objects.all(), method="in_team", help_text=_("With the teams below it.")
    )
    tier = django_filters.MultipleChoiceFilter(label=_("Tier"), choices=Tier.choices, distinct=False)
    kind = django_filters.ChoiceFilter(label=_("Kind"), choices=Kind.choices)
    ownership = django_filters.ChoiceFilter(label=_("Ownership"), choices=Ownership.choices)
    stage = django_filters.TypedMultipleChoiceFilter(
        label=_("Stage"),
        field_name="development_stage",
        choices=DevelopmentStage.choices,
        distinct=False,
        coerce=int,
    )
    industry = django_filters.CharFilter(label=_("Industry"))
    region = django_filters.CharFilter(label=_("Region"))
    tag = django_filters.CharFilter(label=_("Tag"), method="with_tag")

    class Meta:
        model = Account
        fields: tuple[str, ...] = ()

    def in_team(self, rows: QuerySet[Account], name: str, team: Team) -> QuerySet[Account]:
        """The team's accounts and those of every team below it."""
        return rows.filter(team__path__startswith=team.path)

    def with_tag(self, rows: QuerySet[Account], name: str, tag: str) -> QuerySet[Account]:
        """Accounts that carry the tag."""
        return rows.filter(tags__contains=[tag.strip()])


class AccountPageFilters(AccountFilters):
    """On the page one chooses among the industries and regions there are; the API takes any."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.form.fields.items():
            if name in ("industry", "region"):
                field.widget = forms.Select(choices=partial(_known_choices, name))  # type: ignore[arg-type]


def _known_choices(name: Literal["industry", "region"]) -> list[tuple[str, str]]:
    return [("", ""), *((value, value) for value in known_values(name))]
