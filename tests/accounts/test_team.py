"""Owner and team of an account (K14)."""

import pytest

from accounts import actions
from accounts.choices import MemberRole
from accounts.models import Account
from core.errors import Conflict, DomainError, NotAllowed, NotFound
from core.models import AuditEvent
from tests.factories import make_account

pytestmark = pytest.mark.django_db


@pytest.fixture
def account(rep):
    return make_account(rep, "Acme")


def roles_of(account):
    return {member.user.full_name: member.role for member in account.members.select_related("user")}


def test_a_transfer_moves_owner_and_team_and_keeps_the_former_owner(account, director, rep, other_rep):
    actions.transfer_account(by=director, account_id=account.pk, owner=other_rep, reason="Moved south", version=1)
    account.refresh_from_db()
    assert (account.owner, account.team, account.version) == (other_rep, other_rep.team, 2)
    assert roles_of(account) == {"Li Lei": MemberRole.SALES, "Sun Nan": MemberRole.OWNER}
    event = AuditEvent.objects.get(code="accounts.account_transferred")
    assert event.details["before"] == {"owner": "Li Lei", "team": "North"}
    assert event.details["after"] == {"owner": "Sun Nan", "team": "South"}
    assert event.details["reason"] == "Moved south"


def test_a_former_owner_who_does_not_stay_no_longer_sees_it(account, director, rep, other_rep):
    actions.transfer_account(by=director, account_id=account.pk, owner=other_rep, keep_former=False)
    assert not Account.objects.visible_to(rep).exists()
    assert Account.objects.visible_to(other_rep).exists()


def test_a_member_may_become_the_owner(account, manager, rep, colleague):
    actions.add_member(by=rep, account_id=account.pk, user=colleague, role=MemberRole.SERVICE)
    actions.transfer_account(by=manager, account_id=account.pk, owner=colleague)
    assert roles_of(account) == {"Li Lei": MemberRole.SALES, "Han Meimei": MemberRole.OWNER}


def test_transfer_refusals(account, rep, manager, other_manager, colleague):
    with pytest.raises(NotAllowed):
        actions.transfer_account(by=rep, account_id=account.pk, owner=colleague)
    with pytest.raises(NotFound):
        actions.transfer_account(by=other_manager, account_id=account.pk, owner=colleague)
    with pytest.raises(DomainError):
        actions.transfer_account(by=manager, account_id=account.pk, owner=rep)
    with pytest.raises(Conflict):
        actions.transfer_account(by=manager, account_id=account.pk, owner=colleague, version=5)
    colleague.is_active = False
    colleague.save()
    with pytest.raises(DomainError):
        actions.transfer_account(by=manager, account_id=account.pk, owner=colleague)


def test_a_member_sees_the_account_until_he_is_removed(account, rep, other_rep):
    member = actions.add_member(by=rep, account_id=account.pk, user=other_rep, role=MemberRole.TECHNICAL)
    assert Account.objects.visible_to(other_rep).exists()
    changed = actions.change_member_role(by=rep, account_id=account.pk, member_id=member.pk, role=MemberRole.SERVICE)
    assert changed.role == MemberRole.SERVICE
    actions.remove_member(by=rep, account_id=account.pk, member_id=member.pk)
    assert not Account.objects.visible_to(other_rep).exists()
    assert list(AuditEvent.objects.values_list("code", flat=True).order_by("id")) == [
        "accounts.member_added",
        "accounts.member_role_changed",
        "accounts.member_removed",
    ]


def test_only_the_owner_or_a_manager_changes_the_team(account, rep, manager, colleague, executive, other_rep):
    actions.add_member(by=rep, account_id=account.pk, user=colleague, role=MemberRole.SALES)
    with pytest.raises(NotAllowed):
        actions.add_member(by=colleague, account_id=account.pk, user=executive, role=MemberRole.SPONSOR)
    with pytest.raises(NotAllowed):
        actions.add_member(by=executive, account_id=account.pk, user=executive, role=MemberRole.SPONSOR)
    with pytest.raises(NotFound):
        actions.add_member(by=other_rep, account_id=account.pk, user=executive, role=MemberRole.SPONSOR)
    actions.add_member(by=manager, account_id=account.pk, user=executive, role=MemberRole.SPONSOR)


def test_the_owner_is_not_made_removed_or_changed_by_the_way(account, rep, colleague):
    owner_row = account.members.get()
    with pytest.raises(DomainError):
        actions.add_member(by=rep, account_id=account.pk, user=colleague, role=MemberRole.OWNER)
    with pytest.raises(DomainError):
        actions.remove_member(by=rep, account_id=account.pk, member_id=owner_row.pk)
    with pytest.raises(DomainError):
        actions.change_member_role(by=rep, account_id=account.pk, member_id=owner_row.pk, role=MemberRole.SALES)


def test_nobody_is_a_member_twice(account, rep, colleague):
    actions.add_member(by=rep, account_id=account.pk, user=colleague, role=MemberRole.SALES)
    with pytest.raises(DomainError) as refusal:
        actions.add_member(by=rep, account_id=account.pk, user=colleague, role=MemberRole.SERVICE)
    assert refusal.value.message == "Han Meimei is on the team already."
