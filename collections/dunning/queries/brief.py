"""Everything somebody should know before he calls (C5, assurance §2.8), in one reading."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import OuterRef, Q, Subquery, Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.choices import Size
from accounts.models import Account
from core.users import Actor
from dunning.choices import MessageState, PromiseState, Reached, SlotReason
from dunning.models import Case, CollectionCall, DunningRule, Message, Promise
from dunning.queries.cases import get_case
from dunning.queries.order import day_of
from dunning.queries.promises import Kept, kept_by_person
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
LOOKED_AT = 25
"""Newest promises and calls among which the open ones, and those of the day, are looked for: nobody has more of them."""
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
    calls = _calls(account)
    start, end = day_of(at)
    tried = Counter(
        call.contact_id for call in calls if call.channel == Reached.PHONE and start <= call.called_at < end
    )
    attempts = tried.total()
    hours, limits, is_workday = hours_of(case), limits_of(rule), Calendar(on).of(case.time_zone)
    slot = slots.judge(at, hours, limits, is_workday, attempts=attempts)
    promises = _promises(account)
    running = [promise for promise in promises if promise.state == PromiseState.OPEN]
    items, more = _items(account, running, on)
    kept = dict(kept_by_person(account.pk))
    sent = Message.objects.filter(account=account, state=MessageState.SENT).defer("pdf").select_related("step")
    return CallBrief(
        account=account,
        case=case,
        on=on,
        slot=slot,
        callable_at=at if slot.is_open else slots.next_opening(at, hours, limits, is_workday),
        why=why_of(case, slot, on),
        warnings=call_warnings(case, slot, on),
        people=_people(by, account, tried, kept),
        items=items,
        more_items=more,
        totals=_totals(account, items, running, on, is_whole=not more),
        cause=current_cause(account),
        hold=current_hold(account),
        promises=promises[:SHOWN],
        kept=sum(kept.values(), Kept()),
        calls=calls[:SHOWN],
        messages=list(sent[:SHOWN]),
        attempts=attempts,
        attempts_left=max(rule.attempts_a_day - attempts, 0),
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


def _people(by: Actor, account: Account, tried: Mapping[int | None, int], kept: Mapping[str, Kept]) -> list[Person]:
    """Present people of the account, the right party first (C6)."""
    order = ROLES_OF_SMALL if account.size in (Size.MICRO, Size.SMALL) else ROLES
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


def _calls(account: Account) -> list[CollectionCall]:
    """The newest calls: those of a day are among them."""
    rows = CollectionCall.objects.filter(account=account).select_related("by", "contact")
    return list(rows.order_by("-called_at", "-id")[:LOOKED_AT])


def _promises(account: Account) -> list[Promise]:
    """The newest promises, with what they were made of."""
    rows = Promise.objects.filter(account=account).select_related("by").prefetch_related("instalments", "invoices")
    return list(rows[:LOOKED_AT])


def _items(account: Account, running: Sequence[Promise], on: date) -> tuple[list[Item], int]:
    """Open invoices, the longest overdue first, at most ITEMS; and how many there are beyond."""
    claimed = Charge.objects.filter(invoice=OuterRef("pk"), open_amount__gt=0).order_by().values("invoice")
    rows = Invoice.objects.filter(account=account).still_open()
    found = rows.annotate(claimed=Subquery(claimed.annotate(sum=Sum("open_amount")).values("sum")))
    invoices: list[Any] = list(found.select_related("contract").order_by("due_on", "id")[: ITEMS + 1])
    more = rows.count() - ITEMS if len(invoices) > ITEMS else 0
    promised = {invoice.pk for promise in running for invoice in promise.invoices.all()}
    items = [
        Item(invoice, (on - invoice.due_on).days, invoice.claimed or ZERO, invoice.pk in promised)
        for invoice in invoices[:ITEMS]
    ]
    return items, max(more, 0)


def _totals(
    account: Account, items: Sequence[Item], running: Sequence[Promise], on: date, *, is_whole: bool
) -> list[Total]:
    """Sums per currency, the largest first; from the items where these are all there are."""
    sums = _sums(items) if is_whole else _sums_of_all(account, on)
    promised: dict[str, Decimal] = {}
    for promise in running:
        promised[promise.currency] = promised.get(promise.currency, ZERO) + promise.amount - promise.arrived
    left = _unallocated(account)
    found = [
        Total(currency, *amounts, promised.get(currency, ZERO), left.get(currency, ZERO))
        for currency, amounts in sums.items()
    ]
    return sorted(found, key=lambda total: (-total.overdue, total.currency))


def _sums(items: Sequence[Item]) -> dict[str, tuple[Decimal, Decimal, Decimal]]:
    """Open, overdue and disputed of what is overdue, per currency."""
    found: dict[str, tuple[Decimal, Decimal, Decimal]] = {}
    for item in items:
        invoice, late = item.invoice, item.is_overdue
        opened, overdue, disputed = found.get(invoice.currency, (ZERO, ZERO, ZERO))
        found[invoice.currency] = (
            opened + invoice.open_amount,
            overdue + (invoice.open_amount if late else ZERO),
            disputed + (invoice.disputed_amount if late else ZERO),
        )
    return found


def _sums_of_all(account: Account, on: date) -> dict[str, tuple[Decimal, Decimal, Decimal]]:
    rows = Invoice.objects.filter(account=account).still_open().order_by().values_list("currency")
    is_late = Q(due_on__lt=on)
    summed = rows.annotate(
        opened=Sum("open_amount"),
        overdue=Sum("open_amount", filter=is_late, default=ZERO),
        disputed=Sum("disputed_amount", filter=is_late, default=ZERO),
    )
    return {currency: (opened, overdue, disputed) for currency, opened, overdue, disputed in summed}


def _unallocated(account: Account) -> dict[str, Decimal]:
    """Money and credits of theirs that settle nothing yet, per currency."""
    parts = [
        model.objects.filter(account=account, unallocated__gt=0).order_by().values_list("currency", "unallocated")
        for model in (Payment, CreditNote)
    ]
    found: dict[str, Decimal] = {}
    for currency, amount in parts[0].union(parts[1], all=True):
        found[currency] = found.get(currency, ZERO) + amount
    return found
