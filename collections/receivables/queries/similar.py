"""Whether money that is being entered stands here already."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal

from django.db.models import Q

from core.users import Actor
from receivables.choices import Flow
from receivables.models import Payment
from receivables.queries.facts import visible_payments

NEAR = timedelta(days=21)
SHOWN = 3


def similar_payments(
    by: Actor,
    *,
    account_id: int | None,
    amount: Decimal,
    currency: str,
    received_on: date,
    reference: str = "",
) -> Sequence[Payment]:
    """Receipts that look like the same money, the newest first: of this customer and amount, and not reversed.

    The same money bears the same bank reference within three weeks (shorter than a month, so that a rent is no
    duplicate of the last one), or came on the same day where the references do not tell two transfers apart. What
    bears the reference and has no customer yet counts too: the statement may have been imported before.
    """
    reference = reference.strip()
    same = Q(account_id=account_id, received_on=received_on)
    if reference:
        near = Q(received_on__range=(received_on - NEAR, received_on + NEAR))
        same &= Q(reference__in=("", reference))
        same |= Q(reference=reference) & near & (Q(account_id=account_id) | Q(account=None))
    rows = visible_payments(by).filter(same, flow=Flow.RECEIPT, amount=amount, currency=currency, reversed_on=None)
    return list(rows.select_related("by").order_by("-received_on", "-pk")[:SHOWN])
