"""Where a payment or credit note should go: the order of the law, the agreement or the customer's word, line by line.

Which rule speaks (assurance §2.4): what the user names for the customer, then invoice numbers the customer wrote on the
transfer, then the agreement in the contracts, then Civil Code 560. Inside one invoice Civil Code 561: costs, interest,
principal. The lines add up to the amount, or what is over stays unallocated.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cached_property

from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.queries import get_account
from core.errors import DomainError, NotFound
from core.money import round_money
from core.users import Actor
from receivables.choices import AllocationReason, AllocationRule, ChargeKind, Part
from receivables.models import Charge, Contract, Invoice
from receivables.queries.facts import get_credit_note, get_payment, locked_invoices, receivables_rule, visible_invoices
from receivables.rules import allocation, interest
from receivables.rules.designation import named_in

ZERO = Decimal(0)


@dataclass(frozen=True)
class ProposedLine:
    """So much to this part of this invoice, and why."""

    invoice: Invoice
    part: Part
    amount: Decimal
    rule: AllocationRule
    because: AllocationReason
    charge: Charge | None = None


@dataclass(frozen=True)
class Proposal:
    """The lines, and what is left of the amount after them."""

    lines: list[ProposedLine]
    left: Decimal

    @property
    def rules(self) -> list[AllocationRule]:
        """The rules that spoke, the first line's first."""
        return list(dict.fromkeys(line.rule for line in self.lines))

    @property
    def total(self) -> Decimal:
        return sum((line.amount for line in self.lines), ZERO)


@dataclass
class OpenDebts:
    """What an account owes in one currency: its open invoices and the charges open beside them."""

    invoices: dict[int, Invoice]
    charges: dict[int, list[Charge]] = field(default_factory=dict)

    @cached_property
    def usual_burden(self) -> Decimal:
        """The yearly interest that runs where a contract says nothing."""
        return interest.daily_rate(receivables_rule().interest_per_day)

    def open_of(self, invoice: Invoice) -> Decimal:
        """Principal and charges together."""
        total: Decimal = sum((charge.open_amount for charge in self.charges.get(invoice.pk, ())), invoice.open_amount)
        return total


def propose_allocation(
    by: Actor,
    payment_id: int,
    *,
    rule: AllocationRule | None = None,
    designated: Mapping[int, Decimal] | None = None,
) -> Proposal:
    """Where the rest of this payment should go. `designated` is invoice id → amount, as the customer named them."""
    payment = get_payment(by, payment_id)
    if payment.account_id is None:
        raise DomainError(_("Say first who paid."), code="no_account")
    debts = open_debts(by, payment.account_id, payment.currency, only=designated)
    return propose(
        payment.unallocated, debts, on=payment.received_on, rule=rule, designated=designated, words=payment.designation
    )


def propose_for(
    by: Actor,
    *,
    account_id: int,
    currency: str,
    amount: Decimal,
    on: date,
    rule: AllocationRule | None = None,
    designated: Mapping[int, Decimal] | None = None,
    words: str = "",
) -> Proposal:
    """The same for a payment that is only being entered."""
    get_account(by, account_id)
    debts = open_debts(by, account_id, currency, only=designated)
    return propose(amount, debts, on=on, rule=rule, designated=designated, words=words)


def propose_credit(by: Actor, credit_note_id: int, *, designated: Mapping[int, Decimal] | None = None) -> Proposal:
    """Where the rest of this credit note should go. A credit lowers principal only, never costs or interest."""
    note = get_credit_note(by, credit_note_id)
    debts = open_debts(by, note.account_id, note.currency, only=designated, charges=False)
    return propose(note.unallocated, debts, on=note.issued_on, designated=designated)


def open_debts(
    by: Actor,
    account_id: int,
    currency: str,
    *,
    only: Iterable[int] | None = None,
    charges: bool = True,
    lock: bool = False,
) -> OpenDebts:
    """What the account owes, or of that the invoices named. Locked in the order of ids when somebody is about to change it.

    NotFound when an invoice named is not one of this account and currency.
    """
    claimed = (
        Charge.objects.filter(open_amount__gt=0, invoice__account_id=account_id) if charges else Charge.objects.none()
    )
    if only is None:
        # An invoice whose principal is settled may still owe its interest.
        owing = Q(open_amount__gt=0)
        if with_charges := list(claimed.values_list("invoice_id", flat=True)):
            owing |= Q(pk__in=with_charges)
        rows = visible_invoices(by).filter(owing, account_id=account_id, currency=currency).order_by("pk")
        rows = rows.select_for_update(no_key=True, of=("self",)) if lock else rows
        invoices = {row.pk: row for row in rows.select_related("contract")}
    else:
        wanted = set(only)
        invoices = (
            locked_invoices(by, wanted) if lock else visible_invoices(by).select_related("contract").in_bulk(wanted)
        )
        if len(invoices) < len(wanted) or any(row.account_id != account_id for row in invoices.values()):
            raise NotFound
        if any(row.currency != currency for row in invoices.values()):
            raise DomainError(_("The invoice is in another currency."), field="designated", code="other_currency")
    debts = OpenDebts(invoices)
    for charge in claimed.filter(invoice_id__in=list(invoices)).order_by("on", "pk") if invoices else ():
        debts.charges.setdefault(charge.invoice_id, []).append(charge)
    return debts


