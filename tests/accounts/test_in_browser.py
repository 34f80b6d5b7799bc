"""A rep at work in a real browser: a new account with a warning, a person with a position, two people at one form."""

import pytest
from playwright.sync_api import expect

from accounts import actions
from accounts.models import Account
from relationships.models import Contact
from tests.browser import assert_accessible, assert_fits
from tests.factories import make_account, make_contact


def test_an_account_is_added_and_its_double_is_pointed_out(open_page, rep, other_rep):
    make_account(rep, "华为技术有限公司", city="深圳")
    make_account(other_rep, "中兴通讯")
    page = open_page("accounts:list_accounts", as_user=rep)
    page.get_by_role("main").get_by_role("link", name="New account").click()
    sheet = page.locator("#sheet")
    name = sheet.get_by_label("Name", exact=False).first
    name.press_sequentially("华为技术")
    expect(sheet.get_by_text("Perhaps it is there already")).to_be_visible()
    expect(sheet.get_by_role("link", name="华为技术有限公司")).to_be_visible()
    name.fill("中兴通讯")
    expect(sheet.get_by_text("It is looked after by Sun Nan (South)")).to_be_visible()
    name.fill("宁德时代新能源")
    expect(sheet.get_by_text("already")).to_have_count(0)
    sheet.get_by_placeholder("Number or address").fill("0593 258 3668")
    sheet.get_by_role("button", name="Add another").click()
    expect(sheet.get_by_placeholder("Number or address")).to_have_count(2)
    sheet.get_by_role("button", name="Remove").last.click()
    assert_accessible(page)
    sheet.get_by_role("button", name="Add account").click()
    expect(page.get_by_role("heading", level=1, name="宁德时代新能源")).to_be_visible()
    added = Account.objects.get(name="宁德时代新能源")
    assert [channel.value for channel in added.channels.all()] == ["0593 258 3668"]


def test_a_person_is_added_at_an_account_found_by_pinyin(open_page, rep):
    account = make_account(rep, "华为技术有限公司")
    page = open_page("relationships:list_contacts", as_user=rep)
    page.get_by_role("link", name="New contact").first.click()
    sheet = page.locator("#sheet")
    sheet.get_by_label("Name", exact=False).first.fill("王芳")
    sheet.get_by_role("combobox", name="Account").press_sequentially("hwjs")
    expect(sheet.get_by_role("option", name="华为技术有限公司")).to_be_visible()
    page.keyboard.press("Enter")
    sheet.get_by_label("Title").fill("采购经理")
    sheet.get_by_role("checkbox", name="Coach").check()
    assert_accessible(page)
    sheet.get_by_role("button", name="Add contact").click()
    expect(page.get_by_role("heading", level=1, name="王芳")).to_be_visible()
    position = Contact.objects.get().positions.get()
    assert (position.account, position.title, position.roles) == (account, "采购经理", ["coach"])


def test_two_people_at_one_form_see_both_versions(open_page, rep, manager):
    account = make_account(rep, "Acme", region="North")
    page = open_page("accounts:account", as_user=rep, account_id=account.pk)
    page.get_by_role("main").get_by_role("link", name="Edit", exact=True).click()
    sheet = page.locator("#sheet")
    sheet.locator("summary", has_text="Address").click()
    sheet.get_by_label("Region").fill("East")
    actions.edit_account(by=manager, account_id=account.pk, region="South", industry="Steel")
    sheet.get_by_role("button", name="Save").click()
    expect(sheet.get_by_role("heading", name="Two versions")).to_be_visible()
    row = sheet.get_by_role("row", name="Region")
    expect(row).to_contain_text("South")
    expect(row).to_contain_text("East")
    assert_accessible(page)
    sheet.get_by_role("button", name="Write mine over it").click()
    expect(sheet).to_be_empty()
    account.refresh_from_db()
    assert account.region == "East"


def test_stage_work_is_ticked_and_the_page_follows(open_page, rep):
    account = make_account(rep, "Acme")
    page = open_page("accounts:account", as_user=rep, account_id=account.pk)
    page.get_by_role("button", name="Find out who they are").click()
    expect(page.get_by_role("button", name="Find out who they are")).to_have_attribute("aria-pressed", "true")
    page.get_by_role("link", name="To Communicate").click()
    page.locator("#sheet").get_by_label("Evidence").fill("Met Ms Wang on 3 March")
    page.locator("#sheet").get_by_role("button", name="Change").click()
    expect(page.get_by_role("heading", name="Stage 2 · Communicate")).to_be_visible()


@pytest.mark.parametrize(("width", "theme"), [(1440, "light"), (390, "dark")])
def test_pages_fit_and_are_accessible(open_page, manager, rep, width, theme):
    name = "内蒙古伊利实业集团股份有限公司乳业技术研究与海外市场拓展分公司"
    account = make_account(rep, name, tags=["乳业", "战略客户"], city="呼和浩特")
    contact = make_contact(rep, account, "欧阳娜娜", salutation="欧阳总")
    actions.add_note(by=rep, account_id=account.pk, body="第一次见面，谈得很好。" * 12)
    for name, arguments in (
        ("accounts:list_accounts", {}),
        ("accounts:account", {"account_id": account.pk}),
        ("accounts:account_tab", {"account_id": account.pk, "tab": "team"}),
        ("relationships:list_contacts", {}),
        ("relationships:contact", {"contact_id": contact.pk}),
    ):
        page = open_page(name, as_user=manager, width=width, theme=theme, language="zh-hans", **arguments)
        assert_fits(page)
        assert_accessible(page)
