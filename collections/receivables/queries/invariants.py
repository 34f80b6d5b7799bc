"""The twelve rules every ledger keeps (assurance §4.2), asked of the whole ledger at once.

Most are one statement each that finds what breaks the rule; a statement sees one moment, so people may go on working.
Stored sums are compared with the rows they are the sums of, reports with each other. None of these may ever find
anything: the actions, the locks and the constraints of the database see to that. This is the third net.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pgtrigger
from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.models import AuditEvent
from core.users import SYSTEM
from receivables import events
from receivables.choices import ChargeKind, Part
from receivables.models import Allocation, Charge, Invoice, ReceivablesRule
from receivables.queries.ageing import ageing
from receivables.queries.statement import account_currencies, statement
from receivables.rules import interest

SHOWN = 5
SAMPLE = 100
CENT = Decimal("0.01")
LOOKED_AT_WITHIN = timedelta(days=2)


@dataclass(frozen=True)
class Invariant:
    """One rule: its number, what it says, and what finds the rows that break it."""

    code: str
    says: Any
    find: Callable[[date], tuple[int, list[str]]]


@dataclass(frozen=True)
class Breach:
    """How many rows break a rule, and some of them."""

    code: str
    says: str
    count: int
    examples: list[str]


def breaches(on: date) -> list[Breach]:
    """What breaks any of the rules on this day; empty when the books are right."""
    found = []
    for rule in INVARIANTS:
        count, examples = rule.find(on)
        if count:
            found.append(Breach(rule.code, str(rule.says), count, examples))
    return found


def ledger_health() -> str:
    """What the health page says of the ledger: ok, which rules are broken, or that nobody looked lately."""
    last = (
        AuditEvent.objects.filter(
            target_type=ReceivablesRule._meta.label_lower, target_id=1,
            code__in=[events.LEDGER_CHECKED.code, events.LEDGER_BROKEN.code],
        )
        .order_by("-id")
        .first()
    )  # fmt: skip
    if last is None:
        return "not checked yet"
    if last.code == events.LEDGER_BROKEN.code:
        return f"broken: {last.details['rules']}"
    late = timezone.now() - last.at > LOOKED_AT_WITHIN
    return f"not checked since {last.at:%Y-%m-%d}" if late else "ok"


def ledger_size() -> dict[str, Any]:
    """How many rows were looked at."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select (select count(*) from receivables_invoice), (select count(*) from receivables_payment),"
            " (select count(*) from receivables_allocation)"
        )
        invoices, payments, allocations = cursor.fetchone()
    return {"invoices": invoices, "payments": payments, "allocations": allocations}


def _rows(sql: str) -> Callable[[date], tuple[int, list[str]]]:
    """A rule that is broken by what this statement selects: one column, words that name the row."""

    def find(_on: date) -> tuple[int, list[str]]:
        with connection.cursor() as cursor:
            cursor.execute(
                f"select count(*), coalesce((array_agg(name order by name))[1:{SHOWN}], '{{}}') from ({sql}) broken (name)"
            )
            count, examples = cursor.fetchone()
        return count, examples

    return find


# Σ of the rows by what they belong to.
OF_PAYMENT = """
    (select payment_id as id, sum(amount) as used from (
        select payment_id, amount from receivables_allocation where payment_id is not null
        union all select payment_id, amount from receivables_refundline where payment_id is not null) rows group by 1)
"""
OF_CREDIT_NOTE = OF_PAYMENT.replace("payment_id", "credit_note_id")
OF_INVOICE = """
    (select invoice_id as id, sum(amount) as used, max("on") as last_on
     from receivables_allocation where part = 'principal' group by 1)
"""
OF_CHARGE = (
    "(select charge_id as id, sum(amount) as used from receivables_allocation where charge_id is not null group by 1)"
)
OF_DISPUTES = """
    (select invoice_id as id, sum(amount) as disputed from receivables_dispute where resolved_on is null group by 1)
"""
SOURCE = "coalesce(p.id, c.id, w.id)"
SOURCES = """
    left join receivables_payment p on p.id = a.payment_id
    left join receivables_creditnote c on c.id = a.credit_note_id
    left join receivables_writeoff w on w.id = a.write_off_id
"""

