"""A collector brings the ledger of IBM through the wizard: where the work begins."""

from __future__ import annotations

import pytest

from receivables.models import Invoice
from tests.browser import assert_accessible, assert_fits
from tests.imports.conftest import data_file
from tests.receivables.books import aged

FIRST = "ibm-accounts-receivable/WA_Fn-UseC_-Accounts-Receivable.csv"


@pytest.mark.slow
def test_a_collector_imports_the_ledger(open_page, collector):
    page = open_page("core:imports", as_user=collector)
    page.locator("#file").set_input_files(str(data_file(FIRST)))
    page.wait_for_url("**/reading/")
    assert page.get_by_text("2,466 rows").is_visible()
    page.get_by_role("link", name="Looks right: columns").click()
    page.get_by_role("heading", name="Columns").wait_for()
    chosen = {
        heading: page.locator(f"[name=column-{place}]").input_value()
        for place, heading in enumerate(
            ("country", "customer", "paperless", "number", "issued", "due", "amount", "disputed", "settled")
        )
    }
    assert (chosen["number"], chosen["customer"], chosen["amount"]) == ("number", "account", "amount")
    assert (chosen["issued"], chosen["due"], chosen["settled"]) == ("issued_on", "due_on", "paid_on")
    assert chosen["disputed"] == "disputed"
    page.get_by_label("Account", exact=True).check()
    page.locator("[name=currency]").select_option("USD")
    assert page.locator("[name=scale-amount]").input_value() == "1"
    assert_accessible(page)
    assert_fits(page)
    page.get_by_role("button", name="Check without writing").click()
    page.get_by_role("button", name="Import 2,466 rows").wait_for(timeout=120_000)
    assert Invoice.objects.count() == 0
    page.get_by_role("button", name="Import 2,466 rows").click(timeout=120_000)
    page.get_by_text("The import is done.").wait_for(timeout=120_000)
    assert_accessible(page)
    assert aged("2012-12-31", currency="USD", by=collector) == {"not due": (86, "4,936.32"), "1-30": (13, "788.74")}
