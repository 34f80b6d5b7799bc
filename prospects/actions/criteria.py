"""Confirming entry criteria with evidence, and withdrawing them when they stop being true (P2, P3)."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core import audit
from core.errors import DomainError
from core.permissions import require
from core.users import Actor, as_row
from core.workdays import today
from prospects import events
from prospects.actions.common import add_ticks, refresh_slipping, require_open, require_reason
from prospects.choices import Criterion
from prospects.models import CriterionTick
from prospects.queries.prospects import get_prospect
from prospects.rules.criteria import Evidence


@transaction.atomic
def tick_criterion(
    *,
    by: Actor,
    prospect_id: int,
    criterion: Criterion,
    note: str = "",
    link: str = "",
    on: date | None = None,
    visit_id: int | None = None,
) -> CriterionTick:
    """Confirm one criterion on the evidence of a note, a link or a recorded visit, dated `on` (its day, or today).

    Raises Conflict when it is confirmed already; DomainError without evidence, or for a criterion that the prospect's
    own dates answer.
    """
    require(by, "prospects.tick")
    prospect = get_prospect(by, prospect_id, lock=True)
    require_open(prospect)
    [tick] = add_ticks(by, prospect, [Evidence(Criterion(criterion), note, link, on, visit_id)], today())
    refresh_slipping(by, prospect, today())
    return tick


@transaction.atomic
def withdraw_criterion(*, by: Actor, prospect_id: int, criterion: Criterion, because: str) -> CriterionTick:
    """Say that a confirmed criterion no longer holds, and why. If its class rests on it, the card slips from today (P3)."""
    require(by, "prospects.tick")
    prospect = get_prospect(by, prospect_id, lock=True)
    require_open(prospect)
    because = require_reason(because, _("Say why it no longer holds."), field="because")
    criterion = Criterion(criterion)
    tick = CriterionTick.objects.filter(prospect=prospect, criterion=criterion, withdrawn_at=None).first()
    if tick is None:
        raise DomainError(_("This criterion is not confirmed."), field="criterion", code="not_ticked")
    tick.withdrawn_at, tick.withdrawn_by, tick.withdrawn_because = timezone.now(), as_row(by), because[:200]
    tick.save(update_fields=["withdrawn_at", "withdrawn_by", "withdrawn_because"])
    refresh_slipping(by, prospect, today())
    audit.record(
        events.CRITERION_WITHDRAWN,
        by=by,
        on=prospect,
        account_id=prospect.account_id,
        name=prospect.name,
        criterion=criterion.label,
        code=criterion.value,
        because=because,
    )
    return tick
