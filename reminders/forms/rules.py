"""What an administrator sets of a rule."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from reminders.models import RuleSetting


class RuleForm(forms.ModelForm):  # type: ignore[type-arg]
    """On or off, at what time, and whether it goes up."""

    class Meta:
        model = RuleSetting
        fields = ("is_on", "at", "climbs")
        widgets = {"at": forms.TimeInput(format="%H:%M", attrs={"type": "time"})}
        help_texts = {"climbs": _("The owner again, then his manager, then the director.")}
