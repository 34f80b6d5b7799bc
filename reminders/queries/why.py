"""“Why do I get this?” in sentences: the rule, the facts, the time and why that time, what was tried."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from core.money import format_money
from reminders.choices import Arrival, Channel, Importance, Result, State
from reminders.models import Delivery, Occurrence
from reminders.queries.people import people
from reminders.registry import RULES
from reminders.rules.clock import day_at
from reminders.rules.quiet import rings


@dataclass(frozen=True)
class Reason:
    """One answer: what it is about, and the sentences."""

    title: str
    sentences: list[str]


def reasons(occurrence: Occurrence) -> list[Reason]:
    """The whole answer, in the reader's language and time zone."""
    rule = RULES.get(occurrence.rule)
    told = [
        Reason(_("The rule"), [str(rule.title), str(rule.why)] if rule else [occurrence.rule]),
        Reason(_("The facts"), _facts(occurrence)),
        Reason(_("The time"), _time(occurrence)),
        Reason(_("The ways"), [_way(row) for row in _siblings(occurrence)]),
    ]
    if occurrence.escalates_at:
        told.append(Reason(_("If nobody acts"), [_climb(occurrence)]))
    return [reason for reason in told if reason.sentences]


def _facts(occurrence: Occurrence) -> list[str]:
    rule = RULES.get(occurrence.rule)
    said = [rule.say(occurrence.words)] if rule else []
    if occurrence.due_on:
        said.append(_("Its day is %(day)s.") % {"day": _day(occurrence.due_on)})
    if occurrence.deadline_on:
        said.append(_("The legal deadline is %(day)s.") % {"day": _day(occurrence.deadline_on)})
    if occurrence.words.get("amount") is not None and occurrence.words.get("currency") and rule and not said:
        said.append(format_money(occurrence.words["amount"], occurrence.words["currency"]))
    if occurrence.meant_for_id != occurrence.recipient_id:
        said.append(_("It is meant for %(name)s.") % {"name": occurrence.meant_for})
    if occurrence.arrival == Arrival.ESCALATED and occurrence.came_from:
        said.append(_("%(name)s had it first and did not act.") % {"name": occurrence.came_from.recipient})
    if occurrence.asked_by_id and occurrence.asked_by:
        said.append(_("%(name)s asked for it.") % {"name": occurrence.asked_by})
    if occurrence.note:
        said.append(_("Note: %(note)s") % {"note": occurrence.note})
    return said


def _time(occurrence: Occurrence) -> list[str]:
    zone = people([occurrence.recipient_id], occurrence.due_at).zone_of(occurrence.recipient_id)
    said = [
        _("It was due at %(moment)s, on the clock of %(zone)s.")
        % {"moment": _moment(occurrence.first_due_at, zone), "zone": zone.key}
    ]
    first_day = day_at(occurrence.first_due_at, zone)
    if occurrence.due_on and first_day != occurrence.due_on and occurrence.arrival == Arrival.RULE:
        said.append(_("The day itself is not the day to tell it: a holiday lies there, or the rule looks ahead."))
    if occurrence.snoozes:
        said.append(
            _("It was put off %(times)s times, last to %(moment)s.")
            % {"times": occurrence.snoozes, "moment": _moment(occurrence.due_at, zone)}
        )
    if occurrence.sent_at:
        said.append(_("You were told in Keyline at %(moment)s.") % {"moment": _moment(occurrence.sent_at, zone)})
    importance = Importance(occurrence.importance)
    if importance == Importance.CRITICAL:
        said.append(_("It is critical and does not wait for the end of quiet hours."))
    elif importance == Importance.LOW:
        said.append(_("It is of low importance: mails wait for the morning and are bundled."))
    return said


def _siblings(occurrence: Occurrence) -> list[Occurrence]:
    rows = list(Occurrence.objects.siblings_of(occurrence).order_by("id"))
    tried = Delivery.objects.filter(occurrence__in=[row.pk for row in rows]).order_by("id")
    by_occurrence: dict[int, list[Delivery]] = {}
    for delivery in tried:
        by_occurrence.setdefault(delivery.occurrence_id, []).append(delivery)
    for row in rows:
        row.tried = by_occurrence.get(row.pk, [])  # type: ignore[attr-defined]
    return rows


def _way(row: Any) -> str:
    channel = Channel(row.channel)
    words: dict[str, Any] = {"channel": channel.label, "state": State(row.state).label}
    last: Delivery | None = row.tried[-1] if row.tried else None
    if last is not None and last.result != Result.SENT:
        return _("%(channel)s: %(state)s – %(error)s") % {**words, "error": last.error}
    if row.sent_at:
        return _("%(channel)s: sent at %(moment)s") % {**words, "moment": _moment(row.sent_at)}
    if row.free_at and row.free_at > row.due_at and rings(channel) and row.is_open:
        return _("%(channel)s: waits for %(moment)s, when your quiet hours are over or the morning’s mail leaves") % {
            **words,
            "moment": _moment(row.free_at),
        }
    return _("%(channel)s: %(state)s") % words


def _climb(occurrence: Occurrence) -> str:
    return _("It goes further up at %(moment)s. Whoever says “I see to it” stops that.") % {
        "moment": _moment(occurrence.escalates_at)
    }


def _moment(at: datetime | None, zone: Any = None) -> str:
    return date_format(timezone.localtime(at, zone), "SHORT_DATETIME_FORMAT") if at else "–"


def _day(on: Any) -> str:
    return date_format(on, "SHORT_DATE_FORMAT")
