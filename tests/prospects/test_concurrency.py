"""Two people at once, on real connections: one wins, the other is told; nothing happens twice."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.db import connection
from django.test import Client

from core.errors import Conflict, DomainError
from core.workdays import today
from prospects import actions
from prospects.choices import Criterion, Stage
from prospects.models import CriterionTick, Prospect, StageChange, WeeklySnapshot
from prospects.rules.forecast import week_of
from tests.factories import make_account, make_prospect

pytestmark = pytest.mark.django_db(transaction=True)
SOON = today() + timedelta(days=5)
STEP = {"next_step": "Call", "next_step_on": SOON}


def at_once(*jobs):
    """Run the jobs in threads that start together; what each returned or raised."""
    gate = Barrier(len(jobs))

    def run(job):
        try:
            gate.wait(10)
            return job()
        except Exception as error:
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(len(jobs)) as pool:
        return list(pool.map(run, jobs))


def test_two_people_move_the_same_card_and_one_wins(rep, manager):
    for _round in range(5):
        prospect = make_prospect(rep, stage=Stage.C, **STEP)
        answers = at_once(
            lambda: actions.move_prospect(by=rep, prospect_id=prospect.pk, to=Stage.E, version=1, reason="Silent"),  # noqa: B023
            lambda: actions.move_prospect(
                by=manager,
                prospect_id=prospect.pk,  # noqa: B023
                to=Stage.B,
                version=1,
                override=True,
                reason="Known",
            ),
        )
        assert sorted(type(answer).__name__ for answer in answers) == ["Conflict", "Prospect"]
        prospect.refresh_from_db()
        [change] = StageChange.objects.filter(prospect=prospect)
        assert (prospect.version, change.to_stage) == (2, prospect.stage)


def test_a_criterion_confirmed_by_eight_at_once_stands_once(rep):
    prospect = make_prospect(rep)

    def tick():
        return actions.tick_criterion(by=rep, prospect_id=prospect.pk, criterion=Criterion.WILLING, note="x")

    answers = at_once(*[tick] * 8)
    assert sum(isinstance(answer, Conflict) for answer in answers) == 7
    assert CriterionTick.objects.count() == 1


def test_won_and_lost_at_once_is_one_of_the_two(rep, manager):
    prospect = make_prospect(rep, stage=Stage.A, **STEP)
    answers = at_once(
        lambda: actions.close_prospect(by=rep, prospect_id=prospect.pk, outcome="lost", reason="price"),
        lambda: actions.close_prospect(by=manager, prospect_id=prospect.pk, outcome="won", override=True, note="Paid"),
    )
    assert sum(isinstance(answer, DomainError) for answer in answers) == 1
    assert prospect.closings.count() == 1


def test_a_double_click_moves_once(rep):
    prospect = make_prospect(rep)
    browser = Client()
    browser.force_login(rep)
    browser.get("/api/v1/prospects/")  # the addresses are loaded before three threads ask for them
    body = {"to": "C", "next_step": "Call", "next_step_on": SOON.isoformat()}

    def click():
        mine = Client()
        mine.cookies = browser.cookies
        return mine.post(
            f"/api/v1/prospects/{prospect.pk}/move/",
            body,
            content_type="application/json",
            headers={"Idempotency-Key": "one-click", "If-Match": '"1"'},
        )

    answers = at_once(click, click, click)
    assert [answer.status_code for answer in answers] == [200, 200, 200]
    assert StageChange.objects.filter(prospect=prospect).count() == 1
    assert Prospect.objects.get(pk=prospect.pk).version == 2


def test_two_clocks_take_one_snapshot_and_mark_once(rep):
    for _number in range(20):
        make_prospect(rep, stage=Stage.C, next_step="Call", next_step_on=today() - timedelta(days=20))
    week = week_of(today())
    answers = at_once(
        *[lambda: actions.take_snapshot(week=week)] * 3, *[lambda: actions.slip_prospects(on=today())] * 2
    )
    assert [answer for answer in answers if isinstance(answer, Exception)] == []
    assert WeeklySnapshot.objects.get().prospects == 20
    assert sum(answer["marked"] for answer in answers[3:]) == 20


def test_totals_of_an_account_survive_many_writers(rep):
    account = make_account(rep)
    jobs = [
        lambda number=number: actions.add_prospect(by=rep, name=f"Line {number}", account_id=account.pk)
        for number in range(8)
    ]
    at_once(*jobs)
    account.refresh_from_db()
    assert Prospect.objects.filter(account=account).count() == account.open_prospects == 8
