"""How a customer stands with us: why he does not pay (C4), and whether we go on supplying him."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.queries import get_account
from core import audit
from core.errors import Conflict, NotFound
from core.permissions import require
from core.users import Actor, as_row
from core.workdays import today
from receivables import events
from receivables.actions.posting import required
from receivables.choices import Cause
from receivables.models import CauseFinding, SupplyHold
from receivables.queries import current_cause, current_hold


@transaction.atomic
def find_cause(*, by: Actor, account_id: int, cause: Cause | None, note: str = "") -> CauseFinding | None:
    """Say why the customer does not pay, in place of what was thought before; None: no cause is known any longer.

    Saying the same again with another note is a new finding; with the same note nothing is written.
    """
    require(by, "receivables.grade")
    account = get_account(by, account_id, lock=True)
    found, note = current_cause(account), note.strip()
    if found and cause == found.cause and note == found.note:
        return found
    if found:
        found.ended_on = today()
        found.save(update_fields=["ended_on"])
    if cause is None:
        if found:
            audit.record(events.CAUSE_ENDED, by=by, on=found, account_id=account.pk, cause=Cause(found.cause).label)
        return None
    finding = CauseFinding.objects.create(account=account, cause=cause, note=note, on=today(), by=as_row(by))
    audit.record(
        events.CAUSE_FOUND,
        by=by, on=finding, account_id=account.pk, cause=Cause(cause).label, code=Cause(cause).value, note=note,
    )  # fmt: skip
    return finding


@transaction.atomic
def hold_supply(*, by: Actor, account_id: int, reason: str) -> SupplyHold:
    """Stop supplying the customer until the hold is lifted (C12): finance, or a manager for his teams' customers.

    Conflict (409) when supply is held already.
    """
    require(by, "receivables.hold")
    reason = required(reason, _("Say why supply is held."))
    account = get_account(by, account_id, lock=True)
    if held := current_hold(account):
        raise Conflict(_("Supply is held already."), current=held, code="held")
    hold = SupplyHold.objects.create(account=account, reason=reason, on=today(), by=as_row(by))
    audit.record(events.SUPPLY_HELD, by=by, on=hold, account_id=account.pk, reason=reason)
    return hold


@transaction.atomic
def lift_hold(*, by: Actor, account_id: int, because: str) -> SupplyHold:
    """Supply the customer again: finance alone, so that nobody who sells undoes a hold. NotFound when nothing is held."""
    require(by, "receivables.lift_hold")
    because = required(because, _("Say why supply goes on."), field="because")
    account = get_account(by, account_id, lock=True)
    hold = current_hold(account)
    if hold is None:
        raise NotFound
    hold.lifted_on, hold.lifted_by, hold.lifted_because = today(), as_row(by), because
    hold.save(update_fields=["lifted_on", "lifted_by", "lifted_because"])
    audit.record(events.SUPPLY_HOLD_LIFTED, by=by, on=hold, account_id=account.pk, reason=because)
    return hold
