"""Putting papers right before the money is asked for (C5)."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from django.db import transaction

from core.errors import NotFound
from core.permissions import require
from core.users import Actor
from receivables.actions import set_papers
from receivables.choices import Paper, Papers
from receivables.models import Invoice
from receivables.queries.facts import locked_invoices


@transaction.atomic
def fix_papers(*, by: Actor, account_id: int, papers: Mapping[int, tuple[Papers, Collection[Paper]]]) -> list[Invoice]:
    """Say of several invoices of a customer, all at once, how far their papers have come and what is still missing.

    NotFound for an invoice that is another customer's or out of sight.
    """
    require(by, "receivables.record")
    found = locked_invoices(by, papers)
    if any(invoice.account_id != account_id for invoice in found.values()):
        raise NotFound
    return [
        set_papers(
            by=by,
            invoice_id=pk,
            papers=state,
            missing_papers=missing,
            expected_on=found[pk].expected_on,
        )
        for pk, (state, missing) in papers.items()
    ]
