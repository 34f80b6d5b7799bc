"""What the house itself reminds people of: what somebody asked for, and imports that are finished."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from reminders.registry import ReminderRule, declare_rule

declare_rule(
    ReminderRule(
        "reminders.asked",
        title=_("Reminder"),
        sentence=_("{text}"),
        why=_("You or a colleague asked to be reminded of this."),
        icon="bell",
        settles=False,
    )
)
