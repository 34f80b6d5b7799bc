"""The filters of the audit trail and of the list of jobs."""

from __future__ import annotations

import django_filters
from django import forms
from django.utils.translation import gettext_lazy as _

from core import audit, tick
from core.models import AuditEvent, JobRun, JobState, User

DAY = forms.DateInput(attrs={"type": "date"})


def event_codes() -> list[tuple[str, str]]:
    """Every event type that is declared, in the reader's words and in their order."""
    return sorted(((code, audit.kind(code)) for code in audit.EVENT_TYPES), key=lambda choice: choice[1].casefold())


def job_names() -> list[tuple[str, str]]:
    """Every job that is declared, in the reader's words and in their order."""
    return sorted(tick.names().items(), key=lambda choice: choice[1].casefold())


class EventFilters(django_filters.FilterSet):
    """By person, kind of event, and days."""

    actor = django_filters.ModelChoiceFilter(label=_("Who"), queryset=User.objects.all())
    code = django_filters.ChoiceFilter(label=_("Kind"), choices=event_codes)
    since = django_filters.DateFilter(label=_("From"), field_name="at", lookup_expr="date__gte", widget=DAY)
    until = django_filters.DateFilter(label=_("Until"), field_name="at", lookup_expr="date__lte", widget=DAY)
    account = django_filters.NumberFilter(label=_("Account number"), field_name="account_id")

    class Meta:
        model = AuditEvent
        fields: list[str] = []


class JobFilters(django_filters.FilterSet):
    """By job and state."""

    job = django_filters.ChoiceFilter(label=_("Job"), choices=job_names)
    state = django_filters.ChoiceFilter(label=_("State"), choices=JobState.choices)

    class Meta:
        model = JobRun
        fields: list[str] = []
