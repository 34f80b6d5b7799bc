"""What every action on a prospect shares: refusals, facts, ticks, the class change itself, slipping, account totals."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import date
from typing import Any

from django.db.models import Count, Min
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.actions import set_pipeline
from accounts.models import Account
from core import audit
from core.errors import Conflict, DomainError
from core.users import Actor, as_row
from core.words import listed
from prospects import events
from prospects.choices import ChangeKind, Criterion, Stage
from prospects.models import CriterionTick, Prospect, StageChange
from prospects.queries.prospects import ticked_criteria, waived_criteria
from prospects.queries.settings import BoardSettings, board_settings
from prospects.rules import criteria, slipping
from prospects.rules.criteria import Check, Evidence
from prospects.rules.cycle import days_in
from relationships.models import Visit
from relationships.queries import get_visit

DATED_AHEAD = ("next_step_on", "decision_on", "expected_close_on")
"""Days that lie ahead: setting one to a day that has passed is a slip of the pen."""

FACTS = ("first_meeting_on", "decision_on", "start_on", "expected_close_on", "amount", "next_step", "next_step_on")
"""Fields of the card that may be filled together with a move."""


def require_open(prospect: Prospect) -> None:
    """Refuse to work on a prospect that has left the board."""
    if not prospect.is_open:
        raise DomainError(_("This prospect is closed. Reopen it first."), code="closed")


def require_reason(reason: str, message: Any, *, field: str = "reason") -> str:
    """The reason, trimmed; refused when there is none."""
    reason = reason.strip()
    if not reason:
        raise DomainError(message, field=field, code="reason_missing")
    return reason


def check_facts(prospect: Prospect, changes: Mapping[str, Any], on: date) -> None:
    """Refuse amounts below zero and days ahead that have passed, among the values that are new."""
    for name in DATED_AHEAD:
        value = changes.get(name)
        if value is not None and value < on and value != getattr(prospect, name):
            raise DomainError(_("This day has passed. Choose today or a later one."), field=name, code="day_passed")
    amount = changes.get("amount")
    if amount is not None and amount < 0:
        raise DomainError(_("An amount is never below zero."), field="amount")


def check_next_step(stage: Stage, prospect: Prospect, on: date) -> None:
    """R8: refuse a class above E without a next step whose date has not passed. No override lifts this."""
    if not criteria.needs_next_step(stage):
        return
    lacking = criteria.lacking_next_step(prospect, on)
    if lacking:
        raise DomainError(
            _("Nothing is live without a next step and its date. Plan it first."),
            field=lacking[0],
            code="next_step_missing",
            details={"to": int(stage), "fields": list(lacking), "missing": []},
        )


def refuse_missing(stage: Stage, missing: Collection[Check], lacking: Collection[str], *, may_override: bool) -> None:
    """Refuse a class whose hard criteria do not hold, and say which (P2)."""
    names = listed(f"“{check.criterion.label}”" for check in criteria.stopping(missing))
    one_of = any(check.one_of for check in missing)
    text = (
        _("To enter %(letter)s one of these must be true: %(criteria)s.")
        if one_of
        else _("To enter %(letter)s this is still missing: %(criteria)s.")
    )
    raise DomainError(
        text % {"letter": stage.letter, "criteria": names},
        field="to",
        code="criteria_missing",
        details={
            "to": int(stage),
            "may_override": may_override,
            "fields": list(lacking),
            "missing": [
                {
                    "criterion": check.criterion.value,
                    "label": str(check.criterion.label),
                    "hard": check.is_hard,
                    "needs_tick": check.needs_tick,
                    "needs_fields": list(check.needs_fields),
                    "one_of": check.one_of,
                }
                for check in missing
            ],
        },
    )


def add_ticks(by: Actor, prospect: Prospect, ticks: Iterable[Evidence], on: date) -> list[CriterionTick]:
    """Confirm criteria with their evidence; each leaves its row and its event."""
    rows = []
    for given in ticks:
        criterion, note, link = Criterion(given.criterion), given.note.strip(), given.link.strip()
        if criterion in criteria.NOT_TICKED:
            raise DomainError(
                _("“%(criterion)s” is answered by the prospect’s own dates.") % {"criterion": criterion.label},
                field="criterion",
                code="not_ticked",
            )
        visit = _visit_about(by, prospect, given.visit_id)
        if not note and not link and not visit:
            raise DomainError(
                _("“%(criterion)s” needs its evidence: a note, a link or a visit.") % {"criterion": criterion.label},
                field="note",
                code="evidence_missing",
                details={"criterion": criterion.value},
            )
        if link and not link.startswith(("https://", "http://")):
            raise DomainError(_("A link begins with https:// or http://."), field="link")
        day = given.on or (timezone.localdate(visit.at) if visit else on)
        if day > on:
            raise DomainError(_("Evidence cannot come from a day ahead."), field="on")
        if CriterionTick.objects.filter(prospect=prospect, criterion=criterion, withdrawn_at=None).exists():
            raise Conflict(
                _("“%(criterion)s” is confirmed already.") % {"criterion": criterion.label}, code="already_ticked"
            )
        rows.append(
            CriterionTick.objects.create(
                prospect=prospect,
                criterion=criterion,
                note=note or (visit.outcome if visit else ""),
                link=link,
                visit=visit,
                on=day,
                by=as_row(by),
            )
        )
        audit.record(
            events.CRITERION_TICKED,
            by=by,
            on=prospect,
            account_id=prospect.account_id,
            name=prospect.name,
            criterion=criterion.label,
            code=criterion.value,
            note=note,
            link=link,
        )
    return rows


def _visit_about(by: Actor, prospect: Prospect, visit_id: int | None) -> Visit | None:
    """The visit named as evidence: it took place, at the prospect's account."""
    if visit_id is None:
        return None
    visit = get_visit(by, visit_id)
    if visit.recorded_at is None:
        raise DomainError(_("A visit is evidence once it is recorded."), field="visit", code="not_recorded")
    if prospect.account_id not in (None, visit.account_id):
        raise DomainError(_("This visit was to another account."), field="visit")
    return visit