NEVER_MORE_THAN_THERE_IS = f"""
    select 'payment ' || p.id from receivables_payment p left join {OF_PAYMENT} used using (id)
    where p.flow = 'receipt' and coalesce(used, 0) not between 0 and p.amount
    union all
    select 'credit note ' || c.id from receivables_creditnote c left join {OF_CREDIT_NOTE} used using (id)
    where coalesce(used, 0) not between 0 and c.amount
    union all
    select 'refund ' || p.id from receivables_payment p
    left join (select refund_id as id, sum(amount) as used from receivables_refundline group by 1) used using (id)
    where p.flow = 'refund' and coalesce(used, 0) <> case when p.reversed_on is null then p.amount else 0 end
"""
NEVER_MORE_THAN_IS_OWED = f"""
    select 'invoice ' || i.id from receivables_invoice i left join {OF_INVOICE} used using (id)
    where coalesce(used, 0) not between 0 and i.amount
    union all
    select 'charge ' || h.id from receivables_charge h left join {OF_CHARGE} used using (id)
    where coalesce(used, 0) not between 0 and h.amount
"""
STORED_SUMS_ARE_SUMS = f"""
    select 'invoice ' || i.id from receivables_invoice i
    left join {OF_INVOICE} used using (id) left join {OF_DISPUTES} disputes using (id)
    where i.open_amount <> i.amount - coalesce(used, 0)
       or i.disputed_amount <> least(coalesce(disputed, 0), i.open_amount)
       or i.settled_on is distinct from case when i.open_amount = 0 then last_on end
    union all
    select 'charge ' || h.id from receivables_charge h left join {OF_CHARGE} used using (id)
    where h.open_amount <> h.amount - coalesce(used, 0)
    union all
    select 'payment ' || p.id from receivables_payment p left join {OF_PAYMENT} used using (id)
    where p.flow = 'receipt'
      and p.unallocated <> case when p.reversed_on is null then p.amount else 0 end - coalesce(used, 0)
    union all
    select 'credit note ' || c.id from receivables_creditnote c left join {OF_CREDIT_NOTE} used using (id)
    where c.unallocated <> case when c.reversed_on is null then c.amount else 0 end - coalesce(used, 0)
"""
OPEN_BY = "currency, account_id, grade, due_on, expected_on, issued_on, recognised_on"
KEPT_SUMS_ARE_SUMS = f"""
    select 'sum ' || concat_ws(' ', {OPEN_BY}) from (
        select {OPEN_BY}, open_amount, disputed_amount, invoices from receivables_opensum
        union all
        select {OPEN_BY}, -sum(open_amount), -sum(least(disputed_amount, open_amount)), -count(*)
        from receivables_invoice where open_amount > 0
        group by grouping sets
            ((currency, grade, due_on, expected_on), (currency, issued_on, due_on, recognised_on), (currency, account_id))
    ) kept
    group by {OPEN_BY} having sum(open_amount) <> 0 or sum(disputed_amount) <> 0 or sum(invoices) <> 0
"""
REVERSALS_ARE_MINUS_THEIR_ORIGINALS = """
    select 'allocation ' || r.id from receivables_allocation r join receivables_allocation o on o.id = r.reverses_id
    where r.amount <> -o.amount or r.part <> o.part or r."on" < o."on" or o.reverses_id is not null
       or (r.invoice_id, r.charge_id, r.payment_id, r.credit_note_id, r.write_off_id)
          is distinct from (o.invoice_id, o.charge_id, o.payment_id, o.credit_note_id, o.write_off_id)
    union all
    select 'payment ' || p.id from receivables_payment p full join receivables_reversal r on r.payment_id = p.id
    where p.id is not null and p.reversed_on is distinct from r."on"
    union all
    select 'credit note ' || c.id from receivables_creditnote c left join receivables_reversal r on r.credit_note_id = c.id
    where c.reversed_on is distinct from r."on"
    union all
    select 'write-off ' || w.id from receivables_writeoff w left join receivables_reversal r on r.write_off_id = w.id
    where w.reversed_on is distinct from r."on"
"""
ONE_CURRENCY_ONE_ACCOUNT = f"""
    select 'allocation ' || a.id from receivables_allocation a join receivables_invoice i on i.id = a.invoice_id {SOURCES}
    left join receivables_charge h on h.id = a.charge_id
    where coalesce(p.currency, c.currency, i.currency) <> i.currency
       or coalesce(p.account_id, c.account_id, i.account_id) <> i.account_id
       or coalesce(w.invoice_id, i.id) <> i.id or coalesce(h.invoice_id, i.id) <> i.id
       or {SOURCE} is null
       or (a.payment_id is not null and p.account_id is null)
"""
REVERSED_MEANS_AS_BEFORE = """
    select case when payment_id is not null then 'payment ' || payment_id when credit_note_id is not null
        then 'credit note ' || credit_note_id else 'write-off ' || write_off_id end
    from receivables_allocation a
    where exists (select 1 from receivables_reversal r where r.payment_id = a.payment_id
                  or r.credit_note_id = a.credit_note_id or r.write_off_id = a.write_off_id)
    group by payment_id, credit_note_id, write_off_id, invoice_id, charge_id having sum(amount) <> 0
"""
EVERY_PAST_DAY_WITHIN_BOUNDS = """
    select distinct 'invoice ' || invoice_id from (
        select a.invoice_id, i.amount, sum(a.amount) over (partition by a.invoice_id order by a."on") as used
        from receivables_allocation a join receivables_invoice i on i.id = a.invoice_id where a.part = 'principal') days
    where used not between 0 and amount
    union all
    select distinct 'charge ' || id from (
        select h.id, h.amount, sum(a.amount) over (partition by h.id order by a."on") as used
        from receivables_allocation a join receivables_charge h on h.id = a.charge_id) days
    where used not between 0 and amount
    union all
    select distinct 'payment ' || id from (
        select p.id, p.amount, sum(a.amount) over (partition by p.id order by a."on") as used
        from (select payment_id, amount, "on" from receivables_allocation where payment_id is not null
              union all select payment_id, amount, "on" from receivables_refundline where payment_id is not null) a
        join receivables_payment p on p.id = a.payment_id) days
    where used not between 0 and amount
    union all
    select distinct 'credit note ' || id from (
        select c.id, c.amount, sum(a.amount) over (partition by c.id order by a."on") as used
        from (select credit_note_id, amount, "on" from receivables_allocation where credit_note_id is not null
              union all select credit_note_id, amount, "on" from receivables_refundline where credit_note_id is not null) a
        join receivables_creditnote c on c.id = a.credit_note_id) days
    where used not between 0 and amount
"""
NOTHING_COUNTS_BEFORE_IT_WAS = f"""
    select 'allocation ' || a.id from receivables_allocation a join receivables_invoice i on i.id = a.invoice_id {SOURCES}
    left join receivables_charge h on h.id = a.charge_id
    where a."on" < greatest(i.issued_on, h."on", coalesce(p.received_on, c.issued_on, w."on", i.issued_on))
    union all
    select 'refund line ' || l.id from receivables_refundline l join receivables_payment r on r.id = l.refund_id
    where l."on" < r.received_on
"""


