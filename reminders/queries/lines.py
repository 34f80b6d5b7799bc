"""Reminders as people read them: the sentence, where it leads, how it came to them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from core.words import listed
from reminders.choices import Arrival, Importance
from reminders.models import Occurrence
from reminders.registry import PAPERS, RULES, Paper, ReminderRule


@dataclass(frozen=True)
class Line:
    """One reminder in words. `came`: how it came to this person, and to whom it has gone up from him."""

    occurrence: Occurrence
    rule: ReminderRule | None
    text: str
    came: str

    @property
    def pk(self) -> int:
        return self.occurrence.pk

    @property
    def title(self) -> str:
        """What kind of reminder it is."""
        return str(self.rule.title) if self.rule else _("Reminder")

    @property
    def icon(self) -> str:
        return self.rule.icon if self.rule else "bell"

    @property
    def url(self) -> str:
        """The record it is about; empty for none."""
        return self.occurrence.url

    @property
    def act_url(self) -> str:
        """The sheet in which it is dealt with; empty for none."""
        if not self.rule or not self.rule.act or not self.occurrence.is_open or self.occurrence.subject_id is None:
            return ""
        return reverse(self.rule.act, args=[self.occurrence.subject_id])

    @property
    def is_done_by_act(self) -> bool:
        """Whether Done is the act itself."""
        return bool(self.rule and self.rule.done_by_act and self.act_url)

    @property
    def paper(self) -> Paper | None:
        """The page that goes with it, while it is open."""
        return PAPERS.get(self.occurrence.rule) if self.occurrence.is_open and self.occurrence.subject_id else None

    @property
    def paper_url(self) -> str:
        """Its address; empty for none."""
        return reverse(self.paper.url, args=[self.occurrence.subject_id]) if self.paper else ""

    @property
    def is_loud(self) -> bool:
        """High or critical."""
        return self.occurrence.importance >= Importance.HIGH

    @property
    def is_unread(self) -> bool:
        return self.occurrence.read_at is None and self.occurrence.is_open


def lines(rows: Iterable[Occurrence]) -> list[Line]:
    """Reminders in words. The rows bring `came_from__recipient`, `asked_by` and `meant_for` along."""
    return [line_of(row) for row in rows]


def line_of(occurrence: Occurrence) -> Line:
    """One reminder in words. A rule that no longer exists leaves its words behind."""
    rule = RULES.get(occurrence.rule)
    text = rule.say(occurrence.words) if rule else listed(_told(occurrence.words))
    ways = (_came(occurrence), _went_up(occurrence))
    return Line(occurrence, rule, text, " · ".join(way for way in ways if way))


def _told(words: dict[str, Any]) -> list[str]:
    return [str(value) for value in words.values() if value]


def _came(occurrence: Occurrence) -> str:
    """How it came to this person, where that is not plain."""
    if occurrence.arrival == Arrival.ESCALATED and occurrence.came_from:
        return _("%(name)s did not act on it") % {"name": occurrence.came_from.recipient}
    if occurrence.arrival == Arrival.HANDED_OVER and occurrence.asked_by:
        return _("handed over by %(name)s") % {"name": occurrence.asked_by}
    if occurrence.arrival == Arrival.ASKED and occurrence.asked_by_id not in (None, occurrence.recipient_id):
        return _("asked for by %(name)s") % {"name": occurrence.asked_by}
    if occurrence.meant_for_id != occurrence.recipient_id:
        return _("in place of %(name)s") % {"name": occurrence.meant_for}
    return ""


def _went_up(occurrence: Occurrence) -> str:
    """Who was told because nobody acted here."""
    told = [step["told"] for step in occurrence.chain if step.get("told")]
    return _("went up to %(names)s") % {"names": listed(told)} if told and occurrence.is_open else ""
