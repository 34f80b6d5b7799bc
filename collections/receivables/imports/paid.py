"""What a ledger says was paid of its invoices: one payment and one allocation of that day each, and disputes it marks."""

from __future__ import annotations

from core.imports.resolve import importer_of
from core.imports.run import Run
from core.imports.write import insert_rows
from receivables.choices import AllocationReason, AllocationRule, DisputeOutcome, DisputeReason, Part
from receivables.models import Allocation, Dispute, Payment

RECEIVED_ON = "coalesce(s.f_paid_on, s.f_issued_on)"
SETTLED_ON = f"greatest({RECEIVED_ON}, s.f_issued_on)"
"""Nothing settles an invoice before it is issued."""
IMPORT_KEY = "'invoice:' || s.id || ':' || "
"""Of an invoice and all that was paid of it so far: the same file again finds the payment, a later one brings the next."""


def paid_amount(run: Run) -> str:
    """SQL for what has been paid of a row's invoice in all."""
    if run.has("paid_amount"):
        return "coalesce(s.f_paid_amount, 0)"
    if run.has("balance"):
        return "(s.f_amount - coalesce(s.f_balance, s.f_amount))"
    if run.has("paid_on"):
        return "(case when s.f_paid_on is not null then s.f_amount else 0 end)"
    if run.has("status"):
        return "(case when s.f_status = 'paid' then s.f_amount else 0 end)"
    return "0"


def says_paid(run: Run) -> bool:
    """Whether the file says anything about payments."""
    return paid_amount(run) != "0"


def check_paid(run: Run) -> None:
    """Refuse what cannot have been paid; find what is new of invoices that are here already, under their locks."""
    if not says_paid(run):
        return
    money = paid_amount(run)
    run.refuse(f"{money} < 0", "negative", "paid_amount", money)
    run.refuse(f"{money} > s.f_amount", "paid_too_much", "paid_amount", money)
    undated = f"s.id is null and s.action is null and s.f_paid_on is null and {money} > 0"
    if rows := run.query(f"select count(*) from {{stage}} s where {undated}")[0][0]:
        run.note("paid_undated", rows=rows)
    if run.mapping.existing == "skip":
        return
    if run.write:
        run.execute(
            f"select 1 from receivables_invoice i join {{stage}} s on s.id = i.id where s.action is null and {money} > 0 "
            "order by i.id for no key update of i"
        )
    run.counts["added"] = run.execute(
        f"""
        update {{stage}} s set f_new_money = {money} - coalesce(p.amount, 0)
        from receivables_invoice i left join (
            select a.invoice_id, sum(a.amount) as amount from receivables_allocation a
            where a.payment_id is not null and a.part = '{Part.PRINCIPAL}' group by 1
        ) p on p.invoice_id = i.id
        where i.id = s.id and s.action is null and i.amount = s.f_amount and {money} > coalesce(p.amount, 0)
          and not exists (select 1 from receivables_payment k where k.import_key = {IMPORT_KEY}{money})
        """
    )
    run.refuse(
        "s.f_new_money > (select i.open_amount from receivables_invoice i where i.id = s.id)",
        "overpays",
        "paid_amount",
        "(select i.open_amount from receivables_invoice i where i.id = s.id)",
    )


def write_payments(run: Run) -> None:
    """One payment and its allocation for each invoice that the file calls paid, in part or in full."""
    if not says_paid(run):
        return
    total = paid_amount(run)
    money = f"case when s.action = 'create' then {total} else s.f_new_money end"
    rows = (
        "from {stage} s join receivables_invoice i on i.id = s.id "
        f"where (s.action = 'create' and {total} > 0) or (s.action = 'same' and s.f_new_money > 0)"
    )
    by = importer_of(run)
    paid = insert_rows(
        run,
        Payment,
        {
            "account_id": "i.account_id", "currency": "i.currency", "amount": money, "unallocated": "0",
            "received_on": RECEIVED_ON, "designation": "i.number", "import_key": f"{IMPORT_KEY}{total}", "by_id": by,
        },
        f"{rows} order by s.row_number",
    )  # fmt: skip
    if not paid:
        return
    insert_rows(
        run,
        Allocation,
        {
            "invoice_id": "i.id", "payment_id": "p.id", "part": f"'{Part.PRINCIPAL}'", "amount": "p.amount",
            "on": "greatest(p.received_on, i.issued_on, (select max(u.\"on\") from receivables_allocation u "
                  "where u.invoice_id = i.id and u.amount < 0))",
            "rule": f"'{AllocationRule.DESIGNATED}'", "because": f"'{AllocationReason.DESIGNATED}'", "by_id": by,
        },
        rows.replace(" where ", f" join receivables_payment p on p.import_key = {IMPORT_KEY}{total} where ", 1),
    )  # fmt: skip
    run.execute(
        """
        update receivables_invoice i set open_amount = i.open_amount - s.f_new_money,
            disputed_amount = least(i.disputed_amount, i.open_amount - s.f_new_money),
            settled_on = case when i.open_amount = s.f_new_money then (
                select max(a."on") from receivables_allocation a where a.invoice_id = i.id and a.part = 'principal') end
        from {stage} s where s.id = i.id and s.action = 'same' and s.f_new_money > 0
        """
    )


def write_disputes(run: Run) -> None:
    """A marked invoice is disputed for what is open of it; one that was paid nevertheless has its dispute behind it."""
    insert_rows(
        run,
        Dispute,
        {
            "invoice_id": "i.id",
            "amount": "case when i.open_amount > 0 then i.open_amount else i.amount end",
            "reason": f"'{DisputeReason.OTHER}'",
            "opened_on": "i.issued_on",
            "resolved_on": "i.settled_on",
            "outcome": f"case when i.settled_on is null then '' else '{DisputeOutcome.OURS}' end",
            "by_id": importer_of(run),
        },
        "from {stage} s join receivables_invoice i on i.id = s.id where s.action = 'create' and s.f_disputed = 'yes' "
        "order by s.row_number",
    )
