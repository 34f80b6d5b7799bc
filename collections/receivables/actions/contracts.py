"""What was agreed about paying."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.queries import get_account
from core import audit
from core.changes import apply_changes, check_version
from core.errors import DomainError
from core.permissions import require
from core.users import Actor
from receivables import events
from receivables.models import Contract
from receivables.queries import get_contract

CONTRACT_FIELDS = (
    "number", "name", "signed_on", "ends_on", "amount", "currency", "terms_days", "terms", "allocation_rule",
    "interest_per_day", "security", "guarantor", "our_sme_declared",
)  # fmt: skip


@transaction.atomic
def record_contract(*, by: Actor, account_id: int, number: str, **values: Any) -> Contract:
    """Enter a contract of this customer. DomainError when its number is taken."""
    require(by, "receivables.record")
    account = get_account(by, account_id)
    contract = Contract(account=account, **_clean({"number": number, **values}))
    with _refusing_taken_numbers():
        contract.save()
    audit.record(events.CONTRACT_RECORDED, by=by, on=contract, account_id=account.pk, number=contract.number)
    return contract


@transaction.atomic
def edit_contract(*, by: Actor, contract_id: int, version: int | None = None, **values: Any) -> Contract:
    """Change what is known of a contract; fields not given stay. Conflict (409) over somebody's newer edit."""
    require(by, "receivables.record")
    contract = get_contract(by, contract_id, lock=True)
    check_version(contract, version, values)
    values = _clean(values)
    if values.get("currency", contract.currency) != contract.currency and contract.invoices.exists():
        raise DomainError(_("Invoices stand under this contract in its currency."), field="currency")
    with _refusing_taken_numbers():
        before, after = apply_changes(contract, values)
    if after:
        audit.record(
            events.CONTRACT_EDITED,
            by=by, on=contract, account_id=contract.account_id, before=before, after=after, number=contract.number,
        )  # fmt: skip
    return contract


def _clean(values: dict[str, Any]) -> dict[str, Any]:
    """The values as they are stored; an unknown name is our mistake and raises."""
    if strangers := set(values) - set(CONTRACT_FIELDS):
        raise TypeError(f"not fields of a contract: {', '.join(sorted(strangers))}")
    if "number" in values:
        values["number"] = values["number"].strip()
        if not values["number"]:
            raise DomainError(_("A contract needs a number."), field="number")
    if (values.get("amount") or 0) < 0:
        raise DomainError(_("An amount is never below zero."), field="amount")
    if not 0 <= (values.get("interest_per_day") or 0) < 1:
        raise DomainError(_("Interest is a share of the principal: 0.0005 is 0.05 % a day."), field="interest_per_day")
    return values


@contextmanager
def _refusing_taken_numbers() -> Iterator[None]:
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        if "contract_number_once" not in str(error):
            raise
        raise DomainError(_("There is a contract with this number."), field="number", code="duplicate") from error
