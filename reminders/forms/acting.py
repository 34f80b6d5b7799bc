"""What is asked when a reminder is put off or handed over."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.models import User
from core.people import colleagues
from reminders.rules.later import DAY, NEXT_WEEK, TODAY, TOMORROW


class SnoozeForm(forms.Form):
    """When to be told again: one of the choices, or a day."""

    choice = forms.ChoiceField(
        choices=[
            (TODAY, _("Later today")),
            (TOMORROW, _("Tomorrow")),
            (NEXT_WEEK, _("Next week")),
            (DAY, _("On a day")),
        ]
    )
    on = forms.DateField(
        label=_("Day"), required=False, widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    )
    reason = forms.CharField(label=_("Reason"), required=False, max_length=300)

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if values.get("choice") == DAY and not values.get("on"):
            self.add_error("on", _("Choose a day."))
        return values


class HandOverForm(forms.Form):
    """To whom, and what he should know."""

    to = forms.ModelChoiceField(queryset=User.objects.none(), label=_("Colleague"), empty_label=_("Choose a colleague"))
    note = forms.CharField(label=_("Note"), required=False, max_length=300)

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["to"]
        if isinstance(field, forms.ModelChoiceField):
            field.queryset = colleagues(by).filter(is_active=True).exclude(pk=by.pk)
