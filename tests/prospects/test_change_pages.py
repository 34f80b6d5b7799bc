"""Changing a prospect through its addresses: what is asked, what is refused, what the page behind is told."""

import json
from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse

from core.workdays import today
from prospects.choices import Criterion, Stage
from prospects.models import CriterionTick, Prospect
from tests.factories import make_account, make_prospect

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


def soon(days=3):
    return today() + timedelta(days=days)


def address(verb, prospect):
    return reverse(f"prospects:{verb}", args=[prospect.pk])


@pytest.fixture
def card(rep):
    """At C, with a next step; B still asks for four things."""
    return make_prospect(rep, make_account(rep), stage=Stage.C, next_step="Call", next_step_on=soon(), name="Line 4")


def four(**more):
    """The four things, ticked with their evidence."""
    ticked = ("right_person", "proposal_fits", "budget_reasonable", "timetable_workable")
    return {
        **{f"tick-{name}": "on" for name in ticked},
        **{f"note-{name}": "He said so" for name in ticked},
        "decision_on": soon(20).isoformat(),
        "start_on": soon(40).isoformat(),
        **more,
    }


def test_a_drop_is_told_what_is_missing_without_reproach(as_user, rep, card):
    answer = as_user(rep).post(address("move_prospect", card), {"to": 50, "version": 1, "from_board": 1}, headers=HTMX)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "4 things are missing for B." in page
    assert "Still missing." not in page
    assert "tick-right_person" in page and "tick-next_step_agreed" not in page
    card.refresh_from_db()
    assert card.stage == Stage.C


def test_ticks_and_move_are_one_step(as_user, rep, card):
    answer = as_user(rep).post(address("move_prospect", card), {"to": 50, "version": 1, **four()}, headers=HTMX)
    assert answer.status_code == 204, answer.content.decode()
    told = json.loads(answer.headers["HX-Trigger"])
    assert told["sheet:close"] is True
    assert told["prospect:changed"] == {"id": card.pk}
    assert {"column-C:changed", "column-B:changed"} <= told.keys()
    card.refresh_from_db()
    assert card.stage == Stage.B
    assert card.ticks.count() == 4


def test_what_stays_unticked_is_named_and_nothing_is_kept(as_user, rep, card):
    given = four()
    del given["tick-budget_reasonable"]
    answer = as_user(rep).post(address("move_prospect", card), {"to": 50, "version": 1, **given}, headers=HTMX)
    assert answer.status_code == 422
    assert "Still missing." in answer.content.decode()
    assert not card.ticks.exists()


def test_a_tick_without_evidence_is_refused_at_its_place(as_user, rep, card):
    given = four(**{"note-budget_reasonable": ""})
    answer = as_user(rep).post(address("move_prospect", card), {"to": 50, "version": 1, **given}, headers=HTMX)
    assert answer.status_code == 422
    assert "needs its evidence" in answer.content.decode()


def test_a_card_that_lacks_nothing_moves_at_once(as_user, rep, card):
    card.first_meeting_on = today()
    card.save()
    Prospect.objects.filter(pk=card.pk).update(stage=Stage.E)
    answer = as_user(rep).post(address("move_prospect", card), {"to": 10, "version": 1, "from_board": 1}, headers=HTMX)
    assert answer.status_code == 204


def test_down_asks_for_a_reason_only(as_user, rep, card):
    client = as_user(rep)
    asked = client.post(address("move_prospect", card), {"to": 10, "version": 1, "from_board": 1}, headers=HTMX)
    assert asked.status_code == 422
    assert "One line is enough." in asked.content.decode()
    assert "tick-" not in asked.content.decode()
    told = client.post(
        address("move_prospect", card), {"to": 10, "version": 1, "reason": "They cancelled"}, headers=HTMX
    )
    assert told.status_code == 204
    card.refresh_from_db()
    assert card.stage == Stage.D


def test_only_a_manager_is_offered_the_override(as_user, rep, manager, card):
    ask = {"to": 50}
    assert "as a manager" not in as_user(rep).get(address("move_prospect", card), ask).content.decode()
    client = as_user(manager)
    assert "as a manager" in client.get(address("move_prospect", card), ask).content.decode()
    given = {"to": 50, "version": 1, "override": "on"}
    assert client.post(address("move_prospect", card), given, headers=HTMX).status_code == 422
    given["reason"] = "The board has agreed"
    assert client.post(address("move_prospect", card), given, headers=HTMX).status_code == 204
    card.refresh_from_db()
    assert (card.stage, card.overrides) == (Stage.B, 1)


def test_without_a_script_the_page_leads_to_the_record(as_user, rep, card):
    client = as_user(rep)
    assert "4 things are missing" in client.get(address("move_prospect", card)).content.decode()
    answer = client.post(address("move_prospect", card), {"to": 50, "version": 1, **four()})
    assert (answer.status_code, answer.headers["Location"]) == (302, card.get_absolute_url())


def test_a_stale_card_is_a_conflict(as_user, rep, card):
    Prospect.objects.filter(pk=card.pk).update(version=2)
    answer = as_user(rep).post(address("move_prospect", card), {"to": 50, "version": 1, **four()}, headers=HTMX)
    assert answer.status_code == 409


VERBS = ("move_prospect", "edit_prospect", "plan_next_step", "close_prospect")


