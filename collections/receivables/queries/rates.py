"""What share is provided for, as it holds on a day."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from receivables.choices import ProvisionBasis
from receivables.models import ProvisionRate


def provision_rates(on: date) -> Mapping[ProvisionBasis, Mapping[int, Decimal]]:
    """The share to provide for at each step of each basis on this day; one statement."""
    rows = (
        ProvisionRate.objects.filter(effective_on__lte=on)
        .order_by("basis", "step", "-effective_on")
        .distinct("basis", "step")
        .values_list("basis", "step", "rate")
    )
    found: dict[ProvisionBasis, dict[int, Decimal]] = {basis: {} for basis in ProvisionBasis}
    for basis, step, rate in rows:
        found[ProvisionBasis(basis)][step] = rate
    return found
