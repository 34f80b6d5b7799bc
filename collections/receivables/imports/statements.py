"""Bank statements: what came in becomes receipts, of the customer whose bank account or name it bears, else of nobody yet."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.models import Account
from core.imports.run import Run
from core.imports.spec import Field, ImportSpec, register
from receivables.imports.days import decide_days
from receivables.imports.parts import account_fields, leave_out, refuse_days_to_come
from receivables.imports.payments import EACH_LINE, defaults, finish, know_lines, payment_fields
from receivables.imports.settling import find_invoices, settling_fields
from receivables.imports.sums import tell_payments
from receivables.imports.words import DIRECTION_WORDS
from receivables.models import Payment


def prepare(run: Run) -> None:
    """The sign of each line from its columns or words; only what came in stays."""
    decide_days(run)
    if run.has("status"):
        leave_out(run, "s.f_status = 'not_done'", "not_done", sums=True)
    if run.has("amount_in") or run.has("amount_out"):
        run.execute("update {stage} set f_amount = coalesce(abs(f_amount_in), 0) - coalesce(abs(f_amount_out), 0)")
    if run.has("direction"):
        leave_out(run, "s.f_direction = 'neither'", "neither", sums=True)
        run.execute(
            "update {stage} set f_amount = case f_direction when 'out' then -abs(f_amount) else abs(f_amount) end"
        )
    run.refuse("s.f_amount = 0", "zero_amount", "amount")
    leave_out(run, "s.f_amount < 0", "went_out", sums=True)
    _part_payers(run)
    know_lines(run)


def _part_payers(run: Run) -> None:
    """Some banks write name and account number in one cell."""
    run.execute(
        r"""
        update {stage} set f_payer_account = substring(f_payer from '(\d{8,})$'), f_payer = trim(regexp_replace(f_payer, '\s*\d{8,}$', ''))
        where f_payer_account is null and f_payer ~ '\D\s*\d{8,}$'
        """
    )


def check(run: Run) -> None:
    """Days, invoices that are named, and whose it is."""
    refuse_days_to_come(run, "received_on")
    find_invoices(run)
    _match_payers(run)


def _match_payers(run: Run) -> None:
    """By bank account, then by name, then as the same payer was assigned before; several that fit are nobody."""
    rows: Any = Account.objects
    sql, params = rows.visible_to(run.by).order_by().values("pk").query.sql_with_params()
    known = run.execute(
        f"""
        with visible (id) as ({sql}), found as (
            select s.row_number, a.id, 1 as place from {{stage}} s join accounts_account a
            on a.bank_account <> '' and replace(a.bank_account, ' ', '') = replace(s.f_payer_account, ' ', '')
            union all
            select s.row_number, a.id, 2 from {{stage}} s join accounts_account a on lower(a.name) = lower(s.f_payer)
            union all
            select s.row_number, a.id, 3 from {{stage}} s join accounts_account a
            on lower(s.f_payer) in (nullif(lower(a.short_name), ''), nullif(lower(a.english_name), ''))
            union all
            select s.row_number, p.account_id, 4 from {{stage}} s join receivables_payment p
            on p.payer_account <> '' and p.payer_account = s.f_payer_account and lower(p.payer) = lower(s.f_payer)
            where p.account_id is not null
        ), best as (
            select row_number, min(place) as place from found join visible using (id) group by 1
        ), one as (
            select f.row_number, min(f.id) as id from found f join best b using (row_number, place) join visible using (id)
            group by 1 having count(distinct f.id) = 1
        )
        update {{stage}} s set account_id = one.id from one
        where one.row_number = s.row_number and s.id is null and s.account_id is null
        """,
        params,
    )
    if known:
        run.note("payers_known", rows=known)
    unknown = run.query(
        "select count(*) from {stage} s where s.id is null and s.account_id is null "
        "and not exists (select 1 from {refusals} r where r.row_number = s.row_number)"
    )[0][0]
    if unknown:
        run.note("payers_unknown", rows=unknown)


BANK_STATEMENTS = register(
    ImportSpec(
        target="bank_statements",
        label=_("Bank statement"),
        help=_("What came in on our account. Lines that went out are left out; replaying a statement changes nothing."),
        icon="building-bank",
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
        fields=(
            *account_fields(required=False),
            *(replace(each, made_of=("amount_in", "amount_out")) if each.name == "amount" else each for each in payment_fields()),
            Field("amount_in", _("Came in"), kind="decimal",
                  synonyms=("credit", "credit amount", "deposit", "paid in", "money in", "收入", "收入金额", "贷方金额", "存入金额", "转入金额",
                            "记账金额(收入)", "交易金额(收入)")),
            Field("amount_out", _("Went out"), kind="decimal",
                  synonyms=("debit", "debit amount", "withdrawal", "paid out", "money out", "支出", "支出金额", "借方金额", "取出金额", "转出金额",
                            "记账金额(支出)", "交易金额(支出)")),
            Field("direction", _("In or out"), kind="choice",
                  choices=lambda: [("in", _("came in")), ("out", _("went out")), ("neither", _("neither"))], words=DIRECTION_WORDS,
                  synonyms=("direction", "dr/cr", "debit/credit", "type", "收/支", "收支", "借贷", "借贷标志", "收支类型")),
            *settling_fields(),
        ),
    )
)  # fmt: skip
