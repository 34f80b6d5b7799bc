"""The filters of the ledger and of the list over the API."""

from __future__ import annotations

import django_filters
from django import forms
from django.utils.translation import gettext_lazy as _

from core.models import User
from reminders.choices import Channel, State
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
