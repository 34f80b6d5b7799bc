"""Promises to pay (C10): what was said, by whom, until when. What becomes of them is worked out, see `judging`."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

from django.db import transaction
from django.db.models import Q, Sum
from django.utils.translation import gettext as _

from core import audit
from core.errors import DomainError
from core.money import format_money, round_money
from core.permissions import allowed, require
from core.users import SYSTEM, Actor, as_row
from core.workdays import add_workdays, today
from dunning import events
from dunning.actions.refresh import refresh_cases
from dunning.choices import NextAction, PromiseState, Reached
from dunning.models import Case, CollectionCall, Instalment, Promise
from dunning.queries.cases import get_case, get_promise
from dunning.queries.settings import dunning_rule
from receivables.actions import note_interruption
from receivables.choices import InterruptionKind
from receivables.models import Charge, Invoice
from receivables.queries.facts import visible_invoices
from relationships.models import Contact
from relationships.queries import get_contact

MOST_INSTALMENTS = 60
WRITTEN = (Reached.MAIL, Reached.LETTER, Reached.CHAT)
LONGEST = timedelta(days=5 * 366)
LONG_AGO = timedelta(days=366)
ZERO = Decimal(0)


@dataclass(frozen=True)
class PromiseGiven:
    """What the customer said: (day, amount) of each instalment, in which currency, in which words, for which invoices."""

    instalments: Sequence[tuple[date, Decimal]]
    currency: str
    quote: str = ""
    said_by: str = ""
    invoice_ids: Collection[int] = field(default_factory=tuple)

    @property
    def amount(self) -> Decimal:
        return sum((amount for _day, amount in self.instalments), ZERO)


@transaction.atomic
def record_promise(
    *,
    by: Actor,
    account_id: int,
    instalments: Sequence[tuple[date, Decimal]],
    currency: str,
    said_by: str = "",
    channel: Reached = Reached.PHONE,
    quote: str = "",
    contact_id: int | None = None,
    invoice_ids: Collection[int] = (),
    made_on: date | None = None,
    call: CollectionCall | None = None,
) -> Promise:
    """Keep a customer's word to pay so much by these days. Dunning waits for the money until the first of them is judged.

    Raises DomainError: no instalment, two on one day, a day before it was said, more than is owed, nobody who said it,
    or `promise_open` when an open promise already covers the same money (then `replace_promise`).
    """
    require(by, "dunning.collect")
    case = get_case(by, account_id, lock=True)
    contact = get_contact(by, contact_id) if contact_id else None
    given = PromiseGiven(tuple(sorted(instalments)), currency, quote.strip(), said_by.strip(), tuple(set(invoice_ids)))
    return _record(by, case, given, contact, channel, made_on or today(), call)


@transaction.atomic
def replace_promise(
    *,
    by: Actor,
    promise_id: int,
    reason: str,
    instalments: Sequence[tuple[date, Decimal]],
    currency: str = "",
    said_by: str = "",
    channel: Reached = Reached.PHONE,
    quote: str = "",
    contact_id: int | None = None,
    invoice_ids: Collection[int] | None = None,
    call: CollectionCall | None = None,
) -> Promise:
    """Put another promise in place of an open one, with the reason; currency and invoices stay unless given.

    The old one counts neither as kept nor as broken. DomainError `promise_judged` when it is open no longer.
    """
    require(by, "dunning.collect")
    case = get_case(by, get_promise(by, promise_id).account_id, lock=True)
    old = get_promise(by, promise_id, lock=True)
    reason = reason.strip()
    if not reason:
        raise DomainError(_("Say why the promise is replaced."), field="reason", code="reason_missing")
    if old.state != PromiseState.OPEN:
        raise DomainError(_("This promise is settled: record a new one."), code="promise_judged")
    contact = get_contact(by, contact_id) if contact_id else None
    names = tuple(set(invoice_ids)) if invoice_ids is not None else tuple(old.invoices.values_list("pk", flat=True))
    old.state, old.judged_on = PromiseState.REPLACED, today()
    old.save(update_fields=["state", "judged_on"])
    old.instalments.filter(state=PromiseState.OPEN).update(state=PromiseState.REPLACED, judged_on=today())
    given = PromiseGiven(
        tuple(sorted(instalments)), currency or old.currency, quote.strip(), said_by.strip() or old.said_by, names
    )
    new = _record(by, case, given, contact, channel, today(), call)
    old.replaced_by = new
    old.save(update_fields=["replaced_by"])
    audit.record(
        events.PROMISE_REPLACED,
        by=by,
        on=old,
        account_id=old.account_id,
        money=in_words(old.amount, old.currency),
        reason=reason,
        by_promise=new.pk,
    )
    return new


def in_words(amount: Decimal, currency: str) -> str:
    """An amount as events tell it: CNY 1,200.00."""
    return f"{currency} {round_money(amount):,.2f}"


def _record(
    by: Actor,
    case: Case,
    given: PromiseGiven,
    contact: Contact | None,
    channel: Reached,
    made_on: date,
    call: CollectionCall | None,
) -> Promise:
    said_by = given.said_by or (contact.full_name if contact else "") or (call.person if call else "")
    _check_words(given, said_by, made_on)
    invoices = _invoices(by, case.account_id, given)
    _check_owed(case.account_id, given, invoices)
    _refuse_covered(case.account_id, given)
    promise = Promise.objects.create(
        account=case.account,
        call=call,
        contact=contact,
        said_by=said_by[:120],
        channel=channel,
        quote=given.quote,
        currency=given.currency,
        amount=given.amount,
        made_on=made_on,
        last_due_on=given.instalments[-1][0],
        by=as_row(by),
    )
    promise.invoices.set(invoices)
    Instalment.objects.bulk_create(
        Instalment(promise=promise, due_on=due_on, amount=amount) for due_on, amount in given.instalments
    )
    case.next_action = NextAction.WAIT
    case.next_action_on = judged_from(given.instalments[0][0])
    case.save(update_fields=["next_action", "next_action_on"])
    refresh_cases(account_ids=[case.account_id])
    audit.record(
        events.PROMISE_RECORDED,
        by=by,
        on=promise,
        account_id=case.account_id,
        person=promise.said_by,
        money=in_words(promise.amount, promise.currency),
        last_due_on=promise.last_due_on,
        instalments=[[due_on, amount] for due_on, amount in given.instalments],
    )
    if channel in WRITTEN:
        _interrupt(by, promise, invoices)
    return promise


def _interrupt(by: Actor, promise: Promise, invoices: list[Invoice]) -> None:
    """A written promise restarts the three years of the right to sue (C14); one on the phone alone proves nothing."""
    words = f": {promise.quote}" if promise.quote else ""
    note_interruption(
        by=by if allowed(by, "receivables.grade") else SYSTEM,
        account_id=promise.account_id,
        kind=InterruptionKind.PROMISE,
        on=promise.made_on,
        evidence=f"{promise.get_channel_display()}, {promise.said_by}, {in_words(promise.amount, promise.currency)}{words}"[
            :500
        ],
        invoice_ids=[invoice.pk for invoice in invoices],
        key=f"promise:{promise.pk}",
    )


def judged_from(due_on: date) -> date:
    """The first day on which an instalment of this day is late for good."""
    return add_workdays(due_on, dunning_rule().grace_workdays) + timedelta(days=1)


def _check_words(given: PromiseGiven, said_by: str, made_on: date) -> None:
    days = [day for day, _amount in given.instalments]
    if not days:
        raise DomainError(_("A promise names an amount and a day."), field="instalments", code="instalments_missing")
    if not today() - LONG_AGO <= made_on <= today():
        raise DomainError(_("A promise was made today or within the last year."), field="made_on")
    if len(days) > MOST_INSTALMENTS or days[-1] > made_on + LONGEST:
        raise DomainError(_("At most 60 instalments within five years."), field="instalments")
    if len(set(days)) < len(days):
        raise DomainError(_("One instalment a day."), field="instalments")
    if any(amount <= 0 or amount != round_money(amount) for _day, amount in given.instalments):
        raise DomainError(_("An instalment is an amount above zero, to the cent."), field="instalments")
    if not said_by:
        raise DomainError(_("Say who promised it."), field="said_by")
    if days[0] < made_on:
        raise DomainError(_("The money is promised for a later day."), field="instalments", code="day_passed")


def _invoices(by: Actor, account_id: int, given: PromiseGiven) -> list[Invoice]:
    """The open invoices the promise names."""
    if not given.invoice_ids:
        return []
    rows = visible_invoices(by).still_open().filter(account=account_id, currency=given.currency)
    found = list(rows.filter(pk__in=given.invoice_ids))
    if len(found) < len(given.invoice_ids):
        raise DomainError(
            _("Choose open invoices of this customer in %(currency)s.") % {"currency": given.currency}, field="invoices"
        )
    return found


def _check_owed(account_id: int, given: PromiseGiven, invoices: list[Invoice]) -> None:
    """Nobody promises more than he owes: it is a slip of the pen."""
    rows = Invoice.objects.filter(account=account_id, currency=given.currency).still_open()
    if invoices:
        rows = rows.filter(pk__in=[invoice.pk for invoice in invoices])
    charges = Charge.objects.filter(invoice__in=rows.order_by().values("pk"), open_amount__gt=0)
    owed = (rows.aggregate(sum=Sum("open_amount"))["sum"] or ZERO) + (
        charges.aggregate(sum=Sum("open_amount"))["sum"] or ZERO
    )
    if given.amount > owed:
        raise DomainError(
            _("They owe %(money)s: no more can be promised.") % {"money": format_money(owed, given.currency)},
            field="instalments",
            code="more_than_owed",
        )


def _refuse_covered(account_id: int, given: PromiseGiven) -> None:
    """The same money cannot keep two promises."""
    rows = Promise.objects.filter(account=account_id, currency=given.currency, state=PromiseState.OPEN)
    if given.invoice_ids:
        rows = rows.filter(Q(invoices__in=given.invoice_ids) | Q(invoices=None))
    covered = rows.first()
    if covered:
        raise DomainError(
            _("An open promise covers this money already. Replace it instead."),
            field="instalments",
            code="promise_open",
            details={"promise": covered.pk},
        )
