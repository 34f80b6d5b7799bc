"""A list changes in place; a row, an export and the first step of an empty one lead away from it."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser import arrive_at, assert_accessible
from tests.factories import make_account


def heading(page, name):
    return page.get_by_role("heading", level=1, name=name)


def test_a_row_leads_to_its_record(open_page, rep):
    account = make_account(rep, "Acme")
    page = open_page("accounts:list_accounts", as_user=rep)
    page.get_by_role("table").get_by_role("link", name="Acme").click()
    arrive_at(page, account.get_absolute_url())
    expect(heading(page, "Acme")).to_be_visible()
    expect(page.get_by_role("heading", level=1)).to_have_count(1)
    page.go_back()
    expect(heading(page, "Accounts")).to_be_visible()


def test_sorting_filtering_and_pages_stay_in_place(open_page, rep):
    make_account(rep, "Acme", tier="vip")
    make_account(rep, "Beta")
    page = open_page("accounts:list_accounts", as_user=rep)
    page.evaluate("document.documentElement.dataset.same = 'page'")
    page.get_by_role("columnheader", name="Name").get_by_role("link").click()
    expect(page.get_by_role("columnheader", name="Name")).to_have_attribute("aria-sort", "descending")
    assert re.search(r"\?sort=-name$", page.url)
    page.get_by_role("link", name="200", exact=True).click()
    expect(page.get_by_role("link", name="200", exact=True)).to_have_attribute("aria-current", "true")
    assert page.evaluate("document.documentElement.dataset.same") == "page"


@pytest.mark.parametrize("kind", ["CSV", "Excel"])
def test_an_export_is_a_file_and_not_a_part_of_the_page(open_page, rep, kind):
    make_account(rep, "Acme")
    page = open_page("accounts:list_accounts", as_user=rep)
    page.get_by_role("button", name="Export").click()
    with page.expect_download() as download:
        page.get_by_role("link", name=kind).click()
    assert download.value.suggested_filename.startswith("accounts-")
    expect(page.get_by_role("table").get_by_role("link", name="Acme")).to_be_visible()


def test_an_empty_list_leads_to_where_one_begins(open_page, rep):
    page = open_page("accounts:list_accounts", as_user=rep)
    begin = page.locator(".empty-state a")
    there = begin.get_attribute("href")
    begin.click()
    arrive_at(page, there)
    expect(page.get_by_role("heading", level=1)).to_have_count(1)
    expect(heading(page, "Accounts")).to_have_count(0)


def test_a_phone_sorts_by_a_menu(open_page, rep):
    make_account(rep, "Acme")
    make_account(rep, "Beta")
    page = open_page("accounts:list_accounts", as_user=rep, width=390, touch=True)
    names = page.get_by_role("rowheader")
    expect(names.first).to_contain_text("Acme")
    page.get_by_role("button", name="Sort").tap()
    assert_accessible(page)
    page.get_by_role("link", name="Name", exact=True).and_(page.locator(".menu-item")).tap()
    expect(names.first).to_contain_text("Beta")
    assert re.search(r"\?sort=-name$", page.url)
    expect(page.get_by_role("button", name="Sort")).to_be_visible()


def test_where_heads_are_in_sight_there_is_no_menu_of_them(open_page, rep):
    make_account(rep, "Acme")
    page = open_page("accounts:list_accounts", as_user=rep)
    expect(page.get_by_role("columnheader", name="Name")).to_be_visible()
    expect(page.get_by_role("button", name="Sort")).to_be_hidden()
