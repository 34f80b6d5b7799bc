"""The weekly review as pages: the way through the cards, verdicts, what a verdict asks for."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from core.workdays import today
from prospects.choices import Stage, Verdict
from prospects.models import ReviewVerdict
from tests.factories import make_prospect

pytestmark = pytest.mark.django_db


@pytest.fixture
def cards(rep):
    """Three due, at B, C and D."""
    step = {"next_step": "Call", "next_step_on": today() + timedelta(days=3)}
    return [
        make_prospect(rep, name=f"Card {stage.letter}", stage=stage, **step) for stage in (Stage.B, Stage.C, Stage.D)
    ]


def address(prospect):
    return reverse("prospects:review_prospect", args=[prospect.pk])


def test_it_begins_with_the_card_nearest_to_closing(as_user, rep, cards):
    page = as_user(rep).get(reverse("prospects:review")).content.decode()
    assert ">3<" in page.replace("\n", "").replace(" ", "")
    assert address(cards[0]) in page
    assert "0 of 3" in page


def test_same_leads_to_the_next_card_and_at_the_end_to_the_summary(as_user, rep, cards):
    client = as_user(rep)
    steps = []
    at = address(cards[0])
    for _ in cards:
        answer = client.post(at, {"verdict": "same", "note": "waits", "version": 1})
        assert answer.status_code == 302
        at = answer.headers["Location"]
        steps.append(at)
    assert steps == [address(cards[1]), address(cards[2]), reverse("prospects:review")]
    assert "All reviewed" in client.get(at).content.decode()
    assert ReviewVerdict.objects.filter(verdict=Verdict.SAME, note="waits").count() == 3


def test_up_asks_for_what_is_missing_and_then_does_both(as_user, rep, cards):
    client, card = as_user(rep), cards[1]
    asked = client.post(address(card), {"verdict": "up", "version": 1})
    assert asked.status_code == 422
    assert "4 things are missing for B" in asked.content.decode()
    assert not ReviewVerdict.objects.exists()
    day = (today() + timedelta(days=20)).isoformat()
    given = {"verdict": "up", "version": 1, "asked": 1, "decision_on": day, "start_on": day}
    for criterion in ("right_person", "proposal_fits", "budget_reasonable"):
        given |= {f"tick-{criterion}": "on", f"note-{criterion}": "He said so"}
    refused = client.post(address(card), given)
    assert refused.status_code == 422
    assert "Still missing." in refused.content.decode()
    given |= {"tick-timetable_workable": "on", "note-timetable_workable": "In the tender"}
    assert client.post(address(card), given).status_code == 302
    card.refresh_from_db()
    assert card.stage == Stage.B
    assert ReviewVerdict.objects.get().verdict == Verdict.UP


def test_down_wants_the_note_as_its_reason(as_user, rep, cards):
    client, card = as_user(rep), cards[1]
    assert client.post(address(card), {"verdict": "down", "version": 1}).status_code == 422
    assert client.post(address(card), {"verdict": "down", "note": "They cancelled", "version": 1}).status_code == 302
    card.refresh_from_db()
    assert card.stage == Stage.D


def test_lost_asks_why(as_user, rep, cards):
    client, card = as_user(rep), cards[1]
    asked = client.post(address(card), {"verdict": "close", "version": 1})
    assert asked.status_code == 422
    assert "Why was it lost?" in asked.content.decode()
    given = {"verdict": "close", "asked": 1, "reason": "budget", "version": 1}
    assert client.post(address(card), given).status_code == 302
    card.refresh_from_db()
    assert not card.is_open


def test_an_empty_answer_says_nothing(as_user, rep, cards):
    assert as_user(rep).post(address(cards[0])).status_code == 422
    assert not ReviewVerdict.objects.exists()


def test_same_three_times_without_a_meeting_is_said(as_user, rep, cards):
    for days in (21, 14, 7):
        ReviewVerdict.objects.create(
            prospect=cards[1], verdict=Verdict.SAME, stage=Stage.C, by=rep, at=timezone.now() - timedelta(days=days)
        )
    assert "three times and nobody has met them" in as_user(rep).get(address(cards[1])).content.decode()


def test_a_manager_chooses_whose_cards(as_user, manager, rep, colleague, cards):
    make_prospect(colleague, name="Hers", stage=Stage.A)
    client = as_user(manager)
    page = client.get(reverse("prospects:review"), {"owner": rep.pk}).content.decode()
    assert f"{address(cards[0])}?owner={rep.pk}" in page
    answer = client.post(f"{address(cards[0])}?owner={rep.pk}", {"verdict": "same", "version": 1})
    assert answer.headers["Location"] == f"{address(cards[1])}?owner={rep.pk}"


def test_scope_and_right(as_user, cards, other_rep, executive):
    assert as_user(other_rep).get(address(cards[0])).status_code == 404
    assert as_user(other_rep).post(address(cards[0]), {"verdict": "same"}).status_code == 404
    assert as_user(executive).get(address(cards[0])).status_code == 403
    assert as_user(executive).get(reverse("prospects:review")).status_code == 403
