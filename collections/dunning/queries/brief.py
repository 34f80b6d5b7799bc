"""Everything somebody should know before he calls (C5, assurance §2.8), in one reading."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import OuterRef, QuerySet, Subquery
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.choices import Size
from accounts.models import SEARCH_COLUMNS, Account
from core.statements import Statement, columns_of
from core.users import Actor
from dunning.choices import MessageState, PromiseState, Reached, SlotReason
from dunning.models import Case, CollectionCall, DunningRule, Message, Promise
from dunning.queries.answering import answer_rates
from dunning.queries.cases import get_case, visible_cases
from dunning.queries.items import SHOWN as SHOWN_ITEMS
from dunning.queries.items import Item, Total, open_items, open_totals
from dunning.queries.order import day_of
from dunning.queries.promises import Kept
from dunning.queries.settings import Calendar, dunning_rule, hours_of, limits_of
from dunning.queries.why import why_of
from dunning.rules import ranking, slots
from dunning.rules.answering import BestHour, best_hour, weigh
from dunning.rules.slots import Slot
from receivables.choices import Cause, Grade
from receivables.models import CauseFinding, SupplyHold
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
"""Newest calls among which those of the day are looked for: nobody has more of them."""
PROMISES = 200
"""Newest promises by which their word is judged."""


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
class Hold:
    """No supply to them: since when and why."""

    on: date
    reason: str


@dataclass(frozen=True)
class CallBrief:
    """One customer, ready to be called. `slot` judges the moment, `warnings` say why not to call, `why` why he is on top."""

    account: Account
    case: Case
    on: date
    slot: Slot
    callable_at: datetime | None
    best: BestHour | None
    why: tuple[str, ...]
    warnings: tuple[str, ...]
    people: list[Person]
    items: list[Item]
    more_items: int
    totals: list[Total]
    cause: Cause | None
    hold: Hold | None
    promises: list[Promise]
    open_promises: list[Promise]
    kept: Kept
    calls: list[CollectionCall]
    messages: list[Message]
    attempts: int
    attempts_left: int
    next_paying_day: date | None
    rule: DunningRule
    calendar: Calendar
    owner: str
    missing_papers: list[Item] = field(default_factory=list)

    @property
    def lacks(self) -> list[str]:
        """Whose papers must be put right first, and which."""
        return [item.lack for item in self.missing_papers]

    @property
    def all_items(self) -> int:
        """How many invoices are open."""
        return len(self.items) + self.more_items

    @property
    def grade(self) -> Grade:
        return Grade(self.case.grade)


def call_brief(by: Actor, account_id: int, at: datetime | None = None, *, items: int = SHOWN_ITEMS) -> CallBrief:
    """The customer's background, people, open items, cause, promises, last contacts, paying days and limits, as of `at`.

    `items`: how many open invoices, the longest due first; the totals are those of all.
    """
    at = at or timezone.now()
    on = timezone.localdate(at)
    case, cause, hold = _standing(by, account_id)
    account, rule = case.account, dunning_rule()
    calls = _calls(account)
    start, end = day_of(at)
    tried = Counter(
        call.contact_id for call in calls if call.channel == Reached.PHONE and start <= call.called_at < end
    )
    attempts = tried.total()
    calendar = Calendar(on)
    hours, limits, is_workday = hours_of(case), limits_of(rule), calendar.of(case.time_zone)
    rates = answer_rates(at, account_id)
    slot = slots.judge(at, hours, limits, is_workday, attempts=attempts)
    slot = weigh(slot, rates.at(at.astimezone(ZoneInfo(hours.zone))))
    promises = _promises(account)
    kept = _kept(promises)
    found, totals = open_items(account.pk, on, items), open_totals(account.pk, on)
    sent = Message.objects.filter(account=account, state=MessageState.SENT).defer("pdf", "body")
    return CallBrief(
        account=account,
        case=case,
        on=on,
        slot=slot,
        callable_at=at if slot.is_open else slots.next_opening(at, hours, limits, is_workday),
        best=best_hour(at, hours, limits, is_workday, rates),
        why=why_of(case, slot, on),
        warnings=call_warnings(case, slot, on),
        people=_people(by, account, tried, kept),
        items=found,
        more_items=sum(total.count for total in totals) - len(found),
        totals=totals,
        cause=cause,
        hold=hold,
        promises=promises[:SHOWN],
        open_promises=[promise for promise in promises if promise.state == PromiseState.OPEN],
        kept=sum(kept.values(), Kept()),
        calls=calls[:SHOWN],
        messages=list(sent[:SHOWN]),
        attempts=attempts,
        attempts_left=max(rule.attempts_a_day - attempts, 0),
        next_paying_day=ranking.next_paying_day(account.paying_days, on),
        rule=rule,
        calendar=calendar,
        owner=str(account.owner),
        missing_papers=[item for item in found if item.is_overdue and item.papers_missing],
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
    return list(CollectionCall.objects.filter(account=account).order_by("-called_at", "-id")[:LOOKED_AT])


def _promises(account: Account) -> list[Promise]:
    """The newest promises: all of them, but for a customer of many years."""
    return list(Promise.objects.filter(account=account).defer("quote")[:PROMISES])


def _kept(promises: Sequence[Promise]) -> dict[str, Kept]:
    """How each person who promised kept his word (X10)."""
    found: dict[str, Kept] = {}
    for promise in promises:
        if promise.state in KEPT_AS:
            found[promise.said_by] = found.get(promise.said_by, Kept()) + KEPT_AS[promise.state]
    return found


KEPT_AS: dict[str, Kept] = {
    PromiseState.KEPT: Kept(kept=1),
    PromiseState.PARTLY: Kept(partly=1),
    PromiseState.BROKEN: Kept(broken=1),
}


def _case_and_standing(by: Actor, account_id: int) -> QuerySet[Case]:
    cause = CauseFinding.objects.filter(account=OuterRef("account"), ended_on=None).values("cause")
    hold = SupplyHold.objects.filter(account=OuterRef("account"), lifted_on=None)
    return (
        visible_cases(by)
        .filter(account=account_id)
        .annotate(cause=Subquery(cause), held_on=Subquery(hold.values("on")), held_for=Subquery(hold.values("reason")))
    )


NAMED = ("full_name", "email")
STANDING = Statement(
    _case_and_standing,
    brings={
        "account": columns_of(Account, but=SEARCH_COLUMNS),
        "account__owner": NAMED,
        "collector": NAMED,
        "claimed_by": NAMED,
    },
)


def _standing(by: Actor, account_id: int) -> tuple[Case, Cause | None, Hold | None]:
    """The collecting file, why they do not pay, and the hold on supplying them; one statement where there is a file."""
    known: Any = next(iter(STANDING.rows(by, account_id=account_id)), None)
    if known is None:
        case, found, held = get_case(by, account_id), current_cause(account_id), current_hold(account_id)
        return case, Cause(found.cause) if found else None, Hold(held.on, held.reason) if held else None
    return (
        known,
        Cause(known.cause) if known.cause else None,
        Hold(known.held_on, known.held_for) if known.held_on else None,
    )
