"""A planned visit is dragged to another day; what somebody else moved meanwhile goes back."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from relationships.models import Visit
from tests.browser import assert_accessible, assert_fits
from tests.factories import make_account, make_visit

pytestmark = pytest.mark.django_db(transaction=True)


def drag_to(page: Page, name: str, day: str) -> None:
    """With the mouse, in steps, as a hand does it."""
    visit = page.get_by_role("link", name=re.compile(name))
    target = page.locator(f'[data-date="{day}"]').first
    start, end = visit.bounding_box(), target.bounding_box()
    assert start is not None
    assert end is not None
    page.mouse.move(start["x"] + 20, start["y"] + 5)
    page.mouse.down()
    page.mouse.move(start["x"] + 30, start["y"] + 15, steps=4)
    page.mouse.move(end["x"] + end["width"] / 2, end["y"] + end["height"] / 2, steps=12)
    page.mouse.up()


def test_a_planned_visit_is_dragged_to_another_day(open_page, rep):
    visit = make_visit(rep, make_account(rep, "Acme"), purpose="Budget")
    page = open_page(f"{reverse('visits:calendar')}?on=2031-03-05", as_user=rep)
    expect(page.get_by_role("link", name=re.compile("Acme"))).to_be_visible()
    assert_accessible(page)
    assert_fits(page)
    drag_to(page, "Acme", "2031-03-13")
    expect(page.get_by_text("Moved.")).to_be_visible()
    visit.refresh_from_db()
    assert timezone.localtime(visit.at).strftime("%Y-%m-%d %H:%M") == "2031-03-13 09:00"

    Visit.objects.update(version=9)
    drag_to(page, "Acme", "2031-03-20")
    expect(page.get_by_text("Somebody else changed this visit meanwhile.")).to_be_visible()
    visit.refresh_from_db()
    assert timezone.localdate(visit.at).isoformat() == "2031-03-13"
    expect(page.locator('[data-date="2031-03-13"]').get_by_role("link", name=re.compile("Acme"))).to_be_visible()


def test_on_a_phone_a_day_of_several_visits_says_how_many_and_opens_as_a_list(open_page, rep):
    for name in ("Acme", "Bolt"):
        make_visit(rep, make_account(rep, name))
    page = open_page(f"{reverse('visits:calendar')}?on=2031-03-05", as_user=rep, width=390)
    page.locator(".calendar-button", has_text="Month").click()
    expect(page.get_by_role("link", name=re.compile("Acme"))).to_be_hidden()
    page.locator(".calendar-more").click()
    expect(page.locator(".calendar-visit", has_text="Acme")).to_be_visible()
    expect(page.locator(".calendar-visit", has_text="Bolt")).to_be_visible()
    assert_fits(page)


def test_a_visit_whose_day_has_come_is_written_up_by_a_tap_on_it(open_page, rep):
    visit = make_visit(rep, make_account(rep, "Acme"), at=timezone.now() - timedelta(days=1))
    on = timezone.localdate(visit.at)
    page = open_page(f"{reverse('visits:calendar')}?on={on}", as_user=rep, width=390, touch=True)
    page.locator(".calendar-visit", has_text="Acme").tap()
    sheet = page.locator("#sheet")
    expect(sheet.get_by_role("link", name="Visit · Acme")).to_have_attribute("href", visit.get_absolute_url())
    assert_accessible(page)
    sheet.get_by_label("What came of it?").fill("They want an offer")
    sheet.get_by_role("button", name="Send the offer").tap()
    sheet.get_by_role("button", name="In a week").tap()
    sheet.get_by_role("button", name="Log it").tap()
    expect(page.locator(".calendar-done", has_text="Acme")).to_be_visible()
    visit.refresh_from_db()
    assert visit.outcome == "They want an offer"
