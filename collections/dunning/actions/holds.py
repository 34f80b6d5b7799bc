"""Answering the ladder's proposal to hold supply (assurance §2.8: T+30)."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from core import audit
from core.errors import Conflict, DomainError
from core.permissions import require
from core.users import Actor
from core.workdays import today
from dunning import events
from dunning.models import Case
from dunning.queries.cases import get_case
from receivables.actions import hold_supply
from receivables.models import SupplyHold


@transaction.atomic
def accept_hold(*, by: Actor, account_id: int, reason: str) -> SupplyHold:
    """Hold supply as the ladder proposes: whoever may hold it.

    Conflict (409) when nothing is proposed any more, or supply is held already.
    """
    require(by, "receivables.hold")
    case = _proposed(by, account_id)
    hold = hold_supply(by=by, account_id=account_id, reason=reason)
    _answer(case)
    return hold


@transaction.atomic
def decline_hold(*, by: Actor, account_id: int, reason: str) -> Case:
    """Go on supplying, with the reason: whoever may hold. It is proposed again when another invoice has come that far."""
    require(by, "receivables.hold")
    case = _proposed(by, account_id)
    if not reason.strip():
        raise DomainError(_("Say why supply goes on."), field="reason", code="reason_missing")
    _answer(case)
    audit.record(events.HOLD_DECLINED, by=by, on=case, account_id=account_id, reason=reason.strip()[:300])
    return case


def _proposed(by: Actor, account_id: int) -> Case:
    case = get_case(by, account_id, lock=True)
    if case.hold_proposed_on is None:
        raise Conflict(_("A hold is not proposed here any more."), current=case, code="not_proposed")
    return case


def _answer(case: Case) -> None:
    case.hold_proposed_on, case.hold_answered_on = None, today()
    case.save(update_fields=["hold_proposed_on", "hold_answered_on"])
