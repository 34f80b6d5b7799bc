"""Files with several rows for one record, one for each item: the rows are joined to the first of them.

An invoice is imported whole or not at all: when one of its lines is refused, all are.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from core.imports.run import Run


def join_lines(
    run: Run, by: str, totals: Mapping[str, str], *, earliest: Sequence[str] = (), same: Sequence[str] = ()
) -> None:
    """Join the rows with the same `by` (a field): `totals` are field → SQL of an aggregate, of `earliest` days the first counts.

    Rows that differ in `same` are refused, all of them. Rows without `by` stay alone.
    """
    key = f"f_{by}"
    joined = ", ".join(f"{sql} as f_{name}" for name, sql in totals.items())
    days = "".join(f", min(f_{name}) as f_{name}" for name in earliest)
    others = "".join(f", count(distinct coalesce(lower(f_{name}::text), ''))" for name in same)
    run.execute(
        f"create unlogged table {{stage}}_lines as select row_number, min(row_number) over (partition by {key}) as first "
        f"from {{stage}} where {key} is not null"
    )
    # A row of another width amid the lines of a record may be one of them.
    run.execute(
        """
        with spans as (select first, min(row_number) as low, max(row_number) as high from {stage}_lines group by 1),
        broken as (
            select l.first from {stage}_lines l join {refusals} r using (row_number)
            union
            select s.first from spans s join {refusals} r on r.row_number between s.low and s.high
            where r.code in ('wide', 'narrow', 'quote')
        )
        insert into {refusals} (row_number, code) select l.row_number, 'line_refused' from {stage}_lines l join broken using (first)
        where not exists (select 1 from {refusals} r where r.row_number = l.row_number)
        """
    )
    if same:
        run.execute(
            f"""
            insert into {{refusals}} (row_number, field, code) select s.row_number, '{same[0]}', 'lines_differ' from {{stage}} s
            where {key} in (select {key} from {{stage}} where {key} is not null group by 1
                            having greatest({others[2:]}) > 1)
            """
        )
    written = ", ".join(f"f_{name} = g.f_{name}" for name in (*totals, *earliest))
    run.execute(
        f"update {{stage}} s set {written} from (select min(row_number) as first, {joined}{days} from {{stage}} "
        f"where {key} is not null group by {key}) g where s.row_number = g.first"
    )
    run.counts["joined"] += run.execute(
        "delete from {stage} s using {stage}_lines l where l.row_number = s.row_number and l.first <> l.row_number"
    )


def refuse_whole(run: Run) -> None:
    """Give the reasons of a refused record to all of its lines, so that the file of refused rows has them all."""
    if not run.joins_lines:
        return
    run.execute(
        """
        insert into {refusals} (row_number, field, code, value)
        select l.row_number, r.field, r.code, r.value from {stage}_lines l join {refusals} r on r.row_number = l.first
        where l.row_number <> l.first and not exists (
            select 1 from {refusals} o where o.row_number = l.row_number and o.code <> 'line_refused')
        """
    )
    refused = "select count(distinct l.row_number) from {stage}_lines l join {refusals} r using (row_number) where l.row_number <> l.first"
    run.counts["joined"] -= int(run.query(refused)[0][0])
