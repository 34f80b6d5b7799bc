"""Settings of the receivables: buckets, interest, thresholds of the grades, limits of write-offs."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from core import audit
from core.changes import apply_changes, check_version
from core.errors import DomainError
from core.models import Role
from core.money import CURRENCIES
from core.permissions import require
from core.users import Actor
from receivables import events
from receivables.actions.posting import in_money
from receivables.models import ReceivablesRule, WriteOffLimit
from receivables.queries import receivables_rule
from receivables.rules import ageing

RULE_FIELDS = (
    "ageing_edges", "interest_per_day", "interest_basis", "doubtful_after_days", "doubtful_broken_promises",
    "bad_after_days", "bad_before_limitation_days", "terms_days",
)  # fmt: skip


@transaction.atomic
def set_receivables_rule(*, by: Actor, version: int | None = None, **values: Any) -> ReceivablesRule:
    """Change the settings; fields not given stay. Conflict (409) over somebody's newer edit."""
    require(by, "receivables.set_rules")
    rule = receivables_rule(lock=True)
    check_version(rule, version, values)
    if strangers := set(values) - set(RULE_FIELDS):
        raise TypeError(f"not settings of the receivables: {', '.join(sorted(strangers))}")
    if "ageing_edges" in values:
        values["ageing_edges"] = _clean_edges(list(values["ageing_edges"]))
    if not 0 <= values.get("interest_per_day", Decimal(0)) < 1:
        raise DomainError(_("Interest is a share of the principal: 0.0005 is 0.05 % a day."), field="interest_per_day")
    if values.get("interest_basis", 360) not in (360, 365):
        raise DomainError(_("A year of interest has 360 or 365 days."), field="interest_basis")
    for name in ("doubtful_after_days", "doubtful_broken_promises", "bad_after_days", "bad_before_limitation_days"):
        if values.get(name, 1) < 1:
            raise DomainError(_("One or more."), field=name)
    doubtful = values.get("doubtful_after_days", rule.doubtful_after_days)
    if values.get("bad_after_days", rule.bad_after_days) <= doubtful:
        raise DomainError(_("A debt turns bad later than doubtful."), field="bad_after_days")
    before, after = apply_changes(rule, values)
    if after:
        audit.record(events.RULE_SET, by=by, on=rule, before=before, after=after)
    return rule


@transaction.atomic
def set_write_off_limit(*, by: Actor, role: Role, currency: str, amount: Decimal | None) -> None:
    """Set up to which amount a role may approve write-offs in a currency; None: it may approve none.

    The administrator's: whoever approves does not set how much he may.
    """
    require(by, "settings.manage")
    if currency not in CURRENCIES:
        raise DomainError(_("This currency is not known here."), field="currency")
    if amount is not None and amount < 0:
        raise DomainError(_("An amount is never below zero."), field="amount")
    limit = WriteOffLimit.objects.select_for_update().filter(role=role, currency=currency).first()
    old = limit.amount if limit else None
    if amount == old:
        return
    if amount is None:
        WriteOffLimit.objects.filter(role=role, currency=currency).delete()
        limit = WriteOffLimit(pk=0)
    else:
        limit, _new = WriteOffLimit.objects.update_or_create(role=role, currency=currency, defaults={"amount": amount})
    audit.record(
        events.WRITE_OFF_LIMIT_SET,
        by=by, on=limit, role=Role(role).label, money=in_money(amount or Decimal(0), currency),
        before={"amount": old}, after={"amount": amount},
    )  # fmt: skip


def _clean_edges(edges: list[int]) -> list[int]:
    try:
        ageing.buckets(edges)
    except ValueError as error:
        raise DomainError(_("Days of the buckets rise and are above zero."), field="ageing_edges") from error
    if len(edges) > 12:
        raise DomainError(_("At most twelve buckets."), field="ageing_edges")
    return edges
