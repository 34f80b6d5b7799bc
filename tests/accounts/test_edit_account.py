"""Editing the profile and how the account pays."""

import pytest

from accounts import actions
from core.errors import Conflict, DomainError, NotAllowed, NotFound
from core.models import AuditEvent
from tests.factories import make_account

pytestmark = pytest.mark.django_db


@pytest.fixture
def account(rep):
    return make_account(rep, "Acme", region="North")


def test_an_edit_keeps_what_was_there_before(account, rep):
    edited = actions.edit_account(by=rep, account_id=account.pk, version=1, region="South", size="large")
    assert (edited.region, edited.version) == ("South", 2)
    event = AuditEvent.objects.get(code="accounts.account_edited")
    assert event.details["before"] == {"region": "North", "size": ""}
    assert event.details["after"] == {"region": "South", "size": "large"}
    assert event.account_id == account.pk


def test_the_same_values_again_change_nothing(account, rep):
    assert actions.edit_account(by=rep, account_id=account.pk, version=1, region="North").version == 1
    assert not AuditEvent.objects.exists()


def test_a_new_name_is_found_by_search(account, rep):
    actions.edit_account(by=rep, account_id=account.pk, name="华为")
    account.refresh_from_db()
    assert account.sort_name.startswith("hua")


def test_channels_are_put_in_place_of_the_old_ones(account, rep):
    rows = [{"kind": "phone", "label": "", "value": "010 6277 1234"}]
    edited = actions.edit_account(by=rep, account_id=account.pk, channels=rows)
    assert edited.version == 2
    assert actions.edit_account(by=rep, account_id=account.pk, channels=rows).version == 2
    actions.edit_account(by=rep, account_id=account.pk, channels=[])
    assert not account.channels.exists()


def test_another_teams_account_does_not_exist(account, other_rep, other_manager):
    for person in (other_rep, other_manager):
        with pytest.raises(NotFound):
            actions.edit_account(by=person, account_id=account.pk, region="South")


def test_finance_may_not_edit_the_profile(account, collector):
    with pytest.raises(NotAllowed):
        actions.edit_account(by=collector, account_id=account.pk, region="South")


def test_an_edit_over_a_newer_one_is_a_conflict_with_both_versions(account, rep, manager):
    actions.edit_account(by=manager, account_id=account.pk, version=1, region="South")
    with pytest.raises(Conflict) as conflict:
        actions.edit_account(by=rep, account_id=account.pk, version=1, region="East")
    assert conflict.value.current.region == "South"
    assert conflict.value.yours == {"region": "East"}


def test_groups_form_no_circle(rep):
    group = make_account(rep, "Group")
    firm = make_account(rep, "Firm", parent=group)
    branch = make_account(rep, "Branch", parent=firm)
    with pytest.raises(DomainError) as refusal:
        actions.edit_account(by=rep, account_id=group.pk, parent=branch)
    assert refusal.value.field == "parent"
    with pytest.raises(DomainError):
        actions.edit_account(by=rep, account_id=group.pk, parent=group)


def test_finance_may_say_how_an_account_pays(account, collector):
    edited = actions.edit_payment_profile(
        by=collector, account_id=account.pk, version=1, payment_method="draft", paying_days=[25, 10, 25],
        bank_account="6222020200112233445",
    )  # fmt: skip
    assert edited.paying_days == [10, 25]
    details = AuditEvent.objects.get().details
    assert details["after"]["bank_account"] == "…3445"
    assert "6222020200112233445" not in str(details)


def test_payment_profile_refusals(account, rep, executive, other_rep):
    with pytest.raises(NotAllowed):
        actions.edit_payment_profile(by=executive, account_id=account.pk, payment_method="draft")
    with pytest.raises(NotFound):
        actions.edit_payment_profile(by=other_rep, account_id=account.pk, payment_method="draft")
    with pytest.raises(DomainError):
        actions.edit_payment_profile(by=rep, account_id=account.pk, paying_days=[40])
    with pytest.raises(Conflict):
        actions.edit_payment_profile(by=rep, account_id=account.pk, version=7, paying_days=[4])


def test_a_payment_field_is_no_profile_field(account, rep):
    with pytest.raises(TypeError):
        actions.edit_account(by=rep, account_id=account.pk, payment_method="draft")
