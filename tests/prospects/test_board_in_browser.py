"""The board as a person uses it: dragging, keys, the phone; the review by keys; the manager's dashboard afterwards."""

import re
from datetime import timedelta
from decimal import Decimal

import pytest
from playwright.sync_api import Page, expect

from core.workdays import today
from prospects.choices import Criterion, Stage
from prospects.models import CriterionTick, Prospect, ReviewVerdict
from prospects.queries.board import PAGE
from tests.browser import assert_accessible, assert_fits
from tests.factories import make_account, make_prospect

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def card(rep):
    """At C; only the budget is missing for B."""
    card = make_prospect(
        rep, make_account(rep, "Acme"), "Line 4", stage=Stage.C, amount=Decimal(420_000), next_step="Call Mr Wang",
        next_step_on=today() + timedelta(days=3), decision_on=today() + timedelta(days=20), first_meeting_on=today(),
        start_on=today() + timedelta(days=40),
    )  # fmt: skip
    for criterion in (Criterion.RIGHT_PERSON, Criterion.PROPOSAL_FITS, Criterion.TIMETABLE_WORKABLE):
        CriterionTick.objects.create(prospect=card, criterion=criterion, note="He said so", on=today(), by=rep)
    make_prospect(rep, name="Forgotten", stage=Stage.B)
    return card


def drag(page: Page, name: str, letter: str) -> None:
    """The card of that name onto the column of that letter, by mouse."""
    start = page.get_by_role("link", name=name, exact=True).bounding_box()
    end = page.locator(f"#column-{letter} .board-cards").bounding_box()
    assert start and end
    page.mouse.move(start["x"] + 20, start["y"] + 6)
    page.mouse.down()
    page.mouse.move(start["x"] + 40, start["y"] + 20, steps=4)
    page.mouse.move(end["x"] + 60, end["y"] + 160, steps=10)
    page.wait_for_timeout(150)  # as long as a hand rests before it lets go
    page.mouse.up()


def in_column(page: Page, letter: str, name: str):
    return page.locator(f"#column-{letter}").get_by_role("link", name=name, exact=True)


def test_a_card_dragged_to_b_is_told_what_is_missing_and_then_moves(open_page, rep, manager, card):
    page = open_page("prospects:board", as_user=rep)
    assert_accessible(page)
    drag(page, "Line 4", "B")
    sheet = page.locator("#sheet")
    expect(sheet).to_contain_text("One thing is missing for B.")
    assert_accessible(page)
    sheet.get_by_role("button", name="Move to B").click()
    expect(sheet).to_contain_text("Still missing.")
    sheet.get_by_label("How do you know?").fill("400,000 talked through with Mr Wang")
    expect(sheet.get_by_role("checkbox")).to_be_checked()
    sheet.get_by_role("button", name="Move to B").click()
    expect(page.locator("#sheet-dialog")).not_to_be_visible()
    expect(in_column(page, "B", "Line 4")).to_be_focused()
    expect(page.locator("#column-C .board-column-count")).to_have_text("0")
    card.refresh_from_db()
    assert card.stage == Stage.B

    dashboard = open_page("prospects:dashboard", as_user=manager)
    expect(dashboard.locator(".moves-lines")).to_contain_text("B")
    assert_accessible(dashboard)


def test_a_card_that_is_not_moved_goes_back(open_page, rep, card):
    page = open_page("prospects:board", as_user=rep)
    drag(page, "Line 4", "A")
    expect(page.locator("#sheet")).to_contain_text("missing for A")
    page.keyboard.press("Escape")
    expect(page.locator("#sheet-dialog")).not_to_be_visible()
    expect(in_column(page, "C", "Line 4")).to_be_visible()


def test_a_card_is_moved_by_keys(open_page, rep, card):
    page = open_page("prospects:board", as_user=rep)
    page.get_by_role("link", name="Forgotten", exact=True).focus()
    page.keyboard.press("ArrowLeft")
    expect(in_column(page, "C", "Line 4")).to_be_focused()
    page.keyboard.press("Shift+ArrowLeft")
    expect(page.locator("#sheet")).to_contain_text("One line is enough.")
    page.keyboard.type("They cancelled")
    page.keyboard.press("Enter")
    expect(in_column(page, "D", "Line 4")).to_be_focused()
    page.keyboard.press("m")
    expect(page.locator("#card-menu").get_by_role("button", name="Open")).to_be_focused()


