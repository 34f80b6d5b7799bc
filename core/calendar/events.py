"""What happens to the working calendar, in words."""

from django.utils.translation import gettext_lazy as _

from core.audit import event_type

DAY_SET = event_type("core.day_set", _("{day} was set in the working calendar: {name}"), icon="calendar-plus")
DAY_CLEARED = event_type(
    "core.day_cleared", _("{day} is an ordinary day of the working calendar again"), icon="calendar-minus"
)
CALENDAR_IMPORTED = event_type(
    "core.calendar_imported",
    _("Working calendar imported from {file}: {added} days added, {changed} changed, {removed} removed"),
    icon="calendar-up",
)
