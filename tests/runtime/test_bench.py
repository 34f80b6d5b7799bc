"""The large data set of the measurements, built small: a ledger in order, and every table as the migrations made it."""

import pytest
from django.db import connection
from django.db.models import Count, Max, Min

from accounts.models import Account
from bench import ledger, visits, volume
from core.workdays import today
from dunning.models import Case
from receivables.models import Allocation, Invoice
from receivables.queries.invariants import breaches
from relationships.models import Visit

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
MADE = {
    "indexes": "select indexdef from pg_indexes where schemaname = 'public' order by 1",
    "constraints": "select conrelid::regclass::text, conname, pg_get_constraintdef(oid) from pg_constraint order by 1, 2",
    "triggers": "select tgrelid::regclass::text, tgname, tgenabled from pg_trigger where not tgisinternal order by 1, 2",
}


def made() -> dict[str, list[tuple[str, ...]]]:
    found = {}
    with connection.cursor() as cursor:
        for name, sql in MADE.items():
            cursor.execute(sql)
            found[name] = cursor.fetchall()
    return found


def test_the_large_data_set_is_a_company_in_order(monkeypatch: pytest.MonkeyPatch) -> None:
    for module, sizes in (
        (volume, {"ACCOUNTS": 700, "CONTACTS": 1_400, "PROSPECTS": 1_600}),
        (visits, {"VISITS": 3_000, "KEY_VISITS": 200}),
        (ledger, {"INVOICES": 4_000, "OPEN": 1_200, "KEY_INVOICES": 100}),
    ):
        for name, size in sizes.items():
            monkeypatch.setattr(module, name, size)
    before = made()
    assert volume.build() == {"accounts": 700, "contacts": 1_400, "prospects": 1_600, "visits": 3_000}
    assert ledger.build_ledger()["invoices"] == 4_000
    assert {job["name"] for job in ledger.finish_ledger()} >= {"regrade everything, from nothing", "refresh all cases"}
    assert made() == before
    assert breaches(today()) == []
    assert Invoice.objects.filter(open_amount__gt=0).count() == 1_200
    assert Invoice.objects.filter(account_id=200).count() >= 100
    assert Case.objects.filter(overdue_amount__gt=0).exists()
    assert Visit.objects.filter(account_id=400).count() >= 200
    assert (
        Visit.objects.with_open_step()
        .values("account")
        .annotate(steps=Count("id"))
        .aggregate(most=Max("steps"))["most"]
        == 1
    )
    once = Allocation.objects.values("invoice").annotate(lines=Count("id"))
    assert not once.filter(lines__gt=1).exists()
    for account in Account.objects.order_by("-open_prospects")[:50]:
        still = account.prospects.filter(closed_on=None)
        assert account.open_prospects == still.count()
        assert account.next_step_on == still.aggregate(nearest=Min("next_step_on"))["nearest"]
