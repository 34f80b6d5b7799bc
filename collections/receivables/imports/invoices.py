"""Invoices from files: one row each, or one row for each item; with what was paid of them, and cancellations among them."""

from __future__ import annotations

from dataclasses import replace

from django.utils.translation import gettext_lazy as _

from core.imports.divert import divert
from core.imports.lines import join_lines
from core.imports.resolve import importer_of
from core.imports.run import Run
from core.imports.spec import Field, ImportSpec, register
from receivables.choices import InvoiceKind
from receivables.imports import paid
from receivables.imports.days import decide_days
from receivables.imports.parts import (
    SHOWN,
    account_fields,
    currency_field,
    currency_of,
    leave_out,
    mend_numbers,
    number_keys,
    number_rows,
    refuse_days_to_come,
    serial_field,
)
from receivables.imports.sums import tell_invoices
from receivables.imports.words import NOT_OWED, STATUS_WORDS
from receivables.models import Invoice
from receivables.queries import receivables_rule

STATUSES = [("owed", _("owed")), ("paid", _("paid in full")), (NOT_OWED, _("not a debt: leave the row out"))]


def prepare(run: Run) -> None:
    """From the rows of the file to documents: days decided, lines joined, cancellations sent to the credit notes."""
    if run.has("status"):
        leave_out(run, f"s.f_status = '{NOT_OWED}'", NOT_OWED)
    decide_days(run)
    if run.joins_lines:
        _join_items(run)
    credit_negatives(run)
    run.refuse("s.f_amount = 0", "zero_amount", "amount")
    number_rows(run)


def _join_items(run: Run) -> None:
    """An invoice is the sum of its lines, rounded once, of the day of its first line; or what the file states for the whole."""
    lines = "sum(coalesce(f_line_amount, f_quantity * f_unit_price))"
    whole = _states_the_whole(run)
    if whole:
        _tell_differing_lines(run, lines)
    join_lines(
        run,
        "number",
        {"amount": f"coalesce(min(f_amount), {lines})" if whole else lines},
        earliest=[name for name in ("issued_on",) if run.has(name)],
        same=[name for name in ("account", "currency") if run.has(name)],
    )
    run.execute("update {stage} set f_amount = round(f_amount, 2) where f_amount <> round(f_amount, 2)")
    run.derived.add("amount")


def _states_the_whole(run: Run) -> bool:
    """Whether each line repeats the amount of its invoice: within one invoice it never differs."""
    if not run.has("amount"):
        return False
    differing = "select from {stage} where f_number is not null group by f_number having count(distinct f_amount) > 1"
    return not run.query(f"select 1 where exists ({differing})")


def _tell_differing_lines(run: Run, lines: str) -> None:
    """Taxes, discounts, or a line that stands there twice: the amount stated for the whole counts."""
    rows = run.query(
        "select f_number from {stage} where f_number is not null group by f_number "
        f"having round({lines}, 2) <> min(f_amount) order by min(row_number)"
    )
    if rows:
        run.note("lines_add_up_otherwise", rows=len(rows), count=len(rows), names=[name for (name,) in rows[:SHOWN]])


def credit_negatives(run: Run) -> None:
    """A negative amount is what we owe: a credit note."""
    values = {"amount": "-s.f_amount", "currency": currency_of(run), "reason": "'cancelled'"}
    divert(run, "s.f_amount < 0", "credit_notes", values)


def check(run: Run) -> None:
    """What can only be asked once accounts and invoices are known."""
    mend_numbers(run)
    _fill_issued(run)
    refuse_days_to_come(run, "issued_on", "paid_on")
    early = "s.id is null and s.action is null and s.f_due_on < s.f_issued_on"
    if run.has("due_on") and (
        rows := run.query(f"select s.f_number from {{stage}} s where {early} order by s.row_number")
    ):
        run.note("due_before_issued", rows=len(rows), count=len(rows), names=[name for (name,) in rows[:SHOWN]])
    paid.check_paid(run)


def _fill_issued(run: Run) -> None:
    """Where only the due day is known, it was issued so many days of terms before."""
    if run.has("due_on"):
        run.execute(
            "update {stage} s set f_issued_on = s.f_due_on - "
            + terms()
            + " where s.f_issued_on is null and s.f_due_on is not null"
        )


def terms() -> str:
    """SQL for the payment terms of a row's account, in days; those of the settings where it has none."""
    return (
        "coalesce((select a.payment_terms_days from accounts_account a where a.id = s.account_id), "
        f"{receivables_rule().terms_days})"
    )


def defaults(run: Run) -> dict[str, str]:
    """What a new invoice has beside what the file says; what was paid is taken off at once."""
    return opening(run, InvoiceKind.INVOICE)


def opening(run: Run, kind: InvoiceKind) -> dict[str, str]:
    """The same for invoices and opening balances."""
    amount, money = "s.f_amount", paid.paid_amount(run)
    return {
        "kind": f"'{kind}'",
        "currency": currency_of(run),
        "open_amount": f"{amount} - {money}",
        "settled_on": f"case when {money} >= {amount} then {paid.SETTLED_ON} end",
        "disputed_amount": f"case when s.f_disputed = 'yes' then {amount} - {money} else 0 end"
        if run.has("disputed")
        else "0",
        "due_on": f"s.f_issued_on + {terms()}",
        "recognised_on": "s.f_issued_on",
        "by_id": importer_of(run),
    }


