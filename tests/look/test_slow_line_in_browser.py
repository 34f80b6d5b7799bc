"""What a person does while the line is slow: taps twice, types ahead, presses Enter before the answer is there."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Page, Route, expect

from core.models import User
from prospects.models import Prospect
from tests.browser import PATIENCE, PageOpener
from tests.factories import make_account, make_prospect

pytestmark = pytest.mark.django_db(transaction=True)


@contextmanager
def answers_held(page: Page, address: str) -> Iterator[list[Route]]:
    """Requests to addresses that match wait, in order, until the block ends; later ones pass."""
    held: list[Route] = []
    is_over = False

    def hold(route: Route) -> None:
        if is_over:
            route.continue_()
        else:
            held.append(route)

    page.route(re.compile(address), hold)
    yield held
    is_over = True
    for route in held:
        route.continue_()


def wait_for(page: Page, condition: Callable[[], bool]) -> None:
    """Until the browser has done what it was told, as seen from here."""
    for _turn in range(PATIENCE // 20):
        if condition():
            return
        page.wait_for_timeout(20)
    pytest.fail("It never came to that.")


def test_two_taps_open_one_sheet_that_keeps_what_is_typed(open_page: PageOpener, rep: User) -> None:
    make_prospect(rep, make_account(rep, "Acme"), "Line 4")
    page = open_page("prospects:board", as_user=rep)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.method) if "/plan/" in request.url else None)
    step = page.get_by_role("button", name="Nothing planned")
    with answers_held(page, "/plan/") as held:
        step.click()
        step.click()
        wait_for(page, lambda: bool(held))
    field = page.get_by_label("What happens next?")
    field.fill("Show the pump")
    page.get_by_role("button", name="In a week").click()
    expect(field).to_have_value("Show the pump")
    page.get_by_role("button", name="Plan it").click()
    expect(page.locator(".next-step")).to_contain_text("Show the pump")
    assert asked == ["GET", "POST"]


def test_a_sheet_left_while_it_is_saved_comes_back_with_what_was_refused(open_page: PageOpener, rep: User) -> None:
    prospect = make_prospect(rep, make_account(rep, "Acme"), "Line 4")
    page = open_page("prospects:board", as_user=rep)
    page.get_by_role("button", name="Nothing planned").click()
    field = page.get_by_label("What happens next?")
    field.fill("Show the pump")
    page.locator("#sheet [name=next_step_on]").evaluate("field => { field.form.noValidate = true; field.value = '' }")
    with answers_held(page, "/plan/") as held:
        page.get_by_role("button", name="Plan it").click()
        wait_for(page, lambda: bool(held))
        page.keyboard.press("Escape")
        expect(page.locator("#sheet-dialog")).not_to_be_visible()
    expect(field).to_have_value("Show the pump")
    expect(page.locator("#sheet .is-invalid")).to_be_visible()
    assert not Prospect.objects.get(pk=prospect.pk).next_step


def test_enter_waits_for_the_matches_of_what_is_typed(open_page: PageOpener, rep: User) -> None:
    make_account(rep, "Acme")
    make_account(rep, "Acorn")
    page = open_page("prospects:add_prospect", as_user=rep)
    box = page.get_by_role("combobox", name="Account")
    box.press_sequentially("ac")
    matches = page.locator(".picker-options [data-id]")
    expect(matches).to_have_count(2)
    with answers_held(page, r"\?q=aco") as held:
        box.press_sequentially("o")
        box.press("Enter")
        wait_for(page, lambda: bool(held))
    expect(box).to_have_value("Acorn")


def test_the_palette_loses_no_letter_and_enter_waits_for_its_lines(open_page: PageOpener, rep: User) -> None:
    account = make_account(rep, "Acme")
    page = open_page("prospects:board", as_user=rep)
    with answers_held(page, "/palette/") as held:
        page.keyboard.press("Control+k")
        wait_for(page, lambda: bool(held))
        page.keyboard.type("acme")
        page.keyboard.press("Enter")
    page.wait_for_url(f"**{account.get_absolute_url()}")
