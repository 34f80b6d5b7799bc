"""The large ledger beside `bench.volume`: 1,000,000 invoices, 300,000 of them open, with payments and allocations.

Three key accounts hold 5,000 invoices each. Settled invoices were paid around their due day within the last three years,
two invoices a payment where it fits; one open invoice in twenty is partly paid, one in a hundred disputed. A tenth is in USD.
`python -m bench.ledger` measures what is no page: regrading, the cases of the queue, a day's snapshot, an allocation.
"""

from __future__ import annotations

import os
import random
import time
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bench.settings")

INVOICES, OPEN = 1_000_000, 300_000
KEY_ACCOUNTS, KEY_INVOICES = (200, 400, 600), 5_000
RUN = 4  # invoices one after the other are the same customer's
DAYS_KEPT = 120
SEED = 20260303

Row = dict[str, Any]


def build_ledger() -> dict[str, int]:
    """Fill the ledger of a data set `bench.volume` has made. Returns the number of rows of each kind."""
    from django.db import connection
    from django.utils import timezone

    from bench.volume import copy_rows
    from core.models import User

    now, by = timezone.now().isoformat(), User.objects.get(email="finance@bench.example").pk
    ledger = _Ledger(random.Random(SEED), timezone.localdate())
    copy_rows("receivables_invoice", ledger.invoices(), at=now, by_id=by)
    copy_rows("receivables_payment", ledger.payments, at=now, by_id=by)
    copy_rows("receivables_allocation", ledger.allocations, at=now, by_id=by)
    copy_rows("receivables_dispute", ledger.disputes, at=now, by_id=by)
    with connection.cursor() as cursor:
        for table in ("invoice", "payment"):
            cursor.execute(
                f"select setval(pg_get_serial_sequence('receivables_{table}', 'id'), (select max(id) from receivables_{table}))"
            )
        cursor.execute("vacuum analyze")
    return {"invoices": INVOICES, "payments": len(ledger.payments), "allocations": len(ledger.allocations)}


