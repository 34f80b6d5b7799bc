"""The settings in a real browser: nothing wrong for a screen reader, nothing sideways on a phone, the sheets work."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from core.models import Team, User, WorkDay
from tests.browser import arrive_at, assert_accessible, assert_fits

pytestmark = pytest.mark.browser
OpenPage = Callable[..., Page]
PAGES = ["list_users", "add_user", "list_teams", "calendar", "import_calendar", "list_events", "list_jobs", "profile",
         "security", "list_tokens"]  # fmt: skip


@pytest.mark.parametrize("name", PAGES)
def test_a_settings_page_is_accessible_and_fits_a_phone(open_page: OpenPage, administrator: User, name: str) -> None:
    assert_accessible(open_page(f"core:{name}", as_user=administrator))
    assert_fits(open_page(f"core:{name}", as_user=administrator, width=390, theme="dark", language="zh-hans"))


def test_a_users_page_and_history_are_accessible(open_page: OpenPage, administrator: User, rep: User) -> None:
    page = open_page("core:user", as_user=administrator, user_id=rep.pk)
    assert_accessible(page)
    page.get_by_role("link", name="History").click()
    expect(page.locator("#sheet").get_by_text("No change yet")).to_be_visible()


def test_a_day_is_set_in_the_sheet(open_page: OpenPage, administrator: User) -> None:
    page = open_page("core:calendar", as_user=administrator)
    path = reverse("core:calendar") + "?year=2031"
    page.goto(path)
    arrive_at(page, path)
    page.get_by_role("link", name="25 Nov 2031").click()
    sheet = page.locator("#sheet")
    sheet.get_by_label("Why").fill("Company day")
    sheet.get_by_role("button", name="Save").click()
    expect(page.get_by_role("link", name="25 Nov 2031, Company day, day off")).to_be_visible()
    assert WorkDay.objects.get(date="2031-11-25").is_workday is False


def test_a_team_is_added_and_removed(open_page: OpenPage, administrator: User, company: Team) -> None:
    page = open_page("core:list_teams", as_user=administrator)
    page.get_by_role("link", name="Add team").click()
    sheet = page.locator("#sheet")
    sheet.get_by_label("Name").fill("West")
    sheet.get_by_label("Belongs to").select_option(str(company.pk))
    sheet.get_by_role("button", name="Add team").click()
    page.get_by_role("link", name="West", exact=True).click()
    sheet.get_by_role("button", name="Remove team").click()
    page.locator("#confirm").get_by_role("button", name="Remove team").click()
    expect(page.get_by_role("link", name="West", exact=True)).to_have_count(0)


def test_a_token_is_made_and_copied(open_page: OpenPage, rep: User) -> None:
    page = open_page("core:list_tokens", as_user=rep)
    page.get_by_label("What is it for?").fill("BI")
    page.get_by_role("button", name="Make a token").click()
    expect(page.get_by_role("heading", name="Your new token")).to_be_visible()
    assert rep.api_tokens.count() == 1
