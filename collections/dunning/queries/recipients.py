"""Whom letters go to, and in which language (C6): the payment contact with an address, else the account's own mailbox."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from accounts.models import SEARCH_COLUMNS, Account, AccountChannel
from core.models import ChannelKind
from dunning.choices import Language
from dunning.queries.brief import ROLES, ROLES_OF_SMALL
from relationships.models import ContactChannel, Position

CHINESE = re.compile(r"[㐀-鿿]")


@dataclass(frozen=True)
class Addressee:
    """Where a letter to an account goes. Without `to` it is printed and posted."""

    account: Account
    language: Language
    contact_id: int | None = None
    person: str = ""
    greeting: str = ""
    to: str = ""

    @property
    def name(self) -> str:
        """The account's name as its letters write it."""
        return name_in(self.account, self.language)


def name_in(account: Account, language: str) -> str:
    """The account's full name in the language of the letter."""
    return account.name if language == Language.CHINESE else account.english_name or account.name


def addressees(account_ids: Iterable[int]) -> dict[int, Addressee]:
    """The addressee of each account; four statements for any number of accounts."""
    accounts = Account.objects.defer(*SEARCH_COLUMNS).in_bulk(list(account_ids))
    mailboxes = _mailboxes(AccountChannel.objects.filter(account__in=accounts), "account_id")
    people = _payment_people(accounts)
    ids = [position.contact_id for found in people.values() for position in found]
    addresses = _mailboxes(ContactChannel.objects.filter(contact__in=ids), "contact_id")
    return {
        pk: _addressee(account, people.get(pk, []), addresses, mailboxes.get(pk, ""))
        for pk, account in accounts.items()
    }


def _payment_people(accounts: dict[int, Account]) -> dict[int, list[Position]]:
    """Present people with a role in paying, the right party first."""
    found: dict[int, list[Position]] = {}
    rows = Position.objects.current().filter(account__in=accounts, roles__overlap=list(ROLES))
    rows = rows.select_related("contact").defer(*(f"contact__{column}" for column in SEARCH_COLUMNS))
    for position in rows.order_by("id"):
        found.setdefault(position.account_id, []).append(position)
    for pk, positions in found.items():
        order = ROLES_OF_SMALL if accounts[pk].size in ("micro", "small") else ROLES
        positions.sort(key=lambda position: min(order.index(role) for role in order if role in position.roles))
    return found


def _addressee(account: Account, people: list[Position], addresses: dict[int, str], mailbox: str) -> Addressee:
    """The first payment contact with an address; else the first of them on paper, mailed to the account's mailbox if any."""
    reachable = next((person for person in people if person.contact_id in addresses), None)
    chosen = reachable or (people[0] if people else None)
    to = addresses[chosen.contact_id] if reachable and chosen else mailbox
    if chosen is None:
        return Addressee(account, _language(account), to=to)
    contact = chosen.contact
    language = Language(contact.preferred_language) if contact.preferred_language else _language(account)
    name = contact.full_name if language == Language.CHINESE else contact.english_name or contact.full_name
    return Addressee(account, language, contact.pk, name, contact.salutation or name, to)


def _language(account: Account) -> Language:
    """By the characters of its name."""
    return Language.CHINESE if CHINESE.search(account.name) else Language.ENGLISH


def _mailboxes(rows: Any, key: str) -> dict[int, str]:
    """The first e-mail address of each."""
    found: dict[int, str] = {}
    for pk, value in rows.filter(kind=ChannelKind.EMAIL).order_by("id").values_list(key, "value"):
        found.setdefault(pk, value)
    return found
