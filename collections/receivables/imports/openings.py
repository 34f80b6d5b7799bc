"""Opening balances: what customers owed on the day the ledger was taken over, one row each, with or without a number."""

from __future__ import annotations

from dataclasses import replace

from django.utils.translation import gettext_lazy as _

from core.imports.run import Run
from core.imports.spec import Field, ImportSpec, register
from receivables.choices import InvoiceKind
from receivables.imports import invoices
from receivables.imports.days import decide_days
from receivables.imports.parts import currency_of, number_keys, number_rows, serial_field
from receivables.imports.sums import tell_invoices
from receivables.models import Invoice

NUMBER = "left('OPENING-' || s.f_account, 60)"


def prepare(run: Run) -> None:
    """Without a number it is called after its customer (and the currency, where he owes in several)."""
    decide_days(run)
    currency = currency_of(run)
    run.execute(
        f"""
        update {{stage}} s set f_number = {NUMBER} || case when n.currencies > 1 then '-' || {currency} else '' end
        from (select lower(s.f_account) as account, count(distinct {currency}) as currencies from {{stage}} s group by 1) n
        where s.f_number is null and n.account = lower(s.f_account)
        """
    )
    run.derived.add("number")
    invoices.credit_negatives(run)
    run.refuse("s.f_amount = 0", "zero_amount", "amount")
    number_rows(run)


def defaults(run: Run) -> dict[str, str]:
    """As of an invoice."""
    return invoices.opening(run, InvoiceKind.OPENING)


OPENING_BALANCES = register(
    ImportSpec(
        target="opening_balances",
        label=_("Opening balances"),
        help=_("What customers owed on the day the ledger was taken over."),
        icon="scale",
        list_url="receivables:list_invoices",
        model=Invoice,
        add_verb="receivables.record",
        edit_verb="receivables.record",
        append_only=True,
        audit_rows=False,
        keys=tuple(
            replace(key, fields=("account",), made=("number", *key.made)) for key in number_keys("receivables_invoice")
        ),
        prepare=prepare,
        check=invoices.check,
        defaults=defaults,
        finish=invoices.finish,
        tell=tell_invoices,
        fields=(
            Field("number", _("Number"), column="number", required=True, made_of=("account",), max_length=60,
                  synonyms=("opening number", "reference", "期初单号", "编号"), help=_("Without it: the customer’s name or code.")),
            *invoices.invoice_fields(),
            serial_field(),
        ),
    )
)  # fmt: skip
