"""The board, the list and the record as pages: what each role sees, what a card says, how many statements it takes."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from core.workdays import today
from prospects.choices import Criterion, SlipReason, Stage
from prospects.models import CriterionTick, Prospect
from prospects.queries.board import PAGE
from relationships.models import ContactRule
from tests.factories import make_account, make_prospect

pytestmark = pytest.mark.django_db


def soon(days=3):
    return today() + timedelta(days=days)


@pytest.fixture
def card(rep):
    """A sound card at C."""
    return make_prospect(
        rep, make_account(rep, "Acme"), "Line 4 <monitoring>", stage=Stage.C, amount=Decimal(420_000), next_step="Call Mr Wang",
        next_step_on=soon(), entered_stage_on=today() - timedelta(days=20), opened_on=today() - timedelta(days=50),
        last_reviewed_at=timezone.now(),
    )  # fmt: skip


def test_a_card_says_what_it_is_worth_how_old_it_is_and_what_comes_next(as_user, rep, card):
    CriterionTick.objects.create(prospect=card, criterion=Criterion.RIGHT_PERSON, note="He signs", on=today(), by=rep)
    page = as_user(rep).get(reverse("prospects:board")).content.decode()
    assert "Line 4 &lt;monitoring&gt;" in page
    assert "¥420,000" in page
    assert "class-age-over" in page and "20 days at C, 50 days on the board. Usual at C: 14 days." in page
    assert "3 missing for B" in page  # the right person is ticked, the next step is agreed
    assert "Call Mr Wang" in page
    assert "next-step-none" not in page


@pytest.mark.parametrize(
    ("days", "state", "said"),
    [
        (0, "too_close", "Too close: last contact today"),
        (6, "too_close", "Too close: last contact 6 days ago"),
        (7, "good", "Good interval: last contact 7 days ago"),
        (21, "good", "Good interval: last contact 21 days ago"),
        (22, "fading", "Fading: last contact 22 days ago"),
    ],
)
def test_a_card_shows_how_the_last_contact_lies(as_user, rep, card, days, state, said):
    Prospect.objects.filter(pk=card.pk).update(last_contact_on=today() - timedelta(days=days))
    page = as_user(rep).get(reverse("prospects:board")).text
    assert f'<span class="interval interval-{state} end" role="img" title="{said}">{days}</span>' in page


def test_the_light_follows_the_companys_rule_and_stays_away_without_a_contact(as_user, rep, card):
    assert 'class="interval' not in as_user(rep).get(reverse("prospects:board")).text
    Prospect.objects.filter(pk=card.pk).update(last_contact_on=today() - timedelta(days=10))
    ContactRule.objects.create(too_close_days=2, fading_days=9)
    assert "Fading: last contact 10 days ago" in as_user(rep).get(reverse("prospects:column", args=["C"])).text
    assert (
        "Fading: last contact 10 days ago"
        in as_user(rep).get(reverse("prospects:review_prospect", args=[card.pk])).text
    )
    won = {"stage": Stage.S, "outcome": "won", "closed_on": today()}
    Prospect.objects.filter(pk=card.pk).update(next_step="", next_step_on=None, **won)
    page = as_user(rep).get(reverse("prospects:board")).text
    assert "Line 4" in page
    assert 'class="interval' not in page


def test_nothing_planned_is_loud_above_e_and_mild_at_e(as_user, rep):
    make_prospect(rep, stage=Stage.D)
    make_prospect(rep, stage=Stage.E)
    page = as_user(rep).get(reverse("prospects:board")).content.decode()
    assert page.count("prospect-card-unplanned") == 1
    assert page.count("next-step-none-mild") == 1


def test_a_slipping_card_says_where_it_falls_and_when(as_user, rep):
    make_prospect(
        rep, stage=Stage.C, next_step="Call", next_step_on=today() - timedelta(days=1), slipping_since=today(),
        slip_reason=SlipReason.NEXT_STEP_PASSED, falls_back_to=Stage.D,
    )  # fmt: skip
    page = as_user(rep).get(reverse("prospects:board")).content.decode()
    assert "Slipping: falls back to D on" in page
    assert "1 day late" in page


def test_a_column_loads_behind_the_first_cards(as_user, rep):
    for number in range(PAGE + 3):
        make_prospect(rep, name=f"Card {number}", stage=Stage.D, next_step="x", next_step_on=soon(number))
    client = as_user(rep)
    first = client.get(reverse("prospects:column", args=["D"])).content.decode()
    assert first.count("data-id=") == PAGE
    address = first.split('class="board-more" hx-get="')[1].split('"')[0].replace("&amp;", "&")
    more = client.get(address).content.decode()
    assert more.count("data-id=") == 3
    assert "board-more" not in more


def test_the_switches_count_and_filter(as_user, rep, card):
    make_prospect(rep, name="Forgotten", stage=Stage.B)
    page = as_user(rep).get(reverse("prospects:board"), {"attention": "nothing_planned"}).content.decode()
    assert "Forgotten" in page
    assert "Line 4" not in page
    assert 'aria-current="true">Nothing planned <span class="chip-count">1</span>' in page


def test_filters_by_owner_team_and_period(as_user, manager, rep, colleague):
    make_prospect(rep, name="Mine")
    make_prospect(colleague, name="Hers", expected_close_on=today())
    client = as_user(manager)
    by_owner = client.get(reverse("prospects:board"), {"owner": colleague.pk}).content.decode()
    assert "Hers" in by_owner and "Mine" not in by_owner
    by_period = client.get(reverse("prospects:board"), {"period": "this_month"}).content.decode()
    assert "Hers" in by_period and "Mine" not in by_period
    assert client.get(reverse("prospects:board"), {"owner": "x", "period": "y", "attention": "z"}).status_code == 200


def test_each_sees_his_own_board(as_user, card, rep, other_rep, manager, other_manager, executive):
    for person, sees in ((rep, True), (manager, True), (executive, True), (other_rep, False), (other_manager, False)):
        page = as_user(person).get(reverse("prospects:board")).content.decode()
        assert ("Line 4" in page) == sees, person


def test_who_may_not_move_gets_no_handles(as_user, card, executive):
    page = as_user(executive).get(reverse("prospects:board")).content.decode()
    assert "board-column" in page
    assert 'data-behaviour="board-column"' not in page


def test_an_unknown_class_is_not_there(as_user, rep):
    assert as_user(rep).get(reverse("prospects:column", args=["Z"])).status_code == 404


def test_the_board_costs_the_same_with_many_cards(as_user, manager, rep, django_assert_max_num_queries):
    client = as_user(manager)
    client.get(reverse("prospects:board"))
    for number in range(30):
        make_prospect(rep, stage=Stage.D, next_step="x", next_step_on=soon(number))
    with django_assert_max_num_queries(11):  # ten and the session, which the tests do not cache
        client.get(reverse("prospects:board"))


# ------------------------------------------------------------------ the list


def test_the_list_shows_and_exports(as_user, rep, card):
    client = as_user(rep)
    assert "Line 4" in client.get(reverse("prospects:list_prospects")).content.decode()
    found = client.get(reverse("prospects:list_prospects"), {"attention": "nothing_planned"}).content.decode()
    assert "Line 4" not in found
    exported = b"".join(client.get(reverse("prospects:list_prospects"), {"export": "csv"}).streaming_content).decode(
        "utf-8-sig"
    )
    assert "Line 4 <monitoring>" in exported


# ------------------------------------------------------------------ the record


def test_the_record_shows_the_way_the_criteria_and_the_next_step(as_user, rep, card):
    page = as_user(rep).get(card.get_absolute_url()).content.decode()
    assert "What B asks for" in page
    assert "Call Mr Wang" in page
    assert "class-step-here stage-C" in page
    assert "20 days" in page
    assert "¥420,000" in page


def test_another_teams_record_is_not_there(as_user, card, other_rep, other_manager):
    for person in (other_rep, other_manager):
        assert as_user(person).get(card.get_absolute_url()).status_code == 404


def test_the_record_stays_within_its_statements(as_user, rep, card, django_assert_max_num_queries):
    client = as_user(rep)
    client.get(card.get_absolute_url())
    with django_assert_max_num_queries(15):
        client.get(card.get_absolute_url())


def test_the_panel_of_an_account_shows_its_prospects(as_user, rep, other_rep, card):
    address = reverse("prospects:account_panel", args=[card.account_id])
    assert "Line 4" in as_user(rep).get(address).content.decode()
    assert "Line 4" not in as_user(other_rep).get(address).content.decode()