def _guards_missing(_on: date) -> tuple[int, list[str]]:
    """Triggers that should keep rows from being changed and are not there, or are switched off."""
    wanted = {
        (model._meta.db_table, trigger.get_pgid(model))
        for model, trigger in pgtrigger.registered()
        if model._meta.app_label == "receivables"
    }
    with connection.cursor() as cursor:
        cursor.execute(
            "select relname, tgname from pg_trigger t join pg_class c on c.oid = t.tgrelid"
            " where not tgisinternal and tgenabled in ('O', 'A') and relname like 'receivables%%'"
        )
        missing = sorted(f"{table}: {name}" for table, name in wanted - set(cursor.fetchall()))
    return len(missing), missing[:SHOWN]


def _buckets_that_do_not_add_up(on: date) -> tuple[int, list[str]]:
    """Days on which the ageing report is not the sum of the open invoices, currency by currency."""
    wrong = []
    for day in (on, on.replace(day=1) - timedelta(days=1), date(on.year - 1, 12, 31)):
        totals = {line.currency: line for line in ageing(SYSTEM, on=day, group="none").totals}
        with connection.cursor() as cursor:
            cursor.execute(
                "select i.currency, sum(i.amount - coalesce(used, 0)) from receivables_invoice i left join"
                " (select invoice_id as id, sum(amount) as used from receivables_allocation"
                "  where part = 'principal' and \"on\" <= %s group by 1) a using (id)"
                " where i.issued_on <= %s group by 1 having sum(i.amount - coalesce(used, 0)) <> 0",
                [day, day],
            )
            truth = dict(cursor.fetchall())
        for currency in sorted(set(totals) | set(truth)):
            line, owed = totals.get(currency), truth.get(currency, Decimal(0))
            if (line.total if line else 0) != owed or (line and sum(line.amounts) != line.total):
                wrong.append(f"{day} {currency}")
    return len(wrong), wrong[:SHOWN]


