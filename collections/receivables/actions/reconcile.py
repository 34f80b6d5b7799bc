"""Our open items beside finance's list of a day (C1): what is missing here, missing there, or of another amount."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple

from django.db import connection, transaction
from django.utils.translation import gettext as _

from core import audit
from core.errors import DomainError
from core.imports.engine import look_over
from core.imports.mapping import Mapping, propose_columns
from core.imports.problems import UnreadableFile
from core.imports.reading import Table, open_table
from core.imports.spec import known_headings, specs
from core.imports.values import ColumnConverter, Refused
from core.money import CURRENCIES
from core.permissions import require
from core.users import Actor, as_row
from receivables import events
from receivables.actions.posting import clean_day, required
from receivables.models import Reconciliation, ReconciliationLine
from receivables.queries import open_at, visible_invoices
from receivables.queries.reconciliation import get_line

LONGEST_NUMBER, LONGEST_NAME = 60, 200


class TheirItem(NamedTuple):
    """One line of finance's list: the invoice number as written there, what is open of it, and whose it is."""

    number: str
    amount: Decimal
    customer: str = ""


@transaction.atomic
def reconcile(*, by: Actor, on: date, currency: str, rows: Iterable[TheirItem], file_name: str = "") -> Reconciliation:
    """Compare finance's list of a day with what was open here that day, in one currency; keep every difference.

    Lines of one number are added up on both sides. A number that only lost its leading zeros is the same. What finance
    calls open and is settled here is another amount, not missing.
    """
    require(by, "receivables.reconcile")
    on = clean_day(on)
    if currency not in CURRENCIES:
        raise DomainError(_("This currency is not known here."), field="currency")
    items = [item for item in rows if item.amount]
    reconciliation = Reconciliation.objects.create(
        on=on, currency=currency, file_name=file_name[-200:], lines_there=len(items), total_here=0,
        total_there=sum((item.amount for item in items), Decimal(0)), by=as_row(by),
    )  # fmt: skip
    reconciliation.agreeing, reconciliation.total_here, differences = _compare(by, reconciliation, items)
    reconciliation.save(update_fields=["agreeing", "total_here"])
    audit.record(
        events.RECONCILED,
        by=by, on=reconciliation, day=on, file=file_name, agreeing=reconciliation.agreeing, differences=differences,
    )  # fmt: skip
    return reconciliation


def reconcile_file(*, by: Actor, on: date, currency: str, path: Path, file_name: str = "") -> Reconciliation:
    """The same from a file: any table with a column of invoice numbers and one of open amounts.

    DomainError when it cannot be read as such, naming the row whose amount is none.
    """
    require(by, "receivables.reconcile")
    try:
        table = open_table(path, path.parent, known_headings())
        items = _items(table)
    except UnreadableFile as problem:
        raise DomainError(str(problem), field="file", code=problem.code) from problem
    return reconcile(by=by, on=on, currency=currency, rows=items, file_name=file_name or path.name)


@transaction.atomic
def clear_line(*, by: Actor, line_id: int, note: str) -> ReconciliationLine:
    """Say how a difference is explained; the last word counts. 404 for a line that is not there."""
    require(by, "receivables.reconcile")
    note = required(note, _("Say how the difference is explained."), field="note")
    line = get_line(by, line_id, lock=True)
    line.cleared_note = note[:300]
    line.save(update_fields=["cleared_note"])
    audit.record(events.DIFFERENCE_CLEARED, by=by, on=line.reconciliation, line=line.pk, number=line.number, note=note)
    return line


def _items(table: Table) -> list[TheirItem]:
    """Numbers, open amounts and customers by their headings; what is still open counts before what it was."""
    spec, headings = specs()["invoices"], table.layout.columns
    columns = {name: heading for heading, name in propose_columns(spec, headings).items()}
    amount = "balance" if "balance" in columns else "amount"
    for name in ("number", amount):
        if name not in columns:
            raise DomainError(
                _("The list needs a column “%(name)s”.") % {"name": spec.field(name).label},
                field="file",
                code="no_column",
            )
    survey = look_over(table)["columns"]
    converters = {
        name: ColumnConverter(spec.field(name), Mapping(), survey[columns[name]])
        for name in ("number", amount, "account")
        if name in columns
    }
    places = {name: headings.index(columns[name]) for name in converters}
    items = []
    for batch in table.batches():
        for bad in batch.bad:
            raise DomainError(_("Row %(number)s is not as wide as the others.") % {"number": bad.number}, field="file")
        for number, cells in zip(batch.numbers, batch.rows, strict=True):
            try:
                values = {name: convert.one(cells[places[name]]) for name, convert in converters.items()}
            except Refused as refused:
                raise DomainError(
                    _("Row %(number)s cannot be read: look at its number and amount.") % {"number": number},
                    field="file",
                    code=refused.code,
                ) from refused
            if values["number"] and values[amount]:
                items.append(TheirItem(values["number"], Decimal(values[amount] or 0), values.get("account") or ""))
    return items


def _compare(by: Actor, reconciliation: Reconciliation, items: list[TheirItem]) -> tuple[int, Decimal, int]:
    """One statement for all lines: how many agree, what is open here, how many differ."""
    invoices = visible_invoices(by).filter(currency=reconciliation.currency).order_by()
    then: Any = open_at(invoices, reconciliation.on)  # open_then is annotated there
    here, here_params = then.values("pk", "number", "open_then", "account__name").query.sql_with_params()
    every, every_params = invoices.values("pk", "number").query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(
            COMPARE % {"here": here, "every": every},
            [
                *here_params,
                [item.number[:LONGEST_NUMBER] for item in items],
                [item.amount for item in items],
                [item.customer[:LONGEST_NAME] for item in items],
                *every_params,
                reconciliation.pk,
            ],
        )
        agreeing, total, differences = cursor.fetchone()
    return agreeing, total, differences


COMPARE = """
    with ours as materialized (
        select o.number, min(o.id) as id, sum(o.amount) as amount, min(o.customer) as customer
        from (%(here)s) o (id, number, amount, customer) group by 1
    ), theirs as (
        select number, sum(amount) as amount, min(customer) as customer
        from unnest(%%s::text[], %%s::numeric[], %%s::text[]) t (number, amount, customer) group by 1
    ), without_zeros as (
        select ltrim(number, '0') as bare, min(number) as number from ours group by 1 having count(*) = 1
    ), known as (
        select t.*, coalesce(o.number, z.number) as ours
        from theirs t left join ours o on o.number = t.number
        left join without_zeros z on o.number is null and z.bare = ltrim(t.number, '0') and z.bare <> ''
    ), settled as (
        select e.number, min(e.id) as id from (%(every)s) e (id, number)
        where e.number in (select number from known where ours is null) group by 1
    ), pairs as (
        select coalesce(o.number, k.number) as number, coalesce(nullif(k.customer, ''), o.customer, '') as customer,
            coalesce(o.id, s.id) as invoice_id, coalesce(o.amount, case when s.id is not null then 0 end) as ours, k.amount as theirs
        from ours o full join known k on k.ours = o.number left join settled s on s.number = k.number
    ), written as (
        insert into receivables_reconciliationline
            (reconciliation_id, difference, number, customer, invoice_id, ours, theirs, cleared_note)
        select %%s, case when ours is null then 'missing_here' when theirs is null then 'missing_there' else 'amount' end,
            number, left(customer, 200), invoice_id, ours, theirs, ''
        from pairs where ours is distinct from theirs order by number returning id
    )
    select (select count(*) from pairs where ours = theirs), coalesce((select sum(amount) from ours), 0),
        (select count(*) from written)
"""
