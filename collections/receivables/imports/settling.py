"""Payments and credit notes whose rows name the invoice they settle: found, weighed against what is open, allocated."""

from __future__ import annotations

from typing import Literal

from django.db import models
from django.utils.translation import gettext_lazy as _

from core.imports.resolve import importer_of
from core.imports.run import Run
from core.imports.spec import Field
from core.imports.write import insert_rows
from receivables.choices import AllocationReason, AllocationRule, Part
from receivables.imports.parts import currency_of
from receivables.models import Allocation

Source = Literal["payment", "credit_note"]


def settling_fields() -> tuple[Field, Field]:
    """The number of the invoice, and its id once found."""
    return (
        Field("invoice", _("Invoice it settles"), max_length=60,
              synonyms=("invoice number", "invoice no", "invoice #", "applied to", "settles", "发票号", "发票号码", "核销发票", "对应发票")),
        Field("settles", _("Invoice"), kind="integer", hidden=True),
    )  # fmt: skip


def find_invoices(run: Run) -> None:
    """Fill `settles`; refuse rows whose invoice is unknown, in another currency, or would be paid more than is open."""
    if not run.has("invoice"):
        return
    of_account = "(s.account_id is null or i.account_id = s.account_id)"
    _pick(run, f"i.number = s.f_invoice and {of_account}")
    _pick(run, "i.account_id = s.account_id and ltrim(i.number, '0') = ltrim(s.f_invoice, '0')")
    run.refuse("s.f_invoice is not null and s.f_settles is null", "invoice_unknown", "invoice", "s.f_invoice")
    run.execute(
        "update {stage} s set account_id = i.account_id from receivables_invoice i "
        "where i.id = s.f_settles and s.account_id is null and s.f_account is null"
    )
    if run.write:
        run.execute(
            "select 1 from receivables_invoice i where i.id in (select f_settles from {stage} where id is null) "
            "order by i.id for no key update"
        )
    other = (
        f"(select i.currency from receivables_invoice i where i.id = s.f_settles and i.currency <> {currency_of(run)})"
    )
    run.refuse(f"{other} is not null", "other_currency", "currency", other)
    run.execute(
        """
        insert into {refusals} (row_number, field, code, value)
        select n.row_number, 'amount', 'overpays', n.open_amount::text from (
            select s.row_number, i.open_amount, sum(s.f_amount) over (partition by i.id order by s.row_number) as paid
            from {stage} s join receivables_invoice i on i.id = s.f_settles where s.id is null
              and not exists (select 1 from {refusals} r where r.row_number = s.row_number)
        ) n where n.paid > n.open_amount
        """
    )


def _pick(run: Run, on: str) -> None:
    """The one invoice that fits; several that fit are nobody's."""
    run.execute(
        f"""
        update {{stage}} s set f_settles = one.id from (
            select s.row_number, min(i.id) as id from {{stage}} s join receivables_invoice i on {on}
            where s.f_invoice is not null and s.f_settles is null group by 1 having count(*) = 1
        ) one where one.row_number = s.row_number
        """
    )


def settle(run: Run, source: Source, table: type[models.Model], day: str) -> None:
    """Write the allocations of the new rows (alias x is the payment or credit note) and lower what is open by them."""
    if not run.has("invoice"):
        return
    written = insert_rows(
        run,
        Allocation,
        {
            "invoice_id": "i.id", f"{source}_id": "x.id", "part": f"'{Part.PRINCIPAL}'", "amount": "x.amount",
            "on": f"greatest({day}, i.issued_on, (select max(u.\"on\") from receivables_allocation u "
                  "where u.invoice_id = i.id and u.amount < 0))",
            "rule": f"'{AllocationRule.DESIGNATED}'", "because": f"'{AllocationReason.DESIGNATED}'", "by_id": importer_of(run),
        },
        f"from {{stage}} s join {table._meta.db_table} x on x.id = s.id join receivables_invoice i on i.id = s.f_settles "
        "where s.action = 'create' order by s.row_number",
    )  # fmt: skip
    if written:
        run.execute(
            """
            update receivables_invoice i set open_amount = i.open_amount - n.amount,
                disputed_amount = least(i.disputed_amount, i.open_amount - n.amount),
                settled_on = case when i.open_amount = n.amount then (
                    select max(a."on") from receivables_allocation a where a.invoice_id = i.id and a.part = 'principal') end
            from (select f_settles, sum(f_amount) as amount from {stage}
                  where action = 'create' and f_settles is not null group by 1) n where n.f_settles = i.id
            """
        )
