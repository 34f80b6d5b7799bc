"""Builders: the least a row needs, with names that read well. They go through no action, so a test can set any state."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import count
from typing import Any

from accounts.choices import MemberRole
from accounts.models import Account, AccountMember
from core.models import User
from core.search import search_columns
from prospects.models import Prospect
from receivables.models import Invoice, Payment
from relationships.models import CampaignTarget, Contact, Landmine, Position, Visit, VisitCampaign

_number = count(1)


def make_account(owner: User, name: str = "", **fields: Any) -> Account:
    """An account of this owner, with his member row."""
    name = name or f"Account {next(_number)}"
    account = Account.objects.create(
        owner=owner, team=owner.team, name=name, **search_columns(name, fields.get("short_name", "")), **fields
    )
    AccountMember.objects.create(account=account, user=owner, role=MemberRole.OWNER)
    return account


def make_contact(owner: User, account: Account | None = None, full_name: str = "", **fields: Any) -> Contact:
    """A contact of this owner, with a current position at the account if one is given."""
    full_name = full_name or f"Contact {next(_number)}"
    contact = Contact.objects.create(owner=owner, full_name=full_name, **search_columns(full_name), **fields)
    if account:
        Position.objects.create(contact=contact, account=account)
    return contact


def make_prospect(owner: User, account: Account | None = None, name: str = "", **fields: Any) -> Prospect:
    """An open prospect at E, opened on 2 March 2026, unless told otherwise."""
    name = name or f"Prospect {next(_number)}"
    defaults: dict[str, Any] = {"opened_on": date(2026, 3, 2), "entered_stage_on": date(2026, 3, 2), "currency": "CNY"}
    return Prospect.objects.create(
        owner=owner, team=owner.team, account=account, name=name, **search_columns(name), **(defaults | fields)
    )


def make_visit(owner: User, account: Account, **fields: Any) -> Visit:
    """A visit planned for the morning of 5 March 2031, unless told otherwise."""
    at = fields.pop("at", datetime(2031, 3, 5, 1, tzinfo=UTC))
    return Visit.objects.create(owner=owner, account=account, at=at, planned_at=at, **fields)


def make_campaign(led_by: User, account: Account, rep: User, **fields: Any) -> VisitCampaign:
    """A campaign of March 2031 that sends this rep to this account once, unless told otherwise."""
    defaults: dict[str, Any] = {
        "name": f"Campaign {next(_number)}", "purpose": "New line", "starts_on": date(2031, 3, 3),
        "ends_on": date(2031, 3, 28), "team": led_by.team,
    }  # fmt: skip
    campaign = VisitCampaign.objects.create(led_by=led_by, **(defaults | fields))
    CampaignTarget.objects.create(campaign=campaign, account=account, rep=rep)
    return campaign


def make_landmine(account: Account, text: str = "Wang and Zhang do not get on") -> Landmine:
    """A landmine laid on 2 March 2026."""
    return Landmine.objects.create(account=account, text=text, at=datetime(2026, 3, 2, tzinfo=UTC))


def make_invoice(
    account: Account, amount: str | Decimal = "1000.00", *, due_on: date | None = None, **fields: Any
) -> Invoice:
    """An open invoice of CNY, issued on 2 March 2026 and due 30 days later, unless told otherwise."""
    issued_on = fields.pop("issued_on", date(2026, 3, 2) if due_on is None else due_on - timedelta(days=30))
    due_on = due_on or issued_on + timedelta(days=30)
    defaults: dict[str, Any] = {
        "number": f"INV-{next(_number):05}", "currency": "CNY", "issued_on": issued_on, "due_on": due_on,
        "recognised_on": issued_on, "amount": Decimal(amount), "open_amount": Decimal(amount),
    }  # fmt: skip
    return Invoice.objects.create(account=account, **(defaults | fields))


def make_payment(account: Account | None, amount: str | Decimal = "1000.00", **fields: Any) -> Payment:
    """A receipt of CNY that settles nothing yet, received on 1 April 2026 unless told otherwise."""
    defaults: dict[str, Any] = {
        "currency": "CNY", "amount": Decimal(amount), "unallocated": Decimal(amount), "received_on": date(2026, 4, 1),
    }  # fmt: skip
    return Payment.objects.create(account=account, **(defaults | fields))
