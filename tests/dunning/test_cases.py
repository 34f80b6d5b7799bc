"""Cases: who works at which customer, holding dunning, their hours, the settings."""

from datetime import time, timedelta

import pytest

from core.errors import Conflict, DomainError, NotAllowed, NotFound
from core.models import AuditEvent
from core.workdays import today
from dunning import actions, queries
from dunning.models import Case, DunningRule
from tests.factories import make_account, make_invoice

pytestmark = pytest.mark.django_db


@pytest.fixture
def account(rep):
    account = make_account(rep, "Red Star Steel")
    make_invoice(account, "9000.00", due_on=today() - timedelta(days=40))
    actions.refresh_cases()
    return account


def case_of(account):
    return Case.objects.get(account=account)


SOON = today() + timedelta(days=14)
VERBS = {
    "claim": lambda by, account: actions.claim_case(by=by, account_id=account.pk),
    "release": lambda by, account: actions.release_case(by=by, account_id=account.pk),
    "pause": lambda by, account: actions.pause_case(by=by, account_id=account.pk, until=SOON, reason="Fire"),
    "resume": lambda by, account: actions.resume_case(by=by, account_id=account.pk),
    "set": lambda by, account: actions.set_case(by=by, account_id=account.pk, goal="All of it"),
    "assign": lambda by, account: actions.assign_case(by=by, account_id=account.pk, collector_id=None),
}


@pytest.mark.parametrize("verb", VERBS)
def test_a_rep_may_not(rep, account, verb):
    with pytest.raises(NotAllowed):
        VERBS[verb](rep, account)


@pytest.mark.parametrize("verb", VERBS)
def test_a_manager_of_another_team_finds_nothing(other_manager, account, verb):
    with pytest.raises(NotFound):
        VERBS[verb](other_manager, account)


@pytest.mark.parametrize("verb", [verb for verb in VERBS if verb != "resume"])
def test_the_manager_of_the_team_may(manager, account, verb):
    VERBS[verb](manager, account)


def test_a_claimed_customer_is_nobody_elses(collector, manager, account):
    case = actions.claim_case(by=collector, account_id=account.pk)
    assert case.claimed_by == collector
    with pytest.raises(Conflict) as refused:
        actions.claim_case(by=manager, account_id=account.pk)
    assert refused.value.current == case
    assert queries.queue(manager).lines == []
    assert queries.queue(collector).lines[0].claimed_by_me
    assert queries.claimed_cases(collector) == [case]
    actions.release_case(by=manager, account_id=account.pk)  # who assigns may give back
    assert queries.queue(manager).lines[0].claimed_by == ""


def test_a_claim_runs_out(collector, manager, account):
    case = actions.claim_case(by=collector, account_id=account.pk)
    Case.objects.update(claimed_until=case.claimed_until - timedelta(hours=2))
    assert actions.claim_case(by=manager, account_id=account.pk).claimed_by == manager


def test_taking_up_again_holds_it_longer(collector, account):
    first = actions.claim_case(by=collector, account_id=account.pk).claimed_until
    assert actions.claim_case(by=collector, account_id=account.pk).claimed_until > first


def test_customers_are_given_to_a_collector(manager, collector, account):
    assert actions.assign_cases(by=manager, account_ids=[account.pk], collector_id=collector.pk) == 1
    assert actions.assign_cases(by=manager, account_ids=[account.pk], collector_id=collector.pk) == 0
    assert case_of(account).collector == collector
    assert queries.queue(manager).lines == []
    assert [line.collector for line in queries.queue(manager, whose=collector.pk).lines] == [str(collector)]
    assert [line.collector for line in queries.queue(manager, whose="all").lines] == [str(collector)]
    assert AuditEvent.objects.filter(code="dunning.case_assigned").count() == 1


def test_whom_a_customer_cannot_be_given_to(manager, rep, other_manager, account):
    for person in (rep, other_manager):
        with pytest.raises(DomainError) as refused:
            actions.assign_case(by=manager, account_id=account.pk, collector_id=person.pk)
        assert refused.value.field == "collector"
    assert case_of(account).collector is None


def test_dunning_is_held_and_goes_on(collector, account):
    actions.pause_case(by=collector, account_id=account.pk, until=SOON, reason=" Flood at their works ")
    case = case_of(account)
    assert (case.paused_until, case.paused_because) == (SOON, "Flood at their works")
    assert queries.queue(collector).lines == []
    actions.resume_case(by=collector, account_id=account.pk)
    assert len(queries.queue(collector).lines) == 1
    with pytest.raises(DomainError):
        actions.resume_case(by=collector, account_id=account.pk)


