"""A birthday on a phone: noted in the sheet, kept by the moon, erased with a question, found on its day; the browser keeps none of it."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.utils import timezone
from playwright.sync_api import expect

from core.models import User
from relationships.actions import note_birthday
from relationships.models import PersonalProfile
from reminders import actions
from tests.browser import PageOpener, assert_accessible, assert_fits
from tests.factories import make_account, make_contact

pytestmark = pytest.mark.browser


def test_a_birthday_is_noted_and_erased_on_the_guarded_card(open_page: PageOpener, rep: User) -> None:
    wang = make_contact(rep, make_account(rep, "Acme"), "Wang Wei")
    page = open_page("relationships:contact", as_user=rep, width=390, contact_id=wang.pk)
    card = page.get_by_role("region", name="Personal")
    card.get_by_role("link", name="Birthday").click()
    sheet = page.get_by_role("dialog")
    sheet.get_by_label("Calendar").select_option(label="Lunar calendar")
    sheet.get_by_label("Month").fill("8")
    sheet.get_by_label("Day").fill("31")
    sheet.get_by_role("button", name="Save").click()
    expect(sheet.get_by_text("That month has no such day.")).to_be_visible()
    sheet.get_by_label("Day").fill("15")
    sheet.get_by_role("button", name="Save").click()
    expect(card.get_by_text("Lunar month 8, day 15")).to_be_visible()
    assert_fits(page)
    assert_accessible(page)
    card.get_by_role("button", name="Erase").click()
    page.get_by_role("dialog").get_by_role("button", name="Erase").click()
    expect(card.get_by_role("link", name="Birthday")).to_be_visible()
    assert not PersonalProfile.objects.exists()
    card.get_by_role("link", name="Birthday").click()
    sheet.get_by_label("Month").fill("8")
    page.context.clear_cookies(name=settings.SESSION_COOKIE_NAME)
    sheet.get_by_role("button", name="Save").click()
    expect(page.get_by_label("Email")).to_be_visible()
    draft = page.evaluate("sessionStorage.getItem('draft')")
    assert "/birthday/" in draft, "signed out: the form is remembered, and that is all"
    assert not [name for name in ("calendar", "month", "day", "year", "purpose") if f'["{name}"' in draft]


def test_who_it_is_stands_one_tap_behind_the_reminder(open_page: PageOpener, rep: User) -> None:
    wang, on = make_contact(rep, make_account(rep, "Acme"), "Wang Wei"), timezone.localdate()
    note_birthday(by=rep, contact_id=wang.pk, calendar="solar", month=on.month, day=on.day)
    actions.plan(only=["relationships.birthday"])
    page = open_page("desk:home", as_user=rep, width=390)
    page.get_by_role("link", name="Birthday on").click()
    expect(page.get_by_role("heading", name="Birthdays")).to_be_visible()
    expect(page.get_by_role("listitem").filter(has=page.get_by_role("link", name="Wang Wei"))).to_contain_text("today")
    assert_fits(page)
    assert_accessible(page)
