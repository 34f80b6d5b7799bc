"""What the targets of the receivables share: whose it is, in which currency, by what a row is known again."""

from __future__ import annotations

import re

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from core.imports.run import Run
from core.imports.spec import Field, Key
from core.money import CURRENCIES, CURRENCY_CHOICES
from core.workdays import today
from receivables.imports.words import CURRENCY_WORDS

SHOWN = 50
"""Rows a note names at most; the page shows the first of them."""

ACCOUNT_WORDS = (
    "customer", "customer id", "customer_id", "customerid", "customer number", "cust_number", "client", "client name", "account name",
    "company", "debtor", "buyer", "buyer_company_id", "supplier", "customer code", "客户", "客户名称", "客户编号", "往来单位", "单位名称", "购买方",
    "购买方名称", "公司", "公司名称", "customer name", "name_customer", "company name", "客户全称", "name",
)  # fmt: skip


def tidy_code(text: str) -> str:
    """`17850.0` → `17850`: a spreadsheet made a number of a code. Everything else stays as it is."""
    return re.sub(r"^(\d+)\.0$", r"\1", text.strip())


def account_fields(*, required: bool) -> tuple[Field, Field]:
    """Whose it is: by code or name, created if the person says so; and what a created one is called if that is a code."""
    return (
        Field("account", _("Account"), kind="reference", to="accounts", column="account_id", required=required, tidy=tidy_code,
              missing="refuse" if required else "leave", may_create=required, create_verb="receivables.record",
              creates={"name": "account_name"}, max_length=200, synonyms=ACCOUNT_WORDS),
        Field("account_name", _("Name of a new account"), max_length=200,
              synonyms=("customer name", "name_customer", "company name", "客户全称"),
              help=_("Where the account is a code: what it is called if it is created.")),
    )  # fmt: skip


def currency_field() -> Field:
    """The currency of each row; without a column one for all."""
    return Field("currency", _("Currency"), kind="choice", column="currency", choices=lambda: CURRENCY_CHOICES, words=CURRENCY_WORDS,
                 synonyms=("currency code", "ccy", "billing currency", "币种", "货币", "交易币种", "记账币种"))  # fmt: skip


def serial_field() -> Field:
    """Tells apart rows of a ledger that gave one number to several."""
    return Field("serial", _("Serial"), kind="integer", column="serial", hidden=True)


def currency_of(run: Run) -> str:
    """SQL for the currency of a row: the file's column, what the person set, the sign beside the amounts, or our own."""
    shown = {
        run.survey.get(heading, {}).get("number", {}).get("currency", "")
        for heading, name in run.mapping.columns.items()
        if run.spec.field(name).kind == "decimal"
    } - {""}
    signs = shown.pop() if len(shown) == 1 else ""
    code = next((each for each in (run.mapping.currency, signs) if each in CURRENCIES), settings.DEFAULT_CURRENCY)
    return f"coalesce(s.f_currency, '{code}')" if run.has("currency") else f"'{code}'"


def number_keys(table: str) -> tuple[Key, Key]:
    """By number, also one that lost its leading zeros; or each row is its own, told apart by its place among its like."""
    by_number = f"""
        select s.row_number, t.id from {{stage}} s join {table} t on t.number = s.f_number
        union all
        select s.row_number, t.id from {{stage}} s join {table} t
        on t.account_id = s.account_id and t.issued_on = s.f_issued_on and t.amount = s.f_amount
           and ltrim(t.number, '0') = ltrim(s.f_number, '0') and t.number <> s.f_number
        where not exists (select 1 from {table} e where e.number = s.f_number)
    """
    by_row = f"""
        select s.row_number, t.id from {{stage}} s join {table} t on t.number = s.f_number and t.serial = s.f_serial
    """
    return (
        Key("number", _("Number"), ("number",), by_number, exact=True),
        Key("each_row", _("Number, and each row is its own"), ("number",), by_row, exact=True, made=("serial",)),
    )


def number_rows(run: Run) -> None:
    """Where each row is its own: its place among the rows with the same number."""
    if run.mapping.key == "each_row":
        run.execute(
            "update {stage} s set f_serial = n.place from (select row_number, row_number() over "
            "(partition by f_number order by row_number) as place from {stage}) n where n.row_number = s.row_number"
        )
        run.derived.add("serial")


def mend_numbers(run: Run) -> None:
    """Numbers that lost zeros stand for what is here; where amount or day differ too, nobody knows. Shared ones are refused."""
    table, shared = run.spec.table, "select f_number from {stage} where action like 'differs:%%'"
    run.refuse(
        f"s.f_number in ({shared}) and coalesce(s.action, '') not like 'differs:%%'",
        "number_shared",
        "number",
        "s.f_number",
    )
    found = run.query(
        f"select t.number from {{stage}} s join {table} t on t.id = s.id where s.action is null and t.number <> s.f_number "
        "order by s.row_number"
    )
    if found:
        run.execute(
            f"update {{stage}} s set f_number = t.number from {table} t where t.id = s.id and s.action is null and t.number <> s.f_number"
        )
        run.note("zeros_restored", rows=len(found), count=len(found), names=[name for (name,) in found[:SHOWN]])
    run.execute(
        "insert into {refusals} (row_number, field, code, value) "
        f"select s.row_number, 'number', 'zeros_differ', min(t.number) from {{stage}} s join {table} t on t.account_id = s.account_id "
        "and ltrim(t.number, '0') = ltrim(s.f_number, '0') and t.number <> s.f_number where s.id is null group by 1"
    )


def refuse_days_to_come(run: Run, *names: str) -> None:
    """The books know no day to come."""
    for name in names:
        if run.has(name):
            run.refuse(f"s.f_{name} > date '{today().isoformat()}'", "day_to_come", name, f"s.f_{name}")


def leave_out(run: Run, where: str, code: str, *, sums: bool = False) -> None:
    """Take rows out of the import and say so; with `sums` also how much they were, by currency."""
    names = []
    if sums:
        totals = f"select {currency_of(run)}, abs(sum(s.f_amount)) from {{stage}} s where {where} group by 1 order by 1"
        names = [f"{code} {total:,.2f}" for code, total in run.query(totals) if total is not None]
    rows = run.execute(f"delete from {{stage}} s where {where}")
    if rows:
        run.counts["left_out"] += rows
        run.note(code, rows=rows, count=len(names), names=names)