class _Ledger:
    """Makes the rows; payments and allocations gather while the invoices are written."""

    def __init__(self, dice: random.Random, today: date) -> None:
        self.dice, self.today = dice, today
        self.payments: list[Row] = []
        self.allocations: list[Row] = []
        self.disputes: list[Row] = []
        self.paid: tuple[int, date] | None = None

    def invoices(self) -> Iterator[Row]:
        """All invoices, a customer's run after the other."""
        from bench.volume import ACCOUNTS

        key = len(KEY_ACCOUNTS) * KEY_INVOICES
        account = 0
        for pk in range(1, INVOICES + 1):
            if pk <= key:
                account = KEY_ACCOUNTS[(pk - 1) // KEY_INVOICES]
            elif pk % RUN == 1:
                account = self.dice.randint(1, ACCOUNTS)
                self.paid = None
            yield self._invoice(pk, account, is_open=pk * OPEN % INVOICES < OPEN)

    def _invoice(self, pk: int, account: int, *, is_open: bool) -> Row:
        dice, currency = self.dice, "USD" if account % 10 == 0 else "CNY"
        # Half of what is open is not due yet; the rest thins out over four years.
        back = int(dice.expovariate(1 / 60)) % 1500 if is_open else dice.randint(40, 1095)
        issued = self.today - timedelta(days=back)
        due, amount = (
            issued + timedelta(days=dice.choice((15, 30, 60, 90))),
            Decimal(dice.randint(10_000, 9_000_000)) / 100,
        )
        left, settled = (self._left(pk, account, currency, amount, issued), None) if is_open else (
            Decimal(0), self._settle(pk, account, currency, amount, issued, due)
        )  # fmt: skip
        disputed = left if left and dice.random() < 0.01 else Decimal(0)
        if disputed:
            self.disputes.append(
                {"invoice_id": pk, "amount": disputed, "reason": "quality", "note": "", "opened_on": issued, "resolved_on": None,
                 "outcome": "", "resolution": "", "resolved_by_id": None}
            )  # fmt: skip
        return {
            "id": pk, "kind": "invoice", "account_id": account, "contract_id": None, "number": f"B{pk:07}", "serial": 1,
            "currency": currency, "amount": amount, "open_amount": left, "disputed_amount": disputed, "issued_on": issued,
            "due_on": due, "recognised_on": issued, "settled_on": settled, "expected_on": None, "purchase_order": "",
            "papers": "received", "missing_papers": "{}", "note": "", "grade": "normal", "grade_reasons": "{}",
            "grade_is_settled": False, "grade_proposed": "normal",
        }  # fmt: skip

    def _settle(self, pk: int, account: int, currency: str, amount: Decimal, issued: date, due: date) -> date:
        """Paid in full, with the payment of the invoice before where that is the same customer's and of those days."""
        on = max(issued, min(self.today, due + timedelta(days=int(self.dice.gauss(12, 20)))))
        if self.paid and self.paid[1] >= issued and (self.paid[1] - due).days < 90:
            payment, on = self.paid
            self.payments[payment - 1]["amount"] += amount
            self.paid = None
        else:
            payment = self._payment(account, currency, amount, on)
            self.paid = (payment, on)
        self._allocate(pk, payment, amount, on)
        return on

    def _left(self, pk: int, account: int, currency: str, amount: Decimal, issued: date) -> Decimal:
        if self.dice.random() >= 0.05:
            return amount
        part = (amount / 3).quantize(Decimal("0.01"))
        on = issued + timedelta(days=self.dice.randint(0, (self.today - issued).days))
        self._allocate(pk, self._payment(account, currency, part, on), part, on)
        return amount - part

    def _payment(self, account: int, currency: str, amount: Decimal, on: date) -> int:
        pk = len(self.payments) + 1
        self.payments.append(
            {"id": pk, "flow": "receipt", "account_id": account, "method": "transfer", "reference": f"BK{pk:08}", "payer": "",
             "payer_account": "", "designation": "", "currency": currency, "amount": amount, "unallocated": Decimal(0),
             "received_on": on, "reversed_on": None, "import_key": None}
        )  # fmt: skip
        return pk

    def _allocate(self, invoice: int, payment: int, amount: Decimal, on: date) -> None:
        self.allocations.append(
            {"invoice_id": invoice, "charge_id": None, "payment_id": payment, "credit_note_id": None, "write_off_id": None,
             "part": "principal", "amount": amount, "on": on, "rule": "designated", "because": "designated", "reverses_id": None}
        )  # fmt: skip


def finish_ledger() -> None:
    """Grade, make the cases and keep the days: by the product's own jobs, so that what they cost is seen once more."""
    from django.db import connection
    from django.utils import timezone

    from dunning.actions import refresh_cases
    from receivables import actions

    today = timezone.localdate()
    for name, act in _jobs(today, actions, refresh_cases):
        began = time.perf_counter()
        result = act()
        print(f"{name}: {time.perf_counter() - began:.1f} s ({result})", flush=True)
    with connection.cursor() as cursor:
        # The days before look like yesterday, a little different each.
        cursor.execute(
            'insert into receivables_receivablesnapshot ("on", owner_id, team_id, currency, open_amount, overdue_amount,'
            " disputed_amount, unallocated, invoices, sold, received, edges, buckets)"
            ' select "on" - n, owner_id, team_id, currency, round(open_amount * (1 + n / 1000.0), 2), overdue_amount,'
            " disputed_amount, unallocated, invoices, sold, received, edges, buckets from receivables_receivablesnapshot,"
            " generate_series(1, %s) n on conflict do nothing",
            [DAYS_KEPT],
        )
        cursor.execute("vacuum analyze")


def _jobs(today: date, actions: Any, refresh_cases: Any) -> list[tuple[str, Callable[[], Any]]]:
    return [
        ("regrade everything, from nothing", actions.regrade),
        ("regrade everything again", actions.regrade),
        ("regrade as of a month ahead", lambda: actions.regrade(on=today + timedelta(days=30))),
        ("refresh all cases", refresh_cases),
        ("keep a day", lambda: actions.take_snapshot(on=today - timedelta(days=1))),
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
