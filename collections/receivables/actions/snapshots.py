"""Keeping the totals of a day, as the base of all trends (design decision 6)."""

from __future__ import annotations

from datetime import date

from django.db import connection, transaction

from core import audit
from core.errors import DomainError
from core.permissions import require
from core.users import SYSTEM, Actor
from core.workdays import today
from receivables import events
from receivables.models import ReceivableSnapshot
from receivables.queries.facts import receivables_rule
from receivables.queries.positions import disputed_positions, open_positions, unapplied_positions
from receivables.rules.ageing import due_cuts


@transaction.atomic
def take_snapshot(*, on: date, by: Actor = SYSTEM) -> int:
    """Keep what was open, overdue, disputed, unallocated, invoiced and received at the end of this day, by owner and currency.

    Open amounts of a past day are exact, so a day that was missed can be kept later; owners are today's. Once kept, a day
    never changes: a second call adds nothing. Returns the number of lines. DomainError for a day that is not over.
    """
    require(by, "receivables.record")
    if on >= today():
        raise DomainError("A day is kept when it is over.", field="on", code="not_over")
    with connection.cursor() as cursor:
        # Two clocks at once: the second waits here until the first has written, and then finds the day kept.
        cursor.execute("select pg_advisory_xact_lock(hashtext('receivables.snapshot'))")
        if ReceivableSnapshot.objects.filter(on=on).exists():
            return 0
        edges = list(receivables_rule().ageing_edges)
        owed, unapplied, disputed = open_positions(by, on), unapplied_positions(by, on), disputed_positions(by, on)
        places = len(edges) + 2
        buckets = ", ".join(f"coalesce(sum(amount) filter (where place = {place}), 0)" for place in range(places))
        cursor.execute(
            f"""
            with owed as (
                select account_id, currency, invoice_id, {places - 1} - width_bucket(due_on, %(cuts)s::date[]) as place,
                    sum(amount) as amount from ({owed.text}) p group by 1, 2, 3, 4 having sum(amount) <> 0
            ),
            facts as (
                select account_id, currency, place, amount, 1 as invoices, 0 as disputed, 0 as unapplied, 0 as sold,
                    0 as received from owed
                union all select account_id, currency, null, 0, 0, amount, 0, 0, 0 from ({disputed.text}) d
                union all select account_id, currency, null, 0, 0, 0, amount, 0, 0 from ({unapplied.text}) u
                union all select account_id, currency, null, 0, 0, 0, 0, amount, 0 from receivables_invoice
                    where issued_on = %(on)s and kind = 'invoice'
                union all select account_id, currency, null, 0, 0, 0, 0, 0, amount from receivables_payment
                    where received_on = %(on)s and flow = 'receipt' and account_id is not null
            )
            insert into receivables_receivablesnapshot ("on", owner_id, team_id, currency, open_amount, overdue_amount,
                disputed_amount, unallocated, invoices, sold, received, edges, buckets)
            select %(on)s, a.owner_id, u.team_id, f.currency, sum(amount), coalesce(sum(amount) filter (where place > 0), 0),
                sum(disputed), sum(unapplied), sum(invoices), sum(sold), sum(received), %(edges)s, array[{buckets}]
            from facts f join accounts_account a on a.id = f.account_id join core_user u on u.id = a.owner_id
            group by a.owner_id, u.team_id, f.currency
            """,
            {**owed.values, **unapplied.values, **disputed.values, "edges": edges, "cuts": due_cuts(on, edges)},
        )
        lines = int(cursor.rowcount)
    if lines:
        audit.record(events.SNAPSHOT_TAKEN, by=by, on=receivables_rule(), day=on, lines=lines)
    return lines