@pytest.mark.parametrize("verb", VERBS)
def test_who_may_not_is_refused_and_who_does_not_see_finds_nothing(as_user, card, executive, other_rep, verb):
    for method in ("get", "post"):
        assert getattr(as_user(executive), method)(address(verb, card)).status_code == 403
        assert getattr(as_user(other_rep), method)(address(verb, card)).status_code == 404


def test_a_new_prospect_is_put_on_the_board_at_its_account(as_user, rep):
    account = make_account(rep, "Acme")
    client = as_user(rep)
    page = client.get(reverse("prospects:add_prospect"), {"account": account.pk}).content.decode()
    assert "Acme" in page
    given = {"name": "Line 5", "account": account.pk, "amount": "1200.50", "currency": "CNY"}
    answer = client.post(reverse("prospects:add_prospect"), given, headers=HTMX)
    assert answer.status_code == 204, answer.content.decode()
    added = Prospect.objects.get(name="Line 5")
    assert (added.account, added.amount, added.stage) == (account, Decimal("1200.50"), Stage.E)
    assert json.loads(answer.headers["HX-Trigger"])["column-E:changed"] is True


def test_a_new_prospect_without_a_name_or_at_a_strangers_account_is_refused(as_user, rep, other_rep):
    strange = make_account(other_rep, "Theirs")
    client = as_user(rep)
    assert client.post(reverse("prospects:add_prospect"), {"currency": "CNY"}, headers=HTMX).status_code == 422
    given = {"name": "Line 5", "account": strange.pk, "currency": "CNY"}
    assert client.post(reverse("prospects:add_prospect"), given, headers=HTMX).status_code == 422
    assert client.get(reverse("prospects:add_prospect"), {"account": strange.pk}).status_code == 404


def test_an_edit_over_a_newer_one_shows_both(as_user, rep, manager, card):
    given = {
        "name": "Line 4 and 5",
        "currency": "CNY",
        "next_step": "Call",
        "next_step_on": soon().isoformat(),
        "version": 1,
    }
    given["account"] = card.account_id
    assert as_user(manager).post(address("edit_prospect", card), {**given, "name": "Line 44"}).status_code == 302
    answer = as_user(rep).post(address("edit_prospect", card), given)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Line 44" in page and "Line 4 and 5" in page
    again = as_user(rep).post(address("edit_prospect", card), {**given, "version": 2})
    assert again.status_code == 302
    card.refresh_from_db()
    assert card.name == "Line 4 and 5"


def test_planning_needs_a_day_that_lies_ahead(as_user, rep, card):
    client = as_user(rep)
    given = {"next_step": "Visit", "next_step_on": (today() - timedelta(days=1)).isoformat(), "version": 1}
    assert client.post(address("plan_next_step", card), given, headers=HTMX).status_code == 422
    given["next_step_on"] = soon().isoformat()
    assert client.post(address("plan_next_step", card), given, headers=HTMX).status_code == 204
    card.refresh_from_db()
    assert card.next_step == "Visit"


def test_a_criterion_is_confirmed_and_withdrawn(as_user, rep, card):
    client = as_user(rep)
    confirm = reverse("prospects:tick_criterion", args=[card.pk, "right_person"])
    assert client.post(confirm, {"note": ""}, headers=HTMX).status_code == 422
    assert client.post(confirm, {"note": "She signs", "on": today().isoformat()}, headers=HTMX).status_code == 204
    withdraw = reverse("prospects:withdraw_criterion", args=[card.pk, "right_person"])
    assert client.post(withdraw, {"because": ""}, headers=HTMX).status_code == 422
    assert client.post(withdraw, {"because": "She left"}, headers=HTMX).status_code == 204
    assert CriterionTick.objects.get(criterion=Criterion.RIGHT_PERSON).withdrawn_at
    assert client.get(reverse("prospects:tick_criterion", args=[card.pk, "nonsense"])).status_code == 404


def test_lost_needs_a_reason_and_can_be_reopened(as_user, rep, card):
    client = as_user(rep)
    assert client.post(address("close_prospect", card), {"version": 1}, headers=HTMX).status_code == 422
    given = {"reason": "price", "competitor": "ABB", "version": 1}
    assert client.post(address("close_prospect", card), given, headers=HTMX).status_code == 204
    assert "ABB" in client.get(card.get_absolute_url()).content.decode()
    given = {"because": "New budget", "next_step": "Call", "next_step_on": soon().isoformat(), "version": 2}
    assert client.post(address("reopen_prospect", card), given, headers=HTMX).status_code == 204
    card.refresh_from_db()
    assert card.is_open


def test_handing_over_is_the_managers_and_may_take_it_out_of_sight(as_user, rep, colleague, manager, other_rep, card):
    assert as_user(rep).get(address("transfer_prospect", card)).status_code == 403
    client = as_user(manager)
    answer = client.post(address("transfer_prospect", card), {"owner": colleague.pk, "version": 1}, headers=HTMX)
    assert answer.status_code == 204
    assert "prospect:changed" in answer.headers["HX-Trigger"]
    away = client.post(address("transfer_prospect", card), {"owner": other_rep.pk, "version": 2}, headers=HTMX)
    assert away.headers["HX-Redirect"] == reverse("prospects:board")
