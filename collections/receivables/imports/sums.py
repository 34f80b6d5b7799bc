"""What the new rows of a ledger come to, told before anything is written: finance compares it with its own list."""

from __future__ import annotations

from core.imports.run import Run
from receivables.choices import Flow
from receivables.imports import paid
from receivables.imports.parts import currency_of


def tell_invoices(run: Run) -> None:
    """The amounts of new invoices by currency, and what of them is open."""
    if paid.says_paid(run):
        left = ", ".join(_sums(run, f"s.f_amount - {paid.paid_amount(run)}"))
        _tell(run, "new_sum_open", _sums(run, "s.f_amount"), open=left)
    else:
        _tell(run, "new_sum", _sums(run, "s.f_amount"))


def tell_payments(run: Run) -> None:
    """Money received less money paid back, by currency."""
    _tell(run, "new_sum", _sums(run, f"case when s.f_flow = '{Flow.REFUND}' then -s.f_amount else s.f_amount end"))


def tell_credit_notes(run: Run) -> None:
    """The amounts of new credit notes, also of those found among invoices."""
    _tell(run, "new_credit_sum", _sums(run, "s.f_amount"))


def _sums(run: Run, amount: str) -> list[str]:
    rows = run.query(
        f"select {currency_of(run)}, sum({amount}) from {{stage}} s where s.action = 'create' group by 1 order by 1"
    )
    return [f"{code} {total:,.2f}" for code, total in rows]


def _tell(run: Run, code: str, names: list[str], **more: str) -> None:
    if names:
        run.notes.insert(0, {"code": code, "rows": len(names), "count": len(names), "names": names, **more})
