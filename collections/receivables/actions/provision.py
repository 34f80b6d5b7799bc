"""Provision: the rates, the matrix of a day kept as it was worked out, its approval by somebody else (assurance §2.3)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core import audit
from core.errors import Conflict, DomainError
from core.money import CURRENCIES
from core.permissions import require
from core.users import Actor, as_row
from receivables import events
from receivables.actions.posting import clean_day, in_money
from receivables.choices import Grade, ProvisionBasis
from receivables.models import ProvisionRate, ProvisionRun
from receivables.queries.facts import get_provision_run, receivables_rule
from receivables.queries.outlook import provision_matrix
from receivables.queries.rates import provision_rates
from receivables.rules.ageing import AGE_YEARS


@transaction.atomic
def set_provision_rates(
    *, by: Actor, basis: ProvisionBasis, rates: Mapping[int, Decimal], effective_on: date
) -> list[ProvisionRate]:
    """Set the shares to provide for (0.05 is 5 %) from a day on; matrices of earlier days keep their rates.

    `rates` is by step: the place of the bucket, the youngest 0, or the rank of the grade. Only what differs is written.
    DomainError for a share below 0 or above 1, and for a step there is none of.
    """
    require(by, "receivables.set_rules")
    before = provision_rates(effective_on)[basis]
    for step, rate in rates.items():
        if not (rate.is_finite() and 0 <= rate <= 1):
            raise DomainError(_("A rate is between 0 % and 100 %."), field=f"rate_{step}")
        if not 0 <= step < steps_of(basis):
            raise DomainError(_("There is no such step."), field=f"rate_{step}")
    changed = {step: rate for step, rate in rates.items() if before.get(step) != rate}
    rows = []
    for step, rate in changed.items():
        row, _made = ProvisionRate.objects.update_or_create(
            basis=basis, step=step, effective_on=effective_on, defaults={"rate": rate, "by": as_row(by)}
        )
        rows.append(row)
    if rows:
        audit.record(
            events.PROVISION_RATES_SET,
            by=by,
            on=receivables_rule(),
            day=effective_on,
            basis=basis,
            before={str(step): str(before.get(step, "")) for step in changed},
            after={str(step): str(rate) for step, rate in changed.items()},
        )
    return rows


def steps_of(basis: ProvisionBasis) -> int:
    """How many steps a basis has under the settings of today."""
    if basis == ProvisionBasis.GRADE:
        return len(Grade)
    return AGE_YEARS + 1 if basis == ProvisionBasis.AGE else len(receivables_rule().ageing_edges) + 2


@transaction.atomic
def run_provision(*, by: Actor, on: date, basis: ProvisionBasis, currency: str) -> ProvisionRun:
    """Work out the matrix of a day over everything open in a currency and keep it: amounts, rates, result.

    It never changes afterwards; approval is by another person. DomainError for a day to come, and when nothing is open.
    """
    require(by, "receivables.provision")
    on = clean_day(on)
    if currency not in CURRENCIES:
        raise DomainError(_("This currency is not known here."), field="currency")
    matrix = provision_matrix(by, on=on, basis=basis, currency=currency)
    if not matrix.amount:
        raise DomainError(_("Nothing was open in this currency on that day."), field="currency", code="nothing_open")
    run = ProvisionRun.objects.create(
        on=on, basis=basis, currency=currency, total=matrix.total, by=as_row(by),
        lines=[
            {"step": line.step, "label": line.label, "amount": str(line.amount), "rate": str(line.rate),
             "provision": str(line.provision)}
            for line in matrix.lines
        ],
    )  # fmt: skip
    audit.record(events.PROVISION_WORKED_OUT, by=by, on=run, money=in_money(run.total, currency), day=on, basis=basis)
    return run


@transaction.atomic
def approve_provision(*, by: Actor, run_id: int) -> ProvisionRun:
    """Approve a provision somebody else worked out. DomainError for one's own; Conflict (409) when it is approved already."""
    require(by, "receivables.approve_provision")
    run = get_provision_run(by, run_id, lock=True)
    if run.approved_at:
        raise Conflict(_("Somebody has approved this already."), current=run, code="approved")
    if run.by_id == by.pk:
        raise DomainError(_("Somebody else has to approve what you worked out."), code="own_work")
    run.approved_by, run.approved_at = as_row(by), timezone.now()
    run.save(update_fields=["approved_by", "approved_at"])
    audit.record(events.PROVISION_APPROVED, by=by, on=run, money=in_money(run.total, run.currency), day=run.on)
    return run
