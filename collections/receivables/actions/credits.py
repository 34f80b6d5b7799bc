"""What we credit: entering a credit note, saying which invoices it lowers, taking it back."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.queries import get_account
from core import audit
from core.errors import Conflict, DomainError
from core.money import CURRENCIES
from core.permissions import require
from core.users import Actor, as_row
from receivables import events
from receivables.actions.posting import (
    allocate_rest,
    clean_amount,
    clean_day,
    in_money,
    live_allocations,
    required,
    take_back,
    told,
)
from receivables.choices import AllocationRule, CreditReason
from receivables.models import Allocation, CreditNote, Reversal
from receivables.queries import get_credit_note, locked_invoices, open_debts


@transaction.atomic
def record_credit_note(
    *,
    by: Actor,
    account_id: int,
    number: str,
    amount: Decimal,
    currency: str,
    issued_on: date,
    reason: CreditReason = CreditReason.OTHER,
    note: str = "",
    allocate: bool = False,
    rule: AllocationRule | None = None,
    designated: Mapping[int, Decimal] | None = None,
) -> CreditNote:
    """Credit a customer. With `designated` (invoice id → amount) or `allocate` it lowers invoices at once.

    Raises DomainError when the number is taken, and for what `allocate_credit_note` refuses.
    """
    require(by, "receivables.record")
    account = get_account(by, account_id)
    number = required(number, _("A credit note needs a number."), field="number")
    if currency not in CURRENCIES:
        raise DomainError(_("This currency is not known here."), field="currency")
    amount = clean_amount(amount)
    credit_note = CreditNote(
        account=account, number=number, currency=currency, amount=amount, unallocated=amount,
        issued_on=clean_day(issued_on, field="issued_on"), reason=reason, note=note.strip(), by=as_row(by),
    )  # fmt: skip
    try:
        with transaction.atomic():
            credit_note.save()
    except IntegrityError as error:
        if "credit_note_number_once" not in str(error):
            raise
        raise DomainError(_("There is a credit note with this number."), field="number", code="duplicate") from error
    audit.record(
        events.CREDIT_RECORDED,
        by=by, on=credit_note, account_id=account.pk, number=number, money=in_money(amount, currency), amount=amount,
        currency=currency, reason=CreditReason(reason).label,
    )  # fmt: skip
    if allocate or designated:
        allocate_credit_note(by=by, credit_note_id=credit_note.pk, rule=rule, designated=designated)
        credit_note.refresh_from_db()
    return credit_note


@transaction.atomic
def allocate_credit_note(
    *,
    by: Actor,
    credit_note_id: int,
    rule: AllocationRule | None = None,
    designated: Mapping[int, Decimal] | None = None,
    on: date | None = None,
    seen: Decimal | None = None,
) -> list[Allocation]:
    """Lower invoices by what is left of a credit note: principal only, never costs or interest.

    Order, refusals and Conflict (409) are those of `allocate_payment`.
    """
    require(by, "receivables.allocate")
    found = get_credit_note(by, credit_note_id)
    debts = open_debts(by, found.account_id, found.currency, only=designated, charges=False, lock=True)
    credit_note = get_credit_note(by, credit_note_id, lock=True)
    _refuse_reversed(credit_note)
    if credit_note.unallocated <= 0:
        raise Conflict(_("Nothing is left of this credit note."), current=credit_note, code="nothing_left")
    rows, words = allocate_rest(
        by, credit_note, debts, since=credit_note.issued_on, on=on, seen=seen, rule=rule, designated=designated
    )
    audit.record(
        events.CREDIT_ALLOCATED,
        by=by, on=credit_note, account_id=credit_note.account_id, number=credit_note.number, **words,
    )  # fmt: skip
    return rows


@transaction.atomic
def reverse_credit_note(*, by: Actor, credit_note_id: int, reason: str, on: date | None = None) -> Reversal:
    """Take a credit note back, once and whole: what it lowered is open again.

    Conflict (409) when it was reversed before; DomainError without a reason or when part of it was refunded.
    """
    require(by, "receivables.reverse")
    reason = required(reason, _("Say why it is reversed."))
    found = get_credit_note(by, credit_note_id)
    invoices = locked_invoices(by, {row.invoice_id for row in live_allocations(found)})
    credit_note = get_credit_note(by, credit_note_id, lock=True)
    _refuse_reversed(credit_note)
    on = clean_day(on, not_before=credit_note.issued_on)
    on, undone = take_back(by, credit_note, invoices, on)
    reversal = Reversal.objects.create(credit_note=credit_note, on=on, reason=reason, by=as_row(by))
    audit.record(
        events.CREDIT_REVERSED,
        by=by, on=credit_note, account_id=credit_note.account_id, number=credit_note.number, reason=reason, on_day=on,
        **{**told(undone, credit_note.currency), "money": in_money(credit_note.amount, credit_note.currency)},
    )  # fmt: skip
    return reversal


def _refuse_reversed(credit_note: CreditNote) -> None:
    if credit_note.reversed_on:
        raise Conflict(_("This credit note was reversed."), current=credit_note, code="reversed")
