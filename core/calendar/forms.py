"""What is typed about the working calendar."""

from django import forms
from django.utils.translation import gettext_lazy as _


class DayForm(forms.Form):
    """Whether people work on a day, and why it is special."""

    is_workday = forms.TypedChoiceField(
        label=_("On this day"),
        choices=[("off", _("nobody works")), ("work", _("people work"))],
        coerce=lambda value: value == "work",
        widget=forms.RadioSelect,
    )
    name = forms.CharField(label=_("Why"), max_length=100, help_text=_("Name of the holiday, or the reason."))


class CalendarFileForm(forms.Form):
    """A published calendar."""

    file = forms.FileField(label=_("Calendar file"), help_text=_("iCalendar (.ics) or holiday-cn (.json)."))
