"""What is open today, read once for all the reports of a page that need nothing but sums by grade, age and week."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, NamedTuple

from core.users import Actor
from core.workdays import today
from receivables.queries.age_sums import AgeBasis, AgeGroup, cuts_of
from receivables.queries.facts import receivables_rule
from receivables.queries.positions import EVERYTHING, Selection, Sql, kept_positions, of_accounts
from receivables.rules.periods import weeks_ahead

WEEKS = 8


class _Sum(NamedTuple):
    """So much is open of the invoices that stand in the same columns. `is_issued` is False for those dated ahead."""

    currency: str
    grade: str
    is_issued: bool
    overdue_column: int
    age_column: int
    week: int
    amount: Decimal
    disputed: Decimal
    invoices: int


@dataclass(frozen=True)
class Digest:
    """Sums of what somebody sees as open today, some hundred at most a currency."""

    sums: Sequence[_Sum]

    def aged(self, basis: AgeBasis, group: AgeGroup, currency: str | None) -> Iterator[tuple[Any, ...]]:
        """Rows as those of `AgeSums` by grade or altogether, without what stands beside them."""
        for one in self.sums:
            if one.is_issued and currency in {None, one.currency}:
                column = one.age_column if basis == "age" else one.overdue_column
                yield False, one.grade if group == "grade" else None, None, one.currency, column, one.amount

    def weeks(self, currency: str) -> dict[int, tuple[Decimal, Decimal, int]]:
        """Amount, what of it is disputed, and number of invoices by week: 0 is late, then those of `week_cuts`."""
        found: dict[int, tuple[Decimal, Decimal, int]] = {}
        for one in self.sums:
            if one.currency == currency:
                amount, disputed, invoices = found.get(one.week, (Decimal(0), Decimal(0), 0))
                found[one.week] = amount + one.amount, disputed + one.disputed, invoices + one.invoices
        return found


def week_cuts(on: date, weeks: int = WEEKS) -> list[date]:
    """The days at which a week of expected money ends and the next begins; what was expected before today is late."""
    return [on, *weeks_ahead(on, weeks)[1:]]


def week_column(on: date) -> Sql:
    """The place of an invoice among those weeks: by the day the customer named, else the due day."""
    text = "width_bucket(greatest(coalesce(expected_on, due_on), %(day_before)s::date), %(week_cuts)s::date[])"
    return Sql(text, {"week_cuts": week_cuts(on), "day_before": on - timedelta(days=1)})


def digest(by: Actor, on: date, selection: Selection = EVERYTHING) -> Digest | None:
    """One statement for several reports of one's own part of the ledger. None where they are better read one by one:

    of a past day, and of everybody, which the kept sums tell. No posting is dated ahead (`actions.posting`) but invoices.
    """
    if on != today() or kept_positions(by, on, selection, along="due"):
        return None
    scope, week = of_accounts(by, selection), week_column(on)
    edges = receivables_rule().ageing_edges
    due_cuts, age_cuts = cuts_of("overdue", on, edges), cuts_of("age", on, edges)
    graded = " and grade = %(grade)s" if selection.grade else ""
    text = f"""
        select currency, grade, issued_on <= %(on)s,
            {len(due_cuts)} - width_bucket(due_on, %(due_cuts)s::date[]),
            {len(age_cuts)} - width_bucket(recognised_on, %(age_cuts)s::date[]), {week.text},
            sum(open_amount), sum(least(disputed_amount, open_amount)), count(*)
        from receivables_invoice where open_amount > 0{scope.text}{graded} group by 1, 2, 3, 4, 5, 6
    """
    values = {"on": on, "due_cuts": due_cuts, "age_cuts": age_cuts, "grade": selection.grade and str(selection.grade)}
    return Digest([_Sum(*row) for row in Sql(text, {**scope.values, **week.values, **values}).rows()])
