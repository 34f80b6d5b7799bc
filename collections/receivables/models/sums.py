"""Sums of what is open now, kept where the ledger is written (design: totals kept at write time)."""

from __future__ import annotations

from typing import ClassVar

import pgtrigger
from django.db import models
from django.db.models import Q

from receivables.choices import Grade
from receivables.models.base import money


class OpenSum(models.Model):
    """So much is open now of the invoices that have this in common. Triggers of the invoice write it; nobody else.

    There are three kinds of rows: by grade, due day and day of expected payment; by the days of issue, due and recognition;
    by account; each within a currency, the columns of the other kinds empty. Every change of an invoice adds the difference
    as rows, so nobody ever waits for somebody else's sum: **the sum of a key is that of its rows**, and there may be many.
    `actions.fold_sums` makes one of them and says so of it (`is_folded`). `disputed_amount` is that part of `open_amount`
    that is in dispute.
    """

    currency = models.CharField(max_length=3)
    account_id = models.BigIntegerField(null=True)  # no foreign key: the invoice has it, and each row would look it up
    grade = models.CharField(max_length=8, choices=Grade.choices, null=True)
    due_on = models.DateField(null=True)
    expected_on = models.DateField(null=True)
    issued_on = models.DateField(null=True)
    recognised_on = models.DateField(null=True)
    open_amount = money("open")
    disputed_amount = money("disputed")
    invoices = models.IntegerField()
    is_folded = models.BooleanField(db_default=False)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(account_id__isnull=False, grade__isnull=True, issued_on__isnull=True)
                | Q(account_id__isnull=True, grade__isnull=False, issued_on__isnull=True)
                | Q(account_id__isnull=True, grade__isnull=True, issued_on__isnull=False),
                name="open_sum_of_one_kind",
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["currency", "account_id"], include=["open_amount"], name="open_sum_of_account",
                condition=Q(account_id__isnull=False),
            ),
            models.Index(
                fields=["currency", "-open_amount", "account_id"], name="open_sum_largest",
                condition=Q(account_id__isnull=False, is_folded=True),
            ),
            models.Index(
                fields=["currency", "account_id"], name="open_sum_loose",
                condition=Q(account_id__isnull=False, is_folded=False),
            ),
            models.Index(fields=["currency", "due_on"], name="open_sum_by_due", condition=Q(grade__isnull=False)),
            models.Index(fields=["currency", "issued_on"], name="open_sum_by_issue", condition=Q(issued_on__isnull=False)),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.currency} {self.account_id or self.issued_on or self.due_on}: {self.open_amount}"


ADDED_TO_SUMS = """
    INSERT INTO receivables_opensum
        (currency, account_id, grade, due_on, expected_on, issued_on, recognised_on, open_amount, disputed_amount, invoices)
    SELECT currency, account_id, grade, due_on, expected_on, issued_on, recognised_on,
        sum(open_amount), sum(least(disputed_amount, open_amount)), count(*)
    FROM added WHERE open_amount > 0
    GROUP BY GROUPING SETS
        ((currency, grade, due_on, expected_on), (currency, issued_on, due_on, recognised_on), (currency, account_id));
    RETURN NULL;
"""
CHANGED_IN_SUMS = """
    INSERT INTO receivables_opensum
        (currency, account_id, grade, due_on, expected_on, issued_on, recognised_on, open_amount, disputed_amount, invoices)
    SELECT currency, account_id, grade, due_on, expected_on, issued_on, recognised_on,
        sum(sign * open_amount), sum(sign * least(disputed_amount, open_amount)), sum(sign)
    FROM (
        SELECT 1 AS sign, currency, account_id, grade, due_on, expected_on, issued_on, recognised_on, open_amount, disputed_amount
        FROM now_so WHERE open_amount > 0
        UNION ALL
        SELECT -1, currency, account_id, grade, due_on, expected_on, issued_on, recognised_on, open_amount, disputed_amount
        FROM was_so WHERE open_amount > 0
    ) changed
    GROUP BY GROUPING SETS
        ((currency, grade, due_on, expected_on), (currency, issued_on, due_on, recognised_on), (currency, account_id))
    HAVING sum(sign * open_amount) <> 0 OR sum(sign * least(disputed_amount, open_amount)) <> 0 OR sum(sign) <> 0;
    RETURN NULL;
"""
SUMS_ARE_KEPT = [
    pgtrigger.Trigger(
        name="invoice_adds_to_sums",
        level=pgtrigger.Statement,
        when=pgtrigger.After,
        operation=pgtrigger.Insert,
        referencing=pgtrigger.Referencing(new="added"),  # type: ignore[no-untyped-call]
        func=ADDED_TO_SUMS,
    ),
    pgtrigger.Trigger(
        name="invoice_changes_sums",
        level=pgtrigger.Statement,
        when=pgtrigger.After,
        operation=pgtrigger.Update,
        referencing=pgtrigger.Referencing(old="was_so", new="now_so"),  # type: ignore[no-untyped-call]
        func=CHANGED_IN_SUMS,
    ),
]
"""Statement by statement, whoever writes: an action, an import, a set-based job. What cancels out leaves no row."""
