"""The call log (C9)."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core import audit
from core.errors import DomainError
from core.permissions import allowed, require
from core.users import Actor, as_row
from core.workdays import add_workdays
from dunning import events
from dunning.actions.cases import held_by_other, touch
from dunning.actions.promises import PromiseGiven, record_promise, replace_promise
from dunning.actions.refresh import refresh_cases
from dunning.choices import CallOutcome, NextAction, Reached
from dunning.models import Case, CollectionCall, Promise
from dunning.queries.brief import call_warnings
from dunning.queries.cases import get_case
from dunning.queries.queue import attempts_today
from dunning.queries.settings import Calendar, dunning_rule, hours_of, limits_of
from dunning.rules import slots
from dunning.rules.following import USUAL
from receivables.actions import find_cause
from receivables.choices import Cause
from receivables.models import Invoice
from receivables.queries.facts import current_cause, visible_invoices
from relationships.queries import get_contact

CLOCKS_DIFFER = timedelta(minutes=5)
LONG_AGO = timedelta(days=366)


@dataclass(frozen=True)
class LoggedCall:
    """What was logged: the call, the promise given in it, and what spoke against calling at that hour."""

    call: CollectionCall
    promise: Promise | None
    warnings: tuple[str, ...]


@transaction.atomic
def log_call(
    *,
    by: Actor,
    account_id: int,
    outcome: CallOutcome,
    called_at: datetime | None = None,
    channel: Reached = Reached.PHONE,
    contact_id: int | None = None,
    person: str = "",
    cause: Cause | str = "",
    said: str = "",
    next_action: NextAction | str = "",
    next_action_on: date | None = None,
    invoice_ids: Collection[int] = (),
    promise: PromiseGiven | None = None,
    replaces: int | None = None,
) -> LoggedCall:
    """Put a collection call on record, with the promise given in it, the reason they gave and what comes next.

    Logging is always allowed, at whatever hour the call was made; `warnings` of the answer say what spoke against it.
    Without a next step the usual one of the outcome is taken. A cause they gave becomes the customer's cause. The
    claim ends: the customer is done for now. `replaces` names the open promise that the new one takes the place of.
    Raises DomainError: an outcome that needs the person or the promise, a call ahead, a next step in the past.
    """
    require(by, "dunning.collect")
    outcome, now = CallOutcome(outcome), timezone.now()
    at = called_at or now
    case = get_case(by, account_id, lock=True)
    contact = get_contact(by, contact_id) if contact_id else None
    person = person.strip() or (contact.full_name if contact else "")
    _check(outcome, at, now, person, promise)
    on = timezone.localdate(at)
    next_action, next_action_on = _next(outcome, next_action, next_action_on, on)
    warnings = _warnings(by, case, at)
    call = CollectionCall.objects.create(
        account=case.account,
        contact=contact,
        person=person[:120],
        channel=channel,
        called_at=at,
        outcome=outcome,
        cause=cause,
        said=said.strip(),
        next_action=next_action,
        next_action_on=next_action_on,
        by=as_row(by),
    )
    call.invoices.set(_invoices(by, account_id, invoice_ids))
    given = _promise(by, call, promise, replaces, on) if promise else None
    if given and next_action == NextAction.WAIT:
        case.refresh_from_db(fields=["next_action_on"])
        next_action_on = case.next_action_on
    call.next_action_on = next_action_on
    call.save(update_fields=["next_action_on"])
    _settle(by, case, call)
    audit.record(
        events.CALL_LOGGED,
        by=by,
        on=call,
        account_id=account_id,
        person=person or "–",
        outcome=outcome.label,
        code=outcome.value,
        next_action=next_action,
        next_action_on=next_action_on,
    )
    return LoggedCall(call, given, warnings)


def _check(outcome: CallOutcome, at: datetime, now: datetime, person: str, promise: PromiseGiven | None) -> None:
    if at > now + CLOCKS_DIFFER:
        raise DomainError(_("A call is logged after it was made."), field="called_at", code="day_ahead")
    if at < now - LONG_AGO:
        raise DomainError(_("A call is logged within a year."), field="called_at", code="day_passed")
    if outcome.reached and not person:
        raise DomainError(_("Say who you spoke with."), field="person")
    if outcome == CallOutcome.PROMISE and promise is None:
        raise DomainError(_("A promise names an amount and a day."), field="instalments", code="promise_missing")
    if promise and outcome != CallOutcome.PROMISE:
        raise DomainError(_("A promise was given: choose “promise to pay” as the outcome."), field="outcome")


def _next(
    outcome: CallOutcome, action: NextAction | str, day: date | None, on: date
) -> tuple[NextAction | str, date | None]:
    """The next step and its day, the usual ones where nothing is said."""
    if day and day < on:
        raise DomainError(_("The next step lies ahead."), field="next_action_on", code="day_passed")
    usual, workdays = USUAL[outcome]
    return NextAction(action) if action else usual, day or add_workdays(on, workdays)


def _warnings(by: Actor, case: Case, at: datetime) -> tuple[str, ...]:
    on = timezone.localdate(at)
    tried = attempts_today([case.account_id], at).get(case.account_id, 0)
    is_workday = Calendar(on).of(case.time_zone)
    slot = slots.judge(at, hours_of(case), limits_of(dunning_rule()), is_workday, attempts=tried)
    found = call_warnings(case, slot, on)
    if held_by_other(by, case):
        found = (*found, _("%(name)s is working at this customer just now.") % {"name": case.claimed_by})
    return found


def _invoices(by: Actor, account_id: int, ids: Collection[int]) -> list[Invoice]:
    found = list(visible_invoices(by).filter(account=account_id, pk__in=ids)) if ids else []
    if len(found) < len(set(ids)):
        raise DomainError(_("Choose invoices of this customer."), field="invoices")
    return found


def _promise(by: Actor, call: CollectionCall, given: PromiseGiven, replaces: int | None, on: date) -> Promise:
    values: dict[str, Any] = {
        "by": by,
        "instalments": given.instalments,
        "currency": given.currency,
        "quote": given.quote,
        "said_by": given.said_by or call.person,
        "channel": call.channel,
        "contact_id": call.contact_id,
        "call": call,
    }
    if replaces is None:
        return record_promise(account_id=call.account_id, made_on=on, invoice_ids=given.invoice_ids, **values)
    reason = call.said[:200] or _("Agreed anew on the phone.")
    return replace_promise(promise_id=replaces, reason=reason, invoice_ids=given.invoice_ids or None, **values)


def _settle(by: Actor, case: Case, call: CollectionCall) -> None:
    """What the call changes about the customer's place in the queue, and about his cause."""
    touch(case, call.called_at, reached=CallOutcome(call.outcome).reached)
    case.next_action, case.next_action_on = call.next_action, call.next_action_on
    if case.claimed_by_id == by.pk:
        case.claimed_by = case.claimed_until = None
    case.save(
        update_fields=[
            "last_touch_at", "last_reached_at", "next_action", "next_action_on", "claimed_by", "claimed_until",
        ]
    )  # fmt: skip
    known = current_cause(case.account_id)
    if call.cause and allowed(by, "receivables.grade") and (known is None or known.cause != call.cause):
        find_cause(by=by, account_id=case.account_id, cause=Cause(call.cause), note=call.said[:500])
    refresh_cases(account_ids=[case.account_id])
