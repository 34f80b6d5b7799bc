"""Cadence (R11): the rhythm, who is neglected, a year of contact."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.urls import reverse

from accounts.choices import Tier
from accounts.models import Account
from core.errors import DomainError, NotAllowed
from core.models import AuditEvent
from core.workdays import today
from relationships import actions, queries
from relationships.models import RHYTHM, ContactRule
from relationships.rules.cadence import days_late, heat_year
from tests.factories import make_account, make_visit

pytestmark = pytest.mark.django_db
ON = date(2026, 3, 31)
WEEKLY = dict.fromkeys(RHYTHM, 7) | {"fading_days": 21, "meetings_a_week": 5, "profile_months": 24}


def test_silence_is_measured_by_the_tier(rep, other_rep):
    for tier, silence in ((Tier.VIP, 7), (Tier.VIP, 8), (Tier.LARGE, 30), (Tier.SMALL, 91), (Tier.PROSPECT, 90)):
        make_account(rep, f"{tier} {silence}", tier=tier, last_contact_on=ON - timedelta(days=silence))
    make_account(other_rep, "elsewhere", tier=Tier.VIP, last_contact_on=date(2020, 1, 1))
    assert {account.name for account in queries.neglected_accounts(rep, ON)} == {"vip 8", "small 91"}


def test_an_account_nobody_ever_spoke_to_counts_from_its_first_day(rep):
    account = make_account(rep, tier=Tier.VIP)
    assert not queries.neglected_accounts(rep, today())
    Account.objects.filter(pk=account.pk).update(created_at=datetime(2026, 1, 1, tzinfo=UTC))
    assert list(queries.neglected_accounts(rep, today())) == [account]


def test_the_rhythm_is_set_by_an_administrator(administrator, manager):
    actions.set_contact_rule(by=administrator, **(WEEKLY | {"vip_days": 3}))
    assert ContactRule.objects.get().cadence(Tier.VIP) == timedelta(days=3)
    with pytest.raises(NotAllowed):
        actions.set_contact_rule(by=manager, **WEEKLY)
    for wrong in (
        {"vip_days": 0},
        {"fading_days": 7},
        {"meetings_a_week": 0},
        {"meetings_a_week": 51},
        {"profile_months": 121},
    ):
        with pytest.raises(DomainError):
            actions.set_contact_rule(by=administrator, **(WEEKLY | wrong))


def test_pages(rep, administrator, as_user):
    account = make_account(rep, "Acme", tier=Tier.VIP, last_contact_on=date(2020, 1, 1))
    make_visit(rep, account)
    assert "Acme" in as_user(rep).get(reverse("visits:list_neglected")).text
    assert "A year of contact" in as_user(rep).get(reverse("visits:account_year", args=[account.pk])).text
    answer = as_user(administrator).post(reverse("visits:settings"), WEEKLY)
    assert answer.status_code == 302
    assert ContactRule.objects.get().large_days == 7


def test_the_weeks_norm_is_set_and_told(rep, administrator, as_user):
    monday, on = date(2031, 3, 3), date(2031, 3, 5)
    assert queries.week_of_person(rep, rep, monday, on).norm == 5, "as shipped"
    client = as_user(administrator)
    refused = client.post(reverse("visits:settings"), WEEKLY | {"meetings_a_week": 0})
    assert "From one meeting to 50." in refused.text
    client.post(reverse("visits:settings"), WEEKLY | {"meetings_a_week": 8})
    assert queries.week_of_person(rep, rep, monday, on).norm == 8
    told = AuditEvent.objects.get(code="relationships.contact_rule_set").details
    assert (told["before"]["meetings_a_week"], told["after"]["meetings_a_week"]) == (5, 8)
    assert as_user(rep).post(reverse("visits:settings"), WEEKLY).status_code == 403


def test_a_year_counts_days_months_and_silence():
    heat = heat_year({ON: 2, ON - timedelta(days=10): 1, date(2020, 1, 1): 9}, ON)
    assert (heat.days[-1].day, heat.days[-1].count, heat.total) == (ON, 2, 3)
    assert heat.days[0].day.weekday() == 0
    assert heat.months[-1].count == 3
    assert heat.longest_silence == 9


@pytest.mark.parametrize(("last", "late"), [(ON, -7), (ON - timedelta(days=8), 1), (None, 83)])
def test_days_late(last, late):
    assert days_late(last, ON - timedelta(days=90), timedelta(days=7), ON) == late
