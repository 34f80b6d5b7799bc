"""Everything somebody should know before he calls (C5, assurance §2.8), in one reading."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from django.db.models import Count, Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Account
from core.users import Actor
from dunning.choices import PromiseState, SlotReason
from dunning.models import Case, CollectionCall, DunningRule, Message, Promise
from dunning.queries.cases import get_case
from dunning.queries.promises import Kept, kept_by_account, kept_by_person
from dunning.queries.queue import attempts_today
from dunning.queries.settings import Calendar, dunning_rule, hours_of, limits_of
from dunning.queries.why import why_of
from dunning.rules import ranking, slots
from dunning.rules.slots import Slot
from receivables.choices import Grade, Paper, Papers
from receivables.models import CauseFinding, Charge, CreditNote, Invoice, Payment, SupplyHold
from receivables.queries.facts import current_cause, current_hold
from relationships.choices import ContactRole
from relationships.models import Position
from relationships.queries import people_at

ROLES = (
    ContactRole.PAYMENT_HANDLER,
    ContactRole.CONTRACT_HANDLER,
    ContactRole.FINANCE_MANAGER,
    ContactRole.GENERAL_MANAGER,
    ContactRole.PROPRIETOR,
)
"""Whom to call in a large company, the first first (C6)."""
ROLES_OF_SMALL = (ContactRole.GENERAL_MANAGER, ContactRole.PROPRIETOR, *ROLES[:3])
"""In a small one the person in charge."""
SHOWN = 5
ITEMS = 200
ZERO = Decimal(0)


@dataclass(frozen=True)
class Person:
    """Somebody to talk to: what he is there, how to reach him, how often he was tried today, how he kept his promises."""

    position: Position
    payment_roles: tuple[ContactRole, ...]
    attempts: int
    kept: Kept

    @property
    def name(self) -> str:
        return self.position.contact.full_name


@dataclass(frozen=True)
class Item:
    """An open invoice: what is open of it, how late, how sure, and whether its papers are in order."""

    invoice: Invoice
    days: int
    claimed: Decimal
    promised: bool

    @property
    def is_overdue(self) -> bool:
        return self.days > 0

    @property
    def papers_missing(self) -> bool:
        """Whether something must be put right or sent before the money can be asked for."""
        return self.invoice.papers in (Papers.INCOMPLETE, Papers.COMPLETE) or bool(self.invoice.missing_papers)

    @property
    def missing(self) -> tuple[Paper, ...]:
        return tuple(Paper(code) for code in self.invoice.missing_papers)


@dataclass(frozen=True)
class Total:
    """What is open in one currency; `unallocated` is money of theirs that settles nothing yet, not taken off."""

    currency: str
    open_amount: Decimal
    overdue: Decimal
    disputed: Decimal
    promised: Decimal
    unallocated: Decimal

    @property
    def callable(self) -> Decimal:
        """What can be asked for today."""
        return max(self.overdue - self.disputed - self.promised, ZERO)


@dataclass(frozen=True)
class CallBrief:
    """One customer, ready to be called. `slot` judges the moment, `warnings` say why not to call, `why` why he is on top."""

    account: Account
    case: Case
    on: date
    slot: Slot
    callable_at: datetime | None
    why: tuple[str, ...]
    warnings: tuple[str, ...]
    people: list[Person]
    items: list[Item]
    more_items: int
    totals: list[Total]
    cause: CauseFinding | None
    hold: SupplyHold | None
    promises: list[Promise]
    kept: Kept
    calls: list[CollectionCall]
    messages: list[Message]
    attempts: int
    attempts_left: int
    next_paying_day: date | None
    rule: DunningRule
    owner: str
    missing_papers: list[Item] = field(default_factory=list)

    @property
    def grade(self) -> Grade:
        return Grade(self.case.grade)

    @property
    def open_promises(self) -> list[Promise]:
        return [promise for promise in self.promises if promise.state == PromiseState.OPEN]


def call_brief(by: Actor, account_id: int, at: datetime | None = None) -> CallBrief:
    """The customer's background, people, open items, cause, promises, last contacts, paying days and limits, as of `at`."""
    at = at or timezone.now()
    on = timezone.localdate(at)
    case = get_case(by, account_id)
    account, rule = case.account, dunning_rule()
    tried = attempts_today([account_id], at).get(account_id, 0)
    hours, limits, is_workday = hours_of(case), limits_of(rule), Calendar(on).of(case.time_zone)
    slot = slots.judge(at, hours, limits, is_workday, attempts=tried)
    promises = list(
        Promise.objects.filter(account=account).select_related("by").prefetch_related("instalments", "invoices")[:SHOWN]
    )
    calls = CollectionCall.objects.filter(account=account).select_related("by", "contact").order_by("-called_at", "-id")
    items, more = _items(account, on)
    return CallBrief(
        account=account,
        case=case,
        on=on,
        slot=slot,
        callable_at=at if slot.is_open else slots.next_opening(at, hours, limits, is_workday),
        why=why_of(case, slot, on),
        warnings=call_warnings(case, slot, on),
        people=_people(by, account, at),
        items=items,
        more_items=more,
        totals=_totals(account, on),
        cause=current_cause(account),
        hold=current_hold(account),
        promises=promises,
        kept=kept_by_account([account.pk]).get(account.pk, Kept()),
        calls=list(calls[:SHOWN]),
        messages=list(
            Message.objects.filter(account=account, state="sent").defer("pdf").select_related("step")[:SHOWN]
        ),
        attempts=tried,
        attempts_left=max(rule.attempts_a_day - tried, 0),
        next_paying_day=ranking.next_paying_day(account.paying_days, on),
        rule=rule,
        owner=str(account.owner),
        missing_papers=[item for item in items if item.is_overdue and item.papers_missing],
    )