def _statements_that_do_not_close(on: date) -> tuple[int, list[str]]:
    """Accounts with new rows whose statement of a month does not go over into that of the day after."""
    since = on - timedelta(days=2)
    accounts = list(
        Invoice.objects.filter(at__date__gte=since)
        .values_list("account_id", flat=True)
        .union(Allocation.objects.filter(at__date__gte=since).values_list("invoice__account_id", flat=True))[:SAMPLE]
    )
    wrong = []
    for account_id in accounts:
        for currency in account_currencies(SYSTEM, account_id):
            month = statement(SYSTEM, account_id, currency, on - timedelta(days=31), on - timedelta(days=1))
            today = statement(SYSTEM, account_id, currency, on, on)
            moved = sum((line.amount for line in month.movements), month.opening)
            if moved != month.closing or month.closing != today.opening:
                wrong.append(f"account {account_id} {currency}")
    return len(wrong), wrong[:SHOWN]


def _interest_that_does_not_add_up(on: date) -> tuple[int, list[str]]:
    """Invoices whose interest over two stretches is not, to the cent, that over both."""
    claims = (
        Charge.objects.filter(kind=ChargeKind.INTEREST, on__lt=on).select_related("invoice").order_by("-pk")[:SAMPLE]
    )
    rate = interest.daily_rate(Decimal("0.0005"))
    wrong = []
    for claim in claims:
        invoice = claim.invoice
        paid = list(invoice.allocations.filter(part=Part.PRINCIPAL).values_list("on", "amount"))
        terms: dict[str, Any] = {"reductions": paid, "rates": [(invoice.due_on, rate)]}
        days = [(invoice.due_on, on), (invoice.due_on, claim.on), (claim.on, on)]
        whole, *parts = (interest.interest(interest.segments(invoice.amount, a, b, **terms)) for a, b in days)
        if abs(whole - sum(parts)) > CENT:
            wrong.append(f"invoice {invoice.pk}")
    return len(wrong), wrong[:SHOWN]


INVARIANTS = (
    Invariant("I1", _("no payment or credit settles more than it is"), _rows(NEVER_MORE_THAN_THERE_IS)),
    Invariant("I2", _("no invoice is settled for more than it is"), _rows(NEVER_MORE_THAN_IS_OWED)),
    Invariant(
        "I3",
        _("stored sums are the sums of their rows"),
        _rows(f"{STORED_SUMS_ARE_SUMS} union all {KEPT_SUMS_ARE_SUMS}"),
    ),
    Invariant("I4", _("a reversal is minus its original, once"), _rows(REVERSALS_ARE_MINUS_THEIR_ORIGINALS)),
    Invariant("I5", _("the database keeps money rows from being changed"), _guards_missing),
    Invariant("I6", _("the ageing adds up to what is open"), _buckets_that_do_not_add_up),
    Invariant("I7", _("currencies and customers never mix"), _rows(ONE_CURRENCY_ONE_ACCOUNT)),
    Invariant("I8", _("statements of account close"), _statements_that_do_not_close),
    Invariant("I9", _("what is reversed is as if it had never been"), _rows(REVERSED_MEANS_AS_BEFORE)),
    Invariant("I10", _("balances of every past day are within their bounds"), _rows(EVERY_PAST_DAY_WITHIN_BOUNDS)),
    Invariant("I11", _("nothing counts from before it was there"), _rows(NOTHING_COUNTS_BEFORE_IT_WAS)),
    Invariant("I12", _("interest over two stretches is interest over both"), _interest_that_does_not_add_up),
)
