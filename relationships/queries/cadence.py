"""Which accounts have been left alone too long, and how often we were in touch with one (R11)."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Case, F, Q, Value, When
from django.utils import timezone

from accounts.choices import Tier
from accounts.models import Account, AccountQuerySet
from accounts.queries import visible_accounts
from core.users import Actor
from core.workdays import today
from relationships.models import ContactRule, Visit
from relationships.queries.visits import contact_rule
from relationships.rules.cadence import WEEKS, HeatYear, days_late, heat_year


def neglected_accounts(by: Actor, on: date | None = None) -> AccountQuerySet:
    """The accounts the user sees whose silence is longer than their tier allows.

    Whoever of theirs a visit met, it was in touch with the account: silence is the company's, not a person's.
    """
    return _neglected(by, on or today(), contact_rule())


def _neglected(by: Actor, on: date, rule: ContactRule) -> AccountQuerySet:
    late = Q()
    for tier in Tier:
        latest = on - rule.cadence(tier)
        known = timezone.make_aware(datetime.combine(latest, time.min))
        late |= Q(tier=tier, last_contact_on__lt=latest)
        late |= Q(tier=tier, last_contact_on__isnull=True, created_at__lt=known)
    return visible_accounts(by).filter(late)


def say_how_late(rows: list[dict[str, Any]]) -> None:
    """Add to rows of the list by how many days each is late; one statement."""
    on, rule = today(), contact_rule()
    known = dict(Account.objects.filter(pk__in=[row["id"] for row in rows]).values_list("pk", "created_at"))
    for row in rows:
        since = timezone.localdate(known[row["id"]])
        row["late"] = days_late(row["last_contact_on"], since, rule.cadence(row["tier"]), on)


def account_heat(account_id: int, on: date | None = None) -> HeatYear:
    """A year of contact with an account; one statement."""
    on = on or today()
    start = timezone.make_aware(datetime.combine(on - timedelta(weeks=WEEKS), time.min))
    moments = Visit.objects.recorded().filter(account=account_id, at__gte=start).values_list("at", flat=True)
    return heat_year(Counter(timezone.localdate(at) for at in moments), on)


@dataclass(frozen=True)
class Neglected:
    """An account that has heard nothing from us for longer than its tier allows, and by how many days."""

    id: int
    name: str
    tier: str
    owner: str
    days_late: int


KEY_TIERS = (Tier.VIP, Tier.LARGE)
"""The accounts a manager looks after in person."""


def neglected_key_accounts(by: Actor, on: date, limit: int = 100) -> list[Neglected]:
    """The VIP and large accounts the user sees that are neglected: VIP first, then the longest unheard; two statements."""
    rule = contact_rule()
    rank = Case(*(When(tier=tier, then=Value(place)) for place, tier in enumerate(KEY_TIERS)), default=Value(9))
    rows = _neglected(by, on, rule).filter(tier__in=KEY_TIERS)
    rows = rows.order_by(rank, F("last_contact_on").asc(nulls_last=True), "id")
    columns = ("id", "name", "short_name", "tier", "owner__full_name", "last_contact_on", "created_at")
    return [
        Neglected(
            id=row["id"],
            name=row["short_name"] or row["name"],
            tier=str(Tier(row["tier"]).label),
            owner=row["owner__full_name"],
            days_late=days_late(
                row["last_contact_on"], timezone.localdate(row["created_at"]), rule.cadence(row["tier"]), on
            ),
        )
        for row in rows.values(*columns)[:limit]
    ]
