"""What each page of the prospects may cost in statements, with few rows and with many (design: budgets)."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from core.workdays import today
from prospects import actions
from prospects.choices import Stage
from prospects.models import ReviewVerdict
from prospects.rules.forecast import week_of
from tests.factories import make_account, make_contact, make_prospect

pytestmark = pytest.mark.django_db


def fill(owner, count):
    for number in range(count):
        account = make_account(owner)
        prospect = make_prospect(
            owner, account, stage=[Stage.E, Stage.D, Stage.C, Stage.B, Stage.A][number % 5], amount=Decimal(100),
            contact=make_contact(owner, account), next_step="Call", next_step_on=today(),
            expected_close_on=today() + timedelta(days=number), slipping_since=today(), slip_reason="no_next_step",
            falls_back_to=Stage.E,
        )  # fmt: skip
        actions.tick_criterion(by=owner, prospect_id=prospect.pk, criterion="willing", note="x")
        ReviewVerdict.objects.create(
            prospect=prospect, verdict="same", stage=prospect.stage, by=owner, at=timezone.now()
        )


@pytest.mark.parametrize(
    ("name", "ceiling"),
    [
        ("board", 10),
        ("list_prospects", 8),
        ("dashboard", 15),
        ("review", 15),
        ("prospect", 15),
        ("review_prospect", 15),
        ("add_prospect", 8),
        ("move_prospect", 10),
    ],
)
def test_a_page_keeps_its_ceiling(as_user, rep, colleague, manager, name, ceiling):
    fill(rep, 3)
    actions.take_snapshot(week=week_of(today()) - timedelta(days=7))
    card = make_prospect(rep, make_account(rep), stage=Stage.C, next_step="Call", next_step_on=today())
    arguments = [card.pk] if name in {"prospect", "review_prospect", "move_prospect"} else []
    address = reverse(f"prospects:{name}", args=arguments)
    browser = as_user(manager)
    words = {"to": "50"} if name == "move_prospect" else {}
    assert browser.get(address, words).status_code == 200
    costs = []
    for _round in range(2):
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert browser.get(address, words).status_code == 200
        costs.append(len(queries))
        fill(rep, 12)
        fill(colleague, 12)
    few, many = costs
    assert many == few <= ceiling, "\n".join(query["sql"][-250:] for query in queries.captured_queries)
