"""What was typed outlives being signed out for being away."""

from __future__ import annotations

from datetime import date
from importlib import import_module

import pytest
from django.conf import settings
from playwright.sync_api import Page, expect

from accounts.models import AccountNote
from core.middleware import SEEN_AT
from core.models import User
from tests.browser import PageOpener
from tests.factories import make_account, make_prospect

pytestmark = pytest.mark.browser
PASSWORD = "correct horse 9"


def be_away(page: Page) -> None:
    """Half an hour passes for the person of this window."""
    key = next(each["value"] for each in page.context.cookies() if each["name"] == settings.SESSION_COOKIE_NAME)
    session = import_module(settings.SESSION_ENGINE).SessionStore(key)
    session[SEEN_AT] -= 31 * 60
    session.save()


def sign_in_again(page: Page, user: User) -> None:
    expect(page.get_by_text("You were away for more than 30 minutes")).to_be_visible()
    user.set_password(PASSWORD)
    user.save()
    page.get_by_label("Email").fill(user.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_selector("html[data-ready] body[data-user]")


def test_a_note_is_still_typed_in_after_signing_in_again(open_page: PageOpener, rep: User) -> None:
    account = make_account(rep)
    page = open_page("accounts:add_note", as_user=rep, account_id=account.pk)
    page.locator("textarea[name=body]").fill("They want the big pump.")
    be_away(page)
    page.locator("main").get_by_role("button", name="Save").click()
    sign_in_again(page, rep)
    expect(page.get_by_text("What you had typed is back.")).to_be_visible()
    expect(page.locator("textarea[name=body]")).to_have_value("They want the big pump.")
    page.locator("main").get_by_role("button", name="Save").click()
    page.wait_for_url(f"**/accounts/{account.pk}/notes/")
    assert AccountNote.objects.get().body == "They want the big pump."


def test_a_sheet_opens_again_with_what_was_typed(open_page: PageOpener, rep: User) -> None:
    prospect = make_prospect(rep, make_account(rep), next_step="Call", next_step_on=date(2031, 3, 3))
    page = open_page("prospects:prospect", as_user=rep, prospect_id=prospect.pk)
    page.locator(f'[hx-get="/prospects/{prospect.pk}/plan/"]').first.click()
    page.locator("#sheet [name=next_step]").fill("Show the pump")
    page.locator("#sheet [name=next_step_on]").fill("2031-04-04")
    be_away(page)
    page.locator("#sheet").get_by_role("button", name="Plan it").click()
    sign_in_again(page, rep)
    expect(page.locator("#sheet [name=next_step]")).to_have_value("Show the pump")
    page.locator("#sheet").get_by_role("button", name="Plan it").click()
    expect(page.locator("main").get_by_text("Show the pump").first).to_be_visible()


def test_nobody_else_is_given_what_somebody_typed(open_page: PageOpener, rep: User, manager: User) -> None:
    page = open_page("accounts:add_note", as_user=rep, account_id=make_account(rep).pk)
    page.locator("textarea[name=body]").fill("They want the big pump.")
    be_away(page)
    page.locator("main").get_by_role("button", name="Save").click()
    sign_in_again(page, manager)
    expect(page.locator("textarea[name=body]")).to_have_value("")
    assert page.evaluate("sessionStorage.getItem('draft')") is None
