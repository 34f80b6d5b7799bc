"""Invoices as the budget means them: number, account, days, amount, currency. Registered where the app brings no target of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.imports.resolve import importer_of
from core.imports.spec import Field, ImportSpec, Key
from core.money import CURRENCY_CHOICES
from receivables.models import Invoice

if TYPE_CHECKING:
    from core.imports.run import Run


def defaults(run: Run) -> dict[str, str]:
    """An invoice of the file is open in full and recognised on the day it was issued."""
    return {
        "open_amount": "s.f_amount",
        "due_on": "s.f_issued_on + 30",
        "recognised_on": "s.f_issued_on",
        "by_id": importer_of(run),
    }


INVOICES = ImportSpec(
    target="invoices",
    label="Invoices",
    model=Invoice,
    add_verb="accounts.add",
    edit_verb="accounts.edit",
    append_only=True,
    audit_rows=False,
    account_column="t.account_id",
    keys=(Key("number", "Number", ("number",), exact=True),),
    defaults=defaults,
    fields=(
        Field("number", "Number", column="number", required=True, max_length=60),
        Field("account", "Account", kind="reference", to="accounts", column="account_id", required=True, missing="refuse", may_create=True),
        Field("issued_on", "Issued", kind="date", column="issued_on", required=True),
        Field("due_on", "Due", kind="date", column="due_on"),
        Field("amount", "Amount", kind="decimal", column="amount", minimum=0, required=True),
        Field("currency", "Currency", kind="choice", column="currency", choices=lambda: CURRENCY_CHOICES),
    ),
)  # fmt: skip
