"""Money paid back: drawn from what the customer has unallocated, the oldest first, and never more than that."""

from __future__ import annotations

from core.imports.resolve import importer_of
from core.imports.run import Run
from receivables.choices import Flow
from receivables.imports.parts import currency_of

NEW = "s.id is null and not exists (select 1 from {refusals} r where r.row_number = s.row_number)"


def refuse_refunds(run: Run) -> None:
    """Refuse refunds for which nothing is left: receipts and credit notes here, and the receipts of this file."""
    if not _any(run):
        return
    owner = "coalesce(s.account_id::text, lower(s.f_account))"
    run.execute(
        f"""
        with there as (
            select owner, currency, sum(amount) as amount from (
                select account_id::text as owner, currency, unallocated as amount from receivables_payment where unallocated > 0
                union all
                select account_id::text, currency, unallocated from receivables_creditnote where unallocated > 0
                union all
                select {owner}, {currency_of(run)}, s.f_amount from {{stage}} s
                where s.f_flow = '{Flow.RECEIPT}' and s.f_settles is null and {NEW}
            ) parts where owner is not null group by 1, 2
        ), asked as (
            select s.row_number, {owner} as owner, {currency_of(run)} as currency,
                sum(s.f_amount) over (partition by {owner}, {currency_of(run)} order by s.row_number) as amount
            from {{stage}} s where s.f_flow = '{Flow.REFUND}' and {NEW}
        )
        insert into {{refusals}} (row_number, field, code, value)
        select a.row_number, 'amount', 'refund_too_much', coalesce(t.amount, 0)::text
        from asked a left join there t using (owner, currency) where a.amount > coalesce(t.amount, 0)
        """
    )


def write_refunds(run: Run) -> None:
    """Refunds and what they are drawn from, each laid end to end by age: where two overlap, so much is drawn from it."""
    if not _any(run):
        return
    run.execute(
        """
        with wanted as (
            select p.id, p.account_id, p.currency, p.received_on,
                sum(p.amount) over w as until, sum(p.amount) over w - p.amount as since
            from {stage} s join receivables_payment p on p.id = s.id where s.action = 'create' and p.flow = 'refund'
            window w as (partition by p.account_id, p.currency order by p.received_on, p.id)
        ), sources as (
            select x.*, sum(x.amount) over w as until, sum(x.amount) over w - x.amount as since from (
                select p.id as payment_id, null::bigint as credit_note_id, p.account_id, p.currency, p.unallocated as amount,
                    p.received_on as day from receivables_payment p where p.unallocated > 0
                union all
                select null, c.id, c.account_id, c.currency, c.unallocated, c.issued_on from receivables_creditnote c
                where c.unallocated > 0
            ) x where (x.account_id, x.currency) in (select account_id, currency from wanted)
            window w as (partition by x.account_id, x.currency order by x.payment_id is null, x.day, x.payment_id, x.credit_note_id)
        )
        insert into receivables_refundline (refund_id, payment_id, credit_note_id, amount, "on", by_id, at)
        select w.id, x.payment_id, x.credit_note_id, least(w.until, x.until) - greatest(w.since, x.since),
            greatest(w.received_on, x.day, (select max(u."on") from receivables_refundline u where u.amount < 0
                and (u.payment_id = x.payment_id or u.credit_note_id = x.credit_note_id))),
            """
        + importer_of(run)
        + """, now()
        from wanted w join sources x on x.account_id = w.account_id and x.currency = w.currency
        where least(w.until, x.until) > greatest(w.since, x.since) order by w.id, x.day
        """
    )
    for table, column in (("receivables_payment", "payment_id"), ("receivables_creditnote", "credit_note_id")):
        run.execute(
            f"""
            update {table} t set unallocated = t.unallocated - n.amount from (
                select l.{column} as id, sum(l.amount) as amount from receivables_refundline l
                join {{stage}} s on s.id = l.refund_id and s.action = 'create' where l.{column} is not null group by 1
            ) n where n.id = t.id
            """
        )


def _any(run: Run) -> bool:
    found = (
        f"select exists (select 1 from {{stage}} where f_flow = '{Flow.REFUND}' and (id is null or action = 'create'))"
    )
    return bool(run.query(found)[0][0])
