"""From class to class, off the board and back (P1–P3)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from copy import copy
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core import audit
from core.changes import apply_changes, check_version
from core.errors import DomainError
from core.permissions import allowed, require
from core.users import Actor, as_row
from core.workdays import today
from prospects import events
from prospects.actions.common import (
    FACTS,
    NOT_SLIPPING,
    add_ticks,
    check_facts,
    check_next_step,
    keep_account_totals,
    refresh_slipping,
    refuse_missing,
    require_open,
    require_reason,
    stage_change,
)
from prospects.choices import ChangeKind, Criterion, LossReason, Outcome, Stage
from prospects.models import Closing, CriterionTick, Prospect
from prospects.queries.prospects import get_prospect, ticked_criteria
from prospects.queries.settings import board_settings
from prospects.rules import criteria, slipping
from prospects.rules.criteria import Check, Evidence


@transaction.atomic
def move_prospect(
    *,
    by: Actor,
    prospect_id: int,
    to: Stage,
    version: int | None = None,
    ticks: Iterable[Evidence] = (),
    facts: Mapping[str, Any] | None = None,
    reason: str = "",
    override: bool = False,
) -> Prospect:
    """Bring a prospect into another class; `ticks` and `facts` (fields of FACTS) given on the way are stored with it.

    Up: the class's hard criteria must hold, else DomainError `criteria_missing`, whose details list what is missing.
    A manager may override with a reason; that is counted on the prospect and kept in its history. Down: a reason.
    Above E: a next step with a date that has not passed, without exception (R8), else `next_step_missing`.
    To S: the same as closing it as won. Raises Conflict when somebody moved it since `version` was read.
    """
    require(by, "prospects.move")
    to = Stage(to)
    if to == Stage.S:
        return close_prospect(
            by=by,
            prospect_id=prospect_id,
            outcome=Outcome.WON,
            version=version,
            ticks=ticks,
            amount=(facts or {}).get("amount"),
            note=reason,
            override=override,
        )
    prospect = get_prospect(by, prospect_id, lock=True)
    check_version(prospect, version, {"to": int(to)})
    require_open(prospect)
    stage, on = Stage(prospect.stage), today()
    if to == stage:
        raise DomainError(_("It is at %(letter)s already.") % {"letter": to.letter}, field="to", code="already_there")
    values = _facts(prospect, facts or {}, on)
    after = _with(prospect, values)
    add_ticks(by, prospect, ticks, on)
    missing = _missing(by, after, to, on, override=override) if to > stage else []
    check_next_step(to, after, on)
    overridden = bool(criteria.stopping(missing))
    if overridden:
        reason = require_reason(reason, _("Say why it may pass with criteria missing."))
    elif to < stage:
        reason = require_reason(reason, _("Say why it goes back."))
    return _enter(
        by,
        prospect,
        to,
        ChangeKind.OVERRIDDEN if overridden else ChangeKind.MOVED,
        on=on,
        reason=reason,
        missing=missing,
        values=values,
    )


@transaction.atomic
def close_prospect(
    *,
    by: Actor,
    prospect_id: int,
    outcome: Outcome,
    version: int | None = None,
    on: date | None = None,
    reason: str = "",
    competitor: str = "",
    note: str = "",
    ticks: Iterable[Evidence] = (),
    amount: Decimal | None = None,
    override: bool = False,
) -> Prospect:
    """Take a prospect off the board on the day `on` (today unless given).

    Won: it enters S, so one of the four criteria of S must hold (a promise to pay or to accept is none of them), or a
    manager overrides with a `note` that says why. Lost: a `reason` of LossReason, the competitor where one was chosen;
    its class stays what it was. Raises DomainError, and Conflict as `move_prospect` does.
    """
    require(by, "prospects.close")
    outcome = Outcome(outcome)
    prospect = get_prospect(by, prospect_id, lock=True)
    check_version(prospect, version, {"outcome": outcome.value})
    require_open(prospect)
    day = on or today()
    if not prospect.opened_on <= day <= today():
        raise DomainError(_("It closes between the day it was opened and today."), field="on", code="day_passed")
    if outcome == Outcome.LOST:
        return _lose(by, prospect, day, reason, competitor.strip(), note.strip())
    return _win(by, prospect, day, ticks, amount, note.strip(), competitor.strip(), override=override)


def _lose(by: Actor, prospect: Prospect, day: date, reason: str, competitor: str, note: str) -> Prospect:
    if reason not in LossReason.values:
        raise DomainError(_("Say why it was lost."), field="reason", code="reason_missing")
    if reason == LossReason.OTHER:
        require_reason(note, _("Say in a few words what the other reason was."), field="note")
    if reason == LossReason.RELATIONSHIP:
        require_reason(competitor, _("Say which competitor has the relationship."), field="competitor")
    before, after = apply_changes(prospect, {"outcome": Outcome.LOST.value, "closed_on": day, **NOT_SLIPPING})
    _close_row(by, prospect, Outcome.LOST, day, reason=reason, competitor=competitor, note=note)
    keep_account_totals([prospect.account_id])
    audit.record(
        events.LOST,
        by=by,
        on=prospect,
        account_id=prospect.account_id,
        name=prospect.name,
        from_class=Stage(prospect.stage).letter,
        reason=reason,
        competitor=competitor,
        before=before,
        after=after,
    )
    return prospect


def _win(
    by: Actor,
    prospect: Prospect,
    day: date,
    ticks: Iterable[Evidence],
    amount: Decimal | None,
    note: str,
    competitor: str,
    *,
    override: bool,
) -> Prospect:
    on = today()
    values: dict[str, Any] = _facts(prospect, {} if amount is None else {"amount": amount}, on)
    add_ticks(by, prospect, ticks, on)
    missing = _missing(by, prospect, Stage.S, on, override=override)
    overridden = bool(criteria.stopping(missing))
    if overridden:
        require_reason(note, _("Say why it counts as won with none of the criteria met."), field="note")
    _close_row(by, prospect, Outcome.WON, day, competitor=competitor, note=note)
    return _enter(
        by,
        prospect,
        Stage.S,
        ChangeKind.OVERRIDDEN if overridden else ChangeKind.MOVED,
        on=day,
        reason=note,
        missing=missing,
        values=values | {"outcome": Outcome.WON.value, "closed_on": day},
        event=events.WON,
    )


@transaction.atomic
def reopen_prospect(
    *,
    by: Actor,
    prospect_id: int,
    because: str,
    version: int | None = None,
    to: Stage | None = None,
    next_step: str = "",
    next_step_on: date | None = None,
) -> Prospect:
    """Bring a closed prospect back on the board.

    It returns to the class it had, or to `to`, if that class's hard criteria still hold; else to the highest below that
    does. Without a next step that is E. The time it was closed counts in no class. Ticks of S are withdrawn.
    """
    require(by, "prospects.reopen")
    prospect = get_prospect(by, prospect_id, lock=True)
    check_version(prospect, version)
    if prospect.is_open:
        raise DomainError(_("This prospect is on the board already."), code="not_closed")
    because = require_reason(because, _("Say why it is reopened."), field="because")
    on, values = today(), {"next_step": next_step.strip(), "next_step_on": next_step_on}
    check_facts(prospect, values, on)
    wanted = Stage(to) if to is not None else _class_before(prospect)
    if wanted == Stage.S:
        raise DomainError(_("Only a won prospect is at S."), field="to")
    after = _with(prospect, values)
    landing = _landing(after, wanted, on)
    closing = Closing.objects.filter(prospect=prospect, reopened_at=None).first()
    closed_on = prospect.closed_on or on
    if closing:
        closing.reopened_at, closing.reopened_by, closing.reopened_because = timezone.now(), as_row(by), because[:200]
        closing.save(update_fields=["reopened_at", "reopened_by", "reopened_because"])
    CriterionTick.objects.filter(prospect=prospect, criterion__in=criteria.CRITERIA[Stage.S], withdrawn_at=None).update(
        withdrawn_at=timezone.now(), withdrawn_by=as_row(by), withdrawn_because=because[:200]
    )
    missing = criteria.missing(landing, after, ticked_criteria(prospect), board_settings().hard, on)
    return _enter(
        by,
        prospect,
        landing,
        ChangeKind.REOPENED,
        on=on,
        reason=because,
        missing=missing,
        values=values | {"outcome": "", "closed_on": None},
        until=closed_on,
        event=events.REOPENED,
    )


def _class_before(prospect: Prospect) -> Stage:
    """The open class a closed prospect had: of a lost one its own, of a won one the class it left for S."""
    if prospect.stage != Stage.S:
        return Stage(prospect.stage)
    last = prospect.stage_changes.filter(to_stage=Stage.S).first()
    if last is None or last.from_stage is None or last.from_stage == Stage.S:
        return Stage.A
    return Stage(last.from_stage)


def _landing(prospect: Prospect, wanted: Stage, on: date) -> Stage:
    """The wanted class if it holds, else the highest below that does."""
    ticked, hard = ticked_criteria(prospect), board_settings().hard
    lacking = criteria.needs_next_step(wanted) and criteria.lacking_next_step(prospect, on)
    if not lacking and not criteria.stopping(criteria.missing(wanted, prospect, ticked, hard, on)):
        return wanted
    return slipping.fall_back_class(wanted, prospect, ticked, hard, on)


def _missing(by: Actor, prospect: Prospect, to: Stage, on: date, *, override: bool) -> list[Check]:
    """What is missing on the way up; refused if it stops the move and nobody may or does override."""
    missing = criteria.missing(to, prospect, ticked_criteria(prospect), board_settings().hard, on)
    if criteria.stopping(missing):
        if not override:
            lacking = criteria.lacking_next_step(prospect, on) if criteria.needs_next_step(to) else ()
            refuse_missing(to, missing, lacking, may_override=allowed(by, "prospects.override"))
        require(by, "prospects.override")
    return missing


def _facts(prospect: Prospect, given: Mapping[str, Any], on: date) -> dict[str, Any]:
    unknown = set(given) - set(FACTS)
    if unknown:
        raise TypeError(f"not a fact of a move: {', '.join(sorted(unknown))}")
    values = {name: value.strip() if isinstance(value, str) else value for name, value in given.items()}
    check_facts(prospect, values, on)
    return values


def _with(prospect: Prospect, values: Mapping[str, Any]) -> Prospect:
    """The prospect as it would be with these values; the row itself stays as it is until the rules have agreed."""
    after = copy(prospect)
    for name, value in values.items():
        setattr(after, name, value)
    return after


def _close_row(by: Actor, prospect: Prospect, outcome: Outcome, day: date, **words: str) -> Closing:
    return Closing.objects.create(prospect=prospect, outcome=outcome, on=day, by=as_row(by), at=timezone.now(), **words)


def _enter(
    by: Actor,
    prospect: Prospect,
    to: Stage,
    kind: ChangeKind,
    *,
    on: date,
    reason: str,
    missing: Iterable[Check],
    values: dict[str, Any],
    until: date | None = None,
    event: audit.EventType | None = None,
) -> Prospect:
    """Write one class change: history row, the card itself, slipping, the account's totals, the event."""
    from_class, lacking = Stage(prospect.stage).letter, [check.criterion for check in missing]
    stage_change(by, prospect, to, kind, on=on, reason=reason, missing=lacking, until=until)
    counted = {"overrides": prospect.overrides + 1} if kind == ChangeKind.OVERRIDDEN else {}
    before, after = apply_changes(
        prospect, values | {"stage": int(to), "entered_stage_on": on} | NOT_SLIPPING | counted
    )
    refresh_slipping(by, prospect, today())
    keep_account_totals([prospect.account_id])
    audit.record(
        event or (events.OVERRIDDEN if kind == ChangeKind.OVERRIDDEN else events.MOVED),
        by=by,
        on=prospect,
        account_id=prospect.account_id,
        name=prospect.name,
        from_class=from_class,
        to_class=to.letter,
        reason=reason,
        because=reason,
        missing=[Criterion(code).value for code in lacking],
        before=before,
        after=after,
    )
    return prospect
