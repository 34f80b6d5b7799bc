"""The first page anybody sees."""

import pytest
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from allauth.mfa.utils import is_mfa_enabled
from django.core import mail
from playwright.sync_api import Page, expect

from core.models import User
from tests.browser import PageOpener, arrive_at, assert_accessible, assert_fits

PASSWORD = "a long sentence to remember"


@pytest.mark.parametrize(
    ("width", "theme", "language"),
    [(1440, "light", "en"), (1440, "dark", "zh-hans"), (390, "dark", "en"), (390, "light", "zh-hans")],
)
def test_the_sign_in_page_is_accessible(open_page: PageOpener, width: int, theme: str, language: str) -> None:
    page = open_page("account_login", width=width, theme=theme, language=language)
    assert_accessible(page)
    assert_fits(page)
    assert page.locator("html").get_attribute("lang") == ("zh-Hans" if language == "zh-hans" else "en")


def test_signing_in_wrongly_says_so_and_rightly_leads_on(open_page: PageOpener, rep: User) -> None:
    rep.set_password(PASSWORD)
    rep.save()
    page = open_page("account_login")
    page.get_by_label("Email").fill(rep.email)
    page.get_by_label("Password").fill("wrong")
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("alert").wait_for()
    assert_accessible(page)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    arrive_at(page, "/")


def test_the_language_is_one_click_away(open_page: PageOpener) -> None:
    page = open_page("account_login")
    page.get_by_role("button", name="中文").click()
    expect(page.locator("html")).to_have_attribute("lang", "zh-Hans")


def test_a_forgotten_password_is_renewed_by_mail(open_page: PageOpener, rep: User) -> None:
    page = open_page("account_reset_password")
    assert_accessible(page)
    page.get_by_label("Email").fill(rep.email)
    page.get_by_role("button", name="Send the link").click()
    page.get_by_role("heading", name="Look into your mail").wait_for()
    link = next(word for word in mail.outbox[0].body.split() if "/password/reset/key/" in word)
    page.goto(link)
    assert_accessible(page)
    page.locator("#id_password1").fill(PASSWORD)
    page.locator("#id_password2").fill(PASSWORD)
    page.get_by_role("button", name="Save the new password").click()
    page.get_by_role("heading", name="New password saved").wait_for()


def test_the_theme_is_kept(open_page: PageOpener, rep: User) -> None:
    page = open_page("account_change_password", as_user=rep)
    assert_accessible(page)
    page.get_by_role("button", name="Light or dark").click()
    with page.expect_response("**/theme/"):
        page.get_by_role("button", name="Light", exact=True).click()
    page.get_by_role("button", name="Light or dark").click()
    with page.expect_response("**/theme/"):
        page.get_by_role("button", name="Dark", exact=True).click()
    page.reload()
    assert page.locator("html").get_attribute("data-bs-theme") == "dark"
    assert_accessible(page)


def _sign_in(page: Page, user: User) -> None:
    page.get_by_label("Email").fill(user.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()


def test_a_second_factor_can_be_set_up(open_page: PageOpener, rep: User) -> None:
    rep.set_password(PASSWORD)
    rep.save()
    page = open_page("account_login")
    _sign_in(page, rep)
    arrive_at(page, "/")
    page.goto("/auth/2fa/")
    page.get_by_role("link", name="Set up the app").click()
    page.get_by_role("heading", name="Is it you?").wait_for()
    assert_accessible(page)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Confirm").click()
    page.locator(".qr-code").wait_for()
    assert_accessible(page)
    page.get_by_label("Code from your app").fill("000")
    page.get_by_role("button", name="Turn on").click()
    page.get_by_text("This code is not right, or no longer.").wait_for()


def test_who_lost_the_phone_gets_in_and_turns_the_second_factor_off(open_page: PageOpener, rep: User) -> None:
    rep.set_password(PASSWORD)
    rep.save()
    TOTP.activate(rep, generate_totp_secret())
    codes = RecoveryCodes.activate(rep).get_unused_codes()
    page = open_page("account_login", width=390)
    _sign_in(page, rep)
    page.get_by_role("heading", name="One more step").wait_for()
    assert_accessible(page)
    page.get_by_label("Code from your app").fill(codes[0])
    page.get_by_role("button", name="Sign in").click()
    arrive_at(page, "/")
    page.goto("/auth/2fa/")
    assert_accessible(page)
    page.get_by_role("link", name="Show the codes").click()
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Confirm").click()
    page.get_by_role("heading", name="Recovery codes").wait_for()
    assert page.locator(".recovery-codes li").count() == 9
    assert_accessible(page)
    assert_fits(page)
    page.get_by_role("link", name="Make new codes").click()
    page.get_by_role("link", name="Cancel").wait_for()
    assert_accessible(page)
    page.get_by_role("link", name="Cancel").click()
    page.get_by_role("link", name="Turn off").click()
    page.get_by_role("heading", name="Turn off the second factor?").wait_for()
    assert_accessible(page)
    page.get_by_role("button", name="Turn off").click()
    page.get_by_role("link", name="Set up the app").wait_for()
    assert not is_mfa_enabled(rep)
