"""Forms of reminders."""

from reminders.forms.acting import HandOverForm, SnoozeForm
from reminders.forms.own import AbsenceForm, BrowserForm, ChatAddressForm, PreferencesForm, QuietHoursForm
from reminders.forms.rules import RuleForm

__all__ = [
    "AbsenceForm",
    "BrowserForm",
    "ChatAddressForm",
    "HandOverForm",
    "PreferencesForm",
    "QuietHoursForm",
    "RuleForm",
    "SnoozeForm",
]
