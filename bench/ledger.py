"""The large ledger beside `bench.volume`: 1,000,000 invoices, 300,000 of them open, with payments and allocations.

Three key accounts hold 5,000 invoices each. Settled invoices were paid around their due day within the last three years,
two invoices a payment where it fits; one open invoice in twenty is partly paid, one in a hundred disputed. A tenth is in USD.
`python -m bench.ledger` measures what is no page: regrading, the cases of the queue, a day's snapshot, an allocation.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bench.settings")

INVOICES, OPEN = 1_000_000, 300_000
KEY_ACCOUNTS, KEY_INVOICES = (200, 400, 600), 5_000
RUN = 4  # invoices one after the other are the same customer's
DAYS_KEPT = 120


def build_ledger() -> dict[str, int]:
    """Fill the ledger of a data set `bench.volume` has made. Returns the number of rows of each kind."""
    from django.utils import timezone

    from bench import volume
    from bench.loading import bare, insert, run
    from core.models import User

    by = User.objects.get(email="finance@bench.example").pk
    run(
        f"create temp table bench_debt as {DEBTS}", today=timezone.localdate(), accounts=volume.ACCOUNTS, invoices=INVOICES,
        open=OPEN, keys=list(KEY_ACCOUNTS), each=KEY_INVOICES,
    )  # fmt: skip
    run("analyze bench_debt")
    tables = [f"receivables_{kind}" for kind in ("invoice", "payment", "allocation", "dispute")]
    with bare(*tables):
        for table, (columns, source) in zip(tables, (INVOICE, PAYMENT, ALLOCATION, DISPUTE), strict=True):
            insert(table, {"at": "now()", "by_id": "%(by)s", **columns}, source, by=by)
    (rows,) = run("select count(*), count(distinct payment), count(payment) from bench_debt")
    run("drop table bench_debt")
    return dict(zip(("invoices", "payments", "allocations"), rows, strict=True))


# One row an invoice: when it was issued and due, what of it was paid when, and by which payment (named by the first invoice
# it settles). Four invoices one after the other are the same customer's. Of what is open half is not due yet; the rest thins
# out over four years. Every `dice` has a number of its own.
DEBTS = f"""
with drawn as (
    select pk::bigint as pk, (pk - 1) / {RUN} as run, pk::bigint * %(open)s %% %(invoices)s < %(open)s as is_open,
        coalesce((%(keys)s)[(pk - 1) / %(each)s + 1], 1 + floor(dice((pk - 1) / {RUN}, 1) * %(accounts)s)::int) as account,
        floor(-60 * ln(1 - dice(pk, 2)))::int %% 1500 as young, 40 + floor(dice(pk, 2) * 1056)::int as old,
        (array[15, 30, 60, 90])[1 + floor(dice(pk, 3) * 4)::int] as terms,
        floor(10000 + dice(pk, 4) * 8990001)::bigint / 100.0 as amount,
        round(12 + 20 * sqrt(-2 * ln(1 - dice(pk, 5))) * cos(2 * pi() * dice(pk, 6)))::int as late
    from generate_series(1, %(invoices)s) pk
), dated as (
    select *, %(today)s::date - case when is_open then young else old end as issued,
        case when is_open then dice(pk, 7) < 0.05 else true end as is_paid,
        is_open and dice(pk, 8) < 0.01 as is_disputed, case when account %% 10 = 0 then 'USD' else 'CNY' end as currency
    from drawn
), paid as (
    select *, issued + terms as due, case when not is_paid then null when is_open then round(amount / 3, 2) else amount end as part,
        case when not is_paid then null when is_open then issued + floor(dice(pk, 9) * (%(today)s::date - issued + 1))::int
             else greatest(issued, least(%(today)s::date, issued + terms + late)) end as paid_on
    from dated
), paired as (
    select *, row_number() over settled %% 2 = 0 as is_second, lag(pk) over settled as first_pk, lag(paid_on) over settled as first_on
    from paid window settled as (partition by run, account, is_open order by pk)
)
select pk, account, currency, round(amount, 2) as amount, is_open, is_disputed, issued, due, part,
    case when joins then first_on else paid_on end as paid_on,
    case when is_paid then case when joins then first_pk else pk end end as payment
