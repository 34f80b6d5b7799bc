"""Whatever people and the clock do to a prospect, in whatever order: what must always be true is true."""

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from itertools import pairwise
from unittest import mock

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from core.errors import DomainError
from core.models import AuditEvent
from prospects import actions, queries
from prospects.actions import Evidence
from prospects.choices import ChangeKind, Criterion, LossReason, Outcome, Stage, Verdict
from prospects.models import Closing, CriterionTick, Prospect, StageChange
from prospects.queries.prospects import ticked_criteria
from prospects.rules import criteria
from tests.factories import make_account
from tests.hypotheses import examples

pytestmark = pytest.mark.django_db

TICKED = [criterion for criterion in Criterion if criterion not in criteria.NOT_TICKED]
DAYS = st.integers(-3, 25)
EVIDENCE = st.sampled_from([[], TICKED]) | st.lists(st.sampled_from(TICKED), unique=True)
STAGES = st.sampled_from(list(Stage))


class ProspectMachine(RuleBasedStateMachine):
    """One prospect, a rep, his manager and the clock. A refusal is an answer; afterwards nothing may have changed."""

    rep = manager = None

    def __init__(self):
        super().__init__()
        self.savepoint = transaction.atomic()
        self.savepoint.__enter__()
        self.on = date(2026, 3, 2)
        with self.clock():
            account = make_account(self.rep)
            self.id = actions.add_prospect(by=self.rep, name="Line", account_id=account.pk, amount=Decimal(10)).pk

    def teardown(self):
        transaction.set_rollback(True)
        self.savepoint.__exit__(None, None, None)

    def clock(self):
        """The day and the hour it is."""
        at = timezone.make_aware(datetime.combine(self.on, time(9)))
        return mock.patch("django.utils.timezone.now", return_value=at)

    @property
    def prospect(self):
        return Prospect.objects.get(pk=self.id)

    def try_to(self, verb, **given):
        before = self.everything()
        try:
            with self.clock():
                verb(prospect_id=self.id, **given)
        except DomainError:
            assert self.everything() == before

    def everything(self):
        return [
            list(Prospect.objects.values()),
            *(list(model.objects.order_by("pk").values()) for model in (StageChange, CriterionTick, Closing)),
            AuditEvent.objects.count(),
        ]

    def day(self, days):
        return self.on + timedelta(days=days)

    @rule(days=st.integers(1, 20))
    def time_passes(self, days):
        for _day in range(days):
            self.on += timedelta(days=1)
            with self.clock():
                actions.slip_prospects(on=self.on)

    @rule(to=STAGES, with_step=st.booleans(), ticks=EVIDENCE, days=DAYS,
          reason=st.sampled_from(["", "Because"]), override=st.booleans())  # fmt: skip
    def move(self, to, with_step, ticks, days, reason, override):
        confirmed = ticked_criteria(self.prospect)
        facts = {"decision_on": self.day(days), "start_on": self.day(days), "first_meeting_on": self.day(0)}
        if with_step:
            facts |= {"next_step": "Call", "next_step_on": self.day(days)}
        self.try_to(
            actions.move_prospect,
            by=self.manager if override else self.rep,
            to=to,
            facts=facts,
            ticks=[Evidence(criterion, note="x") for criterion in ticks if criterion not in confirmed],
            reason=reason,
            override=override,
        )

    @rule(days=DAYS)
    def plan(self, days):
        self.try_to(actions.plan_next_step, by=self.rep, next_step="Call", next_step_on=self.day(days))

    @rule(criterion=st.sampled_from(TICKED))
    def tick(self, criterion):
        self.try_to(actions.tick_criterion, by=self.rep, criterion=criterion, note="x")

    @rule(criterion=st.sampled_from(TICKED))
    def withdraw(self, criterion):
        self.try_to(actions.withdraw_criterion, by=self.rep, criterion=criterion, because="x")

    @rule(field=st.sampled_from(["decision_on", "first_meeting_on", "next_step_on"]), days=st.none() | DAYS)
    def edit(self, field, days):
        self.try_to(actions.edit_prospect, by=self.rep, **{field: None if days is None else self.day(days)})

    @rule(outcome=st.sampled_from(Outcome), criterion=st.sampled_from(criteria.CRITERIA[Stage.S]))
    def close(self, outcome, criterion):
        won = outcome == Outcome.WON
        self.try_to(
            actions.close_prospect,
            by=self.rep,
            outcome=outcome,
            reason="" if won else LossReason.PRICE,
            ticks=[Evidence(criterion, note="x")] if won else [],
        )

    @precondition(lambda self: not self.prospect.is_open)
    @rule(with_step=st.booleans(), to=st.none() | STAGES)
    def reopen(self, with_step, to):
        step = {"next_step": "Call", "next_step_on": self.day(3)} if with_step else {}
        self.try_to(actions.reopen_prospect, by=self.rep, because="x", to=to, **step)

    @rule(verdict=st.sampled_from(Verdict))
    def review(self, verdict):
        self.try_to(actions.review_prospect, by=self.manager, verdict=verdict, note="x", reason=LossReason.TIMING)

    # -------------------------------------------------------------- what is always true

    @invariant()
    def closed_goes_with_its_outcome(self):
        prospect = self.prospect
        assert (prospect.closed_on is None) == (prospect.outcome == "")
        assert (prospect.stage == Stage.S) == (prospect.outcome == Outcome.WON)
        standing = list(Closing.objects.filter(prospect=prospect, reopened_at=None).values_list("outcome", flat=True))
        assert standing == ([prospect.outcome] if prospect.outcome else [])

    @invariant()
    def history_leads_to_the_class(self):
        prospect = self.prospect
        changes = list(StageChange.objects.filter(prospect=prospect).order_by("pk"))
        assert changes[0].kind == ChangeKind.OPENED
        assert changes[-1].to_stage == prospect.stage
        assert changes[-1].on == prospect.entered_stage_on
        for earlier, later in pairwise(changes):
            assert later.from_stage == earlier.to_stage
        overridden = sum(change.kind == ChangeKind.OVERRIDDEN for change in changes)
        assert prospect.overrides == overridden

    @invariant()
    def in_no_class_whose_criteria_are_unmet_without_being_told(self):
        """Unmet hard criteria were let pass on entry, or the card slips and says when it falls."""
        prospect = self.prospect
        if not prospect.is_open or prospect.stage == Stage.E:
            return
        waived = set(StageChange.objects.filter(prospect=prospect).order_by("-pk")[0].missing)
        lost = [
            check.criterion
            for check in criteria.stopping(
                criteria.missing(
                    Stage(prospect.stage), prospect, ticked_criteria(prospect), criteria.HARD_AS_SHIPPED, self.on
                )
            )
            if check.criterion not in waived
        ]
        if lost or criteria.lacking_next_step(prospect, self.on):
            assert prospect.slipping_since is not None
            assert prospect.falls_back_to < prospect.stage
            assert prospect.slipping_since + timedelta(days=14) > self.on

    @invariant()
    def slipping_is_told_whole_or_not_at_all(self):
        prospect = self.prospect
        told = {prospect.slipping_since is None, prospect.slip_reason == "", prospect.falls_back_to is None}
        assert len(told) == 1
        if not prospect.is_open or prospect.stage == Stage.E:
            assert prospect.slipping_since is None

    @invariant()
    def the_account_counts_it_right(self):
        prospect = self.prospect
        step = prospect.next_step_on if prospect.is_open else None
        assert (prospect.account.open_prospects, prospect.account.next_step_on) == (int(prospect.is_open), step)

    @invariant()
    def the_days_add_up(self):
        """Days in all classes together are the days it was open."""
        prospect = self.prospect
        if Closing.objects.filter(prospect=prospect).exists():
            return
        stays = sum(
            days or 0 for days in StageChange.objects.filter(prospect=prospect).values_list("days_in_from", flat=True)
        )
        assert stays + (self.on - prospect.entered_stage_on).days == (self.on - prospect.opened_on).days
        with self.clock():
            assert (
                queries.prospect_record(self.rep, self.id).clocks.current == (self.on - prospect.entered_stage_on).days
            )


def test_a_prospect_keeps_its_promises(rep, manager):
    ProspectMachine.rep, ProspectMachine.manager = rep, manager
    run_state_machine_as_test(ProspectMachine, settings=examples(12, searching=300, steps=(20, 50)))