def call_warnings(case: Case, slot: Slot, on: date) -> tuple[str, ...]:
    """Why this customer should not be called now. Logging a call is allowed all the same."""
    found = []
    if case.cease_contact:
        found.append(_("Do not contact this customer."))
    if case.paused_until and case.paused_until > on:
        found.append(_("Dunning is held: %(reason)s") % {"reason": case.paused_because})
    if case.promised_until and case.promised_until >= on and not case.callable_amount:
        found.append(_("A promise is running: wait for the money."))
    found.extend(str(SlotReason(reason).label) for reason in slot.reasons if not slot.is_open)
    return tuple(found)


def _people(by: Actor, account: Account, at: datetime) -> list[Person]:
    """Present people of the account, the right party first (C6)."""
    order = ROLES_OF_SMALL if account.size in ("micro", "small") else ROLES
    start = datetime.combine(timezone.localdate(at), time(), tzinfo=timezone.get_current_timezone())
    calls = CollectionCall.objects.filter(account=account, channel="phone", called_at__gte=start)
    today = calls.filter(called_at__lt=start + timedelta(days=1), contact__isnull=False)
    tried = dict(today.order_by().values_list("contact").annotate(Count("id")))
    kept = dict(kept_by_person(account.pk))
    people = [
        Person(
            position,
            tuple(role for role in order if role in position.roles),
            tried.get(position.contact_id, 0),
            kept.get(position.contact.full_name, Kept()),
        )
        for position in people_at(by, account.pk)
    ]
    return sorted(
        people, key=lambda person: order.index(person.payment_roles[0]) if person.payment_roles else len(order)
    )


def _items(account: Account, on: date) -> tuple[list[Item], int]:
    """Open invoices, the longest overdue first, at most ITEMS; and how many there are beyond."""
    rows = Invoice.objects.filter(account=account).still_open().select_related("contract").order_by("due_on", "id")
    invoices = list(rows[: ITEMS + 1])
    more = rows.count() - ITEMS if len(invoices) > ITEMS else 0
    ids = [invoice.pk for invoice in invoices[:ITEMS]]
    charges = Charge.objects.filter(invoice__in=ids, open_amount__gt=0).order_by().values_list("invoice")
    claimed = dict(charges.annotate(Sum("open_amount")))
    running = Promise.objects.filter(account=account, state=PromiseState.OPEN)
    promised = set(running.filter(invoices__isnull=False).values_list("invoices", flat=True))
    items = [
        Item(invoice, (on - invoice.due_on).days, claimed.get(invoice.pk, ZERO), invoice.pk in promised)
        for invoice in invoices[:ITEMS]
    ]
    return items, max(more, 0)


def _totals(account: Account, on: date) -> list[Total]:
    """Sums per currency, the largest first."""
    rows = Invoice.objects.filter(account=account).still_open().order_by()
    opened = dict(rows.values_list("currency").annotate(Sum("open_amount")))
    overdue = {
        currency: (late, disputed)
        for currency, late, disputed in rows.filter(due_on__lt=on)
        .values_list("currency")
        .annotate(Sum("open_amount"), Sum("disputed_amount"))
    }
    promised: dict[str, Decimal] = {}
    running = Promise.objects.filter(account=account, state=PromiseState.OPEN)
    for currency, amount, arrived in running.values_list("currency", "amount", "arrived"):
        promised[currency] = promised.get(currency, ZERO) + amount - arrived
    left = _unallocated(account)
    found = [
        Total(
            currency,
            amount,
            *overdue.get(currency, (ZERO, ZERO)),
            promised.get(currency, ZERO),
            left.get(currency, ZERO),
        )
        for currency, amount in opened.items()
    ]
    return sorted(found, key=lambda total: (-total.overdue, total.currency))


def _unallocated(account: Account) -> dict[str, Decimal]:
    found: dict[str, Decimal] = {}
    for model in (Payment, CreditNote):
        rows: Sequence[tuple[str, Decimal]] = list(
            model.objects.filter(account=account, unallocated__gt=0)
            .order_by()
            .values_list("currency")
            .annotate(Sum("unallocated"))
        )
        for currency, amount in rows:
            found[currency] = found.get(currency, ZERO) + amount
    return found
