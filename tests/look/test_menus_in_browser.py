"""What floats above a page, opened: axe sees only what is shown, so each is opened for it."""

from playwright.sync_api import Page

from core.models import User
from tests.browser import PageOpener, assert_accessible, assert_fits


def _open(page: Page, menu: str) -> None:
    page.locator(f"[popovertarget={menu}]").locator("visible=true").first.click()
    page.locator(f"#{menu}").wait_for()
    assert_accessible(page)
    assert_fits(page)
    page.keyboard.press("Escape")
    page.locator(f"#{menu}").wait_for(state="hidden")


def test_the_menus_of_a_phone_can_be_read_in_the_dark(open_page: PageOpener, rep: User) -> None:
    page = open_page("core:profile", as_user=rep, width=390, theme="dark")
    for menu in ("user-menu", "quick-add"):
        _open(page, menu)


def test_the_menus_of_a_desk_can_be_read_in_the_dark(open_page: PageOpener, rep: User) -> None:
    page = open_page("core:profile", as_user=rep, theme="dark", language="zh-hans")
    for menu in ("theme-menu", "user-menu", "quick-add"):
        _open(page, menu)
