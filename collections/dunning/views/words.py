"""How the queue and the call screen put the moment, the age and the papers into words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.formats import date_format, time_format
from django.utils.translation import gettext as _

from dunning.queries import QueueLine
from dunning.rules.answering import BestHour
from dunning.rules.slots import Slot


@dataclass(frozen=True)
class SlotFace:
    """A moment in words: `tone` is best, good, later or no; `text` says when, `why` the reason, `their_time` their clock.

    `measured` says how calls at this hour were answered, where that is known.
    """

    tone: str
    text: str
    why: str
    their_time: str
    measured: str = ""


def slot_face(slot: Slot, callable_at: datetime | None, zone: str, at: datetime) -> SlotFace:
    """When to call (C7), on the customer's own clock; the clock is shown where it is not the reader's."""
    there = at.astimezone(ZoneInfo(zone))
    same_clock = there.utcoffset() == timezone.localtime(at).utcoffset()
    their_time = "" if same_clock else time_format(there.time(), "H:i")
    why = str(slot.reasons[0].label)
    if slot.is_best:
        return SlotFace("best", _("Best now"), why, their_time, measured_words(slot))
    if slot.is_open:
        return SlotFace("good", _("Good now"), why, their_time, measured_words(slot))
    if callable_at is None:
        return SlotFace("no", _("Not in the next weeks"), why, their_time)
    opening = callable_at.astimezone(ZoneInfo(zone))
    clock = time_format(opening.time(), "H:i")
    if slot.later_today and opening.date() == there.date():
        return SlotFace("later", _("At %(time)s") % {"time": clock}, why, their_time)
    day = date_format(opening.date(), "D j")
    return SlotFace("no", _("%(day)s, %(time)s") % {"day": day, "time": clock}, why, their_time)


def measured_words(slot: Slot) -> str:
    """How calls at this hour of the week were answered, by them or (too few of those) by all; empty where unknown."""
    found = slot.measured
    if found is None:
        return ""
    if found.is_own:
        words = {"answered": found.own.answered, "calls": found.own.calls}
        return _("Answered %(answered)s of %(calls)s calls at this hour of the week.") % words
    percent = round(100 * found.everybody.answered / found.everybody.calls)
    return _("%(percent)s %% of all calls at this hour of the week are answered.") % {"percent": percent}


def best_words(best: BestHour | None) -> str:
    """The best hour of the days ahead, where it was measured: Tue 24, 10:00."""
    if best is None or best.slot.measured is None:
        return ""
    return _("%(day)s, %(time)s") % {
        "day": date_format(best.at.date(), "D j"),
        "time": time_format(best.at.time(), "H:i"),
    }


def line_slot(line: QueueLine, at: datetime) -> SlotFace:
    """The moment of a line of the queue."""
    return slot_face(line.slot, line.callable_at, line.time_zone, at)


def why_words(sentences: tuple[str, ...], slot: Slot) -> str:
    """Why a customer stands where he does, without what stands beside it: the moment, and the sum where there is more to say."""
    moment = {str(reason.label) for reason in slot.reasons}
    found = [sentence for sentence in sentences if sentence not in moment]
    return " ".join(found[:-1] or found)