def test_the_board_on_a_phone_shows_one_class_at_a_time(open_page, rep, card):
    page = open_page("prospects:board", as_user=rep, width=390)
    assert_fits(page)
    page.locator(".board-tab", has_text="C").click()
    expect(in_column(page, "C", "Line 4")).to_be_in_viewport()
    expect(page.locator(".board-tab.stage-C")).to_have_attribute("aria-current", "")
    page.get_by_role("button", name="Actions for Line 4").click()
    page.locator("#card-menu").get_by_role("button", name="All five confirmed").click()
    expect(page.locator("#sheet")).to_contain_text("One thing is missing for B.")
    assert_fits(page)
    assert_accessible(page)


@pytest.fixture
def crowd(rep, account_of_rep):
    """2,000 open cards, 400 in each open class; those of a class are planned one day after the other."""
    stages = [Stage.E, Stage.D, Stage.C, Stage.B, Stage.A]
    Prospect.objects.bulk_create(
        Prospect(
            owner=rep, team=rep.team, account=account_of_rep, name=f"{stage.letter} {number}", stage=stage,
            amount=Decimal(1_000), opened_on=today(), entered_stage_on=today(), next_step="Call",
            next_step_on=today() + timedelta(days=number),
        )
        for stage in stages
        for number in range(400)
    )  # fmt: skip


@pytest.fixture
def account_of_rep(rep):
    return make_account(rep, "Acme")


def scroll_to_card(page: Page, letter: str, number: int) -> None:
    """Turn the wheel over a column until the card stands in it, clear of its edges."""
    column = page.locator(f"#column-{letter}")
    box = column.bounding_box()
    assert box
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    card = in_column(page, letter, f"{letter} {number}")
    for _turn in range(60):
        if card.count():
            break
        page.mouse.wheel(0, 4_000)
        page.wait_for_timeout(60)
    card.evaluate("card => card.closest('.prospect-card').scrollIntoView({block: 'center'})")


def count_in(page: Page, letter: str):
    return page.locator(f"#column-{letter} .board-column-count")


def test_a_board_of_2000_cards_loads_as_it_scrolls_and_its_cards_move(open_page, rep, crowd):
    page = open_page("prospects:board", as_user=rep)
    expect(page.locator(".page-subtitle")).to_contain_text("2,000 open prospects")
    expect(page.locator("#column-C .prospect-card")).to_have_count(PAGE)

    scroll_to_card(page, "C", PAGE + 10)
    expect(page.locator("#column-C .prospect-card")).to_have_count(2 * PAGE)
    expect(page.locator("#column-D .prospect-card")).to_have_count(PAGE)

    drag(page, f"C {PAGE + 10}", "E")  # one that came by scrolling, down two classes
    page.locator("#sheet").get_by_role("textbox").first.fill("They cancelled")
    page.locator("#sheet").get_by_role("button", name="Move to E").click()
    expect(page.locator("#sheet-dialog")).not_to_be_visible()
    expect(count_in(page, "C")).to_have_text("399")
    expect(count_in(page, "E")).to_have_text("401")

    scroll_to_card(page, "B", PAGE + 5)
    in_column(page, "B", f"B {PAGE + 5}").focus()
    page.keyboard.press("Shift+ArrowLeft")
    page.locator("#sheet").get_by_role("textbox").first.fill("No budget")
    page.keyboard.press("Enter")
    expect(page.locator("#sheet-dialog")).not_to_be_visible()
    expect(count_in(page, "B")).to_have_text("399")
    expect(count_in(page, "C")).to_have_text("400")
    moved = Prospect.objects.filter(name__in=[f"C {PAGE + 10}", f"B {PAGE + 5}"]).order_by("stage")
    assert [card.stage for card in moved] == [Stage.E, Stage.C]


