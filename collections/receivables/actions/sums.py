"""Keeping the kept sums small, and making them anew."""

from __future__ import annotations

from django.db import connection, transaction

from core.permissions import require
from core.users import SYSTEM, Actor

KEY = "currency, account_id, grade, due_on, expected_on, issued_on, recognised_on"


SUMS = "open_amount, disputed_amount, invoices, is_folded"


@transaction.atomic
def fold_sums(*, by: Actor = SYSTEM) -> int:
    """Make one row of all the rows of a key of `OpenSum`, and none where nothing is open any more; no sum changes.

    People may go on posting meanwhile: what they add stands beside. Returns the number of rows that are fewer.
    """
    require(by, "receivables.record")
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            with many as (
                select array_agg(id) as ids from receivables_opensum group by {KEY}
                having count(*) > 1 or not bool_and(is_folded)
                    or (sum(open_amount) = 0 and sum(disputed_amount) = 0 and sum(invoices) = 0)
            ),
            gone as (
                delete from receivables_opensum where id in (select unnest(ids) from many)
                returning {KEY}, open_amount, disputed_amount, invoices
            ),
            folded as (
                insert into receivables_opensum ({KEY}, {SUMS})
                select {KEY}, sum(open_amount), sum(disputed_amount), sum(invoices), true from gone group by {KEY}
                having sum(open_amount) <> 0 or sum(disputed_amount) <> 0 or sum(invoices) <> 0
                returning 1
            )
            select (select count(*) from gone) - (select count(*) from folded)
            """
        )
        return int(cursor.fetchone()[0])


@transaction.atomic
def sum_anew(*, by: Actor = SYSTEM) -> int:
    """Make `OpenSum` from the invoices, for a ledger that was filled past its triggers; nobody posts meanwhile.

    Returns the number of sums.
    """
    require(by, "settings.manage")
    with connection.cursor() as cursor:
        cursor.execute("lock table receivables_invoice in share mode")
        cursor.execute("delete from receivables_opensum")
        cursor.execute(
            f"""
            insert into receivables_opensum ({KEY}, {SUMS})
            select {KEY}, sum(open_amount), sum(least(disputed_amount, open_amount)), count(*), true
            from receivables_invoice where open_amount > 0
            group by grouping sets
                ((currency, grade, due_on, expected_on), (currency, issued_on, due_on, recognised_on), (currency, account_id))
            """
        )
        return int(cursor.rowcount)
