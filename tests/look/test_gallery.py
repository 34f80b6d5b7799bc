"""The components, judged by axe and by the browser: nothing forbidden runs, nothing breaks out."""

import pytest
from django.urls import path
from playwright.sync_api import expect

from config.urls import urlpatterns as product
from core import gallery
from tests.browser import PageOpener, assert_accessible, assert_fits

# The gallery is there in debug runs only; here it is added for the test.
urlpatterns = [
    *product,
    path("gallery/", gallery.show, name="gallery"),
    path("gallery/sheet/", gallery.sheet, name="gallery_sheet"),
]
pytestmark = pytest.mark.urls("tests.look.test_gallery")


@pytest.mark.parametrize("width", [1440, 390])
def test_every_component_is_accessible_in_both_themes(open_page: PageOpener, width: int) -> None:
    page = open_page("/gallery/", width=width)
    page.locator(".trend-line").first.wait_for()
    assert_accessible(page)
    assert_fits(page)


def test_the_sheet_opens_refuses_and_saves(open_page: PageOpener) -> None:
    page = open_page("/gallery/")
    page.get_by_role("button", name="Open the side sheet").click()
    sheet = page.get_by_role("dialog", name="New contact")
    sheet.get_by_role("button", name="Save").click()
    sheet.get_by_text("This field is required.").first.wait_for()
    assert_accessible(page)
    sheet.get_by_label("Name").fill("李雷")
    sheet.get_by_label("Email").fill("li@example.com")
    sheet.get_by_label("Tier").select_option("1")
    sheet.get_by_label("Next step on").fill("2026-12-01")
    sheet.get_by_role("button", name="Save").click()
    page.get_by_role("status").get_by_text("Saved.", exact=True).wait_for()
    assert not sheet.is_visible()


def test_leaving_a_sheet_with_unsaved_words_asks_first(open_page: PageOpener) -> None:
    page = open_page("/gallery/")
    page.get_by_role("button", name="Open the side sheet").click()
    page.get_by_role("dialog", name="New contact").get_by_label("Name").fill("韩")
    page.keyboard.press("Escape")
    page.get_by_text("What you typed has not been saved.").wait_for()
    page.get_by_role("button", name="Discard").click()
    page.get_by_role("dialog", name="New contact").wait_for(state="hidden")


def test_a_menu_opens_walks_and_closes_by_keyboard(open_page: PageOpener) -> None:
    page = open_page("/gallery/")
    page.get_by_role("button", name="Open a menu").press("Enter")
    expect(page.get_by_text("First", exact=True).and_(page.locator(":focus"))).to_be_visible()
    page.keyboard.press("ArrowDown")
    expect(page.get_by_text("Second", exact=True).and_(page.locator(":focus"))).to_be_visible()
    page.keyboard.press("Escape")
    page.get_by_role("link", name="Second").wait_for(state="hidden")


def test_a_question_is_asked_before_what_cannot_be_undone(open_page: PageOpener) -> None:
    page = open_page("/gallery/")
    page.get_by_role("button", name="Ask first").click()
    page.get_by_role("button", name="Cancel", exact=True).last.click()
    assert page.url.endswith("/gallery/")
    page.get_by_role("button", name="Ask first").click()
    page.get_by_role("button", name="Transfer").click()
    page.wait_for_url("**/gallery/?")
