"""Payments from files: a customer's receipts with the invoices they settle, and money paid back."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from core.imports.resolve import importer_of
from core.imports.run import Run
from core.imports.spec import Field, ImportSpec, Key, register
from receivables.choices import Flow, Method
from receivables.imports.days import decide_days
from receivables.imports.parts import (
    account_fields,
    currency_field,
    currency_of,
    leave_out,
    refuse_days_to_come,
)
from receivables.imports.refunds import refuse_refunds, write_refunds
from receivables.imports.settling import find_invoices, settle, settling_fields
from receivables.imports.sums import tell_payments
from receivables.imports.words import DONE_WORDS, METHOD_WORDS
from receivables.models import Payment

EACH_LINE = Key("line", _("The line itself, once"), (), made=("import_key",), exact=True)
"""A line that is here already stays; lines that look alike are as many as they are."""


def prepare(run: Run) -> None:
    """Which way the money went, and what each line is known by."""
    decide_days(run)
    if run.has("status"):
        leave_out(run, "s.f_status = 'not_done'", "not_done", sums=True)
    run.refuse("s.f_amount = 0", "zero_amount", "amount")
    know_lines(run)


def know_lines(run: Run) -> None:
    """Direction from the sign, and the key: bank reference or all words of the line, day, amount, and which of its like."""
    words = "concat_ws('|', lower(f_account), f_invoice, lower(f_payer), f_payer_account, f_designation)"
    run.execute(
        f"""
        update {{stage}} s set f_import_key = n.print || ':' || n.place, f_amount = abs(s.f_amount),
            f_flow = case when s.f_amount < 0 then '{Flow.REFUND}' else '{Flow.RECEIPT}' end
        from (
            select row_number, print, row_number() over (partition by print order by row_number) as place from (
                select s.row_number, md5(concat_ws('|', coalesce('#' || f_reference, {words}), f_received_on, f_amount,
                    {currency_of(run)})) as print from {{stage}} s
            ) printed
        ) n where n.row_number = s.row_number
        """
    )
    run.derived |= {"flow", "import_key", "amount"}


def check(run: Run) -> None:
    """Days, the invoices they settle, and whether there is enough to pay back."""
    refuse_days_to_come(run, "received_on")
    find_invoices(run)
    refuse_refunds(run)


def defaults(run: Run) -> dict[str, str]:
    """What settles no invoice yet waits to be allocated."""
    return {
        "currency": currency_of(run),
        "unallocated": f"case when s.f_settles is null and s.f_flow = '{Flow.RECEIPT}' then s.f_amount else 0 end",
        "by_id": importer_of(run),
    }


def finish(run: Run) -> None:
    """Settle the invoices they name; draw what was paid back from what was left."""
    settle(run, "payment", Payment, "x.received_on")
    write_refunds(run)


def payment_fields() -> tuple[Field, ...]:
    """What payment lists and bank statements have in common."""
    return (
        Field("amount", _("Amount"), kind="decimal", column="amount", required=True,
              synonyms=("payment amount", "amount received", "paid", "transaction amount", "billing amount", "金额", "收款金额", "交易金额",
                        "到账金额", "发生额"),
              help=_("A negative amount is money paid back.")),
        currency_field(),
        Field("received_on", _("Received"), kind="date", column="received_on", required=True, two_ways=True, one_for_all=True,
              synonyms=("date", "payment date", "received", "date received", "value date", "booking date", "transaction date", "posting date",
                        "日期", "收款日期", "交易日期", "交易时间", "记账日期", "入账日期", "到账日期")),
        Field("reference", _("Bank reference"), column="reference", max_length=120,
              synonyms=("reference", "transaction number", "transaction id", "payment id", "receipt number", "cheque number", "ref",
                        "交易流水号", "流水号", "交易订单号", "凭证号", "回单编号")),
        Field("payer", _("Payer"), column="payer", max_length=200, initial=True,
              synonyms=("paid by", "counterparty", "sender", "remitter", "付款人", "付款方", "对方户名", "交易对方", "对手信息", "交易对手名称", "对方名称")),
        Field("payer_account", _("Payer’s bank account"), column="payer_account", max_length=60, initial=True,
              synonyms=("counterparty account", "sender account", "from account", "对方账号", "对方账户", "付款账号", "交易对手账号")),
        Field("designation", _("Meant for"), column="designation", max_length=300, initial=True,
              synonyms=("purpose", "description", "remittance information", "details", "memo", "note", "expense type", "摘要", "用途", "附言",
                        "客户摘要", "商品说明", "交易描述", "备注")),
        Field("method", _("Method"), kind="choice", column="method", choices=lambda: Method.choices, words=METHOD_WORDS, initial=True,
              synonyms=("payment method", "收款方式", "付款方式", "结算方式")),
        Field("status", _("State"), kind="choice", choices=lambda: [("done", _("took place")), ("not_done", _("did not take place"))],
              words=DONE_WORDS, synonyms=("status", "payment status", "交易状态", "状态")),
        Field("flow", _("Direction"), column="flow", hidden=True),
        Field("import_key", _("Line"), column="import_key", hidden=True),
    )  # fmt: skip


PAYMENTS = register(
    ImportSpec(
        target="payments",
        label=_("Payments"),
        help=_("Money received from customers, with the invoices it settles; negative amounts were paid back."),
        icon="cash",
        list_url="receivables:list_payments",
        model=Payment,
        add_verb="receivables.record",
        edit_verb="receivables.record",
        append_only=True,
        audit_rows=False,
        keys=(EACH_LINE,),
        prepare=prepare,
        check=check,
        defaults=defaults,
        finish=finish,
        tell=tell_payments,
        fields=(*account_fields(required=True), *payment_fields(), *settling_fields()),
    )
)  # fmt: skip