from (select *, not is_open and is_second and first_on >= issued and first_on - due < 90 as joins from paired) matched
"""
INVOICE = (
    {
        "id": "pk", "kind": "'invoice'", "account_id": "account", "number": "'B' || lpad(pk::text, 7, '0')", "serial": "1",
        "currency": "currency", "amount": "amount", "open_amount": "amount - coalesce(part, 0)",
        "disputed_amount": "case when is_disputed then amount - coalesce(part, 0) else 0 end", "issued_on": "issued",
        "due_on": "due", "recognised_on": "issued", "settled_on": "case when not is_open then paid_on end",
        "purchase_order": "''", "papers": "'received'", "missing_papers": "'{}'", "note": "''", "grade": "'normal'",
        "grade_reasons": "'{}'", "grade_is_settled": "false", "grade_proposed": "'normal'",
    },
    "bench_debt",
)  # fmt: skip
PAYMENT = (
    {
        "id": "payment", "flow": "'receipt'", "account_id": "account", "method": "'transfer'", "payer": "''",
        "reference": "'BK' || lpad(payment::text, 8, '0')", "payer_account": "''", "designation": "''",
        "currency": "currency", "amount": "paid", "unallocated": "0", "received_on": "paid_on",
    },
    "(select payment, account, currency, paid_on, sum(part) as paid from bench_debt where payment is not null group by 1, 2, 3, 4) p",
)  # fmt: skip
ALLOCATION = (
    {
        "invoice_id": "pk", "payment_id": "payment", "part": "'principal'", "amount": "part", "on": "paid_on",
        "rule": "'designated'", "because": "'designated'", "account_id": "account", "currency": "currency",
        "issued_on": "issued", "due_on": "due", "recognised_on": "issued", "source_on": "paid_on",
    },
    "bench_debt where payment is not null",
)  # fmt: skip
DISPUTE = (
    {
        "invoice_id": "pk", "amount": "amount - coalesce(part, 0)", "reason": "'quality'", "note": "''",
        "opened_on": "issued", "outcome": "''", "resolution": "''",
    },
    "bench_debt where is_disputed",
)  # fmt: skip


def finish_ledger() -> list[dict[str, Any]]:
    """Grade, make the cases and keep the days, by the product's own jobs. Returns what each of them took."""
    from django.utils import timezone

    from bench.imports import Timed
    from bench.loading import run
    from dunning.actions import refresh_cases
    from receivables import actions

    today, figures = timezone.localdate(), []
    for name, act in _jobs(today, actions, refresh_cases):
        times: dict[str, Any] = {}
        with Timed(times, "job"):
            result = act()
        figures.append(
            {"name": name, "seconds": times["job"], "python": times["job_python"], "database": times["job_database"],
             "result": str(result)}
        )  # fmt: skip
        print(f"{name}: {times['job']:.1f} s ({result})", flush=True)
    # The days before look like yesterday, a little different each.
    run(
        'insert into receivables_receivablesnapshot ("on", owner_id, team_id, currency, open_amount, overdue_amount,'
        " disputed_amount, unallocated, invoices, sold, received, edges, buckets)"
        ' select "on" - n, owner_id, team_id, currency, round(open_amount * (1 + n / 1000.0), 2), overdue_amount,'
        " disputed_amount, unallocated, invoices, sold, received, edges, buckets from receivables_receivablesnapshot,"
        " generate_series(1, %(days)s) n on conflict do nothing",
        days=DAYS_KEPT,
    )
    run("vacuum analyze")
    return figures


def _jobs(today: date, actions: Any, refresh_cases: Any) -> list[tuple[str, Callable[[], Any]]]:
    return [
        ("sum what is open", actions.sum_anew),
        ("regrade everything, from nothing", actions.regrade),
        ("regrade everything again", actions.regrade),
        ("refresh all cases", refresh_cases),
        ("keep a day", lambda: actions.take_snapshot(on=today - timedelta(days=1))),
        ("fold the sums", actions.fold_sums),
        ("check the ledger", lambda: actions.check_ledger(on=today)),
    ]


def main() -> None:
    """Measure allocations of the typical and of the key account; everything is taken back."""
    import django

    django.setup()
    from django.db import connection, transaction
    from django.utils import timezone

    from core.models import User
    from receivables import actions

    finance = User.objects.get(email="finance@bench.example")
    with connection.cursor() as cursor:
        cursor.execute(
            "select account_id from receivables_invoice where open_amount > 0 and account_id > 1000 and currency = 'CNY'"
            " group by 1 having count(*) between 3 and 6 order by 1 limit 40"
        )
        typical = [row[0] for row in cursor.fetchall()]
    for name, accounts in (("typical account", typical), ("key account", list(KEY_ACCOUNTS) * 3)):
        times = []
        for account in accounts:
            currency = "USD" if account % 10 == 0 else "CNY"
            began = time.perf_counter()
            with transaction.atomic():
                actions.record_payment(
                    by=finance, account_id=account, amount=Decimal(100_000), currency=currency,
                    received_on=timezone.localdate(), allocate=True,
                )  # fmt: skip
                times.append((time.perf_counter() - began) * 1000)
                transaction.set_rollback(True)
        times.sort()
        print(f"record and allocate a payment, {name}: p50 {times[len(times) // 2]:.0f} ms, worst {times[-1]:.0f} ms")


if __name__ == "__main__":
    main()
