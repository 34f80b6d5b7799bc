"""A visit is logged with the thumb, with a line and without one."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from relationships.models import Visit
from tests.browser import assert_accessible, assert_fits
from tests.factories import make_account, make_contact

pytestmark = pytest.mark.django_db(transaction=True)


def log_by_thumb(page: Page) -> None:
    """Four taps and a sentence."""
    page.get_by_role("checkbox", name="Wang Fang").check()
    page.get_by_label("What came of it?").fill("They want an offer")
    page.get_by_role("button", name="Send the offer").tap()
    page.get_by_role("button", name="In a week").tap()
    page.get_by_role("button", name="Log it").tap()


def test_a_visit_logged_without_a_line_appears_once(open_page, rep):
    account = make_account(rep, "Acme")
    make_contact(rep, account, "Wang Fang")
    page = open_page(f"{reverse('prospects:record_visit')}?account={account.pk}", as_user=rep, width=390, touch=True)
    assert_fits(page)
    assert_accessible(page)
    page.context.set_offline(True)
    log_by_thumb(page)
    expect(page.get_by_text("waits for the line")).to_be_visible()
    assert not Visit.objects.exists()
    page.context.set_offline(False)
    expect(page.get_by_text("waits for the line")).to_have_count(0)
    visit = Visit.objects.get()
    assert (visit.outcome, visit.next_step) == ("They want an offer", "Send the offer")
    assert visit.attendees.get().contact.full_name == "Wang Fang"
    assert timezone.now() - visit.at < timedelta(minutes=10)


def test_a_visit_is_logged_from_its_account_by_a_key(open_page, rep):
    account = make_account(rep, "Acme")
    make_contact(rep, account, "Wang Fang")
    page = open_page("accounts:account", as_user=rep, account_id=account.pk)
    expect(page.get_by_text("Nobody has been there yet")).to_be_visible()
    page.keyboard.press("n")
    page.get_by_role("radio", name="Phone call").check()
    page.get_by_label("What came of it?").fill("They want an offer")
    page.get_by_role("button", name="Call back").click()
    page.get_by_role("button", name=re.compile("Tomorrow|Next working day")).click()
    assert_accessible(page)
    page.get_by_role("button", name="Log it").click()
    expect(page.get_by_role("link", name="They want an offer")).to_be_visible()
    assert Visit.objects.get().kind == "call"