class Finger:
    """One finger on the glass: real touch events, as the browser gets them from the screen."""

    def __init__(self, page: Page) -> None:
        self.page, self.wire = page, page.context.new_cdp_session(page)

    def send(self, kind: str, *points: tuple[float, float]) -> None:
        self.wire.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": x, "y": y} for x, y in points]})

    def drag(self, start: tuple[float, float], *stops: tuple[float, float], hold: bool = True) -> None:
        """Hold `start` until the card is taken (or not), then go from stop to stop, and let go."""
        self.send("touchStart", start)
        if hold:
            self.page.locator(".sortable-chosen").wait_for()
        (x, y) = start
        for to_x, to_y in stops:
            for step in range(1, 9):
                self.send("touchMove", (x + (to_x - x) * step / 8, y + (to_y - y) * step / 8))
                self.page.wait_for_timeout(16)
            x, y = to_x, to_y
        self.page.wait_for_timeout(200)
        self.send("touchEnd")


def middle(locator) -> tuple[float, float]:
    """Where to put the finger, once the place has stopped moving."""
    locator.click(trial=True)
    box = locator.bounding_box()
    assert box
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def test_a_card_is_dragged_by_finger_on_a_tablet(open_page, rep, card):
    page = open_page("prospects:board", as_user=rep, width=1024, touch=True)
    Finger(page).drag(middle(in_column(page, "C", "Line 4")), middle(page.locator("#column-B .board-cards")))
    expect(page.locator("#sheet")).to_contain_text("One thing is missing for B.")


def test_a_card_is_dragged_by_finger_to_a_tab_on_a_phone(open_page, rep, card):
    page = open_page("prospects:board", as_user=rep, width=390, touch=True)
    page.locator(".board-tab.stage-C").tap()
    expect(in_column(page, "C", "Line 4")).to_be_in_viewport()
    Finger(page).drag(middle(in_column(page, "C", "Line 4")), middle(page.locator(".board-tab.stage-B")))
    expect(page.locator("#sheet")).to_contain_text("One thing is missing for B.")
    assert_fits(page)


def test_a_finger_that_swipes_scrolls_and_moves_no_card(open_page, rep, crowd):
    page = open_page("prospects:board", as_user=rep, width=390, touch=True)
    cards = page.locator("#column-E")
    x, y = middle(cards)
    Finger(page).drag((x, y + 100), (x, y - 250), hold=False)
    page.wait_for_function("() => document.querySelector('#column-E').scrollTop > 100")
    expect(page.locator("#sheet-dialog")).not_to_be_visible()
    expect(count_in(page, "E")).to_have_text("400")


def test_nothing_planned_is_planned_from_the_card(open_page, rep, card):
    page = open_page("prospects:board", as_user=rep)
    page.locator("#column-B").get_by_role("button", name="Nothing planned").click()
    page.get_by_label("What happens next?").fill("Visit")
    page.get_by_role("button", name="In a week").click()
    page.get_by_role("button", name="Plan it").click()
    expect(page.locator("#column-B .next-step")).to_contain_text("Visit")


def test_the_record_draws_itself_again(open_page, rep, card):
    page = open_page(card.get_absolute_url(), as_user=rep)
    assert_accessible(page)
    page.get_by_role("link", name=re.compile("Confirm.*budget")).click()
    page.get_by_label("How do you know?").fill("Talked through")
    page.get_by_role("button", name="Confirm", exact=True).click()
    expect(page.get_by_text("Talked through").first).to_be_visible()
    expect(page.get_by_text("5 of 5")).to_be_visible()


def test_the_review_goes_by_keys(open_page, rep, card):
    page = open_page("prospects:review", as_user=rep)
    title = page.locator("html[data-ready] h1")  # the keys are listened to
    assert_accessible(page)
    page.keyboard.press("Enter")
    expect(title).to_have_text("Forgotten")
    assert_accessible(page)
    page.keyboard.press("j")
    expect(title).to_have_text("Line 4")
    page.keyboard.press("u")
    expect(page.locator("html[data-ready] #ask")).to_contain_text("One thing is missing for B")
    page.get_by_label("How do you know?").fill("400,000")
    expect(page.get_by_role("checkbox")).to_be_checked()  # the tick follows the evidence
    page.keyboard.press("Tab")
    page.get_by_role("button", name="Up", exact=False).click()
    expect(title).to_have_text("Forgotten")
    page.keyboard.press("s")
    expect(page.get_by_text("All reviewed")).to_be_visible()
    assert ReviewVerdict.objects.count() == 2
