"""Which accounts have been left alone too long, and how often we were in touch with one (R11)."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Q
from django.utils import timezone

from accounts.choices import Tier
from accounts.models import Account, AccountQuerySet
from accounts.queries import visible_accounts
from core.users import Actor
from core.workdays import today
from relationships.models import Visit
from relationships.queries.visits import contact_rule
from relationships.rules.cadence import WEEKS, HeatYear, days_late, heat_year


def neglected_accounts(by: Actor, on: date | None = None) -> AccountQuerySet:
    """The accounts the user sees whose silence is longer than their tier allows.

    Whoever of theirs a visit met, it was in touch with the account: silence is the company's, not a person's.
    """
    on, rule = on or today(), contact_rule()
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
