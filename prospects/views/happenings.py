"""What happened to a prospect, newest first: classes, criteria, reviews, closings."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext as _

from core.timeline import Happening
from prospects.choices import ChangeKind, Criterion, Outcome, Stage, Verdict
from prospects.models import Closing, CriterionTick, ReviewVerdict, StageChange
from prospects.queries import ProspectRecord

SHOWN = 40
VERDICT_ICONS = {
    Verdict.UP: "arrow-up",
    Verdict.SAME: "equal",
    Verdict.DOWN: "arrow-down",
    Verdict.CLOSE: "circle-x",
}


def happenings(record: ProspectRecord) -> list[Happening]:
    """The newest happenings of all kinds together."""
    ticks = {line.tick.pk: line.tick for lines in record.lines.values() for line in lines if line.tick}
    found = [
        *_changes(record.changes),
        *_ticks(ticks.values()),
        *_verdicts(record.verdicts),
        *_closings(record.closings),
    ]
    return sorted(found, key=lambda happening: happening.at, reverse=True)[:SHOWN]


def _changes(changes: Iterable[StageChange]) -> Iterable[Happening]:
    for change in changes:
        to = Stage(change.to_stage).letter
        kind = ChangeKind(change.kind)
        if change.from_stage is None:
            title, icon, tone = _("Put on the board at %(to)s") % {"to": to}, "plus", ""
        else:
            words = {"from": Stage(change.from_stage).letter, "to": to}
            title = _("%(from)s → %(to)s") % words
            is_up = change.to_stage > change.from_stage
            icon, tone = ("arrow-up", "good") if is_up else ("arrow-down", "warn")
        if kind in (ChangeKind.OVERRIDDEN, ChangeKind.FELL_BACK, ChangeKind.REOPENED):
            title = f"{title} · {kind.label}"
        if kind == ChangeKind.OVERRIDDEN:
            icon, tone = "alert-triangle", "warn"
        yield Happening(change.at, title, change.reason, _who(change.by), icon, tone)


def _ticks(ticks: Iterable[CriterionTick]) -> Iterable[Happening]:
    for tick in ticks:
        label = str(Criterion(tick.criterion).label)
        yield Happening(
            tick.at, _("Confirmed: %(criterion)s") % {"criterion": label}, tick.note, _who(tick.by), "check"
        )


def _verdicts(verdicts: Iterable[ReviewVerdict]) -> Iterable[Happening]:
    for verdict in verdicts:
        said = Verdict(verdict.verdict)
        title = _("Reviewed: %(verdict)s") % {"verdict": said.label}
        yield Happening(verdict.at, title, verdict.note, _who(verdict.by), VERDICT_ICONS[said])


def _closings(closings: Iterable[Closing]) -> Iterable[Happening]:
    for closing in closings:
        is_won = closing.outcome == Outcome.WON
        why = " · ".join(part for part in (closing.get_reason_display(), closing.competitor, closing.note) if part)
        icon, tone = ("trophy", "good") if is_won else ("circle-x", "bad")
        yield Happening(closing.at, closing.get_outcome_display(), why, _who(closing.by), icon, tone)
        if closing.reopened_at:
            yield Happening(
                closing.reopened_at, _("Reopened"), closing.reopened_because, _who(closing.reopened_by), "refresh"
            )


def _who(user: object) -> str:
    return str(user) if user else ""
