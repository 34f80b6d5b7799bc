"""A rep finishes the day from Today with the thumb, in at most ten taps; what nobody dealt with stands with the manager."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Locator, expect

from accounts.models import AccountMember
from core.workdays import today
from reminders import actions
from reminders.models import Occurrence
from tests.browser import assert_accessible, assert_fits
from tests.factories import make_account, make_prospect, make_visit

pytestmark = pytest.mark.django_db(transaction=True)
FOLLOW_UPS = ["relationships.follow_up_due", "prospects.follow_up_due"]


def a_day_of(rep):
    """A visit to log, the next step of another visit and of a prospect, all for today."""
    now = timezone.now()
    before = now - timedelta(days=9)
    make_visit(
        rep, make_account(rep, "Acme"), at=before, recorded_at=before, outcome="They like it",
        next_step="Send the brochure", next_step_on=today(),
    )  # fmt: skip
    make_prospect(rep, make_account(rep, "Globex"), "Lifts", next_step="Call them", next_step_on=today())
    make_visit(rep, make_account(rep, "Initech"), at=timezone.localtime().replace(hour=0, minute=0))
    actions.plan(only=FOLLOW_UPS, now=now)
    Occurrence.objects.update(due_at=now, free_at=now)
    actions.tell_in_app()


def test_the_day_is_empty_after_ten_taps(open_page, rep):
    a_day_of(rep)
    page = open_page("desk:home", as_user=rep, width=390, touch=True)
    assert_fits(page)
    assert_accessible(page)
    taps = 0

    def tap(what: Locator) -> None:
        nonlocal taps
        what.tap()
        taps += 1

    tap(page.get_by_role("link", name="Done", exact=True))
    tap(page.get_by_role("button", name="It is done"))
    expect(page.get_by_text("Send the brochure")).to_have_count(0)

    tap(page.get_by_role("link", name="Plan the next step"))
    page.locator("#sheet [name=next_step]").fill("Visit them")
    tap(page.locator("#sheet .plan-days .chip").nth(1))
    tap(page.get_by_role("button", name="Plan it"))
    expect(page.get_by_text("Call them")).to_have_count(0)

    tap(page.get_by_role("link", name="Log it", exact=True))
    page.locator("#sheet [name=outcome]").fill("They want an offer")
    tap(page.get_by_role("button", name="Send the offer"))
    tap(page.get_by_role("button", name="In a week"))
    tap(page.get_by_role("button", name="Log it", exact=True))
    expect(page.get_by_text("Nothing is due today")).to_be_visible()
    assert taps <= 10


def test_visits_are_put_off_and_handed_over_from_today(open_page, rep, colleague):
    at = timezone.localtime().replace(hour=9, minute=0, second=0, microsecond=0)
    account = make_account(rep, "Initech")
    AccountMember.objects.create(account=account, user=colleague)
    given, later = make_visit(rep, account, at=at), make_visit(rep, make_account(rep, "Globex"), at=at)
    page = open_page("desk:home", as_user=rep, width=390, touch=True)
    assert_fits(page)
    page.locator(".today-visit", has_text="Globex").get_by_role("link", name="Later").tap()
    page.locator("#sheet").get_by_role("button", name="In a week").tap()
    expect(page.locator(".today-visit", has_text="Globex")).to_have_count(0)
    page.locator(".today-visit", has_text="Initech").get_by_role("link", name="Hand over").tap()
    sheet = page.locator("#sheet")
    sheet.get_by_label("Colleague").select_option("Han Meimei")
    assert_accessible(page)
    sheet.get_by_role("button", name="Hand over").tap()
    expect(page.locator(".today-visit")).to_have_count(0)
    given.refresh_from_db()
    later.refresh_from_db()
    assert (given.owner, given.at) == (colleague, at)
    assert later.at >= at + timedelta(days=7)


def test_a_follow_up_left_alone_stands_with_the_manager_on_the_third_working_day(open_page, rep, manager):
    make_visit(
        rep, make_account(rep, "Acme"), at=datetime(2026, 2, 25, 2, tzinfo=UTC), outcome="They like it",
        recorded_at=datetime(2026, 2, 25, 3, tzinfo=UTC), next_step="Send the brochure", next_step_on=date(2026, 3, 2),
    )  # fmt: skip
    for moment in ("02T08:31", "03T08:31", "03T13:01", "04T08:31"):  # due on Monday; Wednesday is the third day
        clock = datetime.fromisoformat(f"2026-03-{moment}:00+08:00")
        actions.plan(now=clock)
        actions.escalate(now=clock)
        actions.tell_in_app(now=clock)
    page = open_page("desk:home", as_user=manager, width=390, touch=True)
    expect(page.get_by_role("heading", name="Came up to you")).to_be_visible()
    expect(page.get_by_text("Send the brochure")).to_be_visible()
    expect(page.get_by_text(f"{rep.full_name} did not act on it")).to_be_visible()
