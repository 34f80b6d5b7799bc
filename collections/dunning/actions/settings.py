"""The settings of collecting."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from core import audit
from core.changes import apply_changes, check_version
from core.errors import DomainError
from core.money import CURRENCIES
from core.permissions import require
from core.users import Actor
from dunning import events
from dunning.models import DunningRule
from dunning.queries.settings import dunning_rule
from dunning.rules.slots import HARD_EARLIEST, HARD_LATEST

RULE_FIELDS = (
    "earliest", "latest", "owners_from", "attempts_a_day", "touch_gap_days", "claim_minutes", "grace_workdays",
    "smallest_amount", "first_minutes", "quiet_weekdays", "ordering_rates", "sender_name", "sender_address",
    "bank_details", "confirm_at_once",
)  # fmt: skip
"""What `set_dunning_rule` may change."""
BETWEEN = {
    "attempts_a_day": (1, 3),
    "touch_gap_days": (0, 90),
    "claim_minutes": (5, 480),
    "grace_workdays": (0, 10),
    "first_minutes": (5, 120),
}
"""Whole numbers and where they may lie; three attempts a day are the most that is decent (L3)."""


@transaction.atomic
def set_dunning_rule(*, by: Actor, version: int | None = None, **changes: Any) -> DunningRule:
    """Set hours, limits, gaps, grace and what stands on letters (RULE_FIELDS). Never wider than the hard limits."""
    require(by, "dunning.set_ladder")
    unknown = set(changes) - set(RULE_FIELDS)
    if unknown:
        raise TypeError(f"set_dunning_rule takes no {', '.join(sorted(unknown))}")
    rule = dunning_rule(lock=True)
    check_version(rule, version, changes)
    if "ordering_rates" in changes:
        changes["ordering_rates"] = _rates(changes["ordering_rates"])
    if "quiet_weekdays" in changes:
        changes["quiet_weekdays"] = sorted(set(changes["quiet_weekdays"]))
    before, after = apply_changes(rule, changes)
    _check(rule)
    if after:
        audit.record(events.RULE_SET, by=by, on=rule, before=before, after=after)
    return rule


def _check(rule: DunningRule) -> None:
    if not HARD_EARLIEST <= rule.earliest < rule.latest <= HARD_LATEST:
        raise DomainError(_("Calls lie between 08:00 and 21:00, whatever the settings."), field="latest")
    if not rule.earliest <= rule.owners_from < rule.latest:
        raise DomainError(_("Owners are called within the hours of calls."), field="owners_from")
    for name, (least, most) in BETWEEN.items():
        if not least <= getattr(rule, name) <= most:
            raise DomainError(_("From %(least)s to %(most)s.") % {"least": least, "most": most}, field=name)
    if rule.smallest_amount < 0:
        raise DomainError(_("An amount is never below zero."), field="smallest_amount")
    if not set(rule.quiet_weekdays) <= set(range(7)) or len(rule.quiet_weekdays) == 7:
        raise DomainError(_("Weekdays on which nobody calls; at least one is left."), field="quiet_weekdays")


def _rates(rates: Mapping[str, Any]) -> dict[str, str]:
    """Worth of one unit of each currency, as text."""
    found = {}
    for currency, rate in rates.items():
        try:
            value = Decimal(str(rate))
        except InvalidOperation:
            value = Decimal(0)
        if currency not in CURRENCIES or not 0 < value < 1_000_000:
            raise DomainError(_("A rate is a currency and a number above zero."), field="ordering_rates")
        found[currency] = str(value)
    return found
