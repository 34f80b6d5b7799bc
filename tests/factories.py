"""Builders: the least a row needs, with names that read well. They go through no action, so a test can set any state."""

from __future__ import annotations

from datetime import date
from itertools import count
from typing import Any

from accounts.choices import MemberRole
from accounts.models import Account, AccountMember
from core.models import User
from core.search import search_columns
from prospects.models import Prospect
from relationships.models import Contact, Position

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
