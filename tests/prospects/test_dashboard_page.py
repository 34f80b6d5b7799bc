"""The dashboard and the settings as pages."""

import re
from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse

from core.models import Role
from core.workdays import today
from prospects import actions
from prospects.choices import Movement, Stage
from prospects.models import BoardRule, CriterionSetting, CycleNorm
from prospects.rules.forecast import Bridge
from prospects.views.dashboard import SHOWN
from prospects.views.drawings import waterfall
from tests.cast import person
from tests.factories import make_prospect

pytestmark = pytest.mark.django_db


@pytest.fixture
def board(rep):
    for stage, amount in ((Stage.D, 100), (Stage.C, 200), (Stage.C, 300), (Stage.A, 1000), (Stage.A, 50)):
        make_prospect(
            rep, stage=stage, amount=Decimal(amount), expected_close_on=today(), next_step="x", next_step_on=today()
        )
    make_prospect(rep, stage=Stage.S, outcome="won", closed_on=today(), amount=Decimal(5000))


def test_it_says_where_we_land_and_what_is_wrong(as_user, manager, board):
    page = as_user(manager).get(reverse("prospects:dashboard")).content.decode()
    assert 'title="¥5,000.00"' in page  # won
    assert 'title="¥1,080.00"' in page  # 10 + 50 + 75 + 900 + 45
    assert 'title="¥6,080.00"' in page
    assert "Nothing at B" in page and "Hanging A" in page


def test_every_number_opens_rows_that_answer(as_user, manager, board):
    client = as_user(manager)
    page = client.get(reverse("prospects:dashboard")).content.decode()
    inside = page.split('class="dashboard"')[1]
    links = {link.replace("&amp;", "&") for link in re.findall(r'href="(/prospects/[^"]*)"', inside)}
    assert len(links) > 15
    for link in links:
        assert client.get(link).status_code == 200, link


def test_the_bridge_adds_up_on_the_page(as_user, manager, rep, board, administrator):
    actions.take_snapshot(week=today() - timedelta(days=today().weekday()))
    make_prospect(rep, amount=Decimal("12.34"), name="Newcomer")
    page = as_user(manager).get(reverse("prospects:dashboard")).content.decode()
    assert "Adds up to the cent." in page
    assert "+¥12.34" in page


def test_a_rep_sees_his_own_numbers(as_user, other_rep, board):
    page = as_user(other_rep).get(reverse("prospects:dashboard")).content.decode()
    assert "¥6,080.00" not in page
    assert "Nothing on the board yet" in page


def test_the_dashboard_stays_within_its_statements(as_user, manager, board, django_assert_max_num_queries):
    client = as_user(manager)
    client.get(reverse("prospects:dashboard"))
    with django_assert_max_num_queries(16):  # fifteen and the session, which the tests do not cache
        client.get(reverse("prospects:dashboard"))


def test_many_owners_have_a_page_of_their_own(as_user, manager, north):
    for number in range(SHOWN + 3):
        make_prospect(person(f"Rep {number:02}", Role.REP, north))
    client = as_user(manager)
    page = client.get(reverse("prospects:dashboard")).content.decode()
    assert page.count('class="rows-main review-meter"') == SHOWN
    assert reverse("prospects:discipline") in page
    page = client.get(reverse("prospects:discipline"), {"team": north.pk}).content.decode()
    assert page.count('class="rows-main review-meter"') == SHOWN + 3


def test_every_bar_hangs_where_the_one_before_ended():
    bars = dict.fromkeys(Movement, Decimal(0)) | {Movement.NEW: Decimal(50), Movement.LOST: Decimal(-100)}
    bridge = Bridge("CNY", Decimal(150), bars, Decimal(100), dict.fromkeys(Movement, 0))
    drawing = waterfall(bridge)
    steps = dict(drawing.steps)
    assert drawing.begins == Decimal(100) - Decimal(100) / 3
    assert steps[Movement.NEW].start == drawing.opened_with.length
    assert steps[Movement.LOST].start == drawing.open_now.length
    assert steps[Movement.CHANGED].length == "0.00%"


# ------------------------------------------------------------------ settings


def test_an_administrator_sets_norms_criteria_and_clocks(as_user, administrator):
    client = as_user(administrator)
    assert client.get(reverse("prospects:settings")).status_code == 200
    assert client.post(reverse("prospects:set_norms"), {"days_C": 21}).status_code == 302
    assert CycleNorm.objects.get(team=None, stage=Stage.C).days == 21
    assert client.post(reverse("prospects:set_criteria"), {"C-willing": "on"}).status_code == 302
    assert CriterionSetting.objects.get(stage=Stage.C, criterion="willing").is_hard
    clocks = {"fall_back_after_days": 10, "review_every_days": 14}
    assert client.post(reverse("prospects:set_board_rule"), clocks).status_code == 302
    assert BoardRule.objects.get().review_every_days == 14
    assert client.post(reverse("prospects:set_board_rule"), clocks | {"review_every_days": 0}).status_code == 422
    assert client.post(reverse("prospects:set_norms"), {"days_C": 0}).status_code == 422


def test_a_manager_sets_the_norms_of_his_team_only(as_user, manager, south, rep):
    client = as_user(manager)
    page = client.get(reverse("prospects:settings")).content.decode()
    assert "What stops a move" not in page
    address = reverse("prospects:set_norms")
    assert client.post(f"{address}?team={manager.team_id}", {"days_C": 10}).status_code == 302
    assert CycleNorm.objects.get(team=manager.team_id, stage=Stage.C).days == 10
    assert client.post(f"{address}?team={south.pk}", {"days_C": 10}).status_code == 404
    assert client.post(reverse("prospects:set_criteria")).status_code == 403
    assert as_user(rep).get(reverse("prospects:settings")).status_code == 403
