"""The clock's work: slipping and falling back by themselves, once however often they run; the Monday snapshot."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from core import tick
from core.models import AuditEvent, JobRun, JobState
from core.workdays import today
from prospects import actions, tasks
from prospects.choices import ChangeKind, Criterion, Stage
from prospects.models import CriterionTick, Prospect, StageChange, WeeklySnapshot
from prospects.rules.forecast import week_of
from tests.factories import make_prospect

pytestmark = pytest.mark.django_db
ON = date(2026, 3, 16)
PAST, SOON = ON - timedelta(days=1), ON + timedelta(days=30)


def state(prospect):
    prospect.refresh_from_db()
    return prospect.stage, prospect.slip_reason, prospect.slipping_since, prospect.falls_back_to


def cards(owner):
    return {
        "opportunity": make_prospect(owner),
        "sound": make_prospect(owner, stage=Stage.C, next_step="Call", next_step_on=ON),
        "passed": make_prospect(owner, stage=Stage.A, next_step="Call", next_step_on=PAST),
        "nothing": make_prospect(owner, stage=Stage.D),
        "decision": make_prospect(owner, stage=Stage.B, next_step="Call", next_step_on=SOON, decision_on=PAST),
        "closed": make_prospect(owner, stage=Stage.C, outcome="lost", closed_on=PAST),
        "healed": make_prospect(owner, stage=Stage.C, next_step="Call", next_step_on=SOON, slipping_since=PAST,
                                slip_reason="no_next_step", falls_back_to=Stage.E),
    }  # fmt: skip


def test_slipping_is_marked_with_reason_and_class_to_fall_back_to(rep):
    found = cards(rep)
    _waive(found["decision"], Stage.B)
    assert actions.slip_prospects(on=ON) == {"marked": 3, "cleared": 1, "fell_back": 0}
    assert state(found["passed"]) == (Stage.A, "next_step_passed", ON, Stage.E)
    assert state(found["nothing"]) == (Stage.D, "no_next_step", ON, Stage.E)
    assert state(found["decision"]) == (Stage.B, "decision_passed", ON, Stage.C)
    for name in ("opportunity", "sound", "closed", "healed"):
        assert state(found[name])[1:] == ("", None, None)
    assert set(Prospect.objects.values_list("version", flat=True)) == {1}
    told = AuditEvent.objects.filter(code="prospects.slipping", target_id=found["decision"].pk).get()
    assert (told.details["to_class"], told.details["falls_on"]) == ("C", "2026-03-30")


def _waive(prospect, stage):
    """As the import leaves it: in its class without ticks."""
    StageChange.objects.create(prospect=prospect, to_stage=stage, kind=ChangeKind.IMPORTED, on=PAST, at=timezone.now())


def test_a_second_run_finds_nothing_to_do(rep):
    cards(rep)
    actions.slip_prospects(on=ON)
    before = list(Prospect.objects.order_by("pk").values())
    assert actions.slip_prospects(on=ON) == {"marked": 0, "cleared": 0, "fell_back": 0}
    assert list(Prospect.objects.order_by("pk").values()) == before


def test_after_fourteen_days_it_falls_back_once_and_says_so(rep):
    prospect = make_prospect(
        rep, stage=Stage.A, next_step="Call", next_step_on=PAST, entered_stage_on=ON - timedelta(days=6)
    )
    actions.slip_prospects(on=ON)
    actions.slip_prospects(on=ON + timedelta(days=13))
    assert state(prospect)[0] == Stage.A
    for _run in range(2):
        actions.slip_prospects(on=ON + timedelta(days=14))
    assert state(prospect) == (Stage.E, "", None, None)
    change = StageChange.objects.get(prospect=prospect)
    assert (change.kind, change.from_stage, change.to_stage, change.reason, change.by, change.days_in_from) == (
        ChangeKind.FELL_BACK, Stage.A, Stage.E, "next_step_passed", None, 20,
    )  # fmt: skip
    assert prospect.version == 2
    assert AuditEvent.objects.filter(code="prospects.fell_back", actor=None).count() == 1


def test_it_falls_to_the_highest_class_that_holds(rep):
    prospect = make_prospect(
        rep, stage=Stage.B, next_step="Call", next_step_on=SOON, decision_on=PAST, first_meeting_on=PAST
    )
    _waive(prospect, Stage.B)
    actions.slip_prospects(on=ON)
    actions.slip_prospects(on=ON + timedelta(days=14))
    assert state(prospect)[:2] == (Stage.C, "")


def test_what_was_missing_on_entry_is_not_lost_but_what_was_withdrawn_is(rep, manager):
    soon = today() + timedelta(days=30)
    let_in = make_prospect(rep, next_step="Call", next_step_on=soon)
    actions.move_prospect(by=manager, prospect_id=let_in.pk, to=Stage.B, override=True, reason="Knows them")
    actions.slip_prospects(on=today())
    assert state(let_in)[1] == ""
    imported = make_prospect(rep, stage=Stage.B, next_step="Call", next_step_on=soon)
    _waive(imported, Stage.B)
    actions.slip_prospects(on=today())
    assert state(imported)[1] == ""
    bare = make_prospect(rep, stage=Stage.B, next_step="Call", next_step_on=soon)
    CriterionTick.objects.create(prospect=bare, criterion=Criterion.RIGHT_PERSON, note="x", on=PAST)
    actions.slip_prospects(on=today())
    assert state(bare)[1] == "criterion_lost"


def test_days_missed_are_caught_up_in_order(rep):
    prospect = make_prospect(rep, stage=Stage.C, next_step="Call", next_step_on=PAST)
    for day in range(16):
        tasks.slip_prospects(ON + timedelta(days=day))
    assert state(prospect)[0] == Stage.E
    assert StageChange.objects.get(prospect=prospect).on == ON + timedelta(days=14)


def test_many_cards_go_in_chunks(rep, monkeypatch, django_assert_max_num_queries):
    from prospects.actions import jobs

    monkeypatch.setattr(jobs, "CHUNK", 10)
    for _number in range(25):
        make_prospect(rep, stage=Stage.C, next_step="Call", next_step_on=PAST)
    assert actions.slip_prospects(on=ON)["marked"] == 25
    with django_assert_max_num_queries(24):
        assert actions.slip_prospects(on=ON)["marked"] == 0


def test_the_job_moves_open_prospects_after_their_owner(rep, south):
    moved, stays = make_prospect(rep), make_prospect(rep, outcome="lost", closed_on=PAST)
    old = rep.team
    rep.team = south
    rep.save()
    assert actions.align_teams() == 1
    assert actions.align_teams() == 0
    moved.refresh_from_db()
    stays.refresh_from_db()
    assert (moved.team, stays.team) == (south, old)


def test_the_weekly_job_keeps_this_week_and_makes_none_up(rep):
    make_prospect(rep)
    week = week_of(today())
    for _run in range(2):
        tasks.take_snapshot(week)
        tasks.take_snapshot(week - timedelta(days=7))
    assert list(WeeklySnapshot.objects.values_list("week", "prospects")) == [(week, 1)]


def test_both_jobs_are_declared():
    assert tick.JOBS["prospects.slip"].weekday is None
    assert tick.JOBS["prospects.snapshot"].weekday == 0


def test_only_the_program_and_administrators_start_them(rep, administrator):
    from core.errors import DomainError, NotAllowed

    with pytest.raises(NotAllowed):
        actions.slip_prospects(on=ON, by=rep)
    with pytest.raises(NotAllowed):
        actions.take_snapshot(week=week_of(ON), by=rep)
    with pytest.raises(DomainError):
        actions.take_snapshot(week=ON + timedelta(days=1), by=administrator)


def test_the_clock_runs_both_jobs_once_a_slot(rep):
    prospect = make_prospect(rep, stage=Stage.C, next_step="Call", next_step_on=today() - timedelta(days=2))
    midday = timezone.localtime().replace(hour=12)
    for _minute in range(3):
        tick.plan(midday)
        ours = JobRun.objects.filter(job__startswith="prospects.").exclude(state=JobState.DONE)
        for run_id in set(tick.due_runs(midday)) & set(ours.values_list("pk", flat=True)):
            assert tick.run(run_id) == JobState.DONE
    assert state(prospect)[1] == "next_step_passed"
    assert WeeklySnapshot.objects.count() == 1
    assert JobRun.objects.filter(job__startswith="prospects.").count() == 2
