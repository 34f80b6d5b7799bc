"""Before leaving: from Today to the brief of a visit, on a phone, and onto one sheet of paper."""

from __future__ import annotations

from io import BytesIO

import pytest
from django.utils import timezone
from playwright.sync_api import expect
from pypdf import PdfReader

from core.models import User
from relationships.models import Finding
from tests.browser import PageOpener, arrive_at, assert_accessible, assert_fits
from tests.factories import make_account, make_landmine, make_visit

pytestmark = pytest.mark.browser
LONG = "They ask why delivery takes two weeks longer than the competitor promises, and want it in writing. " * 3


def test_the_brief_is_opened_from_today_and_printed_on_one_page(open_page: PageOpener, rep: User) -> None:
    account = make_account(rep, "Acme")
    visit = make_visit(rep, account, at=timezone.now(), purpose="Agree the price")
    for number in range(6):
        make_landmine(account, f"{number} {LONG}"[:300])
        for kind in ("complaint", "need", "objection", "competitor"):
            Finding.objects.create(account=account, kind=kind, text=f"{number} {LONG}"[:300], at=timezone.now())
    page = open_page("desk:home", as_user=rep, width=390)
    page.get_by_role("link", name="Brief").click()
    arrive_at(page, f"/visits/{visit.pk}/brief/")
    expect(page.get_by_text("Agree the price")).to_be_visible()
    expect(page.locator(".brief-landmines .brief-more")).to_contain_text("more")
    assert_fits(page)
    assert_accessible(page)
    paper = PdfReader(BytesIO(page.pdf(prefer_css_page_size=True, print_background=True)))
    words = paper.pages[0].extract_text()
    assert len(paper.pages) == 1
    assert "Competitor news" in words
    assert "more" in words, "what one page does not hold is counted"
    assert "Record" not in words, "buttons are for the screen"
    file = page.request.get(f"/visits/{visit.pk}/brief.pdf")
    assert len(PdfReader(BytesIO(file.body())).pages) == 1