def propose(
    amount: Decimal,
    debts: OpenDebts,
    *,
    on: date,
    rule: AllocationRule | None = None,
    designated: Mapping[int, Decimal] | None = None,
    words: str = "",
) -> Proposal:
    """The lines by the rule asked for; without one, by the first that speaks. Raises DomainError for what cannot be."""
    if designated is not None:
        return _as_designated(amount, debts, designated)
    # One that was locked for its charges may owe nothing any more: somebody else settled them while this one waited.
    invoices = sorted(filter(debts.open_of, debts.invoices.values()), key=lambda invoice: (invoice.due_on, invoice.pk))
    by_number = {invoice.number: invoice for invoice in reversed(invoices)}
    named = (
        [by_number[number] for number in named_in(words, by_number)]
        if rule in (None, AllocationRule.DESIGNATED)
        else []
    )
    lines: list[ProposedLine] = []
    left = amount
    for invoice in named:
        given = min(left, debts.open_of(invoice))
        lines += _inside(debts, invoice, given, AllocationRule.DESIGNATED, AllocationReason.DESIGNATED)
        left -= given
    rest = [invoice for invoice in invoices if invoice not in named]
    if rule == AllocationRule.DESIGNATED:
        return Proposal(lines, left)
    chosen = rule or agreed_rule(rest)
    if rule == AllocationRule.OLDEST_FIRST and agreed_rule(rest) != rule:
        raise DomainError(
            _("Oldest first holds only where the contracts of all open invoices agree on it."),
            field="rule",
            code="not_agreed",
        )
    ranked = [_debt(debts, invoice) for invoice in rest]
    if chosen == AllocationRule.OLDEST_FIRST:
        found = allocation.propose_oldest_first(left, ranked)
    else:
        found = allocation.propose_by_statute(left, ranked, on)
    for line in found:
        because = AllocationReason(line.because.value)
        lines += _inside(debts, debts.invoices[line.key], line.amount, chosen, because)
        left -= line.amount
    return Proposal(lines, left)


def agreed_rule(invoices: Iterable[Invoice]) -> AllocationRule:
    """Oldest first where every open invoice stands under a contract that agrees on it; else the order of the law."""
    contracts: list[Contract | None] = [invoice.contract for invoice in invoices]
    agreed = contracts and all(
        contract and contract.allocation_rule == AllocationRule.OLDEST_FIRST for contract in contracts
    )
    return AllocationRule.OLDEST_FIRST if agreed else AllocationRule.STATUTE


def _as_designated(amount: Decimal, debts: OpenDebts, designated: Mapping[int, Decimal]) -> Proposal:
    if sum(designated.values(), ZERO) > amount:
        raise DomainError(_("More is named than there is to allocate."), field="designated", code="too_much")
    lines: list[ProposedLine] = []
    for invoice_id, given in designated.items():
        invoice = debts.invoices[invoice_id]
        if given <= 0:
            raise DomainError(_("An amount is above zero."), field="designated", code="not_positive")
        if given != round_money(given):
            raise DomainError(_("An amount has at most two decimal places."), field="designated", code="too_exact")
        if given > debts.open_of(invoice):
            raise DomainError(
                _("Of %(invoice)s only %(open)s is open.") % {"invoice": invoice, "open": debts.open_of(invoice)},
                field="designated", code="too_much", details={"invoice": invoice_id, "open": str(debts.open_of(invoice))},
            )  # fmt: skip
        lines += _inside(debts, invoice, given, AllocationRule.DESIGNATED, AllocationReason.DESIGNATED)
    return Proposal(lines, amount - sum((line.amount for line in lines), ZERO))


def _debt(debts: OpenDebts, invoice: Invoice) -> allocation.Debt:
    """The invoice as the order of the law sees it. A security or a guarantor covers the whole of it."""
    contract = invoice.contract
    opened = debts.open_of(invoice)
    covered = bool(contract and (contract.security or contract.guarantor))
    per_day = contract.interest_per_day if contract else None
    burden = interest.daily_rate(per_day) if per_day is not None else debts.usual_burden
    return allocation.Debt(invoice.pk, invoice.due_on, opened, opened if covered else ZERO, burden)


def _inside(
    debts: OpenDebts, invoice: Invoice, amount: Decimal, rule: AllocationRule, because: AllocationReason
) -> list[ProposedLine]:
    """The amount inside one invoice: costs, interest, principal; of two charges of a kind the earlier one first."""
    charges = debts.charges.get(invoice.pk, [])
    of_kind = {kind: [charge for charge in charges if charge.kind == kind] for kind in ChargeKind}
    split = allocation.split_inside(
        amount,
        costs=sum((charge.open_amount for charge in of_kind[ChargeKind.COSTS]), ZERO),
        interest=sum((charge.open_amount for charge in of_kind[ChargeKind.INTEREST]), ZERO),
        principal=invoice.open_amount,
    )
    lines: list[ProposedLine] = []
    for kind, part, share in (
        (ChargeKind.COSTS, Part.COSTS, split.costs),
        (ChargeKind.INTEREST, Part.INTEREST, split.interest),
    ):
        left = share
        for charge in of_kind[kind]:
            given = min(left, charge.open_amount)
            left -= given
            if given:
                lines.append(ProposedLine(invoice, part, given, rule, because, charge))
    if split.principal:
        lines.append(ProposedLine(invoice, Part.PRINCIPAL, split.principal, rule, because))
    return lines