def finish(run: Run) -> None:
    """The payments and disputes that came with them."""
    paid.write_payments(run)
    if run.has("disputed"):
        paid.write_disputes(run)


def invoice_fields() -> tuple[Field, ...]:
    """What invoices and opening balances have in common."""
    return (
        *account_fields(required=True),
        Field("amount", _("Amount"), kind="decimal", column="amount", required=True,
              synonyms=("invoice amount", "total", "total amount", "amount incl gst", "total open amount", "amount due", "gross amount",
                        "amount cents", "open amount", "balance", "金额", "发票金额", "价税合计", "含税金额", "应收金额", "期初余额", "余额",
                        "amount (one column)")),
        currency_field(),
        Field("issued_on", _("Issued"), kind="date", column="issued_on", required=True, made_of=("due_on",), two_ways=True,
              one_for_all=True,
              synonyms=("invoice date", "issue date", "date issued", "date", "document date", "posting date", "as of", "开票日期", "发票日期",
                        "日期", "单据日期", "期初日期", "transaction date")),
        Field("due_on", _("Due"), kind="date", column="due_on", two_ways=True,
              synonyms=("due date", "due in date", "due", "payment due", "maturity", "到期日", "到期日期", "应收日期"),
              help=_("Without it: the payment terms of the customer, else those of the settings.")),
        Field("paid_on", _("Paid on"), kind="date", two_ways=True, one_for_all=True,
              synonyms=("settled date", "payment date", "date paid", "paid date", "clearing date", "last payment date", "收款日期", "付款日期", "结清日期")),
        Field("paid_amount", _("Of it paid"), kind="decimal",
              synonyms=("amount paid", "paid", "paid to date", "amount received", "amount paid amount", "已付金额", "已收金额", "收款金额")),
        Field("disputed", _("Disputed"), kind="choice", choices=lambda: [("yes", _("yes")), ("no", _("no"))],
              words={"true": "yes", "y": "yes", "1": "yes", "是": "yes", "有": "yes", "false": "no", "n": "no", "0": "no", "否": "no", "无": "no"},
              synonyms=("dispute", "in dispute", "争议", "是否争议")),
        Field("purchase_order", _("Purchase order"), column="purchase_order", max_length=60, initial=True,
              synonyms=("po number", "po", "customer po", "订单号", "采购订单", "客户订单号")),
        Field("expected_on", _("Payment expected"), kind="date", column="expected_on", initial=True,
              synonyms=("expected payment date", "payment prediction date", "paymentpredicteddate", "预计收款日期", "预计回款日期")),
        Field("note", _("Note"), column="note", initial=True, synonyms=("notes", "comment", "memo", "public notes", "备注", "说明", "摘要")),
        Field("new_money", _("Newly paid"), kind="decimal", hidden=True),
    )  # fmt: skip


INVOICES = register(
    ImportSpec(
        target="invoices",
        label=_("Invoices"),
        help=_("The ledger: who owes how much since when, with what was paid of it."),
        icon="file-invoice",
        list_url="receivables:list_invoices",
        model=Invoice,
        add_verb="receivables.record",
        edit_verb="receivables.record",
        append_only=True,
        audit_rows=False,
        reference_columns=("number",),
        keys=number_keys("receivables_invoice"),
        lines=("line_amount", "quantity", "unit_price"),
        prepare=prepare,
        check=check,
        defaults=defaults,
        finish=finish,
        tell=tell_invoices,
        fields=(
            Field("number", _("Invoice number"), column="number", required=True, max_length=60,
                  synonyms=("number", "invoice no", "invoice #", "invoice", "document number", "发票号", "发票号码", "发票编号", "单据编号",
                            "单号", "doc id", "invoice id", "reference", "details", "id")),
            *(
                replace(each, made_of=("line_amount", "quantity", "unit_price")) if each.name == "amount" else each
                for each in invoice_fields()
            ),
            Field("balance", _("Still open"), kind="decimal",
                  synonyms=("balance due", "balance due amount", "amount open", "remaining", "未付金额", "未收金额", "欠款"),
                  help=_("What it is less than the amount has been paid.")),
            Field("status", _("State"), kind="choice", choices=lambda: STATUSES, words=STATUS_WORDS,
                  synonyms=("status", "invoice status", "document status", "状态", "发票状态", "单据状态")),
            Field("quantity", _("Quantity of the item"), kind="decimal", places=None, synonyms=("qty", "item quantity", "数量"),
                  help=_("Files with a row for each item: the invoice is the sum of quantity × unit price.")),
            Field("unit_price", _("Unit price of the item"), kind="decimal", places=None, synonyms=("price", "rate", "item cost", "item price", "单价")),
            Field("line_amount", _("Amount of the item"), kind="decimal", places=None, synonyms=("line total", "item total", "行金额", "明细金额")),
            serial_field(),
        ),
    )
)  # fmt: skip
