"""How the queue and the call screen put the moment, the age and the papers into words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.formats import date_format, time_format
from django.utils.translation import gettext as _

from dunning.queries import QueueLine
from dunning.rules.slots import Slot


@dataclass(frozen=True)
class SlotFace:
    """A moment in words: `tone` is best, good, later or no; `text` says when, `why` the reason, `their_time` their clock."""

    tone: str
    text: str
    why: str
    their_time: str


def slot_face(slot: Slot, callable_at: datetime | None, zone: str, at: datetime) -> SlotFace:
    """When to call (C7), on the customer's own clock; the clock is shown where it is not the reader's."""
    there = at.astimezone(ZoneInfo(zone))
    same_clock = there.utcoffset() == timezone.localtime(at).utcoffset()
    their_time = "" if same_clock else time_format(there.time(), "H:i")
    why = str(slot.reasons[0].label)
    if slot.is_best:
        return SlotFace("best", _("Best now"), why, their_time)
    if slot.is_open:
        return SlotFace("good", _("Good now"), why, their_time)
    if callable_at is None:
        return SlotFace("no", _("Not in the next weeks"), why, their_time)
    opening = callable_at.astimezone(ZoneInfo(zone))
    clock = time_format(opening.time(), "H:i")
    if slot.later_today and opening.date() == there.date():
        return SlotFace("later", _("At %(time)s") % {"time": clock}, why, their_time)
    day = date_format(opening.date(), "D j")
    return SlotFace("no", _("%(day)s, %(time)s") % {"day": day, "time": clock}, why, their_time)


def line_slot(line: QueueLine, at: datetime) -> SlotFace:
    """The moment of a line of the queue."""
    return slot_face(line.slot, line.callable_at, line.time_zone, at)


def why_words(sentences: tuple[str, ...], slot: Slot) -> str:
    """Why a customer stands where he does, without what stands beside it: the moment, and the sum where there is more to say."""
    moment = {str(reason.label) for reason in slot.reasons}
    found = [sentence for sentence in sentences if sentence not in moment]
    return " ".join(found[:-1] or found)
