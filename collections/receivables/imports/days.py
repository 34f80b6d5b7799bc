"""Days written in both orders in one column: the terms tell which is meant, else the order that was set, else nobody.

`03/04/2026` alone is March or April. Beside its due day it is decided: only one reading is 14 or 30 days before it, and
these are the terms of the rows that read one way.
"""

from __future__ import annotations

from core.imports.run import Run
from receivables.imports.parts import SHOWN

RARE = 0.05
"""Terms that fewer of the certain rows have prove nothing."""


def decide_days(run: Run) -> None:
    """Settle which of two readings each day means; rows that stay open are refused, or read as set and named."""
    names = [name for name in run.two_ways if name != "paid_on"]
    if (
        names
        and {"issued_on", "due_on"} <= {each.name for each in run.spec.fields}
        and run.has("due_on")
        and run.has("issued_on")
    ):
        _by_terms(run, names)
    for name in names:
        _leave_open(run, name)
    if "paid_on" in run.two_ways:
        _paid_days(run)
        _leave_open(run, "paid_on")


def _by_terms(run: Run, names: list[str]) -> None:
    certain = " and ".join(f"f_{name}_other is null" for name in names)
    terms = [
        days
        for (days,) in run.query(
            f"select days from (select f_due_on - f_issued_on as days, count(*) as rows, sum(count(*)) over () as all_rows "
            f"from {{stage}} where {certain} and f_due_on is not null and f_issued_on is not null group by 1) t "
            f"where rows >= greatest(3, {RARE} * all_rows) and days >= 0 order by 1"
        )
    ]
    if not terms:
        return
    readings = {
        name: f"(values (s.f_{name}){f', (s.f_{name}_other)' if name in names else ''})"
        for name in ("issued_on", "due_on")
    }
    done = "".join(f", f_{name}_other = null" for name in names)
    rows = run.query(
        f"""
        with fitting as (
            select s.row_number, min(i.day) as issued_on, min(d.day) as due_on
            from {{stage}} s cross join lateral {readings["issued_on"]} i(day) cross join lateral {readings["due_on"]} d(day)
            where not ({certain}) and d.day - i.day = any(%s) group by 1 having count(*) = 1
        )
        update {{stage}} s set f_issued_on = f.issued_on, f_due_on = f.due_on{done} from fitting f
        where f.row_number = s.row_number returning s.row_number
        """,
        [terms],
    )
    if rows:
        _note(run, "days_by_terms", [row for (row,) in rows], terms=", ".join(map(str, terms)))


def _paid_days(run: Run) -> None:
    """A payment lies between its invoice and the last payment that is certain."""
    rows = run.query(
        """
        with span as (select max(f_paid_on) as last from {stage} where f_paid_on_other is null),
        fitting as (
            select s.row_number, min(d.day) as day from {stage} s cross join span
            cross join lateral (values (s.f_paid_on), (s.f_paid_on_other)) d(day)
            where s.f_paid_on_other is not null and d.day between coalesce(s.f_issued_on, d.day) and coalesce(span.last, d.day)
            group by 1 having count(*) = 1
        )
        update {stage} s set f_paid_on = f.day, f_paid_on_other = null from fitting f where f.row_number = s.row_number
        returning s.row_number
        """
    )
    if rows:
        _note(run, "paid_days_by_order", [row for (row,) in rows])


def _leave_open(run: Run, name: str) -> None:
    still = f"s.f_{name}_other is not null"
    if run.mapping.date_order:
        rows = run.query(f"select s.row_number from {{stage}} s where {still}")
        if rows:
            _note(run, "days_assumed", [row for (row,) in rows], field=name)
    else:
        run.refuse(still, "day_two_ways", name, f"s.f_{name} || ' / ' || s.f_{name}_other")


def _note(run: Run, code: str, rows: list[int], **details: str) -> None:
    rows.sort()
    run.note(code, rows=len(rows), count=len(rows), names=rows[:SHOWN], **details)