@pytest.mark.parametrize(
    ("until", "reason", "field"),
    [
        (today(), "Fire", "until"),
        (today() + timedelta(days=400), "Fire", "until"),
        (SOON, "  ", "reason"),
    ],
)
def test_how_dunning_is_not_held(collector, account, until, reason, field):
    with pytest.raises(DomainError) as refused:
        actions.pause_case(by=collector, account_id=account.pk, until=until, reason=reason)
    assert refused.value.field == field


def test_hours_goal_and_contact_are_set(collector, account):
    actions.set_case(
        by=collector, account_id=account.pk, time_zone="Europe/Berlin", opens_at=time(8), goal=" All by Friday "
    )
    case = case_of(account)
    assert (case.time_zone, case.opens_at, case.goal) == ("Europe/Berlin", time(8), "All by Friday")
    event = AuditEvent.objects.get(code="dunning.case_set")
    assert event.details["before"] == {"time_zone": "Asia/Shanghai", "opens_at": "09:00:00", "goal": ""}
    actions.set_case(by=collector, account_id=account.pk, goal="All by Friday")
    assert AuditEvent.objects.filter(code="dunning.case_set").count() == 1
    actions.set_case(by=collector, account_id=account.pk, cease_contact=True)
    assert queries.queue(collector).lines == []


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"time_zone": "Mars/Olympus"}, "time_zone"),
        ({"opens_at": time(19)}, "closes_at"),
        ({"lunch_from": time(14), "lunch_to": time(13)}, "lunch_to"),
        ({"lunch_to": time(19)}, "lunch_to"),
    ],
)
def test_hours_that_cannot_be(collector, account, changes, field):
    with pytest.raises(DomainError) as refused:
        actions.set_case(by=collector, account_id=account.pk, **changes)
    assert refused.value.field == field
    assert case_of(account).time_zone == "Asia/Shanghai"


def test_a_customer_without_anything_overdue_gets_his_file_when_it_is_needed(collector, rep):
    account = make_account(rep)
    actions.set_case(by=collector, account_id=account.pk, goal="Pre-payment")
    assert case_of(account).goal == "Pre-payment"
    with pytest.raises(NotFound):
        queries.get_case(collector, 10**9)


# ------------------------------------------------------------------ settings


def test_the_settings_are_set(administrator):
    rule = actions.set_dunning_rule(
        by=administrator, attempts_a_day=2, quiet_weekdays=[0, 0], ordering_rates={"CNY": 1, "USD": "7.10"}
    )
    assert (rule.attempts_a_day, rule.quiet_weekdays, rule.ordering_rates) == (2, [0], {"CNY": "1", "USD": "7.10"})
    assert AuditEvent.objects.get(code="dunning.rule_set").details["after"]["attempts_a_day"] == 2
    with pytest.raises(Conflict):
        actions.set_dunning_rule(by=administrator, version=rule.version - 1, attempts_a_day=1)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"earliest": time(7)}, "latest"),
        ({"latest": time(22)}, "latest"),
        ({"earliest": time(12), "latest": time(11)}, "latest"),
        ({"owners_from": time(8)}, "owners_from"),
        ({"attempts_a_day": 4}, "attempts_a_day"),
        ({"grace_workdays": 11}, "grace_workdays"),
        ({"quiet_weekdays": [0, 1, 2, 3, 4, 5, 6]}, "quiet_weekdays"),
        ({"quiet_weekdays": [9]}, "quiet_weekdays"),
        ({"ordering_rates": {"CNY": 0}}, "ordering_rates"),
        ({"ordering_rates": {"XXX": 1}}, "ordering_rates"),
        ({"ordering_rates": {"CNY": "much"}}, "ordering_rates"),
        ({"smallest_amount": -1}, "smallest_amount"),
    ],
)
def test_settings_stay_decent(administrator, changes, field):
    with pytest.raises(DomainError) as refused:
        actions.set_dunning_rule(by=administrator, **changes)
    assert refused.value.field == field
    assert not DunningRule.objects.filter(attempts_a_day=4).exists()


def test_a_manager_does_not_set_the_rules(manager):
    with pytest.raises(NotAllowed):
        actions.set_dunning_rule(by=manager, attempts_a_day=1)
