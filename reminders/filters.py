"""The filters of the ledger and of the list over the API."""

from __future__ import annotations

from typing import Any

import django_filters
from django import forms
from django.utils.translation import gettext_lazy as _

from core.models import User
from reminders.choices import Channel, Importance, State
from reminders.models import Occurrence
from reminders.registry import RULES

DAY = forms.DateInput(attrs={"type": "date"})


def rule_choices() -> list[tuple[str, str]]:
    """Every rule by its title."""
    return sorted(((code, str(rule.title)) for code, rule in RULES.items()), key=lambda choice: choice[1].casefold())


class LedgerFilters(django_filters.FilterSet):
    """By rule, person, channel, state and days."""

    rule = django_filters.ChoiceFilter(label=_("Reminder"), choices=rule_choices)
    recipient = django_filters.ModelChoiceFilter(label=_("For"), queryset=User.objects.all())
    channel = django_filters.ChoiceFilter(label=_("Channel"), choices=Channel.choices)
    state = django_filters.ChoiceFilter(label=_("State"), choices=State.choices)
    since = django_filters.DateFilter(label=_("Due from"), field_name="due_at", lookup_expr="date__gte", widget=DAY)
    until = django_filters.DateFilter(label=_("Due until"), field_name="due_at", lookup_expr="date__lte", widget=DAY)

    class Meta:
        model = Occurrence
        fields: list[str] = []


class ReminderFilters(django_filters.FilterSet):
    """By rule, state, importance, record."""

    rule = django_filters.ChoiceFilter(choices=rule_choices)
    state = django_filters.ChoiceFilter(choices=State.choices)
    importance = django_filters.ChoiceFilter(choices=Importance.choices)
    recipient = django_filters.ModelChoiceFilter(queryset=User.objects.all())
    account = django_filters.NumberFilter(field_name="account_id")
    is_open = django_filters.BooleanFilter(method="filter_open", label=_("On the desk"))

    class Meta:
        model = Occurrence
        fields: list[str] = []

    def filter_open(self, rows: Any, _name: str, value: bool) -> Any:
        """What the bell shows, or what it does not."""
        return rows.filter(state=State.SENT) if value else rows.exclude(state=State.SENT)
