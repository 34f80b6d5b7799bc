"""Figures of a ledger as the descriptions of the sample data state them: `count / amount` by days past due."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Sum

from core.models import ImportJob, User
from core.users import SYSTEM
from receivables.models import Invoice
from receivables.queries import aged_invoices, ageing
from receivables.queries.invariants import breaches

BUCKETS = ("not due", "1-30", "31-60", "61-90", ">90")
Aged = dict[str, tuple[int, str]]


def aged(on: str, *, by: User | None = None, currency: str) -> Aged:
    """Invoices and open amount of each bucket used on this day; what is above 90 days together."""
    day, person = date.fromisoformat(on), by or SYSTEM
    totals = {line.currency: line for line in ageing(person, on=day, group="none").totals}
    found: dict[str, tuple[int, Decimal]] = {}
    for place, amount in enumerate(totals[currency].amounts if currency in totals else ()):
        name = BUCKETS[min(place, 4)]
        count, sum_ = found.get(name, (0, Decimal(0)))
        found[name] = (count + aged_invoices(person, on=day, bucket=place, currency=currency).count(), sum_ + amount)
    return {name: (count, f"{amount:,.2f}") for name, (count, amount) in found.items() if count}


def total(rows: Any, column: str = "amount") -> str:
    """The sum of a column."""
    return f"{rows.aggregate(total=Sum(column))['total'] or 0:,.2f}"


def note(job: ImportJob, code: str) -> dict[str, Any]:
    """What the import noted under this code; empty when nothing."""
    return next((each for each in job.report["notes"] if each["code"] == code), {})


def reasons(job: ImportJob) -> dict[str, int]:
    """Rows refused by reason."""
    found: dict[str, int] = {}
    for each in job.report["reasons"]:
        found[each["code"]] = found.get(each["code"], 0) + each["count"]
    return found


def assert_in_order() -> None:
    """The twelve rules of the ledger hold after an import as after any posting."""
    last = Invoice.objects.order_by("-issued_on").values_list("issued_on", flat=True).first()
    found = breaches(last or date(2026, 1, 1))
    assert not found, found
