"""Credit notes from files: as a list of their own, or sent here by an import of invoices that has cancellations."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from core.imports.resolve import importer_of
from core.imports.run import Run
from core.imports.spec import Field, ImportSpec, register
from receivables.choices import CreditReason
from receivables.imports.days import decide_days
from receivables.imports.parts import (
    account_fields,
    currency_field,
    currency_of,
    mend_numbers,
    number_keys,
    number_rows,
    refuse_days_to_come,
    serial_field,
)
from receivables.imports.settling import find_invoices, settle, settling_fields
from receivables.imports.sums import tell_credit_notes
from receivables.models import CreditNote


def prepare(run: Run) -> None:
    """Lists write the amounts with either sign; what is credited is above zero here."""
    decide_days(run)
    run.execute("update {stage} set f_amount = -f_amount where f_amount < 0")
    run.refuse("s.f_amount = 0", "zero_amount", "amount")
    number_rows(run)


def check(run: Run) -> None:
    """Numbers, days, and the invoices they are for."""
    mend_numbers(run)
    refuse_days_to_come(run, "issued_on")
    find_invoices(run)


def defaults(run: Run) -> dict[str, str]:
    """What settles no invoice is left for others."""
    return {
        "currency": currency_of(run),
        "unallocated": "case when s.f_settles is null then s.f_amount else 0 end",
        "by_id": importer_of(run),
    }


def finish(run: Run) -> None:
    """Settle the invoices they name."""
    settle(run, "credit_note", CreditNote, "x.issued_on")


CREDIT_NOTES = register(
    ImportSpec(
        target="credit_notes",
        label=_("Credit notes"),
        help=_("What was credited: goods returned, invoices cancelled, prices corrected."),
        icon="receipt-refund",
        list_url="receivables:list_credit_notes",
        model=CreditNote,
        add_verb="receivables.record",
        edit_verb="receivables.record",
        append_only=True,
        audit_rows=False,
        keys=number_keys("receivables_creditnote"),
        prepare=prepare,
        check=check,
        defaults=defaults,
        finish=finish,
        tell=tell_credit_notes,
        fields=(
            Field("number", _("Credit note number"), column="number", required=True, max_length=60,
                  synonyms=("credit note", "credit note no", "credit number", "红字发票号", "贷项编号", "退款单号")),
            *account_fields(required=True),
            Field("amount", _("Amount"), kind="decimal", column="amount", required=True,
                  synonyms=("credit amount", "total", "credited", "金额", "贷项金额", "红冲金额")),
            currency_field(),
            Field("issued_on", _("Issued"), kind="date", column="issued_on", required=True, two_ways=True, one_for_all=True,
                  synonyms=("credit note date", "credit date", "date", "issue date", "日期", "开具日期")),
            *settling_fields(),
            Field("reason", _("Reason"), kind="choice", column="reason", choices=lambda: CreditReason.choices, initial=True,
                  words={"refund": "return", "退货": "return", "cancellation": "cancelled", "取消": "cancelled", "折让": "price", "返利": "rebate"},
                  synonyms=("credit reason", "原因")),
            Field("note", _("Note"), column="note", max_length=500, initial=True, synonyms=("notes", "comment", "备注", "说明")),
            serial_field(),
        ),
    )
)  # fmt: skip
