"""What the house itself reminds people of: what somebody asked for, and imports that are finished."""

from __future__ import annotations

from datetime import timedelta

from django.utils.translation import gettext_lazy as _

from core.imports import events as imports
from core.models import ImportJob, ImportState
from reminders.choices import Channel
from reminders.registry import Facts, Look, ReminderRule, declare_rule, facts, reminder, words_of

LATELY = timedelta(days=2)

declare_rule(
    ReminderRule(
        "reminders.asked",
        title=_("Reminder"),
        sentence=_("{text}"),
        why=_("You or a colleague asked for this reminder."),
        settles=False,
    )
)


@reminder(
    "core.import_finished",
    title=_("Import finished"),
    sentence=_("{file}: {state}"),
    why=_("You brought this file in."),
    icon="file-import",
    subject="core.importjob",
    url="core:import",
    channels=(Channel.IN_APP,),
    told_of=(imports.IMPORT_DONE.code,),
    settles=False,
    translated=frozenset({"state"}),
)
def import_finished(look: Look) -> Facts:
    """A file has been brought in, or could not be."""
    over = ImportJob.objects.filter(
        state__in=[ImportState.DONE, ImportState.FAILED], finished_at__gte=look.now - LATELY, by__isnull=False
    )
    return facts(
        over, receiver="by_id", moment="finished_at", file="file_name", state=words_of("state", ImportState.choices)
    )
