"""The wizard in a real browser, from choosing the file to the mended refused rows."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse

from core.models import ImportJob
from prospects.models import Prospect
from tests.browser import arrive_at, assert_accessible, assert_fits
from tests.imports.conftest import DATA, data_file

SHOTS = os.environ.get("KEYLINE_SHOTS")


def shot(page: Any, name: str) -> None:
    if SHOTS:
        page.screenshot(path=str(Path(SHOTS) / f"import-{name}.png"), full_page=True)


@pytest.mark.slow
def test_a_rep_imports_the_maven_file(open_page, rep):
    path = data_file("maven-crm-sales/sales_pipeline.csv")
    page = open_page("core:imports", as_user=rep)
    assert_accessible(page)
    shot(page, "1-list")
    page.locator("#file").set_input_files(str(path))
    page.wait_for_url("**/reading/")
    assert page.get_by_text("8,800 rows").is_visible()
    assert_accessible(page)
    shot(page, "2-read")
    page.get_by_role("link", name="Looks right: columns").click()
    page.get_by_role("group", name="What do the words in “deal_stage” stand for?").wait_for()
    assert page.locator("[name=column-0]").input_value() == "code"
    page.get_by_label("Engaging").select_option("D")
    page.locator("[name=currency]").select_option("USD")
    assert_accessible(page)
    shot(page, "3-columns")
    page.get_by_role("button", name="Check without writing").click()
    page.get_by_role("button", name="Import 8,800 rows").wait_for(timeout=120_000)
    assert Prospect.objects.count() == 0
    assert_accessible(page)
    shot(page, "4-check")
    page.get_by_role("button", name="Import 8,800 rows").click(timeout=150_000)
    page.get_by_text("The import is done.").wait_for(timeout=120_000)
    shot(page, "5-done")
    outcomes = [Prospect.objects.filter(outcome=outcome).count() for outcome in ("won", "lost")]
    assert outcomes == [4_238, 2_473]
    assert Prospect.objects.filter(outcome="", stage=10).count() == 1_589
    assert Prospect.objects.filter(outcome="", stage=0).count() == 500


def test_refused_rows_come_back_to_be_mended(open_page, rep, tmp_path):
    file = tmp_path / "deals.csv"
    file.write_text(
        "Opportunity,Customer,Stage,Amount,Close Date\n=1+1,Acme,Won,1000,2026-03-01\nGood,Acme,Lost,5,2026-31-31\n",
        "utf-8",
    )
    page = open_page("core:imports", as_user=rep, width=390)
    page.locator("#file").set_input_files(str(file))
    page.wait_for_url("**/reading/")
    assert_fits(page)
    shot(page, "390-2-read")
    page.get_by_role("link", name="Looks right: columns").click()
    page.get_by_role("button", name="Check without writing").wait_for()
    assert_fits(page)
    assert_accessible(page)
    shot(page, "390-3-columns")
    page.get_by_role("button", name="Check without writing").click()
    page.get_by_role("button", name="Import 1 row").wait_for(timeout=30_000)
    assert page.get_by_text("Close Date: “2026-31-31” is a day that does not exist.").first.is_visible()
    assert_fits(page)
    shot(page, "390-4-check")
    page.get_by_role("button", name="Import 1 row").click()
    page.get_by_text("The import is done.").wait_for(timeout=30_000)
    with page.expect_download() as download:
        page.get_by_role("link", name="Refused rows").click()
    refused = Path(download.value.path()).read_text("utf-8-sig")
    assert refused.splitlines()[0] == "Opportunity,Customer,Stage,Amount,Close Date,Refused because"
    mended = tmp_path / "mended.csv"
    mended.write_text(refused.replace("2026-31-31", "2026-03-31"), "utf-8")
    page.goto(reverse("core:imports"))
    arrive_at(page, reverse("core:imports"))
    page.locator("#file").set_input_files(str(mended))
    page.wait_for_url("**/reading/")
    page.get_by_role("link", name="Looks right: columns").click()
    page.get_by_text("as decided the last time for these headings").wait_for()
    page.get_by_role("button", name="Check without writing").click()
    page.get_by_role("button", name="Import 1 row").click()
    page.get_by_text("The import is done.").wait_for(timeout=30_000)
    assert set(Prospect.objects.values_list("name", flat=True)) == {"=1+1", "Good"}


def test_a_file_that_is_no_table_is_answered_with_a_sentence(open_page, rep, tmp_path):
    file = tmp_path / "picture.csv"
    file.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(range(256)))
    page = open_page("core:imports", as_user=rep)
    page.locator("#file").set_input_files(str(file))
    page.get_by_text("This is a picture.").wait_for()
    shot(page, "failed")
    assert ImportJob.objects.get().state == "failed"
    assert DATA
