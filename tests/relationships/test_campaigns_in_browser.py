"""Accounts are chosen on their list and put on the list of a campaign."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from tests.browser import assert_accessible, assert_fits
from tests.factories import make_account, make_campaign

pytestmark = pytest.mark.django_db(transaction=True)


def test_chosen_accounts_go_to_a_campaign(open_page, manager, rep):
    campaign = make_campaign(manager, make_account(rep, "Acme"), rep, name="Spring round")
    make_account(rep, "Globex")
    make_account(rep, "Initech")
    page = open_page(reverse("accounts:list_accounts"), as_user=manager)
    page.get_by_label("Choose Acme").check()
    expect(page.get_by_text("1 chosen")).to_be_visible()
    page.get_by_label("Choose Globex").check()
    assert_accessible(page)
    assert_fits(page)
    page.get_by_role("button", name="Add to a campaign").click()
    sheet = page.locator("#sheet")
    expect(sheet.get_by_text("2 accounts; the owner of each goes there.")).to_be_visible()
    expect(sheet.get_by_label("Campaign")).to_contain_text("Spring round")
    sheet.get_by_role("button", name="Add", exact=True).click()
    expect(page.get_by_text("1 account added. 1 was on the list already.")).to_be_visible()
    page.get_by_label("Choose all rows shown").check()
    expect(page.get_by_text("3 chosen")).to_be_visible()
    page.get_by_role("button", name="All 3 of this list").click()
    expect(sheet.get_by_text("3 accounts; the owner of each goes there.")).to_be_visible()
    sheet.get_by_role("button", name="Add", exact=True).click()
    expect(page.get_by_text("1 account added. 2 were on the list already.")).to_be_visible()
    assert campaign.targets.count() == 3