def stage_change(
    by: Actor,
    prospect: Prospect,
    to: Stage,
    kind: ChangeKind,
    *,
    on: date,
    reason: str = "",
    missing: Iterable[Criterion] = (),
    until: date | None = None,
) -> StageChange:
    """The row of one class change; `until` is when it stopped being in the old class, `on` unless told otherwise."""
    return StageChange.objects.create(
        prospect=prospect,
        from_stage=prospect.stage,
        to_stage=to,
        kind=kind,
        reason=reason[:500],
        missing=[criterion.value for criterion in missing],
        days_in_from=days_in(prospect.entered_stage_on, until or on),
        on=on,
        at=timezone.now(),
        by=as_row(by),
    )


def refresh_slipping(by: Actor, prospect: Prospect, on: date) -> None:
    """Mark or clear the slipping of one card after something about it changed (P3). Not an edit: the version stays."""
    settings, had = board_settings(), prospect.slipping_since
    if prospect.is_open and criteria.needs_next_step(Stage(prospect.stage)):
        new = slipping_fields(
            prospect,
            ticked_criteria(prospect),
            waived_criteria([prospect.pk]).get(prospect.pk, set()),
            settings.hard,
            on,
        )
    else:
        new = NOT_SLIPPING
    changed = [name for name, value in new.items() if getattr(prospect, name) != value]
    for name in changed:
        setattr(prospect, name, new[name])
    if changed:
        prospect.save(update_fields=changed)
    if prospect.slipping_since and had is None:
        tell_slipping(by, prospect, settings)


def tell_slipping(by: Actor, prospect: Prospect, settings: BoardSettings) -> None:
    """Put on record that the card began to slip, where it falls and when."""
    since = prospect.slipping_since
    audit.record(
        events.SLIPPING,
        by=by,
        on=prospect,
        account_id=prospect.account_id,
        name=prospect.name,
        reason=prospect.slip_reason,
        to_class=Stage(prospect.falls_back_to or Stage.E).letter,
        falls_on=since and slipping.falls_back_on(since, settings.rule.fall_back_after_days),
    )


NOT_SLIPPING: dict[str, Any] = {"slipping_since": None, "slip_reason": "", "falls_back_to": None}


def slipping_fields(
    prospect: Prospect,
    ticked: Collection[Criterion],
    waived: Collection[Criterion],
    hard: criteria.Hardness,
    on: date,
) -> dict[str, Any]:
    """The three fields of slipping as they should stand on this day; a card that slips already keeps its day."""
    stage = Stage(prospect.stage)
    reason = slipping.slip_reason(stage, prospect, ticked, waived, hard, on)
    if reason is None:
        return NOT_SLIPPING
    return {
        "slipping_since": prospect.slipping_since or on,
        "slip_reason": reason.value,
        "falls_back_to": int(slipping.fall_back_class(stage, prospect, ticked, hard, on)),
    }


def keep_account_totals(account_ids: Iterable[int | None]) -> None:
    """Bring `open_prospects` and `next_step_on` of these accounts up to date."""
    wanted = {account_id for account_id in account_ids if account_id is not None}
    if not wanted:
        return
    # Locked before counting, in one order: whoever writes last has seen all the others.
    locked = Account.objects.filter(pk__in=wanted).order_by("pk").select_for_update(no_key=True, of=("self",))
    ids = list(locked.values_list("pk", flat=True))
    totals = {
        account_id: (count, next_on)
        for account_id, count, next_on in Prospect.objects.still_open()
        .filter(account__in=ids)
        .order_by()
        .values_list("account")
        .annotate(count=Count("id"), next_on=Min("next_step_on"))
    }
    for account_id in ids:
        count, next_on = totals.get(account_id, (0, None))
        set_pipeline(account_id, open_prospects=count, next_step_on=next_on)
